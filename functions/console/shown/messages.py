"""The list of messages: what, to whom, how it stands, and the last try."""

from dataclasses import dataclass

from functions.console.shown.listing import Around
from functions.console.shown.parts import Link, Tag


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageLine:
    message: Link
    reference: str
    to: str
    by: str
    status: Tag
    why: str
    last_try: str
    tries: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Messages:
    around: Around
    lines: tuple[MessageLine, ...]
