"""What comes late, what is not known, a calendar that has ended: the clock fires all the same, and once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.domain.bank_holidays import HORIZON
from schemas.codes import AgencyType, Channel, ClockEnd, ClockKind
from tests.flows.accounts import Damaged, reckoned
from tests.flows.heard import decided, update_rows
from tests.flows.lives import a_case_closed, a_plan_change, an_acknowledgement, an_investigation
from tests.flows.silences import JUST_RECEIVED, clock, clocks, due_clocks, fire_due, fired, said
from tests.flows.sweeps import REF, rows_of
from tests.world import World, a_decision, a_receipt, a_registry, an_agency

PLAN_BY = datetime(2027, 1, 8, 15, 2, tzinfo=UTC)
MONTHS_LATER = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
DUE_KINDS = [ClockKind.ASSESSMENT, ClockKind.CONFERENCE, ClockKind.JOINT, ClockKind.PLAN]


def fires_at_once_and_once(world: World, kind: ClockKind) -> None:
    """The next sweep finds it, and no later one does before its next time."""
    assert kind in {one.which.kind for one in due_clocks(world)}
    fire_due(world)
    world.later(minutes=1)
    assert kind not in {one.which.kind for one in due_clocks(world)}
    fire_due(world)
    assert [row["clock"] for row in fired(world)].count(kind.value) == 1


# --- back-dated


def test_a_plan_change_that_waited_for_months_sets_a_clock_that_fires_at_once_and_once(world: World) -> None:
    """It is taken up with the decision, and its own time is what the clock counts from."""
    world.now = JUST_RECEIVED
    moment = "2026-11-24T10:30:00Z"
    decision = "2026-11-24T10:00:00Z"
    world.take(a_plan_change("north-probation", changed_at=moment, occurred_at=moment))
    world.now = MONTHS_LATER
    at = {"decided_at": decision, "occurred_at": decision, "strategy_discussion_at": "2026-11-24T09:50:00Z"}
    world.take(a_decision(plan_status="CP_PLAN", **at))
    assert clock(world, ClockKind.PLAN).since == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    fires_at_once_and_once(world, ClockKind.PLAN)
    assert clock(world, ClockKind.PLAN).runs
    assert [row["dver"] for row in update_rows(world) if row["series"] == "STALE_PLAN"] == [1]


@pytest.mark.parametrize("kind", DUE_KINDS)
def test_a_decision_that_comes_months_late_sets_clocks_that_fire_at_once_and_once(
    world: World, kind: ClockKind
) -> None:
    world.now = MONTHS_LATER
    world.take(a_decision(plan_status="CP_PLAN"))
    fires_at_once_and_once(world, kind)
    assert reckoned(world).findings == ()


def test_a_request_of_which_we_hear_after_its_time_is_chased_at_once_and_once(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(an_acknowledgement("north-probation"))
    world.now = JUST_RECEIVED + timedelta(days=3)
    world.take(a_receipt())
    fires_at_once_and_once(world, ClockKind.CONTRIBUTE)
    assert world.tasks()["CHASE_CONTRIBUTION#01#north-probation"]["st"] == "OPEN"


def test_a_referral_of_which_we_hear_after_its_time_is_late_at_once_and_once(world: World) -> None:
    world.now = JUST_RECEIVED + timedelta(days=3)
    world.take(a_receipt())
    fires_at_once_and_once(world, ClockKind.DECIDE)


def test_news_that_comes_after_newer_news_sets_no_older_clock(world: World) -> None:
    decided(world)
    world.now = datetime(2026, 11, 27, 10, 1, tzinfo=UTC)
    world.take(an_investigation("OPEN", changed_at="2026-11-27T10:00:00Z"))
    before = clock(world, ClockKind.JOINT)
    world.take(an_investigation("OPEN", changed_at="2026-11-25T10:00:00Z"))
    assert clock(world, ClockKind.JOINT) == before


def test_a_closure_that_comes_after_the_case_was_opened_again_ends_no_clock(world: World) -> None:
    """It is older than what is known: the row says so, and the assessment is waited for still."""
    decided(world, plan_status="CP_PLAN")
    world.now = datetime(2026, 11, 26, 10, 1, tzinfo=UTC)
    world.take(a_plan_change(changed_at="2026-11-26T10:00:00Z"))
    before = clocks(world)
    world.take(a_case_closed(closed_at="2026-11-25T10:00:00Z"))
    assert rows_of(world, "LIFECYCLE")[-1]["stale"] is True
    assert clocks(world) == before


def test_a_clock_that_fires_again_gives_nobody_more_time_for_the_task_that_is_open(world: World) -> None:
    decided(world, plan_status="CP_PLAN")
    world.now = PLAN_BY
    fire_due(world)
    before = world.tasks()["CHASE_PLAN#01"]["due_at"]
    world.now = clock(world, ClockKind.PLAN).due_at or world.now
    fire_due(world)
    assert [row["clock"] for row in fired(world)].count("PLAN") == 2
    assert world.tasks()["CHASE_PLAN#01"]["due_at"] == before


# --- not known


@pytest.mark.parametrize("forgotten", ["plan_status", "plan_agencies"])
def test_a_child_of_whose_plan_nothing_is_known_has_its_task_and_nobody_is_reminded(
    world: World, forgotten: str
) -> None:
    decided(world, plan_status="CP_PLAN")
    item = world.store.get("state", keys.referral(REF), keys.child(1))
    assert item is not None
    Damaged(world).change("state", item, **{forgotten: None})
    world.now = PLAN_BY
    fires_at_once_and_once(world, ClockKind.PLAN)
    assert [row for row in update_rows(world) if row["series"] == "STALE_PLAN"] == []
    assert world.tasks()["CHASE_PLAN#01"]["st"] == "OPEN"


def test_a_child_of_whom_nothing_is_known_has_its_task_all_the_same(world: World) -> None:
    decided(world, plan_status="CP_PLAN")
    item = world.store.get("state", keys.referral(REF), keys.child(1))
    assert item is not None
    Damaged(world).take_away("state", item)
    world.now = PLAN_BY
    fires_at_once_and_once(world, ClockKind.PLAN)
    assert world.tasks()["CHASE_PLAN#01"]["st"] == "OPEN"


def test_whoever_is_told_nothing_of_the_decision_but_has_a_part_is_reminded_by_notice(world: World) -> None:
    world.apply(a_registry(an_agency("hill-minder", AgencyType.CHILDMINDER, Channel.EMAIL)))
    decided(world, plan_status="CP_PLAN")
    world.now = datetime(2026, 11, 25, 10, 1, tzinfo=UTC)
    world.take(a_plan_change("hill-minder"))
    world.now = clock(world, ClockKind.PLAN).due_at or world.now
    fire_due(world)
    (row,) = [row for row in update_rows(world) if row["series"] == "STALE_PLAN"]
    assert row["recipients"] == ["hill-minder#email#1#USTALE_PLAN"]


# --- past the last known bank holiday


def after_the_calendar(**changes: Any) -> dict[str, Any]:
    """The worked example, a week after the holiday data have ended."""
    day = HORIZON + timedelta(days=7)
    moments = {"received_at": "09:40", "strategy_discussion_at": "10:30", "decided_at": "11:00"}
    at = {name: f"{day}T{time}:00Z" for name, time in {**moments, "occurred_at": "11:00"}.items()}
    return a_decision(**{**at, "plan_status": "CP_PLAN", **changes})


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (ClockKind.ASSESSMENT, 45),
        (ClockKind.CONFERENCE, 15),
        (ClockKind.PLAN, 30),
        (ClockKind.JOINT, 10),
    ],
)
def test_when_the_calendar_has_ended_working_days_are_days_and_each_fires_into_its_task(
    world: World, kind: ClockKind, days: int
) -> None:
    """Sooner than it should, and never later: the alarm about the calendar has rung months before."""
    week_after = HORIZON + timedelta(days=7)
    world.now = datetime(week_after.year, week_after.month, week_after.day, 11, 1, tzinfo=UTC)
    world.take(after_the_calendar())
    due_at = clock(world, kind).due_at
    assert due_at is not None
    assert (due_at - clock(world, kind).since).days == days
    world.now = due_at
    fires_at_once_and_once(world, kind)
    row = next(row for row in fired(world) if row["clock"] == kind.value)
    assert said(row, "task", "role")[0].startswith("CHASE_")
    assert row["due_at"] > row["at"]
    assert clock(world, kind).end in (None, ClockEnd.FIRED)


def test_a_transfer_past_the_calendar_is_chased_after_a_day(world: World) -> None:
    week_after = HORIZON + timedelta(days=7)
    world.now = datetime(week_after.year, week_after.month, week_after.day, 11, 1, tzinfo=UTC)
    transfer = {"primary_outcome": "TRF", "receiving_la": "SOUTHSHIRE", "transfer_accepted": False}
    world.take(after_the_calendar(**transfer, strategy_discussion_at=None, plan_status="NONE"))
    world.later(days=1)
    fires_at_once_and_once(world, ClockKind.TRANSFER)
