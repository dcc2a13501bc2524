"""A day's arrivals: rows against markers, and the numbers that a sender left out."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.reconciliation.arrivals import Arrived, Marked, gaps, unmatched
from schemas.codes import FindingCode

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVENING = NOON + timedelta(hours=8)
SOURCE = "mash.case-system"


def one(number: int | None = None, *, minutes: float = 0, **changes: Any) -> Arrived:
    values: dict[str, Any] = {
        "uid": f"uid-{number}-{minutes}",
        "partition": "R#NS-26-7KQ4ZP",
        "at": NOON + timedelta(minutes=minutes),
        "kind": "DECISION",
        "source": SOURCE,
        "number": number,
    }
    return Arrived(**{**values, **changes})


def marker(of: Arrived) -> Marked:
    return Marked(f"event-{of.uid}", of.partition, of.at)


def missing(
    day: Sequence[Arrived],
    before: Sequence[Arrived] = (),
    after: Sequence[Arrived] = (),
    *,
    settled: datetime = EVENING,
) -> list[tuple[str, str]]:
    return [(gap.partition, gap.what) for gap in gaps(day, before, after, settled=settled)]


def numbers(*these: int, minutes: float = 0) -> list[Arrived]:
    return [one(number, minutes=minutes) for number in these]


# --- rows and markers


def test_a_row_and_its_marker_match_and_so_do_two_of_one_moment() -> None:
    rows = [one(1), one(2), one(3, minutes=5)]
    assert list(unmatched(rows, [marker(row) for row in reversed(rows)])) == []


def test_a_row_without_its_marker_is_found_where_it_stands() -> None:
    rows = [one(1), one(2), one(3, minutes=5)]
    (finding,) = unmatched(rows, [marker(row) for row in rows[1:]])
    assert (finding.code, finding.partition) == (FindingCode.ROW_WITHOUT_MARKER, "R#NS-26-7KQ4ZP")
    assert finding.what == "2026-11-24T12:00:00Z"


def test_a_marker_without_its_row_is_found_where_it_points() -> None:
    rows = [one(1), one(2, minutes=5)]
    (finding,) = unmatched(rows[:1], [marker(row) for row in rows])
    assert (finding.code, finding.what) == (FindingCode.MARKER_WITHOUT_ROW, "2026-11-24T12:05:00Z")


def test_a_marker_that_points_elsewhere_is_both() -> None:
    row = one(1)
    astray = Marked("event-1", "R#NS-26-ELSEWH", row.at)
    assert [finding.code for finding in unmatched([row], [astray])] == [
        FindingCode.ROW_WITHOUT_MARKER,
        FindingCode.MARKER_WITHOUT_ROW,
    ]


def test_the_originals_own_row_about_a_duplicate_has_no_marker_of_its_own() -> None:
    assert list(unmatched([one(is_told_elsewhere=True)], [])) == []


# --- numbers left out


def test_a_source_that_counts_on_has_no_gap_and_one_that_does_not_count_has_none() -> None:
    assert missing(numbers(4, 5, 6)) == []
    assert missing([one(None), one(None, minutes=1)]) == []
    assert missing([]) == []


def test_a_number_that_never_came_is_found() -> None:
    assert missing(numbers(4, 5, 7)) == [(SOURCE, "6..6")]
    assert missing(numbers(4, 9, 12)) == [(SOURCE, "5..8"), (SOURCE, "10..11")]


def test_the_order_of_arrival_makes_no_gap_nor_does_a_number_that_comes_twice() -> None:
    assert missing([one(6), one(4, minutes=1), one(5, minutes=2), one(5, minutes=3)]) == []


def test_each_source_counts_for_itself() -> None:
    feed = [one(number, source="police.ra-feed") for number in (90, 92)]
    assert missing([*numbers(4, 5), *feed]) == [("police.ra-feed", "91..91")]


def test_a_source_that_is_not_registered_is_not_counted() -> None:
    assert missing([one(4, source=None), one(9, source=None)]) == []


def test_midnight_makes_no_gap() -> None:
    assert missing(numbers(6, 7), numbers(4, 5)) == []
    assert missing(numbers(7, 8), numbers(4, 5)) == [(SOURCE, "6..6")]
    assert missing(numbers(7), numbers(4, 5)) == [(SOURCE, "6..6")]


def test_an_event_that_comes_a_day_late_makes_no_gap_on_either_day() -> None:
    assert missing(numbers(4, 6), after=numbers(5, 7)) == []
    assert missing(numbers(5, 7), before=numbers(4, 6)) == []


def test_a_day_of_old_numbers_alone_is_judged_by_itself() -> None:
    assert missing(numbers(4, 5), before=numbers(90, 91)) == []
    assert missing(numbers(4, 6), before=numbers(90, 91)) == [(SOURCE, "5..5")]


def test_a_number_may_come_a_little_after_a_higher_one() -> None:
    found = [*numbers(4), *numbers(6, minutes=30)]
    assert missing(found, settled=NOON + timedelta(minutes=29)) == []
    assert missing(found, settled=NOON + timedelta(minutes=30)) == [(SOURCE, "5..5")]
    assert missing(found, settled=NOON - timedelta(minutes=1)) == []


def test_a_higher_number_that_has_not_settled_still_fills_its_own_place() -> None:
    found = [*numbers(4, 6), *numbers(5, minutes=30)]
    assert missing(found, settled=NOON) == []


def refused(*, source: str | None = SOURCE, minutes: float = 0) -> Arrived:
    return one(None, minutes=minutes, kind="REJECTED", source=source, uid=f"refused-{source}-{minutes}")


def test_a_refused_event_explains_one_number_and_no_more() -> None:
    assert missing([*numbers(4, 6), refused()]) == []
    assert missing([*numbers(4, 7), refused()]) == [(SOURCE, "5..6")]


def test_what_nobody_or_somebody_else_had_refused_explains_no_number() -> None:
    assert missing([*numbers(4, 6), refused(source=None)]) == [(SOURCE, "5..5")]
    assert missing([*numbers(4, 6), refused(source="police.ra-feed")]) == [(SOURCE, "5..5")]


def test_a_refusal_before_the_last_known_number_explains_nothing_after_it() -> None:
    before = [refused(minutes=-600), *numbers(5, minutes=-500)]
    assert missing(numbers(7), before) == [(SOURCE, "6..6")]
    after_it = [*numbers(5, minutes=-500), refused(minutes=-400)]
    assert missing(numbers(7), after_it) == []


@given(st.sets(st.integers(0, 60), min_size=1), st.sets(st.integers(0, 60)))
def test_exactly_the_numbers_between_that_never_came_are_named(came: set[int], lost: set[int]) -> None:
    """Whatever came: the gaps are what is missing between the lowest and the highest."""
    arrived = came - lost or came
    named = {
        number
        for _, what in missing(numbers(*arrived))
        for number in range(int(what.split("..")[0]), int(what.split("..")[1]) + 1)
    }
    assert named == set(range(min(arrived), max(arrived) + 1)) - arrived


@pytest.mark.parametrize("most", [2**53 - 1])
def test_a_count_that_begins_anew_far_away_is_one_gap_and_takes_no_time(most: int) -> None:
    assert missing(numbers(1, most)) == [(SOURCE, f"2..{most - 1}")]
