"""What a figure is: its words, what it counts of which population, and by what it is told apart."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Generic

from functions.domain.measures.facts import Case
from functions.domain.measures.populations import Population, U
from schemas.codes import EventType


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a figure is told apart by; `values` are those that are always shown."""

    name: str
    words: str
    values: tuple[str, ...] = ()
    standard: str = ""

    def part(self, value: str) -> str:
        """How a part of a count is named: `hours=out`."""
        return f"{self.name}={value}"


_AND = ";"


def crossed(part: str, other: str) -> str:
    """How what is told apart twice is named: `unit=CAIU;ra_status=ABSENT`."""
    return f"{part}{_AND}{other}"


def uncrossed(part: str) -> tuple[str, str]:
    """The two of them; the second is all where it is told apart once."""
    first, _, other = part.partition(_AND)
    return first, other


@dataclass(frozen=True, slots=True)
class Split:
    """A dimension that puts each child into exactly one part."""

    dimension: Dimension
    value: Callable[[Case], str]

    def part(self, case: Case) -> str:
        """The part that the child is in."""
        return self.dimension.part(self.value(case))


class Sort(Enum):
    """How a figure's numerators hang together."""

    SHARE = auto()
    """One numerator, in all and by each split."""
    PARTS = auto()
    """Each of its population has exactly one code."""
    TAGS = auto()
    """Each has any number of codes; in all those that have one."""


@dataclass(frozen=True, slots=True)
class Measure(Generic[U]):
    """Numerator over denominator."""

    k: str
    name: str
    words: str
    of: Population[U]
    numerator: str
    codes: Callable[[U], Collection[str]]
    """The codes that a unit has; of a share any one says that it counts."""
    sort: Sort = Sort.SHARE
    dimension: Dimension | None = None
    splits: tuple[Split, ...] = ()
    within: str | None = None
    """The count that the numerator is a part of, besides its population."""
    needs: EventType | None = None
    """Without any such event nothing is known, not even none."""
    standards: tuple[str, ...] = ()

    @property
    def count(self) -> str:
        """The name of its numerators among the counts."""
        return f"{self.k}.{self.name}"


@dataclass(frozen=True, slots=True)
class Times(Generic[U]):
    """How long something took: percentiles over all of its population."""

    k: str
    name: str
    words: str
    of: Population[U]
    span: Callable[[U], timedelta]
    percents: tuple[int, ...] = (50, 95)
    splits: tuple[Split, ...] = ()
    needs: EventType | None = None
    standards: tuple[str, ...] = ()

    @property
    def count(self) -> str:
        """The name of its histogram among the counts."""
        return f"{self.k}.{self.name}"
