"""Charts as shapes on a drawing of fixed size, which `drawing.py` works out from what was counted."""

from dataclasses import dataclass
from typing import ClassVar

from functions.console.shown.parts import Table


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """The words around a chart: the sentence above it, the note below, and the same as a table."""

    id: str
    title: str
    sentence: str
    note: str
    table: Table


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """A line across the drawing and what it stands for."""

    y: float
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """`before_y` is where the black line of the period before lies; a part of a period is dashed."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    words: str
    words_y: float
    label: str
    below: str
    before_y: float | None
    is_part: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Dot:
    x: float
    y: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A label under the drawing."""

    x: float
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BarChart:
    kind: ClassVar = "bars"

    about: About
    levels: tuple[Level, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LineChart:
    """`runs` are points in a row: between two of them a value is missing. A scale not from nought says so."""

    kind: ClassVar = "line"

    about: About
    levels: tuple[Level, ...]
    runs: tuple[tuple[Dot, ...], ...]
    marks: tuple[Mark, ...]
    last: Dot | None
    last_words: str
    target: Level | None
    scale_note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One of several bars that lie: how much of the longest it is, and its words beside it."""

    label: str
    words: str
    per_cent: float
    path: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RowChart:
    """A table whose bars lie in its rows, so it needs no other table."""

    kind: ClassVar = "rows"

    title: str
    sentence: str
    rows: tuple[Row, ...]
