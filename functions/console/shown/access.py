"""Who looked at what, when and why: for auditors, and itself on record."""

from dataclasses import dataclass

from functions.console.shown.listing import Around
from functions.console.shown.parts import Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    at: str
    who: str
    role: str
    what: str
    purpose: str
    day: Link | None = None
    """All that they looked at on that day, where the page is not of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    about: str
    """What the entries are, and what is not among them."""
    around: Around
    lines: tuple[Looked, ...]
