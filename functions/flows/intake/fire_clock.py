"""A clock has run out and what it waits for has not come: somebody's task, and perhaps a reminder."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.clocks import clocks_of, is_due
from functions.adapters.ledger.keys import ClockKey
from functions.adapters.ledger.lifecycle import TakenEvent
from functions.adapters.ledger.records import Arrival, MovedClock, OpenedTask, Referral
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.domain.life_clocks.clock import LifeClock
from functions.domain.life_clocks.firing import answered, fired, task_of
from functions.domain.record import uid
from functions.domain.tasks import Task
from functions.flows.desk import IntakeDesk
from functions.flows.intake.chase import look_at_form
from functions.flows.intake.duplicates import is_decided_there
from functions.flows.intake.earlier import no_later, open_since
from functions.flows.intake.remind import reminders
from functions.flows.intake.told_enough import within_bounds
from functions.flows.intake.waits import ended_details, known_of
from functions.flows.planning.tasks import task_details
from functions.log_lines import CLOCK_FIRED, TASK_OPENED, log
from schemas.codes import AuditKind, ClockKind, TaskKind, TaskRole

ACTOR = "mash-outcomes"


def fire_clock(key: ClockKey, message_id: str, desk: IntakeDesk) -> None:
    """Fires the clock if it runs and its time has come, once; whoever says so, that is looked up here.

    Raises ContendedError if other writers were first until patience ended: the message comes back.
    """
    seen: _Firing | None = None

    def once() -> None:
        # After a reply that was lost the same rows are written after the same tip: if they stand there, it
        # was done, and its task must still be said.
        nonlocal seen
        seen = seen or _firing(key, message_id, desk)
        if seen is None:
            return
        try:
            desk.lifecycle.take(seen.referral, seen.taken, seen.arrival)
        except (ContendedError, ConditionsFailedError) as exc:
            seen = None
            raise ContendedError("the referral changed while its clock fired") from exc
        _say(key, seen)

    desk.patience.persist(once)


@dataclass(frozen=True, slots=True)
class _Firing:
    """A clock that fires: what was read, what follows, and in whose name."""

    referral: Referral
    taken: TakenEvent
    arrival: Arrival


def _firing(key: ClockKey, message_id: str, desk: IntakeDesk) -> _Firing | None:
    """None for a clock that is not there, has ended, or was moved to another time."""
    referral, arrival = desk.intake.referral(key.ref), Arrival(message_id, desk.now(), ACTOR)
    item = referral.clocks.get(key.sk)
    if item is None or not is_due(item, arrival.at):
        return None
    clock = clocks_of(referral)[key.which]
    if key.which.kind is ClockKind.POLICE_FORM:
        looked = _form(clock, item, referral, arrival, desk)
        return _Firing(referral, within_bounds(looked, referral, arrival, desk), arrival)
    if _is_overtaken(key, referral, desk):
        then = answered(clock, arrival.at)
        taken = TakenEvent(facts=[_fact(clock, then, referral, arrival)], clocks=[MovedClock(then, item)])
        return _Firing(referral, taken, arrival)
    child = key.which.child
    task = no_later(task_of(clock, arrival.at, desk.clocks), referral, child)
    opened = OpenedTask(child, referral.newest(child), task, open_since(task, referral, child))
    then = fired(clock, arrival.at, desk.clocks)
    details = {"dver": referral.newest(key.which.child), **task_details(task)}
    taken = TakenEvent(
        facts=[_fact(clock, then, referral, arrival, **details)],
        updates=list(reminders(clock, referral, key.sk, arrival, desk)),
        tasks=[opened],
        clocks=[MovedClock(then, item)],
    )
    return _Firing(referral, within_bounds(taken, referral, arrival, desk), arrival)


def _form(clock: LifeClock, item: Item, referral: Referral, arrival: Arrival, desk: IntakeDesk) -> TakenEvent:
    """A child's police form is looked at: its clock fires into the next step of the chase, or is over."""
    child, number = clock.which.child, referral.newest(clock.which.child)
    looked = look_at_form(clock, referral, item["sk"], arrival, desk)
    task = looked.task
    details: dict[str, Any] = {
        "dver": number,
        "ra": looked.form.value if looked.form else None,
        "step": looked.step,
        **(task_details(task) if task else {}),
        **ended_details(looked.done_tasks),
    }
    return TakenEvent(
        facts=[_fact(clock, looked.then, referral, arrival, **details), *looked.facts],
        children={child: looked.learnt} if looked.learnt else {},
        updates=looked.updates,
        tasks=[OpenedTask(child, number, task, open_since(task, referral, child))] if task else (),
        done_tasks=looked.done_tasks,
        clocks=[MovedClock(looked.then, item)],
    )


def _is_overtaken(key: ClockKey, referral: Referral, desk: IntakeDesk) -> bool:
    """Whether the child is decided: as a duplicate of one that is, or with what was asked still running, as
    an earlier release left it."""
    which = key.which
    match which.kind:
        case ClockKind.DECIDE:
            return is_decided_there(referral, which.child, desk)
        case ClockKind.CONTRIBUTE:
            return known_of(referral).is_decided(which.child)
    return False


def _fact(clock: LifeClock, then: LifeClock, referral: Referral, arrival: Arrival, **details: object) -> Fact:
    """The CLOCK_FIRED row: what was waited for since when, whose task it is now, and when it fires again."""
    key = ClockKey(referral.ref, clock.which)
    said = {
        "child": key.which.child,
        "clock": key.which.kind.value,
        "since": at_text(clock.since),
        "clock_at": at_text(clock.due_at) if clock.due_at else None,
        "next_at": at_text(then.due_at) if then.due_at else None,
        "ended_by": then.end.value if then.end else None,
        **details,
    }
    # A message may come again, and find its clock set anew for the same time: that is another firing.
    identity = uid(AuditKind.CLOCK_FIRED, key.text, str(referral.tip.seq), arrival.bus_id)
    return Fact(AuditKind.CLOCK_FIRED, identity, ACTOR, key.sk, said)


def _say(key: ClockKey, firing: _Firing) -> None:
    child = key.which.child
    log(CLOCK_FIRED, referral=key.ref, child=child, clock=key.which.kind.value)
    for task in filter(_asks_somebody_now, _opened(firing.taken)):
        log(TASK_OPENED, referral=key.ref, child=child, task=task.kind.value, role=task.role.value)


def _asks_somebody_now(task: Task) -> bool:
    """That the police owe their form is the desk's daily work: it rings nobody before it is the manager's."""
    return task.kind is not TaskKind.CHASE_FORM or task.role is TaskRole.MASH_MANAGER


def _opened(taken: TakenEvent) -> Iterator[Task]:
    of_updates = (opened for update in taken.updates for opened in update.tasks)
    return (opened.task for opened in (*taken.tasks, *of_updates))
