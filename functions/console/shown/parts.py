"""The small parts that many pages show: a link, a tag, a fact, and a part that cannot be shown."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Tone(StrEnum):
    """How a tag or a mark looks; its words always say the same."""

    GOOD = "good"
    BAD = "bad"
    WARN = "warn"
    INFO = "info"
    PLAN = "plan"
    QUIET = "quiet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """`path` begins at the console's own root; the template puts the stage before it."""

    text: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    text: str
    tone: Tone = Tone.QUIET


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One line of a summary: a tag, words, a quieter second line, and a link, as far as they are given."""

    label: str
    text: str = ""
    tag: Tag | None = None
    detail: str | None = None
    link: Link | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unavailable:
    """Stands where a figure or a part would be; never a nought."""

    kind: ClassVar = "unavailable"

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What was just done, at the head of the page that the act leads back to."""

    title: str
    text: str
    entry: str | None = None
    """The audit entry's id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    heading: str
    is_number: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of plain words, its first cell the row's heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str | None = None
    caption_is_hidden: bool = False
    empty: str = "Nothing to show."
