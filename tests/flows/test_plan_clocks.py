"""The clock of a child's plan waits since the newest word on it: what comes late neither sets it nor ends
it."""

import pytest

from schemas.codes import ClockKind
from tests.flows.heard import decided, event_rows
from tests.flows.lives import a_case_closed, a_plan_change
from tests.flows.silences import clock, clocks
from tests.world import Wire, World, a_revision

EARLIER, THEN, LATER = "2026-11-25T09:00:00Z", "2026-11-25T10:00:00Z", "2026-11-25T11:00:00Z"
OF_THE_PLAN = "PLAN#01"


def since(world: World) -> str:
    return clock(world, ClockKind.PLAN).since.isoformat().replace("+00:00", "Z")


@pytest.mark.parametrize("late", ["CP_PLAN", "NONE"])
def test_a_change_of_before_a_newer_decision_neither_renews_it_nor_ends_it(world: World, late: str) -> None:
    decided(world, plan_status="CP_PLAN")
    world.later(days=1)
    world.take(a_revision(decided_at=LATER, plan_status="CIN_PLAN"))
    world.take(a_plan_change(plan_status=late))
    assert event_rows(world, "PLAN_STATUS_CHANGED")[0]["stale"] is True
    assert (clock(world, ClockKind.PLAN).runs, since(world)) == (True, LATER)


def test_a_change_of_before_a_decision_without_a_plan_sets_none(world: World) -> None:
    world.later(days=1)
    decided(world, decided_at=LATER, occurred_at=LATER, plan_status="NONE")
    world.take(a_plan_change())
    assert event_rows(world, "PLAN_STATUS_CHANGED")[0]["stale"] is True
    assert OF_THE_PLAN not in clocks(world)


@pytest.mark.parametrize("end", [a_plan_change(plan_status="NONE"), a_case_closed(closed_at=THEN)])
def test_a_decision_of_before_the_plan_ended_sets_none(world: World, end: Wire) -> None:
    decided(world, plan_status="NONE")
    world.take(end)
    world.take(a_revision(decided_at=EARLIER, plan_status="CP_PLAN"))
    assert OF_THE_PLAN not in clocks(world)


@pytest.mark.parametrize("late", ["CIN_PLAN", "NONE"])
def test_a_decision_of_before_a_change_neither_renews_it_nor_ends_it(world: World, late: str) -> None:
    decided(world, plan_status="CP_PLAN")
    world.take(a_plan_change())
    world.take(a_revision(decided_at=EARLIER, plan_status=late))
    assert (clock(world, ClockKind.PLAN).runs, since(world)) == (True, THEN)
