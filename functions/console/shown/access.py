"""Who looked at what, when and why: for auditors, and itself on record."""

from dataclasses import dataclass

from functions.console.shown.listing import Around


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    at: str
    who: str
    role: str
    what: str
    purpose: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    around: Around
    lines: tuple[Looked, ...]
