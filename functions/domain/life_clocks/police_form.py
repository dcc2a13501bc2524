"""The chase for a child's police form: at receipt, when it is due, a working day later, then a manager."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from functions.domain.due import call_due_at, ra_due_at, ra_last_reminder_due_at
from functions.domain.life_clocks.clock import LifeClock, Wanted, Which
from functions.domain.life_clocks.known import Known
from functions.domain.tasks import Task, or_sooner
from schemas.clocks import ClockPolicy
from schemas.codes import ClockEnd, ClockKind, Rag, RaStatus, TaskKind, TaskRole

# A child's chase, step by step; any of them ends it once the form is complete, or not needed:
#
#   1  at receipt             reminder 1 to the police MASH supervisor, and a task of the MASH
#   2  when the form is due   reminder 2
#   3  a working day later    reminder 3 to the force's named role
#   4  a working day later    the task is the MASH manager's, and the clock has fired for the last time

AT_RECEIPT: Final = 1
WHEN_DUE: Final = 2
LAST_REMINDER: Final = 3
ESCALATED: Final = 4

SETTLED: Final = frozenset({RaStatus.COMPLETE, RaStatus.NOT_REQUIRED})
"""What nobody need be reminded of."""


def is_wanted(status: RaStatus | None, end: ClockEnd | None) -> bool:
    """Whether anybody waits for the form, by its status as last seen and by what its chase ended with.

    Before its first look nothing is seen yet; a chase that has reached the manager goes on there, what is
    settled no more begins one anew, and a duplicate's form is its original's.
    """
    return status not in SETTLED and end is not ClockEnd.REVISED


def form_is_due(
    received_at: datetime, rag: Rag | None, decided_at: datetime | None, policy: ClockPolicy
) -> datetime:
    """When the form is due; a calendar that has ended makes it sooner, never an error: this gates nothing."""
    return or_sooner(lambda: ra_due_at(received_at, rag, decided_at, policy), received_at)


def begun(child: int, received_at: datetime, heard_at: datetime, known: Known) -> Iterator[Wanted]:
    """From the first word of the child, at once.

    `heard_at` is when that word was sent: what came at night, or was recorded late, is not overdue for that.
    """
    which = Which(ClockKind.POLICE_FORM, child)
    clock = known.clocks.get(which)
    if clock is None or clock.end is ClockEnd.REVISED:
        yield Wanted(which, received_at, max(received_at, heard_at), step=AT_RECEIPT)


def due_sooner(
    child: int, rag: Rag | None, decided_at: datetime | None, known: Known, policy: ClockPolicy
) -> Iterator[Wanted]:
    """A decision, or another colour, may make the form due sooner than was known when it was asked for.

    Nobody asks for a duplicate's any more.
    """
    which = Which(ClockKind.POLICE_FORM, child)
    clock = known.clocks.get(which)
    if clock is not None and clock.runs and clock.step == WHEN_DUE:
        due_at = form_is_due(clock.since, rag or known.child(child).rag, decided_at, policy)
        yield Wanted(which, clock.since, due_at, step=WHEN_DUE)


def step_at(clock: LifeClock, form_due_at: datetime, now: datetime) -> int:
    """Which step it is by now: until the form is due the first is taken again, and once it is due the second
    says all that the first would."""
    step = clock.step or AT_RECEIPT
    if step > WHEN_DUE:
        return step
    return AT_RECEIPT if now < form_due_at else WHEN_DUE


def after_step(
    clock: LifeClock, step: int, form_due_at: datetime, now: datetime, policy: ClockPolicy
) -> LifeClock:
    """The clock once that step is taken: it runs on until a manager has the task."""
    match step:
        case 1:
            return replace(clock, step=WHEN_DUE, due_at=form_due_at)
        case 2:
            return replace(
                clock, step=LAST_REMINDER, due_at=last_reminder_at(clock, form_due_at, now, policy)
            )
        case 3:
            return replace(
                clock, step=ESCALATED, due_at=_a_working_day_after(clock.due_at or now, now, policy)
            )
    return replace(clock, due_at=None, end=ClockEnd.FIRED)


def last_reminder_at(clock: LifeClock, form_due_at: datetime, now: datetime, policy: ClockPolicy) -> datetime:
    """When the third goes, if the second goes in time; a working day from now where that has passed."""
    return _a_working_day_after(max(clock.since, form_due_at), now, policy)


def _a_working_day_after(start: datetime, now: datetime, policy: ClockPolicy) -> datetime:
    days = policy.ra_last_reminder_after_working_days
    due_at = or_sooner(lambda: ra_last_reminder_due_at(start, policy), start, days=days)
    return due_at if due_at > now or start >= now else _a_working_day_after(now, now, policy)


def chasing_task(
    then: LifeClock, step: int, form_due_at: datetime, now: datetime, policy: ClockPolicy
) -> Task:
    """Who sees that the form comes: a duty worker, by when the next role would be asked; then the manager."""
    if step == ESCALATED:
        due_at = or_sooner(lambda: call_due_at(now, policy), now)
        return Task(TaskKind.CHASE_FORM, TaskRole.MASH_MANAGER, due_at)
    due_at = last_reminder_at(then, form_due_at, now, policy) if step == AT_RECEIPT else then.due_at or now
    return Task(TaskKind.CHASE_FORM, TaskRole.MASH_DUTY_WORKER, due_at)


def after_form(clock: LifeClock, status: RaStatus, now: datetime, *, is_first: bool) -> LifeClock | None:
    """The clock as a form leaves it, which is looked at again at once; None where it changes nothing.

    What is settled ends the chase, and what no longer is begins it anew. Of a first form that is not complete
    the police hear at once what it lacks, until it is due; later the next reminder says it.
    """
    if status in SETTLED:
        return replace(clock, due_at=now, end=None, ended_at=None) if clock.waits else None
    if clock.end is ClockEnd.ANSWERED:
        return replace(clock, step=AT_RECEIPT, due_at=now, end=None, ended_at=None)
    lacks_something = is_first and status is RaStatus.INCORRECT
    if lacks_something and clock.runs and clock.step == WHEN_DUE:
        return replace(clock, due_at=min(clock.due_at or now, now))
    return None
