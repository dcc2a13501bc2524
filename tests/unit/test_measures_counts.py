"""Counts by month: they add up in any order, row by row, and a percentile is never flattering."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.measures.catalogue import FIGURES
from functions.domain.measures.counting import LIVE, POPULATIONS, SPLITS, counts_of, live_counts_of
from functions.domain.measures.counts import (
    NOTHING,
    Cell,
    Counts,
    change,
    day_of,
    days_of,
    first_day,
    month_of,
    months_between,
)
from functions.domain.measures.facts import AsOf, facts_of
from functions.domain.measures.published import Published, published
from functions.domain.measures.spans import BOUNDS, BUCKETS, LONGER, bucket_of, percentile
from schemas.clocks import ClockPolicy
from schemas.codes import AuditKind, EventType
from tests.letter_2017 import DECIDED_IN_1_WORKING_DAY, DECIDED_IN_24_HOURS, MARCH, MAY, contacts
from tests.unit.stories import AS_OF, POLICE, SCHOOL, TUESDAY, Story, hours

NOVEMBER = "2026-11"


def a_life(ref: str = "NS-26-7KQ4ZP") -> Story:
    """Most that can happen to a referral."""
    story = Story(ref).received(TUESDAY, 1, 2, rag="AMBER", unborn=[2], pseudonyms={"1": "a" * 32})
    story.checked("ABSENT").event(EventType.ACKNOWLEDGED, hours(1), acknowledged_at=hours(1), rag="RED")
    story.decided(hours(2), risk_assessment_mode="JOINT", recommendation_followed=True)
    story.row(
        AuditKind.HELD,
        hours(2),
        child=1,
        dver=1,
        task="RELEASE_CHILD",
        triggers=["SENSITIVE"],
        cause="event-3",
    )
    story.row(AuditKind.RELEASED, hours(3), child=1, dver=1, task="RELEASE_CHILD", triggers=["SENSITIVE"])
    story.tried(hours(4)).checked("INCORRECT", "RA05", "RA10", late=True)
    story.event(EventType.CHALLENGE_RAISED, hours(5), child=1, challenge_id="C1", raised_at=hours(5))
    story.decided(hours(26), "NFA", dver=2, recipients=[f"{POLICE}#webhook#3", f"{SCHOOL}#email#1"])
    story.about(
        AuditKind.ATTEMPT_STARTED, hours(27), SCHOOL, dver=2, chan="email", level=1, notice_reason="X"
    )
    story.tried(hours(27), dver=2).decided(hours(28), "S17", child=2)
    resolved = {"child": 1, "challenge_id": "C1", "resolved_at": hours(50), "result": "UPHELD"}
    return story.event(EventType.CHALLENGE_RESOLVED, hours(50), **resolved)


# --- they add up


def test_the_counts_of_two_referrals_are_their_sum_in_any_order() -> None:
    one, other = a_life("NS-26-0NE000").counts(), Story("NS-26-0THER0").received(kind="REFERRAL").counts()
    assert one + other == other + one
    assert one + NOTHING == one
    assert (one + other)[Cell(NOVEMBER, "received")] == 3
    assert one[Cell(NOVEMBER, "nothing of the sort")] == 0
    both = a_life("NS-26-0NE000").facts()
    assert counts_of(both) == one


def test_what_each_row_adds_sums_up_to_what_counting_everything_gives() -> None:
    """What a live aggregator would add: after each row the difference to before it."""
    story, live, before = a_life(), Counter[Cell](), NOTHING
    for number in range(len(story.rows) + 1):
        now = counts_of(facts_of(story.rows[:number], story.ref, AS_OF))
        live.update(now.cells)
        live.subtract(before.cells)
        before = now
    assert {cell: count for cell, count in live.items() if count} == dict(story.counts().cells)
    assert live[Cell(NOVEMBER, "K11.no_further_action")] == 1


def test_the_same_rows_read_twice_count_the_same() -> None:
    assert a_life().counts() == a_life().counts()


def test_which_events_came_adds_up_as_well() -> None:
    assert (Counts(heard=frozenset({"A"})) + Counts(heard=frozenset({"B"}))).heard == {"A", "B"}


def test_a_figure_that_is_told_apart_divides_by_the_same_part() -> None:
    counts = a_life().counts()
    for name, splits in SPLITS.items():
        for split in splits:
            parts = [
                part for part in counts.parts(NOVEMBER, name) if part.startswith(f"{split.dimension.name}=")
            ]
            assert (
                sum(counts[Cell(NOVEMBER, name, part)] for part in parts) == counts[Cell(NOVEMBER, name)]
            ), name
    assert set(SPLITS) == set(POPULATIONS)


# --- the live ones


def test_live_counts_are_those_of_days_and_come_to_the_months_without_what_moves_by_itself() -> None:
    facts = a_life().facts()
    live, whole = live_counts_of(facts), counts_of(facts)
    assert {cell.period for cell in live.cells} >= {"2026-11-24"}
    moving = {name for name, one in POPULATIONS.items() if one.moved_by}
    measured = {one.count: one.of.name for one in FIGURES}
    lasting = {
        cell: count
        for cell, count in whole.cells.items()
        if measured.get(cell.name, cell.name.rstrip("?")) not in moving
    }
    assert live.by_month() == Counts(lasting, whole.heard)
    assert set(LIVE) == set(POPULATIONS) - moving
    assert moving == {"messages", "open_holds", "followed", "nfa_followed", "addresses"}


def test_no_live_count_depends_on_the_hour_at_which_it_is_counted() -> None:
    story = a_life()
    years_later = replace(AS_OF, now=AS_OF.now + timedelta(days=800))
    for number in range(len(story.rows) + 1):
        rows = story.rows[:number]
        assert live_counts_of(facts_of(rows, story.ref, years_later)) == live_counts_of(
            facts_of(rows, story.ref, AS_OF)
        )


def test_a_change_is_what_must_be_added_and_no_more() -> None:
    one, other, third = (Cell("2026-11-24", name) for name in ("a", "b", "c"))
    assert change({one: 2, other: 1}, {one: 2, third: 3}) == {other: -1, third: 3}
    assert change({}, {}) == {}


# --- months and days


def test_a_day_is_the_uks() -> None:
    assert day_of(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "2026-07-01"


def test_a_month_is_the_uks() -> None:
    assert month_of(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "2026-07"
    assert month_of(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "2026-12"
    assert f"{first_day('2026-07')}" == "2026-07-01"


def test_a_month_has_its_days() -> None:
    assert [f"{day}" for day in days_of("2026-02")][::27] == ["2026-02-01", "2026-02-28"]
    assert (len(days_of("2026-12")), len(days_of("2028-02"))) == (31, 29)


def test_months_go_on_over_a_new_year() -> None:
    assert months_between("2026-11", "2027-02") == ("2026-11", "2026-12", "2027-01", "2027-02")
    assert months_between("2026-11", "2026-11") == ("2026-11",)


# --- how long things took


def test_each_bound_is_above_the_one_before_by_less_than_a_fifth() -> None:
    assert (BOUNDS[0], len(BOUNDS), BUCKETS) == (10, LONGER, 110)
    assert all(below < above <= below * 1.2 for below, above in pairwise(BOUNDS))
    assert BOUNDS[-1] > timedelta(days=365).total_seconds()


@given(st.integers(min_value=0, max_value=BOUNDS[-1] * 2))
def test_a_span_is_in_the_first_bucket_that_is_not_shorter(seconds: int) -> None:
    bucket = bucket_of(timedelta(seconds=seconds))
    assert bucket == LONGER or BOUNDS[bucket] >= seconds
    assert bucket == 0 or BOUNDS[bucket - 1] < seconds


@given(st.lists(st.integers(min_value=0, max_value=BOUNDS[-1]), min_size=1), st.sampled_from((50, 95)))
def test_a_percentile_is_the_bound_above_the_span_that_so_many_do_not_exceed(
    spans: list[int], percent: int
) -> None:
    histogram = Counter(bucket_of(timedelta(seconds=seconds)) for seconds in spans)
    told = percentile(histogram, percent)
    assert told is not None
    assert sum(seconds <= told for seconds in spans) * 100 >= percent * len(spans)
    exact = sorted(spans)[-(-len(spans) * percent // 100) - 1]
    assert exact <= told <= max(10, exact * 1.2 + 2)


def test_what_took_longer_than_any_bound_is_not_told_in_seconds() -> None:
    assert percentile({LONGER: 1}, 50) is None
    assert percentile({0: 1, LONGER: 1}, 50) == 10
    with pytest.raises(ValueError, match="of nothing"):
        percentile({}, 50)


# --- the letter's months


def the_letters_months() -> list[Published]:
    as_of = AsOf(datetime(2017, 7, 14, 9, tzinfo=UTC), ClockPolicy(), {})
    total = NOTHING
    for one in contacts():
        story = Story(one.ref).received(one.received_at)
        total += story.decided(one.decided_at, received_at=one.received_at).counts(as_of)
    return published(total, (MARCH, MAY), "Northshire MASH")


@pytest.mark.finding(14)
@pytest.mark.parametrize("month", [MARCH, MAY])
def test_the_letters_share_is_decided_in_24_hours_and_stands_beside_the_working_days(month: str) -> None:
    shown = {
        row.k: (row.value, row.denominator)
        for row in the_letters_months()
        if (row.month, row.dimension) == (month, "all")
    }
    assert shown["K4"] == (DECIDED_IN_24_HOURS[month], "100")
    assert shown["K5"] == (DECIDED_IN_1_WORKING_DAY[month], "100")


def test_the_letters_out_of_hours_contacts_are_told_apart() -> None:
    rows = [row for row in the_letters_months() if (row.month, row.k) == (MARCH, "K4")]
    assert [(row.dimension, row.value, row.numerator, row.denominator) for row in rows] == [
        ("all", "59.0", "59", "100"),
        ("hours=in", "54.4", "49", "90"),
        ("hours=out", "100.0", "10", "10"),
    ]
