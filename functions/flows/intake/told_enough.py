"""A clock tells nothing more of what a child was told of too often: its manager looks at it instead."""

from dataclasses import replace

from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.lifecycle import TakenEvent
from functions.adapters.ledger.records import Arrival, NewUpdate, OpenedTask, Referral
from functions.domain.bounds import MOST_UPDATES
from functions.domain.record import uid
from functions.domain.tasks import call_task
from functions.flows.desk import IntakeDesk
from functions.flows.intake.earlier import no_later
from functions.flows.planning.tasks import task_details
from schemas.codes import AuditKind, TaskKind


def within_bounds(taken: TakenEvent, referral: Referral, arrival: Arrival, desk: IntakeDesk) -> TakenEvent:
    """What a clock's firing records, with a task in the place of each update beyond the bound.

    Of an event that has one such, all is refused; a clock has no sender who could be told.
    """
    over = [one for one in taken.updates if one.number > MOST_UPDATES]
    instead = [_instead(one, referral, arrival, desk) for one in over]
    return replace(
        taken,
        facts=[*taken.facts, *(_fact(one, taken.facts[0], arrival) for one in instead)],
        updates=[one for one in taken.updates if one not in over],
        tasks=[*taken.tasks, *instead],
    )


def _instead(one: NewUpdate, referral: Referral, arrival: Arrival, desk: IntakeDesk) -> OpenedTask:
    task = call_task(TaskKind.CHECK_NOT_TOLD, arrival.at, desk.clocks, about=one.series.value)
    return OpenedTask(one.child, referral.newest(one.child), no_later(task, referral, one.child))


def _fact(opened: OpenedTask, fired: Fact, arrival: Arrival) -> Fact:
    details = {"child": opened.child, "dver": opened.seq, **task_details(opened.task)}
    identity = uid(AuditKind.TASK, fired.uid, opened.task.about or "")
    return Fact(AuditKind.TASK, identity, arrival.source, fired.cause, details)
