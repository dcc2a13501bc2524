"""What the trail says of an event that was taken in: codes and counts, never a partner's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, Joining, NewDelivery, Sealed
from functions.domain.record import uid
from functions.domain.tasks import Task
from functions.flows.audience import Audience
from functions.flows.deliveries import Plan
from functions.flows.recipients import Recipient
from schemas.codes import AuditKind, QualityFlag
from schemas.decision import Decision, DecisionRevised
from schemas.risk_assessment import PoliceCheck


def about(decision: Decision) -> dict[str, Any]:
    """Which decision: what every row about it repeats."""
    return {"child": decision.child_index, "dver": decision.decision_seq}


@dataclass(frozen=True, slots=True)
class Told:
    """One decision and what was worked out for its audience: its own plan, or a duplicate's messages
    elsewhere."""

    decision: Decision
    audience: Audience
    planned: Plan
    elsewhere: Joining | None

    @property
    def deliveries(self) -> Sequence[NewDelivery]:
        return self.elsewhere.deliveries if self.elsewhere else self.planned.deliveries

    @property
    def nobody(self) -> bool:
        """Whether no message goes out for it, now or once its original is decided."""
        return not (self.deliveries or self.planned.suppressed or (self.elsewhere and self.elsewhere.joins))

    def reaches(self, agency_id: str) -> bool:
        """Whether the agency gets a message, reads it in the hub's own system, or joined the original's."""
        reached = {delivery.key.agency_id for delivery in self.deliveries}
        reached |= {recipient.agency_id for recipient in self.planned.suppressed}
        if self.elsewhere is not None:
            reached |= {join["agency"] for join in self.elsewhere.joins}
        return agency_id in reached


def decision_fact(told: Told, flags: Iterable[QualityFlag], notice: Sealed, arrival: Arrival) -> Fact:
    """The DECISION row: what was decided, for whom, with which gaps, and the sealed notice.

    `told_as` says where a duplicate's messages stand: with its original's.
    """
    decision, elsewhere = told.decision, told.elsewhere
    told_as = elsewhere.told_as if elsewhere else None
    details = {
        **about(decision),
        "event_id": str(decision.event_id),
        "outcome": decision.primary_outcome.value,
        "additional": [outcome.value for outcome in decision.additional_outcomes],
        "supersedes": decision.supersedes if isinstance(decision, DecisionRevised) else None,
        "rag": decision.rag.value if decision.rag else None,
        "received_at": at_text(decision.received_at),
        "decided_at": at_text(decision.decided_at),
        "source_seq": decision.source_seq,
        "recipients": _listed(told.deliveries),
        "joined": [join["agency"] for join in elsewhere.joins] if elsewhere else None,
        "told_as": _told_as(told_as) if told_as else None,
        "flags": [*map(str, flags), *_own_ref_flags(told.audience.recipients)],
        "cipher": notice.cipher,
    }
    return Fact(AuditKind.DECISION, notice.uid, arrival.source, str(decision.event_id), details)


def _listed(deliveries: Iterable[NewDelivery]) -> list[str]:
    """Agency, channel and level; a duplicate's under its nonce, so that each names one delivery."""
    return [
        "#".join(
            (new.key.agency_id, new.key.channel, str(int(new.pins.level)), *filter(None, (new.key.nonce,)))
        )
        for new in deliveries
    ]


def _told_as(at: DeliveryKey) -> dict[str, Any]:
    return {"ref": at.ref, "child": at.child, "dver": at.seq}


def _own_ref_flags(recipients: Iterable[Recipient]) -> list[str]:
    """Whose own reference could not be used, by agency."""
    unusable = (recipient.agency_id for recipient in recipients if recipient.own_ref_unusable)
    return [f"{QualityFlag.OWN_REF_UNUSABLE}:{agency_id}" for agency_id in unusable]


def check_fact(
    event_id: str, child: int, seq: int | None, police_form: PoliceCheck, arrival: Arrival
) -> Fact:
    """The RA_CHECK row: the verdict and its rules, never an answer; `seq` is None before any decision."""
    details = {
        "child": child,
        "dver": seq,
        "ra": police_form.status.value,
        "failed": [rule.value for rule in police_form.failed_rules],
        "advisory": [rule.value for rule in police_form.advisory_rules],
        "rules": police_form.rule_set_version,
        "evaluated_at": at_text(police_form.evaluated_at),
        "due_at": at_text(police_form.due_at) if police_form.due_at else None,
        "late": police_form.late,
        "stale": police_form.stale,
        "after_decision": police_form.after_decision,
        "form_version": police_form.form_version,
        "policy_id": police_form.policy_id,
    }
    return Fact(
        AuditKind.RA_CHECK,
        uid("RA_CHECK", event_id, arrival.bus_id, str(child)),
        arrival.source,
        event_id,
        details,
    )


def suppressed_fact(decision: Decision, agency_id: str, arrival: Arrival) -> Fact:
    """The agency reads outcomes in the hub's own case system, so no message repeats this one."""
    fact = decision_event_fact(AuditKind.SUPPRESSED_IN_SYSTEM, decision, arrival, {}, told_apart_by=agency_id)
    return Fact(fact.kind, fact.uid, fact.actor, fact.cause, fact.details, agency_id=agency_id)


def task_fact(decision: Decision, task: Task, arrival: Arrival) -> Fact:
    """The TASK row of a thing that only a person can do."""
    told_apart = f"{task.kind}#{task.agency_id or ''}"
    return decision_event_fact(
        AuditKind.TASK, decision, arrival, task_details(task), told_apart_by=told_apart
    )


def task_details(task: Task) -> dict[str, Any]:
    """What a row says of a task, enough to rebuild it."""
    return {
        "task": task.kind.value,
        "role": task.role.value,
        "due_at": at_text(task.due_at),
        "task_agency": task.agency_id,
        "about": task.about,
    }


def joined_fact(
    decision: Decision,
    recipients: Sequence[Recipient],
    planned: Plan,
    notice: Sealed | None,
    arrival: Arrival,
    *,
    at: DeliveryKey | None = None,
    task: Task | None = None,
) -> Fact:
    """The original's own row: a duplicate's recipients joined, and what they are told now or wait for."""
    cause = str(decision.event_id)
    details = {
        "event_type": decision.event_type.value,
        "duplicate": decision.referral_ref,
        "duplicate_child": decision.child_index,
        "joined": [recipient.agency_id for recipient in recipients],
        "recipients": _listed(planned.deliveries),
        **({"child": at.child, "dver": at.seq} if at else {}),
        **(task_details(task) if task else {}),
        "cipher": notice.cipher if notice else None,
    }
    identity = notice.uid if notice else uid(AuditKind.LIFECYCLE, cause, arrival.bus_id)
    return Fact(AuditKind.LIFECYCLE, identity, arrival.source, cause, details)


def decision_event_fact(
    kind: AuditKind, decision: Decision, arrival: Arrival, details: dict[str, Any], *, told_apart_by: str = ""
) -> Fact:
    """Any other row that a decision event causes."""
    event_id = str(decision.event_id)
    identity = uid(kind, event_id, arrival.bus_id, told_apart_by)
    return Fact(kind, identity, arrival.source, event_id, {**about(decision), **details})


def duplicate_fact(event_id: str, arrival: Arrival, details: dict[str, Any]) -> Fact:
    """The row for an event that came before; one for each arrival."""
    identity = uid("EVENT_DUPLICATE", event_id, arrival.bus_id)
    return Fact(
        AuditKind.EVENT_DUPLICATE, identity, arrival.source, event_id, {"event_id": event_id, **details}
    )
