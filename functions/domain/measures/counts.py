"""Exact counts by day or by month, which add up whatever order their referrals are read in.

What one referral adds is a function of its rows alone. The live counters add the difference between what it
adds with its newest row and what it added before, cell by cell: the sum of all such differences is what
counting the whole trail gives. What moves without a row is no counter (`Population.moved_by`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from functions.domain.clock import uk_day

ALL = ""
"""The part of a count that is all of it."""


class Cell(NamedTuple):
    """One count of one month or day; `bucket` is set for those that a histogram is made of."""

    period: str
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
        return sorted({cell.part for cell in self.cells if (cell.period, cell.name) == (month, name)} - {ALL})

    def histogram(self, month: str, name: str, part: str = ALL) -> Mapping[int, int]:
        """How many fell into each bucket."""
        return {
            cell.bucket: count
            for cell, count in self.cells.items()
            if cell.bucket is not None and cell[:3] == (month, name, part)
        }

    def by_month(self) -> "Counts":
        """Those of days, added up."""
        total = Counter[Cell]()
        for cell, count in self.cells.items():
            total[cell._replace(period=cell.period[:MONTH])] += count
        return Counts(total, self.heard)


NOTHING = Counts()
MONTH = len("2026-11")


def change(before: Mapping[Cell, int], after: Mapping[Cell, int]) -> Mapping[Cell, int]:
    """What must be added to each count that is not the same; less than nought where there is less."""
    changed = {cell: after.get(cell, 0) - before.get(cell, 0) for cell in {**before, **after}}
    return {cell: more for cell, more in changed.items() if more}


def month_of(moment: datetime) -> str:
    """The month that people in the UK have at `moment`: `2026-11`."""
    return f"{uk_day(moment):%Y-%m}"


def day_of(moment: datetime) -> str:
    """The day that people in the UK have at `moment`: `2026-11-24`."""
    return uk_day(moment).isoformat()


def months_between(since: str, until: str) -> tuple[str, ...]:
    """Every month from one to the other, both included."""
    return tuple(_named(number) for number in range(_number(since), _number(until) + 1))


def days_of(month: str) -> tuple[date, ...]:
    """Every day of `2026-11`."""
    first, after = first_day(month), first_day(_named(_number(month) + 1))
    return tuple(first + timedelta(days=number) for number in range((after - first).days))


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
