"""One month's figures: each line's numerator and denominator, how all of them hang together, and what of it
may be shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from functions.domain.measures.catalogue import FIGURES, PERCENTILE, Figure
from functions.domain.measures.counting import unknown
from functions.domain.measures.counts import ALL, Cell, Counts
from functions.domain.measures.lines import Line, Name
from functions.domain.measures.related import related
from functions.domain.measures.shapes import Measure, Sort, Times, crossed, uncrossed
from functions.domain.measures.spans import percentile
from functions.domain.measures.suppression import hidden


@dataclass(frozen=True, slots=True)
class Sheet:
    """All lines of a month, the counts they name, and which of these nobody is shown."""

    lines: tuple[Line, ...]
    values: Mapping[Name, int]
    hidden: frozenset[Name]


def sheet_of(month: str, counts: Counts, figures: Iterable[Figure] = FIGURES) -> Sheet:
    """The month's lines, in the order of the figures."""
    lines = tuple(_Month(month, counts).lines(figures))
    return _suppressed(lines, month, counts)


class _Month:
    def __init__(self, month: str, counts: Counts) -> None:
        self._month, self._counts = month, counts

    def lines(self, figures: Iterable[Figure]) -> Iterator[Line]:
        """Every measure's, and beside them how long things took."""
        for one in figures:
            yield from self._measured(one) if isinstance(one, Measure) else self._timed(one)

    def _measured(self, measure: Measure[Any]) -> Iterator[Line]:
        for part in self._parts_of(measure):
            first, _ = uncrossed(part)
            is_split = any(first.startswith(f"{split.dimension.name}=") for split in measure.splits)
            denominator = Name(measure.of.name, first if is_split else ALL)
            yield self._line(measure, part, denominator, Name(measure.count, part))

    def _parts_of(self, measure: Measure[Any]) -> list[str]:
        if measure.dimension is None:
            return self._split_into(measure)
        """In all, then each of its own codes by each split."""
        listed = [measure.dimension.part(value) for value in measure.dimension.values]
        seen = self._counts.parts(self._month, measure.count)
        own = list(dict.fromkeys((*listed, *(part for part in seen if uncrossed(part)[1] == ALL))))
        whole = [ALL] if measure.sort is Sort.TAGS or not own else []
        _, *split = self._split_into(measure)
        return [*whole, *own, *(crossed(part, one) for part in split for one in own)]

    def _split_into(self, one: "Measure[Any] | Times[Any]") -> list[str]:
        """In all, then by each split: the values that are always shown, and those that were seen."""
        seen = self._counts.parts(self._month, one.of.name)
        found = [ALL]
        for split in one.splits:
            found += [split.dimension.part(value) for value in split.dimension.values]
            found += [part for part in seen if part.startswith(f"{split.dimension.name}=")]
        return list(dict.fromkeys(found))

    def _timed(self, times: Times[Any]) -> Iterator[Line]:
        for part in self._split_into(times):
            histogram = self._counts.histogram(self._month, times.count, part)
            for percent in times.percents:
                seconds = percentile(histogram, percent) if histogram else None
                own = PERCENTILE.part(f"p{percent}")
                dimension = crossed(part, own) if part else own
                yield self._line(times, dimension, Name(times.of.name, part), None, seconds)

    def _line(
        self,
        one: "Measure[Any] | Times[Any]",
        dimension: str,
        denominator: Name,
        numerator: Name | None,
        seconds: int | None = None,
    ) -> Line:
        unknown_members = self._counts[Cell(self._month, unknown(one.of.name))]
        nobody = not self._counts[Cell(self._month, one.of.name)]
        never = one.needs is not None and one.needs not in self._counts.heard
        reason = f"no {one.needs} event has come" if never else one.of.missing
        return Line(
            k=one.k,
            name=one.name,
            words=one.words,
            dimension=dimension,
            denominator=denominator,
            numerator=numerator,
            seconds=seconds,
            not_available=reason if never or (nobody and unknown_members) else "",
            left_out=one.of.missing if unknown_members and not nobody else "",
        )


def _suppressed(lines: tuple[Line, ...], month: str, counts: Counts) -> Sheet:
    ranks = _ranks(lines)
    values = {name: counts[Cell(month, name.what, name.part)] for name in ranks}
    relations = related(lines, values)
    return Sheet(lines, values, hidden(values, relations, ranks))


def _ranks(lines: Sequence[Line]) -> dict[Name, int]:
    """Where one of several counts must be hidden parts go before wholes, numerators before denominators, and
    of these first what the last figures of the list divide by; a code that is told apart is a
    whole."""
    ranks: dict[Name, int] = {}
    for number, line in enumerate(lines):
        if line.numerator is not None:
            ranks[line.numerator] = 2 if line.numerator.part == ALL else 0
        last = 3 + len(lines) - number
        ranks.setdefault(line.denominator, last if line.denominator.part == ALL else 1)
    for name in list(ranks):
        _, code = uncrossed(name.part)
        if code != ALL:
            ranks[name._replace(part=code)] = 2
    return ranks
