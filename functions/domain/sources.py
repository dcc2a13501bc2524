"""What the numbers of a source's own events tell: which it left out, and whether it began them anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Self

from functions.domain.reconciliation.arrivals import OUT_OF_ORDER, Arrived
from schemas.codes import AuditKind

# A source counts its events up by one. What its numbers look like from here:
#
#   7 8 9 11 10 12 ............... late, and in its place within minutes: nothing
#   7 8 9 11 12 .................. a gap, 10..10, until that number comes, or somebody has found out
#   7 8 9 1 2 3 .................. a restart: the new count begins at 1, and what followed 9 nobody can tell


@dataclass(frozen=True, slots=True, order=True)
class Numbers:
    """Some that follow one another, from the first to the last."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last

    @classmethod
    def of(cls, text: str) -> Self:
        """As they were written."""
        first, _, last = text.partition("..")
        return cls(int(first), int(last))

    @property
    def size(self) -> int:
        return self.last - self.first + 1


@dataclass(slots=True)
class Count:
    """One count of a source's events, by number, with when each came; a restart begins another."""

    first: int
    begun_at: datetime
    highest: int
    came: dict[int, datetime] = field(default_factory=dict)

    def takes(self, number: int, at: datetime) -> bool:
        """Whether this may be its own: none of it came before, and it is not from before its beginning."""
        return number not in self.came and (number > self.first or at - self.begun_at <= OUT_OF_ORDER)

    def distance(self, number: int) -> int:
        """How far above the next one it is; what it lacks, or had out of order, is no distance away."""
        return max(number - self.highest - 1, 0)

    def add(self, number: int, at: datetime) -> None:
        self.came[number] = at
        self.first, self.highest = min(self.first, number), max(self.highest, number)


@dataclass(frozen=True, slots=True)
class Restart:
    """The numbers began anew at `first`, after one that was higher, or had come already."""

    before: int
    first: int

    def __str__(self) -> str:
        return f"{self.before}..{self.first}"


def numbered(arrived: Sequence[Arrived]) -> list[tuple[int, datetime]]:
    """One source's numbers in order of arrival; the same event come again has the one that it had."""
    first_time = [
        one for one in arrived if one.kind != AuditKind.EVENT_DUPLICATE and not one.is_told_elsewhere
    ]
    in_order = sorted(first_time, key=lambda one: one.at)
    return [(one.number, one.at) for one in in_order if one.number is not None]


def counted(numbers: Sequence[tuple[int, datetime]]) -> tuple[list[Count], list[Restart]]:
    """Each number in the count that it fits best, the newest of those; and each count that began after
    another."""
    counts, restarts = list[Count](), list[Restart]()
    for number, at in numbers:
        fitting = [count for count in reversed(counts) if count.takes(number, at)]
        if fitting:
            min(fitting, key=lambda count: count.distance(number)).add(number, at)
            continue
        if counts:
            restarts.append(Restart(counts[-1].highest, number))
        counts.append(Count(number, at, number, {number: at}))
    return counts, restarts


def left_out(count: Count, refused: Sequence[datetime], *, settled: datetime) -> Iterator[Numbers]:
    """Each gap whose upper end came so long ago that what is missing is not merely late.

    A refused event has a number that nobody could read: the source's own that were `refused` while the gap
    came about explain it.
    """
    for left, right in pairwise(sorted(count.came)):
        missing = right - left - 1
        came = (count.came[left], count.came[right])
        if missing and count.came[right] <= settled and missing > _while(refused, *came):
            yield Numbers(left + 1, right - 1)


def _while(refused: Sequence[datetime], one: datetime, other: datetime) -> int:
    since, until = min(one, other) - OUT_OF_ORDER, max(one, other) + OUT_OF_ORDER
    return sum(since <= at <= until for at in refused)
