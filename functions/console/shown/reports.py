"""Reports over a period, small numbers hidden, and the files that can be taken away."""

from dataclasses import dataclass

from functions.console.shown.charts import LineChart
from functions.console.shown.form import Filters, Form
from functions.console.shown.parts import Fact, Link, Table, Unavailable


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    heading: str
    text: str
    tables: tuple[Table, ...] | Unavailable


@dataclass(frozen=True, kw_only=True, slots=True)
class Reports:
    """`first_asked` leads; `sections` are folded, and listed above them.

    `hidden_note` says that counts under 5 are hidden; `export` is there for those who may export.
    """

    period: str
    as_at: str
    filters: Filters
    figures: tuple[Fact, ...] | Unavailable
    first_asked: Table | None
    chart: LineChart | Unavailable
    sections: tuple[Section, ...]
    hidden_note: str
    export: Form | None
    not_allowed: str | None = None
    sampling: Link | None = None
