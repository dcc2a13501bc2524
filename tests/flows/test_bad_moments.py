"""Events for the wrong child, from the wrong source, back-dated or far ahead: refused with the reason, or
kept and said; nothing is lost, and nobody waits longer for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.domain.bank_holidays import HORIZON
from schemas.codes import ClockKind
from tests.flows.heard import decided, event_rows, update_rows
from tests.flows.heard_sources import asks
from tests.flows.lives import a_case_closed, a_plan_change, an_acknowledgement, an_investigation
from tests.flows.silences import JUST_RECEIVED, clock, clocks, fired
from tests.flows.sweeps import REF
from tests.world import MORNING, Wire, World, a_decision, a_receipt, an_event_id

NEXT_YEAR = "2027-11-24T15:02:29Z"
TOMORROW = "2026-11-25T09:40:00Z"


def refusals(world: World) -> list[tuple[str, str]]:
    return [(row["field"], row["reason"]) for row in world.refused()]


@pytest.fixture
def received(world: World) -> World:
    world.now = JUST_RECEIVED
    world.take(a_receipt(rag="AMBER"))
    return world


# --- the wrong child


@pytest.mark.parametrize(
    "event", [a_plan_change, a_case_closed, an_investigation], ids=lambda one: one.__name__
)
def test_what_happened_to_a_child_that_nobody_knows_is_kept_and_looked_for(world: World, event: Any) -> None:
    decided(world)
    world.take(event(child_index=7))
    (row,) = event_rows(world, event()["event_type"])
    assert (row["child"], row["waits_for"]) == (7, "DECISION")
    assert update_rows(world) == []
    world.later(days=2)
    world.send_due()
    (task,) = [task for name, task in world.tasks().items() if name.startswith("CHECK_EARLY_EVENT")]
    assert (task["child"], task["role"]) == (7, "MASH_MANAGER")


def test_it_ends_no_clock_of_another_child(received: World) -> None:
    before = clocks(received)
    received.take(a_decision(child_index=2, event_id=an_event_id("another child")))
    assert clocks(received)["DECIDE#01"] == before["DECIDE#01"]


def test_an_agency_asked_about_a_child_that_is_not_listed_is_refused_by_its_field(received: World) -> None:
    asked = [{"agency_id": "north-probation", "child_index": 7}]
    received.take(an_acknowledgement(asked_to_contribute=asked))
    assert refusals(received) == [("asked_to_contribute.0.child_index", "UNKNOWN_CHILD")]
    assert "DECIDE#01" in clocks(received)


# --- the wrong source


def test_an_event_of_a_source_that_is_not_registered_is_refused_by_that_field(world: World) -> None:
    """Under no name of its own, and with all that its sender needs to do it right."""
    world.take(a_decision(source="who.knows"))
    (row,) = world.refused()
    assert (row["field"], row["reason"]) == ("source", "UNKNOWN_SOURCE")
    assert row["pk"] == "X#2026-11-24#unknown"
    assert (world.rows(), world.send_due(), asks(world)) == ([], 0, [])


# --- back-dated


def test_a_referral_received_last_week_is_late_at_once(world: World) -> None:
    world.take(a_receipt(rag="AMBER", received_at="2026-11-17T09:40:00Z"))
    world.send_due()
    assert {row["clock"] for row in fired(world)} == {"ACKNOWLEDGE", "DECIDE"}
    assert {"ACKNOWLEDGE_LATE#00", "DECIDE_LATE#01"} <= world.tasks().keys()


def test_what_is_older_than_what_is_known_is_recorded_and_moves_nothing(world: World) -> None:
    decided(world, plan_status="CP_PLAN")
    world.now = MORNING + timedelta(days=2)
    world.take(a_plan_change(plan_status="CIN_PLAN", changed_at="2026-11-26T10:00:00Z"))
    before = clocks(world)
    world.take(a_plan_change(plan_status="NONE", changed_at="2026-11-25T10:00:00Z"))
    assert event_rows(world, "PLAN_STATUS_CHANGED")[-1]["stale"]
    assert clocks(world) == before


def test_what_happened_before_the_referral_came_is_refused_by_its_field(world: World) -> None:
    decided(world)
    world.take(a_case_closed(closed_at="2026-01-01T10:00:00Z"))
    assert refusals(world) == [("closed_at", "BEFORE_RECEIPT")]


# --- far ahead


@pytest.mark.parametrize("moment", ["2026-11-25T09:41:01Z", NEXT_YEAR])
def test_a_referral_received_more_than_a_day_ahead_is_refused_by_its_field(world: World, moment: str) -> None:
    world.now = JUST_RECEIVED
    world.take(a_receipt(received_at=moment))
    assert refusals(world) == [("received_at", "IN_THE_FUTURE")]
    assert world.rows() == []
    (kept,) = world.s3.list_objects_v2(Bucket=world.bucket)["Contents"]
    assert kept["Key"] == world.refused()[0]["kept_as"]


def test_a_referral_received_tomorrow_is_kept_and_waited_for_from_now_on(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(a_receipt(rag="RED", received_at=TOMORROW))
    assert refusals(world) == []
    assert clock(world, ClockKind.DECIDE).since == JUST_RECEIVED
    assert clock(world, ClockKind.DECIDE).due_at == JUST_RECEIVED + timedelta(hours=4)
    assert clock(world, ClockKind.ACKNOWLEDGE, child=0).since == JUST_RECEIVED
    (row, *_) = world.rows()
    assert row["received_at"] == "2026-11-25T09:40:00.000Z"


@pytest.mark.parametrize("field", ["received_at", "decided_at"])
def test_a_decision_of_next_year_is_told_now_and_its_moment_is_for_the_mash_to_look_at(
    world: World, field: str
) -> None:
    world.take(a_decision(**{field: NEXT_YEAR}, strategy_discussion_at=None))
    (row,) = [row for row in world.rows() if row["type"] == "DECISION"]
    assert "MOMENT_IN_THE_FUTURE" in row["flags"]
    assert world.send_due() == 2
    for kind in (ClockKind.ASSESSMENT, ClockKind.JOINT):
        assert clock(world, kind).since <= MORNING


def test_a_decision_of_tomorrow_is_not_worth_a_look(world: World) -> None:
    world.take(a_decision(decided_at="2026-11-25T15:02:00Z"))
    (row,) = [row for row in world.rows() if row["type"] == "DECISION"]
    assert "MOMENT_IN_THE_FUTURE" not in row["flags"]


@pytest.mark.parametrize(
    "event",
    [
        a_receipt(occurred_at=NEXT_YEAR),
        an_acknowledgement(occurred_at=NEXT_YEAR),
        a_decision(occurred_at=NEXT_YEAR),
    ],
    ids=lambda event: str(event["event_type"]),
)
def test_when_its_sender_says_it_occurred_moves_no_clock(world: World, event: Wire) -> None:
    if event["event_type"] != "REFERRAL_RECEIVED":
        world.take(a_receipt())
    world.take(event)
    assert refusals(world) == []
    known = {
        one.since for one in (clock(world, ClockKind.DECIDE), clock(world, ClockKind.ACKNOWLEDGE, child=0))
    }
    assert known == {datetime(2026, 11, 24, 9, 40, tzinfo=UTC)}


def test_an_early_event_that_occurred_next_year_is_looked_for_tomorrow(world: World) -> None:
    world.take(a_plan_change(occurred_at=NEXT_YEAR))
    (name,) = clocks(world)
    assert name.startswith("EARLY#01#")
    world.later(days=2)
    world.send_due()
    assert [row["clock"] for row in fired(world)] == ["EARLY"]


# --- a holiday list that has run out


def test_past_the_last_known_holiday_nothing_is_refused_and_everything_is_waited_for_a_day(
    world: World,
) -> None:
    day = HORIZON + timedelta(days=10)
    world.now = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    at = world.now.isoformat().replace("+00:00", "Z")
    world.take(a_receipt(rag="GREEN", received_at=at))
    assert refusals(world) == []
    assert clock(world, ClockKind.DECIDE).due_at == world.now + timedelta(hours=24)
    world.later(hours=24, minutes=1)
    world.send_due()
    assert {row["clock"] for row in fired(world, REF)} == {"ACKNOWLEDGE", "DECIDE"}
    assert all(task["due_at"] > task["opened_at"] for task in world.tasks().values())
