"""A person decides that a hold goes on: its task stays open, with the hold's own limit once more."""

from collections.abc import Collection
from dataclasses import dataclass

from functions.adapters.ledger import keys
from functions.adapters.ledger.by_hand import Kept
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import TO_KEEP
from functions.domain.record import uid
from functions.domain.tasks import Task, release_task
from functions.flows.acting.done import WhichTask, the_one
from functions.flows.acting.order import ActDesk, NotPossibleError, Order, require_fitting, written_once
from functions.flows.orders import Rows
from functions.flows.planning.tasks import task_details
from functions.flows.planning.urgency import urgency_of
from functions.flows.releasing.held_now import (
    allegation_waits,
    held_alone,
    held_deliveries,
    held_on_child,
    stands_as,
)
from functions.log_lines import HOLD_KEPT, log
from schemas.codes import AuditKind, HoldTrigger, Outcome, TaskKind

HOLDS = frozenset({TaskKind.RELEASE_CHILD, TaskKind.RELEASE_AGENCY, TaskKind.RELEASE_ALLEGATION})
"""The tasks in which somebody decides of a hold: it ends, or it goes on."""


@dataclass(frozen=True, slots=True)
class GoesOn:
    """What came of it: of which child, the task as it stands now, and where that stands in the trail."""

    child: int
    task: Task
    entries: tuple[str, ...]


def the_hold(which: WhichTask, desk: ActDesk) -> Item:
    """The task of the hold that is meant. Raises NotPossibleError unless it is one."""
    return the_one(list(_referral(which.ref or "", desk).tasks.values()), which)


def keep(seen: Item, order: Order, desk: ActDesk) -> GoesOn:
    """The hold goes on as whoever decides saw it, its clock beginning anew; who decided so and why is in the
    trail.

    `seen` is its task as it was read. Raises NotPossibleError where somebody else has acted since, a newer
    decision came, or nothing is held that way any more.
    """
    require_fitting(order, TO_KEEP, "keep a hold")
    act = written_once(lambda: _worked_out(seen, order, desk), desk)
    task = act.kept.task
    log(
        HOLD_KEPT,
        referral=keys.owner_of(seen),
        child=seen["child"],
        dver=seen["dver"],
        task=task.kind.value,
        reason=order.reason.value,
    )
    return GoesOn(seen["child"], task, act.rows.entries)


@dataclass(frozen=True, slots=True)
class _Act:
    referral: Referral
    kept: Kept

    @property
    def rows(self) -> Rows:
        return Rows(self.referral.pk, self.referral.tip, [self.kept.fact])

    def write(self, desk: ActDesk) -> None:
        desk.by_hand.keep(self.referral, self.kept, desk.check.now())


def _worked_out(seen: Item, order: Order, desk: ActDesk) -> _Act:
    referral = _referral(keys.owner_of(seen), desk)
    if not stands_as(seen, referral.tasks.get(seen["sk"])):
        raise NotPossibleError(
            "It has changed since it was looked at: look at it again, then decide.",
            "task",
            on_a_page="It has changed since you looked at it: look at it again, then decide.",
        )
    task = _once_more(seen, referral, desk)
    return _Act(referral, Kept(_fact(seen, task, order), seen, task))


def _referral(ref: str, desk: ActDesk) -> Referral:
    return desk.check.intake.case(ref)


def _once_more(seen: Item, referral: Referral, desk: ActDesk) -> Task:
    """Whose it is from now on, and by when: as if it were held at this moment."""
    triggers, outcomes = why_held(seen, referral)
    if not triggers:
        raise NotPossibleError(
            f"Nothing of {keys.owner_of(seen)} is held that way any more.",
            "task",
            on_a_page="Nothing of it is held that way any more: somebody has released it, or it has ended.",
        )
    now, clocks = desk.check.now(), desk.check.clocks
    return release_task(TaskKind(seen["kind"]), outcomes, triggers, now, clocks, agency_id=seen.get("agency"))


def why_held(task: Item, referral: Referral) -> tuple[tuple[HoldTrigger, ...], Collection[Outcome]]:
    """Why the hold of this task stands as the referral is now, and what it keeps back; no trigger where
    nothing is held that way any more."""
    kind, child = TaskKind(task["kind"]), task["child"]
    if kind is TaskKind.RELEASE_ALLEGATION:
        return ((HoldTrigger.LADO,) if allegation_waits(referral, child) else ()), (Outcome.LAD,)
    outcomes = urgency_of(referral.children.get(child, {})).outcomes
    if kind is TaskKind.RELEASE_CHILD:
        return held_on_child(referral, child), outcomes
    items = [item for item in held_deliveries(referral, child) if item["agency"] == task.get("agency")]
    return held_alone(referral, items), outcomes


def _fact(seen: Item, task: Task, order: Order) -> Fact:
    """The TASK row that says who decided that it goes on, why, and until when."""
    details = {
        "child": seen["child"],
        "dver": seen["dver"],
        **task_details(task),
        "kept": True,
        "was_due_at": seen["due_at"],
        "reason": order.reason.value,
    }
    identity = uid(AuditKind.TASK, order.request, seen["sk"])
    return Fact(AuditKind.TASK, identity, order.actor, order.request, details)
