"""What follows when a clock runs out before what it waits for: whose task, and whether it runs on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from functions.domain.due import call_due_at
from functions.domain.life_clocks.afterwards import joint_is_due, plan_is_due
from functions.domain.life_clocks.clock import LifeClock
from functions.domain.tasks import Task, at_once_task, or_sooner
from schemas.clocks import ClockPolicy
from schemas.codes import ClockEnd, ClockKind, Rag, TaskKind, TaskRole

TASKS: Final[Mapping[ClockKind, TaskKind]] = {
    ClockKind.ACKNOWLEDGE: TaskKind.ACKNOWLEDGE_LATE,
    ClockKind.DECIDE: TaskKind.DECIDE_LATE,
    ClockKind.CONTRIBUTE: TaskKind.CHASE_CONTRIBUTION,
    ClockKind.TRANSFER: TaskKind.CHASE_TRANSFER,
    ClockKind.CONFERENCE: TaskKind.CHASE_CONFERENCE,
    ClockKind.ASSESSMENT: TaskKind.CHASE_ASSESSMENT,
    ClockKind.PLAN: TaskKind.CHASE_PLAN,
    ClockKind.JOINT: TaskKind.CHASE_POLICE,
    ClockKind.EARLY: TaskKind.CHECK_EARLY_EVENT,
    ClockKind.POLICE_FORM: TaskKind.CHASE_FORM,
}
_OF_THE_LAW: Final = frozenset({ClockKind.ACKNOWLEDGE, ClockKind.DECIDE})
_SOMEBODY_ELSES: Final = frozenset({ClockKind.CONTRIBUTE, ClockKind.TRANSFER, ClockKind.JOINT})
"""Whoever has not answered is another agency, or another authority: a duty worker rings it."""


def task_of(clock: LifeClock, fired_at: datetime, policy: ClockPolicy) -> Task:
    """Who must act by when: at once where the law's limit has passed, else within a working day."""
    which, kind = clock.which, TASKS[clock.which.kind]
    if which.kind in _OF_THE_LAW:
        cannot_wait = clock.rag is Rag.RED
        return at_once_task(kind, TaskRole.MASH_MANAGER, fired_at, policy, cannot_wait=cannot_wait)
    role = TaskRole.MASH_DUTY_WORKER if which.kind in _SOMEBODY_ELSES else TaskRole.MASH_MANAGER
    due_at = or_sooner(lambda: call_due_at(fired_at, policy), fired_at)
    if which.kind is ClockKind.CONTRIBUTE:
        return Task(kind, role, due_at, agency_id=which.about)
    return Task(kind, role, due_at, about=which.about or None)


def fired(clock: LifeClock, fired_at: datetime, policy: ClockPolicy) -> LifeClock:
    """The clock once it has fired: a plan's and a joint case's run on, until there is news."""
    match clock.which.kind:
        case ClockKind.PLAN:
            return replace(clock, due_at=plan_is_due(fired_at, policy))
        case ClockKind.JOINT:
            return replace(clock, due_at=joint_is_due(fired_at, policy))
    return replace(clock, due_at=None, end=ClockEnd.FIRED)


def answered(clock: LifeClock, at: datetime) -> LifeClock:
    """The clock of which it shows, when it runs out, that nobody need wait any more."""
    return replace(clock, due_at=None, end=ClockEnd.ANSWERED, ended_at=at)
