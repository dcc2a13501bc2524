"""The first page of the morning: four figures, what needs a person, two charts, agencies and outcomes."""

from dataclasses import dataclass
from typing import ClassVar

from functions.console.shown.charts import BarChart, LineChart, RowChart
from functions.console.shown.parts import Link, Tag, Tone, Unavailable


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """A figure that leads to its list; where it cannot be had it says "Not available", and why."""

    heading: str
    path: str
    figure: str | Unavailable
    below: tuple[str, ...] = ()
    tone: Tone = Tone.QUIET


@dataclass(frozen=True, kw_only=True, slots=True)
class Attention:
    """One line of what needs a person: what is wrong, who it concerns, since when, and the next action."""

    what: Link
    tag: Tag
    detail: str
    who: str
    since: str
    age: str
    todo: Link


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedsAttention:
    """`count` of all, `lines` the worst first; `all_of` leads to the others."""

    kind: ClassVar = "attention"

    count: str
    lines: tuple[Attention, ...]
    checked_at: str
    all_of: Link | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AgencyLine:
    agency: Link
    sent_by: str
    delivered: str
    status: Tag
    since: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """`as_at` reads "Thursday 26 November 2026. Figures as at 8:45am."."""

    as_at: str
    tiles: tuple[Tile, ...]
    attention: NeedsAttention | Unavailable
    decisions: BarChart | Unavailable
    told: LineChart | Unavailable
    agencies: tuple[AgencyLine, ...] | Unavailable
    outcomes: RowChart | Unavailable
    refresh: str = "/"
    download: Link | None = None
