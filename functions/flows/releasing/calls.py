"""Calls that waited behind a child's hold: nobody may be rung about what nobody may be told."""

from collections.abc import Iterator

from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.items import task_key
from functions.adapters.ledger.records import Referral
from functions.domain.record import uid
from functions.domain.tasks import Task, call_task
from functions.flows.desk import ReleaseDesk
from functions.flows.planning.tasks import read_waiting_call, task_details
from functions.flows.releasing.order import Order
from schemas.codes import AuditKind, Outcome


def calls_that_waited(referral: Referral, child: int, desk: ReleaseDesk) -> Iterator[Task]:
    """The calls of the child's newest decision, their clocks starting now.

    One that is open already, from an earlier version, stays as it is: it is the same call, due sooner.
    """
    state, standing = referral.children[child], referral.open_tasks(child)
    for waiting in state.get("calls", ()):
        kind, agency_id, about = read_waiting_call(waiting)
        task = call_task(
            kind,
            desk.now(),
            desk.clocks,
            outcomes=(Outcome(state["outcome"]),),
            agency_id=agency_id,
            about=about,
        )
        if task_key(referral.pk, child, task).sk not in standing:
            yield task


def call_fact(order: Order, child: int, seq: int, task: Task) -> Fact:
    """The TASK row of a call that a release opened."""
    identity = uid(AuditKind.TASK, order.request, task.kind, task.agency_id or "", task.about or "")
    details = {"child": child, "dver": seq, **task_details(task)}
    return Fact(AuditKind.TASK, identity, order.actor, order.request, details)
