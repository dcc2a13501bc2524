"""What facts come to: one cell for each thing that is counted, of each unit that belongs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, TypeAlias

from functions.domain.measures.by_agency import cells_by_agency
from functions.domain.measures.catalogue import FIGURES, MEASURES, TIMES
from functions.domain.measures.counts import ALL, Cell, Counts, counted, day_of, month_of
from functions.domain.measures.facts import Facts
from functions.domain.measures.populations import Population
from functions.domain.measures.reasons import cells_of_reasons
from functions.domain.measures.shapes import Measure, Sort, Split, Times, crossed
from functions.domain.measures.spans import bucket_of

POPULATIONS: dict[str, Population[Any]] = {one.of.name: one.of for one in FIGURES}
SPLITS: dict[str, tuple[Split, ...]] = {
    name: tuple(dict.fromkeys(split for one in FIGURES if one.of.name == name for split in one.splits))
    for name in POPULATIONS
}
"""By population: a figure that is split divides by the same part of it."""


def unknown(population: str) -> str:
    """The count of those of whom nobody knows whether they belong."""
    return f"{population}?"


LIVE = tuple(name for name, population in POPULATIONS.items() if not population.moved_by)
"""Those whose counts move with a row and never without one."""
Period: TypeAlias = Callable[[datetime], str]


def counts_of(facts: Facts) -> Counts:
    """Everything that these facts add, by month; those of two referrals are their sum."""
    return _counts(facts, POPULATIONS, month_of)


def live_counts_of(facts: Facts) -> Counts:
    """What they add to the live counters, by day."""
    return _counts(facts, LIVE, day_of)


def _counts(facts: Facts, populations: Iterable[str], period: Period) -> Counts:
    cells = (cell for name in populations for cell in _cells(name, facts, period))
    beside = (cells_by_agency(facts.sent, period), cells_of_reasons(facts.cases, period))
    return Counts(counted(chain(cells, *beside)), facts.heard)


def _cells(name: str, facts: Facts, period: Period) -> Iterator[Cell]:
    population = POPULATIONS[name]
    for unit in population.units(facts):
        if (at := population.at(unit)) is not None:
            belongs = population.holds(unit)
            if belongs is None:
                yield Cell(period(at), unknown(name))
            elif belongs:
                yield from _of_member(name, period(at), unit)


def _of_member(name: str, period: str, unit: Any) -> Iterator[Cell]:  # noqa: ANN401 - whatever is counted
    yield from (Cell(period, name, part) for part in _parts(SPLITS[name], unit))
    for measure in MEASURES:
        if measure.of.name == name:
            yield from (Cell(period, measure.count, part) for part in _counted_in(measure, unit))
    for times in TIMES:
        if times.of.name == name:
            yield from _timed(times, period, unit)


def _parts(splits: Sequence[Split], unit: Any) -> Iterator[str]:  # noqa: ANN401
    yield ALL
    yield from (split.part(unit) for split in splits)


def _counted_in(measure: Measure[Any], unit: Any) -> Iterator[str]:  # noqa: ANN401
    """The parts of its numerator that the unit counts in."""
    codes = measure.codes(unit)
    if codes and measure.sort is Sort.SHARE:
        yield from _parts(measure.splits, unit)
    elif codes and measure.sort is Sort.TAGS:
        yield ALL
    if measure.dimension is not None:
        for own in map(measure.dimension.part, codes):
            yield own
            yield from (crossed(split.part(unit), own) for split in measure.splits)


def _timed(times: Times[Any], period: str, unit: Any) -> Iterator[Cell]:  # noqa: ANN401
    bucket = bucket_of(times.span(unit))
    yield from (Cell(period, times.count, part, bucket) for part in _parts(times.splits, unit))
