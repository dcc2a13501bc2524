"""What is held, as the trail and the task list say it: the child, one recipient, or an allegation beside."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, Referral
from functions.adapters.ledger.store import Item
from functions.domain.record import uid
from functions.domain.release import OF_AN_OUTCOME, ON_ONE_RECIPIENT, OpenHolds, Verdict
from functions.domain.tasks import Task, release_task
from functions.flows.planning.deliveries import Plan
from schemas.clocks import ClockPolicy
from schemas.codes import Addressee, AuditKind, HoldTrigger, Outcome, TaskKind


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
            "series": at.series.value if at.series else None,
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
    """What nobody has released of the child's earlier versions; a newer one must not set it free.

    Staff stay linked when their hold was released, for that told one lead and nobody else: what comes later
    waits to be told to the lead again.
    """
    state = referral.children.get(child, {})
    on_child = set(map(HoldTrigger, state.get("held", ())))
    on_agency = {
        agency_id: {trigger for item in items for trigger in _alone(item, on_child)}
        for agency_id, items in _newest_by_agency(referral, child).items()
    }
    for agency_id in linked_agencies(state):
        on_agency.setdefault(agency_id, set()).add(HoldTrigger.STAFF_LINK)
    return OpenHolds(
        on_child=tuple(sorted(on_child)),
        on_agency={agency_id: tuple(sorted(held)) for agency_id, held in on_agency.items() if held},
    )


def _newest_by_agency(referral: Referral, child: int) -> dict[str, list[Item]]:
    """Each agency's deliveries of the newest version that it has any of; the child's newest may have left it
    out."""
    found: dict[str, list[Item]] = {}
    for item in sorted(referral.of_child(child), key=lambda item: int(item["dver"])):
        known = found.setdefault(item["agency"], [])
        if known and known[0]["dver"] < item["dver"]:
            known.clear()
        known.append(item)
    return found


def _alone(item: Item, on_child: Collection[HoldTrigger]) -> Iterator[HoldTrigger]:
    """What holds this delivery and not its child; a duplicate's may wait for its own child's holds, too."""
    for trigger in map(HoldTrigger, item.get("held", ())):
        of_its_own_child = "duplicate" in item and trigger not in {*on_child, *OF_AN_OUTCOME}
        if trigger in ON_ONE_RECIPIENT or of_its_own_child:
            yield trigger
    if is_linked(item):
        yield HoldTrigger.STAFF_LINK


def linked_agencies(child: Item) -> tuple[str, ...]:
    """Whose staff any decision of the child called linked, whether or not that agency was to be told."""
    return tuple(child.get("linked", ()))


def is_linked(item: Item) -> bool:
    """Whether the agency's staff are linked to the child, so that its lead alone may be told."""
    to_the_lead = item.get("addressee") == Addressee.SAFEGUARDING_LEAD
    return to_the_lead or HoldTrigger.STAFF_LINK in item.get("held", ())
