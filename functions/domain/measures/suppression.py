"""Small counts are not told, nor what they could be worked out from.

A count of 1 to 4 is small; nought is nobody's. Small counts are hidden, and so are counts whose *rest* is
small, what a whole has beyond its part: 98 of 100 tells of two as plainly as 2 of 100. Then counts are hidden
until nothing small follows from what is left:

    out of hours   3 of 41   hidden            since 3 is small
    in hours      60 of 80   hidden, too       or else 63 less 60 tells it
    all           63 of 121  shown

Whoever knows these rules learns no more: which further count is hidden depends on the order of the table and
never on how large it is, and a hidden small count is marked like a hidden large one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Generic, TypeVar

LEAST_SHOWN = 5

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Relation(Generic[C]):
    """A whole that is the sum of its parts."""

    whole: C
    parts: tuple[C, ...]
    together: bool = False
    """Whether its parts are shown all or not at all: of a table by two dimensions whole rows are hidden, so
    that what the sums of its lines leave open is wide enough for each small count in them."""

    @property
    def cells(self) -> tuple[C, ...]:
        return (self.whole, *self.parts)


def is_small(count: int) -> bool:
    return 0 < count < LEAST_SHOWN


def hidden(
    values: Mapping[C, int], relations: Sequence[Relation[C]], published: Mapping[C, int]
) -> frozenset[C]:
    """Which of the published cells are not shown.

    `published` ranks them: of those that could be hidden to protect another, one of the lowest rank is. What
    is in `values` alone is never shown, and must not follow from the rest if it is small.
    """
    table = _Table(values, relations, published)
    return table.hidden()


@dataclass(slots=True)
class _Equation(Generic[C]):
    """Counts that are not shown, each so many times, come to something known; and by which relations."""

    terms: dict[C, int]
    made_from: set[int]

    def remove(self, cell: C, other: "_Equation[C]") -> None:
        """Takes `cell` out of it by means of another equation that has it."""
        mine, theirs = self.terms[cell], other.terms[cell]
        every = dict.fromkeys((*self.terms, *other.terms))
        terms = {one: theirs * self.terms.get(one, 0) - mine * other.terms.get(one, 0) for one in every}
        shared = gcd(*terms.values()) or 1
        self.terms = {one: factor // shared for one, factor in terms.items() if factor}
        self.made_from |= other.made_from


class _Table(Generic[C]):
    def __init__(
        self, values: Mapping[C, int], relations: Sequence[Relation[C]], published: Mapping[C, int]
    ) -> None:
        self._values, self._relations, self._published = values, relations, published
        self._place = {cell: place for place, cell in enumerate(published)}
        self._hidden = {cell for cell in published if is_small(values[cell])}
        self._inner = {part for relation in relations for part in relation.parts}
        self._shares = [one for one in relations if not all(part in published for part in one.parts)]
        """Those that leave a rest that nobody is shown."""
        self._rows = [one for one in relations if one.together]
        self._lines = {
            one.whole: (number, one)
            for number, one in enumerate(relations)
            if one.whole in self._inner and one not in self._shares
        }
        """What is itself a part, by the relation that tells it apart."""
        for relation in self._shares:
            if any(is_small(values[part]) for part in relation.parts):
                # Whichever of whole and part ranks lower: the same one whether it is the part that is small
                # or the rest, or else the other, shown, would tell which.
                shown = [cell for cell in relation.cells if cell in published]
                self._hidden.update(sorted(shown, key=published.__getitem__)[:1])

    def hidden(self) -> frozenset[C]:
        while True:
            self._hide_what_divides_by_hidden()
            known = self._follows()
            leak = next(self._leaks(known), None)
            if leak is None:
                return frozenset(self._hidden)
            self._hidden.add(self._protecting(*leak))

    def _hide_what_divides_by_hidden(self) -> None:
        """A part of which the whole is hidden shows how large that is at least; and where that is itself a
        part, its own whole shows how large at most. Of a row that is hidden all of it is."""
        more = True
        while more:
            more = False
            for relation in (*self._shares, *self._rows):
                if self._takes_its_parts(relation):
                    parts = {part for part in relation.parts if part in self._published} - self._hidden
                    self._hidden |= parts
                    more = more or bool(parts)

    def _takes_its_parts(self, relation: Relation[C]) -> bool:
        if relation.together:
            return not self._hidden.isdisjoint(relation.cells)
        return relation.whole in self._hidden and relation.whole in self._inner

    def _is_unknown(self, cell: C) -> bool:
        return cell not in self._published or cell in self._hidden

    def _follows(self) -> dict[C, set[int]]:
        """What is not shown and can be worked out all the same, by the relations from which (elimination)."""
        solved: dict[C, _Equation[C]] = {}
        for number, relation in enumerate(self._relations):
            signs = ((relation.whole, 1), *((part, -1) for part in relation.parts))
            equation = _Equation({cell: sign for cell, sign in signs if self._is_unknown(cell)}, {number})
            for cell in [cell for cell in equation.terms if cell in solved]:
                equation.remove(cell, solved[cell])
            if not equation.terms:
                continue
            first = next(iter(equation.terms))
            for other in solved.values():
                if first in other.terms:
                    other.remove(first, equation)
            solved[first] = equation
        return {cell: one.made_from for cell, one in solved.items() if len(one.terms) == 1}

    def _leaks(self, known: Mapping[C, set[int]]) -> Iterator[tuple[C, set[int]]]:
        """Each small count that follows, or sum of what is hidden that is small or tells each of its parts,
        and from which relations."""
        for cell in self._values:
            if cell in known and is_small(self._values[cell]):
                yield cell, known[cell]
        for number, relation in enumerate(self._relations):
            if self._is_unknown(relation.whole) and relation.whole not in known:
                continue
            left = self._left_open(relation, known)
            by = {number}.union(*(known.get(cell, set()) for cell in relation.cells))
            if self._tells(left):
                yield left[0], by
            lines = [self._lines[part] for part in left if part in self._lines]
            within = [part for part in left if part not in self._lines]
            for own, line in lines:
                within += self._left_open(line, known)
                by = by.union({own}, *(known.get(cell, set()) for cell in line.parts))
            if self._tells(within):
                yield within[0], by

    def _left_open(self, relation: Relation[C], known: Mapping[C, set[int]]) -> list[C]:
        return [part for part in relation.parts if self._is_unknown(part) and part not in known]

    def _tells(self, left: Sequence[C]) -> bool:
        """What is listed is somebody: so many that come to their own number are one each."""
        counts = [self._values[cell] for cell in left]
        return is_small(sum(counts)) or (bool(counts) and set(counts) == {1})

    def _protecting(self, leak: C, made_from: Iterable[int]) -> C:
        """The cell that is hidden next: one of those that the leak follows from."""
        found = {cell for number in made_from for cell in self._relations[number].cells}
        shown = [cell for cell in found if not self._is_unknown(cell) and self._values[cell]]
        start = self._place.get(leak, 0)
        return min(
            shown,
            key=lambda cell: (self._published[cell], (self._place[cell] - start) % len(self._published)),
        )
