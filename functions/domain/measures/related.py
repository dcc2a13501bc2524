"""How the counts of one month hang together: what could be worked out from what."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from functions.domain.measures.catalogue import MEASURES
from functions.domain.measures.counting import POPULATIONS
from functions.domain.measures.counts import ALL
from functions.domain.measures.lines import Line, Name
from functions.domain.measures.shapes import Sort, uncrossed
from functions.domain.measures.suppression import Relation

SAME = (
    (Name("K7.out_of_hours"), Name("received", "hours=out")),
    (Name("K8.ra_failed_rule"), Name("K8.ra_status", "ra_status=INCORRECT")),
)
"""Counts that are one under two names."""
APART, APART_IN = ("K1a.outcome_told", "K1b.told_by_notice_only"), "professional_decided"
"""Nobody is in both, so that what their sum leaves of their population is a count as well."""
_WITHIN = {
    **{one.name: one.within for one in POPULATIONS.values() if one.within},
    **{one.count: one.within for one in MEASURES if one.within},
}
_SORTS = {one.count: one.sort for one in MEASURES}


def related(lines: Sequence[Line], values: dict[Name, int]) -> list[Relation[Name]]:
    """Every relation among what the lines name; the rests that these need are added to `values`."""
    relations = [*_shares(lines, values), *_splits(values), *_nested(values), *_apart(values)]
    return [*relations, *(Relation(one, (other,)) for one, other in SAME)]


def _less(whole: Name, parts: tuple[Name, ...], values: dict[Name, int]) -> Relation[Name]:
    """The whole is its parts and the rest, which is named after them."""
    rest = Name("+".join(part.what for part in parts), parts[0].part, less_than=whole.what)
    values[rest] = values[whole] - sum(values[part] for part in parts)
    return Relation(whole, (*parts, rest))


def _shares(lines: Sequence[Line], values: dict[Name, int]) -> Iterator[Relation[Name]]:
    """Each numerator and what it leaves; of a figure whose codes exclude each other, all of them."""
    codes: defaultdict[Name, list[Name]] = defaultdict(list)
    for line in lines:
        if line.numerator is None:
            continue
        if _SORTS[line.numerator.what] is Sort.PARTS:
            codes[line.denominator].append(line.numerator)
        else:
            yield _less(line.denominator, (line.numerator,), values)
    for whole, parts in codes.items():
        yield Relation(whole, tuple(parts), together=whole.part != ALL)


def _splits(values: Mapping[Name, int]) -> Iterator[Relation[Name]]:
    """Each count that is told apart is the sum of its parts, by each dimension; and so is each rest, and each
    code that is told apart."""
    found: defaultdict[tuple[Name, str], list[Name]] = defaultdict(list)
    for name in values:
        part, code = uncrossed(name.part)
        if part != ALL and (code != ALL or _SORTS.get(name.what, Sort.SHARE) is Sort.SHARE):
            found[name._replace(part=code), part.partition("=")[0]].append(name)
    return (Relation(whole, tuple(parts)) for (whole, _), parts in found.items())


def _nested(values: dict[Name, int]) -> Iterator[Relation[Name]]:
    """What one population leaves of another, in all and in each part that both have."""
    for name in list(values):
        outer = Name(_WITHIN.get(name.what, ""), name.part)
        if not name.less_than and outer in values:
            yield _less(outer, (name,), values)
        every = name._replace(part=ALL)
        if _SORTS.get(name.what) is Sort.TAGS and name.part != ALL and not name.less_than:
            yield _less(every, (name,), values)


def _apart(values: dict[Name, int]) -> Iterator[Relation[Name]]:
    for name in [one for one in values if one.what == APART_IN and not one.less_than]:
        yield _less(name, tuple(name._replace(what=what) for what in APART), values)
