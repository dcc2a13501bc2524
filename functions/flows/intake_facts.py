"""What the trail says of an event that was taken in: codes and counts, never a partner's words."""

from collections.abc import Iterator, Sequence
from typing import Any

from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.records import Arrival, NewDelivery, Sealed
from functions.domain.quality import gaps
from functions.domain.record import uid
from functions.domain.release import Verdict
from functions.flows.recipients import Recipient
from schemas.codes import AuditKind, HoldCode, Outcome, QualityFlag
from schemas.decision import Decided
from schemas.risk_assessment import PoliceCheck


def about(decision: Decided) -> dict[str, Any]:
    """Which decision: what every row about it repeats."""
    return {"child": decision.child_index, "dver": decision.decision_seq}


def decision_fact(
    decision: Decided,
    recipients: Sequence[Recipient],
    deliveries: Sequence[NewDelivery],
    notice: Sealed,
    arrival: Arrival,
) -> Fact:
    """The DECISION row: what was decided, for whom, with which gaps, and the sealed notice."""
    details = {
        **about(decision),
        "event_id": str(decision.event_id),
        "outcome": decision.primary_outcome.value,
        "additional": [outcome.value for outcome in decision.additional_outcomes],
        "rag": decision.rag.value if decision.rag else None,
        "received_at": at_text(decision.received_at),
        "decided_at": at_text(decision.decided_at),
        "source_seq": decision.source_seq,
        "recipients": [f"{new.key.agency_id}#{new.key.channel}#{int(new.pins.level)}" for new in deliveries],
        "flags": [*map(str, gaps(decision)), *_own_ref_flags(recipients)],
        "cipher": notice.cipher,
    }
    return Fact(AuditKind.DECISION, notice.uid, arrival.source, str(decision.event_id), details)


def _own_ref_flags(recipients: Sequence[Recipient]) -> Iterator[str]:
    for recipient in recipients:
        if recipient.own_ref_unusable:
            yield f"{QualityFlag.OWN_REF_UNUSABLE}:{recipient.entry.agency_id}"


def check_fact(event_id: str, child: int, seq: int, police_form: PoliceCheck, arrival: Arrival) -> Fact:
    """The RA_CHECK row: the verdict and its rules, never an answer."""
    details = {
        "child": child,
        "dver": seq,
        "ra": police_form.status.value,
        "failed": [rule.value for rule in police_form.failed_rules],
        "advisory": [rule.value for rule in police_form.advisory_rules],
        "rules": police_form.rule_set_version,
        "evaluated_at": at_text(police_form.evaluated_at),
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


def held_facts(decision: Decided, verdict: Verdict, arrival: Arrival) -> Iterator[Fact]:
    """A row for the child's hold, one per held recipient, one for an allegation held beside what is sent."""
    if verdict.on_child:
        details: dict[str, Any] = {"triggers": list(map(str, verdict.on_child))}
        yield decision_event_fact(AuditKind.HELD, decision, arrival, details, told_apart_by="child")
    for agency_id, triggers in sorted(verdict.on_agency.items()):
        details = {"held_agency": agency_id, "triggers": list(map(str, triggers))}
        yield decision_event_fact(AuditKind.HELD, decision, arrival, details, told_apart_by=agency_id)
    if verdict.allegation_beside:
        details = {"outcome": Outcome.LAD.value, "triggers": [HoldCode.LADO.value]}
        yield decision_event_fact(AuditKind.HELD, decision, arrival, details, told_apart_by="allegation")


def decision_event_fact(
    kind: AuditKind, decision: Decided, arrival: Arrival, details: dict[str, Any], *, told_apart_by: str = ""
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
