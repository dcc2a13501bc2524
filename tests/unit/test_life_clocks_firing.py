"""A clock that runs out: whose task it is and by when, and which clocks run on."""

from datetime import UTC, datetime

import pytest

from functions.domain.life_clocks.clock import LifeClock, Which
from functions.domain.life_clocks.firing import TASKS, answered, fired, task_of
from functions.domain.tasks import Task
from schemas.codes import ClockEnd, ClockKind, Rag, TaskKind, TaskRole
from tests.unit.waits import (
    JOINT,
    PLAN,
    POLICY,
    RECEIVED,
    Story,
    at,
    decided,
)

OFFICE = datetime(2026, 11, 24, 15, 2, tzinfo=UTC)
NIGHT = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
RUN_ON = {ClockKind.PLAN, ClockKind.JOINT}
DUTY_WORKERS = {ClockKind.CONTRIBUTE, ClockKind.TRANSFER, ClockKind.JOINT}
AT_ONCE = {ClockKind.ACKNOWLEDGE, ClockKind.DECIDE}


def a_clock(kind: ClockKind, about: str = "", rag: Rag | None = None) -> LifeClock:
    return LifeClock(Which(kind, 1, about), RECEIVED, OFFICE, rag=rag)


def test_every_kind_of_clock_has_a_task_of_its_own() -> None:
    assert set(TASKS) == set(ClockKind)
    assert len(set(TASKS.values())) == len(ClockKind)


@pytest.mark.parametrize("kind", set(ClockKind) - AT_ONCE - {ClockKind.CONTRIBUTE})
def test_somebody_finds_out_within_a_working_day(kind: ClockKind) -> None:
    role = TaskRole.MASH_DUTY_WORKER if kind in DUTY_WORKERS else TaskRole.MASH_MANAGER
    for fired_at, due_at in ((OFFICE, at(25, 15, 2, month=11)), (NIGHT, at(1, 9))):
        assert task_of(a_clock(kind), fired_at, POLICY) == Task(TASKS[kind], role, due_at)


@pytest.mark.parametrize("rag", [None, *Rag])
@pytest.mark.parametrize("kind", AT_ONCE)
def test_what_the_law_had_a_limit_for_is_the_managers_within_the_hour(
    kind: ClockKind, rag: Rag | None
) -> None:
    task = task_of(a_clock(kind, rag=rag), OFFICE, POLICY)
    assert task == Task(TASKS[kind], TaskRole.MASH_MANAGER, at(24, 16, 2, month=11))


def test_at_night_a_red_decision_is_the_emergency_duty_teams_and_nothing_else_wakes_anybody() -> None:
    red = task_of(a_clock(ClockKind.DECIDE, rag=Rag.RED), NIGHT, POLICY)
    assert red == Task(TaskKind.DECIDE_LATE, TaskRole.EMERGENCY_DUTY_TEAM, at(27, 23, month=11))
    for clock in (a_clock(ClockKind.DECIDE, rag=Rag.AMBER), a_clock(ClockKind.ACKNOWLEDGE)):
        task = task_of(clock, NIGHT, POLICY)
        assert (task.role, task.due_at) == (TaskRole.MASH_MANAGER, at(30, 10, month=11))


def test_a_contribution_names_its_agency_and_any_other_what_it_is_about() -> None:
    asked = task_of(a_clock(ClockKind.CONTRIBUTE, "north-gp"), OFFICE, POLICY)
    due_at = at(25, 15, 2, month=11)
    kind = TaskKind.CHASE_CONTRIBUTION
    assert asked == Task(kind, TaskRole.MASH_DUTY_WORKER, due_at, agency_id="north-gp")
    transferred = task_of(a_clock(ClockKind.TRANSFER, "SOUTHSHIRE"), OFFICE, POLICY)
    assert (transferred.agency_id, transferred.about) == (None, "SOUTHSHIRE")


@pytest.mark.parametrize("kind", ClockKind)
def test_a_clock_that_fires_has_ended_but_a_plans_and_a_joint_cases_run_on(kind: ClockKind) -> None:
    clock = a_clock(kind, rag=Rag.RED)
    then = fired(clock, OFFICE, POLICY)
    if kind in RUN_ON:
        assert then.runs
        assert then.due_at is not None
        assert then.due_at > OFFICE
    else:
        assert (then.end, then.due_at, then.waits) == (ClockEnd.FIRED, None, True)
    assert (then.which, then.since, then.rag) == (clock.which, clock.since, clock.rag)


def test_they_are_set_anew_from_when_they_fired_and_remember_the_last_word() -> None:
    story = Story().hear(decided("S47J", plan_status="CP_PLAN")).fire(PLAN, JOINT, now=at(11, 12))
    assert story.running()[PLAN] == at(27, 12, month=1, year=2027)
    assert story.running()[JOINT] == at(29, 12)
    assert story.clocks[PLAN].since == OFFICE


def test_what_turns_out_settled_when_it_fires_is_answered_then() -> None:
    then = answered(a_clock(ClockKind.DECIDE), OFFICE)
    assert (then.end, then.ended_at, then.due_at, then.waits) == (ClockEnd.ANSWERED, OFFICE, None, False)
