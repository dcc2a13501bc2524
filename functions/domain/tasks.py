"""What a person must do, in which role and by when (domain section 6.3)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from functions.domain.clock import HorizonError, hours_later, in_office_hours, working_hours_later
from functions.domain.due import (
    URGENT,
    call_due_at,
    challenge_stage_due_at,
    grading_due_at,
    release_due_at,
)
from schemas.clocks import ClockPolicy
from schemas.codes import HoldTrigger, Outcome, TaskKind, TaskRole

IF_THE_CALENDAR_HAS_ENDED = timedelta(hours=24)
"""Sooner than any working day could be: a calendar that ran out must not make anybody wait longer."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing for one role to do by `due_at`; `about` tells apart tasks of one kind for one child."""

    kind: TaskKind
    role: TaskRole
    due_at: datetime
    agency_id: str | None = None
    about: str | None = None


def release_task(
    kind: TaskKind,
    outcomes: Collection[Outcome],
    triggers: Collection[HoldTrigger],
    held_at: datetime,
    policy: ClockPolicy,
    *,
    agency_id: str | None = None,
) -> Task:
    """Who must release or keep a hold, by when: an hour for what is urgent, day and night.

    The manager decides; out of hours, and where an hour is all there is, the emergency duty team does. An
    address that is not verified is for whoever keeps the directory.
    """
    role = TaskRole.MASH_MANAGER
    if not URGENT.isdisjoint(outcomes) and not _in_office_hours(held_at, policy):
        role = TaskRole.EMERGENCY_DUTY_TEAM
    elif set(triggers) == {HoldTrigger.UNVERIFIED_ADDRESS}:
        role = TaskRole.DIRECTORY_OWNER
    due_at = or_sooner(lambda: release_due_at(outcomes, held_at, policy), held_at)
    return Task(kind, role, due_at, agency_id)


def call_task(
    kind: TaskKind,
    arrived_at: datetime,
    policy: ClockPolicy,
    *,
    outcomes: Collection[Outcome] = (),
    agency_id: str | None = None,
    about: str | None = None,
) -> Task:
    """A call, or a look, that no machine may make; a duty worker's, and the manager's where data disagree.

    What is urgent to tell is urgent to call about: as with a hold, an hour, day and night.
    """
    callers = {TaskKind.CALL_REFERRER, TaskKind.CALL_AGENCY}
    role = TaskRole.MASH_DUTY_WORKER if kind in callers else TaskRole.MASH_MANAGER
    if URGENT.isdisjoint(outcomes):
        due_at = or_sooner(lambda: call_due_at(arrived_at, policy), arrived_at)
        return Task(kind, role, due_at, agency_id, about)
    if not _in_office_hours(arrived_at, policy):
        role = TaskRole.EMERGENCY_DUTY_TEAM
    return Task(kind, role, release_due_at(outcomes, arrived_at, policy), agency_id, about)


def divergence_tasks(found_at: datetime, policy: ClockPolicy) -> tuple[Task, ...]:
    """Both managers look at a decision that parts from what the police recommend, each in a task of their
    own: one who has looked has not looked for the other."""
    due_at = or_sooner(lambda: call_due_at(found_at, policy), found_at)
    return tuple(
        Task(TaskKind.CHECK_DIVERGENCE, role, due_at, about=role.value)
        for role in (TaskRole.MASH_MANAGER, TaskRole.POLICE_MASH_SUPERVISOR)
    )


def challenge_task(challenge_id: str, reached_at: datetime, policy: ClockPolicy) -> Task:
    """The manager settles a challenge, or it goes up a stage; each stage has a time of its own."""
    days = policy.challenge_stage_within_working_days
    due_at = or_sooner(lambda: challenge_stage_due_at(reached_at, policy), reached_at, days=days)
    return Task(TaskKind.CHECK_CHALLENGE, TaskRole.MASH_MANAGER, due_at, about=challenge_id)


def endpoint_task(found_at: datetime, policy: ClockPolicy) -> Task:
    """Somebody rings the agency's desk about its endpoint; the messages themselves have clocks of their
    own."""
    due_at = or_sooner(lambda: call_due_at(found_at, policy), found_at)
    return Task(TaskKind.MEND_ENDPOINT, TaskRole.DIRECTORY_OWNER, due_at)


def address_task(agency_id: str, found_at: datetime, policy: ClockPolicy) -> Task:
    """Somebody finds the agency's right address; whoever was not told is called about by its own clock."""
    due_at = or_sooner(lambda: call_due_at(found_at, policy), found_at)
    return Task(TaskKind.MEND_ADDRESS, TaskRole.DIRECTORY_OWNER, due_at, agency_id)


def reasons_task(found_at: datetime, policy: ClockPolicy, *, about: str) -> Task:
    """The manager finds out why so many decisions leave their reason to the duty team; `about` is how many of
    how many."""
    due_at = or_sooner(lambda: call_due_at(found_at, policy), found_at)
    return Task(TaskKind.CHECK_REASONS, TaskRole.MASH_MANAGER, due_at, about=about)


def grading_task(month: str, drawn_at: datetime, policy: ClockPolicy) -> Task:
    """Somebody reads a form of that month's dip-sample, and says how good it is."""
    days = policy.form_graded_within_working_days
    due_at = or_sooner(lambda: grading_due_at(drawn_at, policy), drawn_at, days=days)
    return Task(TaskKind.GRADE_FORM, TaskRole.MASH_MANAGER, due_at, about=month)


def untold_task(
    kind: TaskKind,
    agency_id: str,
    found_at: datetime,
    policy: ClockPolicy,
    *,
    cannot_wait: bool,
    about: str | None = None,
) -> Task:
    """A call at once: its own clock has run out already. `about` is an update's line.

    What cannot wait is the emergency duty team's out of hours; nobody is woken about the rest, whose agency
    may be shut as well. The task is due in an hour, so that one that nobody takes up rings again.
    """
    task = at_once_task(kind, TaskRole.MASH_DUTY_WORKER, found_at, policy, cannot_wait=cannot_wait)
    return replace(task, agency_id=agency_id, about=about)


def at_once_task(
    kind: TaskKind, role: TaskRole, found_at: datetime, policy: ClockPolicy, *, cannot_wait: bool
) -> Task:
    """Somebody acts within an hour of open office; out of hours, the emergency duty team where it cannot
    wait."""
    hours = policy.release_within_hours_if_urgent
    if not cannot_wait:
        due_at = or_sooner(lambda: working_hours_later(found_at, hours, policy), found_at)
        return Task(kind, role, due_at)
    at_work = _in_office_hours(found_at, policy)
    return Task(kind, role if at_work else TaskRole.EMERGENCY_DUTY_TEAM, hours_later(found_at, hours))


def or_sooner(due_at: Callable[[], datetime], start: datetime, *, days: int = 1) -> datetime:
    """The due time, or so many days from `start` where the holiday data have ended: as many as the limit has
    working days, where it has weeks of them."""
    try:
        return due_at()
    except HorizonError:
        return start + days * IF_THE_CALENDAR_HAS_ENDED


def _in_office_hours(moment: datetime, policy: ClockPolicy) -> bool:
    try:
        return in_office_hours(moment, policy)
    except HorizonError:
        return False
