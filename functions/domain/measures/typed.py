"""The shared data set with a type for each column, for files that keep types: what is no number is null
there, and why stands beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from functions.domain.measures.published import COLUMNS, MARKERS, Published


class Kind(Enum):
    """What the cells of a column are, as the data dictionary names it."""

    TEXT = "text"
    DAY = "date"
    COUNT = "whole number"
    TENTHS = "decimal number, one place"
    FLAG = "true or false"


_OTHERS = {"month": Kind.DAY, "suppressed": Kind.FLAG}
_NUMBERS = {"value": Kind.TENTHS, "numerator": Kind.COUNT, "denominator": Kind.COUNT}


@dataclass(frozen=True, slots=True)
class Typed:
    """A column of one kind; `cell` is a row's, as text that is read as this kind, or None."""

    name: str
    kind: Kind
    cell: Callable[[Published], str | None]
    may_be_null: bool = False
    stands_for: str | None = None
    """The column whose marker this one tells."""


def _columns() -> Iterator[Typed]:
    """Those of the CSV in their order, beside each number the marker in its place."""
    for name in COLUMNS:
        if name in _NUMBERS:
            yield from _number_and_marker(name)
        else:
            yield _other(name)


def _other(name: str) -> Typed:
    def cell(row: Published) -> str | None:
        text = str(getattr(row, name))
        return f"{text}-01" if name == "month" else text or None

    return Typed(name, _OTHERS.get(name, Kind.TEXT), cell, may_be_null=name == "note")


def _number_and_marker(name: str) -> Iterator[Typed]:
    def number(row: Published) -> str | None:
        text = str(getattr(row, name))
        return None if text in MARKERS else text or None

    def marker(row: Published) -> str | None:
        text = str(getattr(row, name))
        return text if text in MARKERS else None

    yield Typed(name, _NUMBERS[name], number, may_be_null=True)
    yield Typed(f"{name}_marker", Kind.TEXT, marker, may_be_null=True, stands_for=name)


TYPED = tuple(_columns())
