"""Whether a referral's referrer is told, by its counts: of each child that they are to be told of, or not."""

import pytest

from functions.domain.measures.counts import Cell, Counts
from functions.domain.measures.named import TOLD
from functions.domain.measures.outcome_told import is_told
from functions.domain.measures.populations import PROFESSIONAL_DECIDED

DUE = PROFESSIONAL_DECIDED.name


@pytest.mark.parametrize(
    ("due", "told", "expected"),
    [((), (), False), ((1,), (), False), ((1, 1), (1,), False), ((1,), (1,), True), ((1, 2), (3,), True)],
)
def test_a_referrer_is_told_once_they_are_of_each_child(
    due: tuple[int, ...], told: tuple[int, ...], *, expected: bool
) -> None:
    """Whatever day each was decided on."""
    counts = {Cell(f"2026-11-2{day}", DUE): number for day, number in enumerate(due)}
    counts |= {Cell(f"2026-11-2{day}", TOLD): number for day, number in enumerate(told)}
    assert is_told(Counts(counts)) is expected


def test_a_part_of_a_count_is_not_all_of_it() -> None:
    counts = {
        Cell("2026-11-24", DUE): 2,
        Cell("2026-11-24", TOLD): 1,
        Cell("2026-11-24", TOLD, "hours=in"): 1,
    }
    assert not is_told(Counts(counts))
