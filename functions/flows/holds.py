"""What is held, as the trail and the task list say it: the child, one recipient, or an allegation beside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, Referral
from functions.domain.record import uid
from functions.domain.release import ON_ONE_RECIPIENT, OpenHolds, Verdict
from functions.domain.tasks import Task, release_task
from functions.flows.deliveries import Plan
from schemas.clocks import ClockPolicy
from schemas.codes import AuditKind, DeliveryState, HoldTrigger, Outcome, TaskKind


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold and the task that ends it."""

    triggers: tuple[HoldTrigger, ...]
    task: Task
    outcome: Outcome | None = None
    """Set where only this outcome of several waits."""

    def fact(self, at: DeliveryKey, cause: str, arrival: Arrival) -> Fact:
        """The HELD row; it says who must act by when, so that the task can be rebuilt from it."""
        details: dict[str, Any] = {
            "child": at.child,
            "dver": at.seq,
            "triggers": [trigger.value for trigger in self.triggers],
            "held_agency": self.task.agency_id,
            "outcome": self.outcome.value if self.outcome else None,
            "task": self.task.kind.value,
            "role": self.task.role.value,
            "due_at": at_text(self.task.due_at),
        }
        told_apart = self.task.agency_id or self.task.kind
        identity = uid(AuditKind.HELD, cause, arrival.bus_id, at.text, told_apart)
        return Fact(AuditKind.HELD, identity, arrival.source, cause, details)


def holds_of(verdict: Verdict, planned: Plan, at: datetime, policy: ClockPolicy) -> list[Hold]:
    """Every hold of one decision, each with its own clock: the child's, each recipient's, an allegation's."""
    return [
        *_on_child(verdict, at, policy),
        *agency_holds(planned, verdict.sent, at, policy),
        *_on_allegation(verdict, at, policy),
    ]


def _on_child(verdict: Verdict, at: datetime, policy: ClockPolicy) -> Iterator[Hold]:
    triggers = verdict.on_child
    if triggers:
        yield Hold(triggers, release_task(TaskKind.RELEASE_CHILD, verdict.sent, triggers, at, policy))


def agency_holds(planned: Plan, outcomes: Sequence[Outcome], at: datetime, policy: ClockPolicy) -> list[Hold]:
    """The holds on single recipients of what was planned."""
    return [
        Hold(
            triggers,
            release_task(TaskKind.RELEASE_AGENCY, outcomes, triggers, at, policy, agency_id=agency_id),
        )
        for agency_id, triggers in planned.held_agencies.items()
    ]


def _on_allegation(verdict: Verdict, at: datetime, policy: ClockPolicy) -> Iterator[Hold]:
    if verdict.allegation_beside:
        triggers, outcomes = (HoldTrigger.LADO,), (Outcome.LAD,)
        task = release_task(TaskKind.RELEASE_ALLEGATION, outcomes, triggers, at, policy)
        yield Hold(triggers, task, outcome=Outcome.LAD)


def still_open(referral: Referral, child: int) -> OpenHolds:
    """What nobody has released of the child's newest version; a newer one must not set it free."""
    held: dict[str, set[HoldTrigger]] = {}
    newest = referral.newest(child)
    for item in referral.of_child(child):
        if item["dver"] == newest and item["st"] == DeliveryState.PENDING:
            alone = ON_ONE_RECIPIENT & set(map(HoldTrigger, item.get("held", ())))
            if alone:
                held.setdefault(item["agency"], set()).update(alone)
    return OpenHolds(
        on_child=tuple(map(HoldTrigger, referral.children.get(child, {}).get("held", ()))),
        on_agency={agency: tuple(sorted(triggers)) for agency, triggers in held.items()},
    )
