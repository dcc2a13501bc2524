"""Forms: what is asked, what was answered, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    value: str
    text: str
    hint: str | None = None
    is_chosen: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What every field has: its name in the form, what it asks, a hint, and what is wrong with the answer."""

    name: str
    question: str
    hint: str | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice(Asked):
    """One that is answered by choosing."""

    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Radios(Choice):
    kind: ClassVar = "radios"

    is_inline: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkboxes(Choice):
    kind: ClassVar = "checkboxes"


@dataclass(frozen=True, kw_only=True, slots=True)
class Select(Choice):
    kind: ClassVar = "select"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line(Asked):
    """One line of text; `width` in characters is 2, 4, 5, 10 or 20, and nothing means the whole width."""

    kind: ClassVar = "line"

    value: str = ""
    width: int | None = None
    is_number: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Words(Asked):
    """A few lines of text. A reason says in its hint: "Kept in the record. Do not include names."."""

    kind: ClassVar = "words"

    value: str = ""
    rows: int = 3


Field = Radios | Checkboxes | Select | Line | Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Hidden:
    """What goes along unseen: the state that the person saw, or what a session's end must not lose."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form that changes something, so it is posted, with the frame's token. `id` is its own on the page."""

    id: str
    path: str
    fields: tuple[Field, ...]
    button: str
    hidden: tuple[Hidden, ...] = ()
    is_warning: bool = False
    """Whether the button warns: what it does cannot be undone."""

    @property
    def wrong(self) -> Iterator[Field]:
        """The fields that something is wrong with, in their order."""
        return (field for field in self.fields if field.error)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    text: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """A plain GET form whose address can be shared."""

    path: str
    fields: tuple[Field, ...]
    chips: tuple[Chip, ...] = ()
    button: str = "Apply filters"

    @property
    def wrong(self) -> Iterator[Field]:
        return (field for field in self.fields if field.error)
