"""Exact counts by month, which add up whatever order their referrals are read in.

What one referral adds is a function of its rows alone: `counts_of(facts_of(rows, ...))`. A live aggregator
that sees one more row adds the difference between that referral's counts with the row and without, cell by
cell, in the same transaction that moves its checkpoint: the sum of all such differences is what counting the
whole trail gives. Two sorts of cells move without a row and are its nightly job's: what depends on the hour
(K14, the open holds of K15) and what `across.py` tells (K12, the addresses of K14).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from functions.domain.clock import uk_day

ALL = ""
"""The part of a count that is all of it."""


class Cell(NamedTuple):
    """One count of one month; `bucket` is set for those that a histogram is made of."""

    month: str
    name: str
    part: str = ALL
    bucket: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each thing was counted; what was never counted is nought."""

    cells: Mapping[Cell, int] = field(default_factory=dict)
    heard: frozenset[str] = field(default_factory=frozenset)
    """Which types of event have come at all."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(Counter(self.cells) + Counter(other.cells), self.heard | other.heard)

    def __getitem__(self, cell: Cell) -> int:
        return self.cells.get(cell, 0)

    def parts(self, month: str, name: str) -> list[str]:
        """The parts of a count that were seen in that month, in order."""
        return sorted({cell.part for cell in self.cells if (cell.month, cell.name) == (month, name)} - {ALL})

    def histogram(self, month: str, name: str, part: str = ALL) -> Mapping[int, int]:
        """How many fell into each bucket."""
        return {
            cell.bucket: count
            for cell, count in self.cells.items()
            if cell.bucket is not None and cell[:3] == (month, name, part)
        }


NOTHING = Counts()


def month_of(moment: datetime) -> str:
    """The month that people in the UK have at `moment`: `2026-11`."""
    return f"{uk_day(moment):%Y-%m}"


def months_between(since: str, until: str) -> tuple[str, ...]:
    """Every month from one to the other, both included."""
    return tuple(_named(number) for number in range(_number(since), _number(until) + 1))


def first_day(month: str) -> date:
    """The first day of `2026-11`."""
    return date.fromisoformat(f"{month}-01")


def _number(month: str) -> int:
    day = first_day(month)
    return day.year * 12 + day.month - 1


def _named(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def counted(cells: Iterable[Cell]) -> Mapping[Cell, int]:
    """Each cell as often as it comes."""
    return Counter(cells)
