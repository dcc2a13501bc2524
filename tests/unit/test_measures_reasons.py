"""How many decisions leave their reason to the duty team: by their newest version, day by day, in no data
set; and from where on that is too many."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.measures.counting import counts_of, live_counts_of
from functions.domain.measures.counts import Cell, Counts
from functions.domain.measures.published import published
from functions.domain.measures.reasons import REASON_EXPECTED, REASON_LEFT, Reasons, reasons
from schemas.codes import EventType, Outcome
from tests.unit.stories import Story, hours

TUESDAY, WEDNESDAY = "2026-11-24", "2026-11-25"
EXPECT_ONE = {Outcome.NFA, Outcome.ADV, Outcome.SAL, Outcome.EHF, Outcome.PVF}
LEFT: dict[str, Any] = {"reason_left_to_team": True}
MISSING: dict[str, Any] = {"flags": ["REASON_MISSING", "SUPPORT_MISSING"]}


def by_day(story: Story) -> dict[tuple[str, str], int]:
    cells = live_counts_of(story.facts()).cells
    return {(cell.period, cell.name): n for cell, n in cells.items() if cell.name.startswith("reason_")}


@pytest.mark.parametrize("outcome", Outcome)
def test_a_reason_is_expected_of_the_outcomes_that_the_domain_flags(outcome: Outcome) -> None:
    found = by_day(Story().decided(hours(1), outcome.value))
    assert found == ({(TUESDAY, REASON_EXPECTED): 1} if outcome in EXPECT_ONE else {})
    beside = by_day(Story().decided(hours(1), "S17", additional=[outcome.value]))
    assert beside == found


@pytest.mark.parametrize("said", [LEFT, MISSING, LEFT | MISSING], ids=["said", "missing", "both"])
def test_one_that_says_to_ring_for_it_and_one_that_has_none_are_left_to_the_team(
    said: dict[str, Any],
) -> None:
    found = by_day(Story().decided(hours(1), "NFA", **said))
    assert found == {(TUESDAY, REASON_EXPECTED): 1, (TUESDAY, REASON_LEFT): 1}


def test_another_gap_is_no_missing_reason() -> None:
    found = by_day(Story().decided(hours(1), "NFA", flags=["SUPPORT_MISSING", "DIVERGENCE_REASON_MISSING"]))
    assert found == {(TUESDAY, REASON_EXPECTED): 1}


def test_where_no_reason_is_expected_none_is_left_to_anybody() -> None:
    assert by_day(Story().decided(hours(1), "S17", **LEFT)) == {}


def test_of_each_child_the_newest_decision_counts_on_its_own_day() -> None:
    story = Story().decided(hours(1), "NFA", **LEFT).decided(hours(25), "NFA", dver=2)
    assert by_day(story) == {(WEDNESDAY, REASON_EXPECTED): 1}
    assert by_day(story.decided(hours(26), "S17", dver=3)) == {}


def test_what_was_withdrawn_counts_no_more_and_what_it_replaced_does_again() -> None:
    story = Story().decided(hours(1), "NFA").decided(hours(25), "EHF", dver=2, **MISSING)
    story.event(EventType.WITHDRAWN_IN_ERROR, hours(26), child=1, decision_seq=2)
    assert by_day(story) == {(TUESDAY, REASON_EXPECTED): 1}


def test_a_duplicate_is_counted_with_its_original() -> None:
    story = Story().decided(hours(1), "NFA", **LEFT).decided(hours(2), "DUP", dver=2)
    assert by_day(story) == {}


def test_each_child_of_a_referral_counts() -> None:
    story = Story().decided(hours(1), "NFA", **LEFT).decided(hours(1), "ADV", child=2)
    assert by_day(story) == {(TUESDAY, REASON_EXPECTED): 2, (TUESDAY, REASON_LEFT): 1}


def test_no_published_figure_tells_them() -> None:
    counts = counts_of(Story().decided(hours(1), "NFA", **LEFT).facts())
    assert counts[Cell("2026-11", REASON_LEFT)] == 1
    rows = published(counts, ["2026-11"], "Northshire MASH")
    assert not [row for row in rows if "reason" in row.name]


def test_those_of_the_days_that_are_asked_for_are_added_up() -> None:
    counts = Counts(
        {
            Cell(TUESDAY, REASON_EXPECTED): 7,
            Cell(TUESDAY, REASON_LEFT): 2,
            Cell(WEDNESDAY, REASON_EXPECTED): 5,
            Cell("2026-11-26", REASON_LEFT): 1,
            Cell(TUESDAY, "decided"): 12,
        }
    )
    assert reasons(counts, [TUESDAY, WEDNESDAY]) == Reasons(left=2, expected=12)
    assert reasons(counts, [TUESDAY]) == Reasons(left=2, expected=7)
    assert reasons(counts, []) == Reasons(left=0, expected=0)


@given(st.integers(0, 400), st.integers(0, 400))
def test_more_than_a_tenth_is_too_often_and_a_tenth_is_not(left: int, others: int) -> None:
    found = Reasons(left, left + others)
    share = Fraction(left, found.expected) if found.expected else Fraction(0)
    assert found.are_left_too_often is (share > Fraction(1, 10))
    assert found.can_be_judged is (found.expected >= 20)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Reasons(2, 20), (False, True)),
        (Reasons(3, 20), (True, True)),
        (Reasons(3, 19), (True, False)),
        (Reasons(10, 100), (False, True)),
        (Reasons(11, 100), (True, True)),
        (Reasons(101, 1000), (True, True)),
        (Reasons(0, 0), (False, False)),
    ],
    ids=str,
)
def test_at_the_edge(found: Reasons, said: tuple[bool, bool]) -> None:
    assert (found.are_left_too_often, found.can_be_judged) == said
