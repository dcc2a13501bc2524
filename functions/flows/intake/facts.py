"""What the trail says of an event that was taken in: codes and counts, never a partner's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, NewDelivery, Sealed
from functions.adapters.ledger.store import Item
from functions.domain.record import uid
from functions.domain.series import REFERRER_WAITS
from functions.domain.tasks import Task
from functions.flows.intake.audience import Audience
from functions.flows.planning.deliveries import Plan, listed
from functions.flows.planning.recipients import Recipient
from functions.flows.planning.tasks import task_details, waiting_call
from schemas.codes import AuditKind, Divergence, Outcome, QualityFlag, ReasonCode
from schemas.decision import Decision, DecisionRevised
from schemas.notice import Pins
from schemas.risk_assessment import PoliceCheck


def about(decision: Decision) -> dict[str, Any]:
    """Which decision: what every row about it repeats."""
    return {"child": decision.child_index, "dver": decision.decision_seq}


@dataclass(frozen=True, slots=True)
class Told:
    """One decision and what was worked out for its audience, wherever it is told.

    `fresh` are the deliveries made now; `told_as` says where they stand if that is with a duplicate's
    original, and `waits` that nothing is decided there yet.
    """

    decision: Decision
    audience: Audience
    planned: Plan
    fresh: Sequence[NewDelivery]
    told_as: DeliveryKey | None = None
    waits: bool = False

    @property
    def nobody(self) -> bool:
        """Whether no message goes out for it, now or once its original is decided."""
        waiting = self.waits and self.audience.recipients
        return not (self.planned.deliveries or self.planned.suppressed or waiting)

    def reaches(self, agency_id: str) -> bool:
        """Whether the agency gets a message under this reference, reads it in the hub's own system, or waits
        for the original's."""
        if self.waits:
            return any(one.agency_id == agency_id for one in self.audience.recipients)
        reached = {new.key.agency_id for new in self.planned.deliveries if self._names_this(new.pins)}
        return agency_id in reached | {recipient.agency_id for recipient in self.planned.suppressed}

    def referrer_who_waits(self, head: Item) -> str:
        """The agency that referred it, where all that would tell it the outcome is held and it was told none
        before; empty otherwise, and for a duplicate's, whose outcome stands with its original."""
        named = self.decision.referring_agency
        referrer = head.get("referrer") or (named.agency_id if named else "")
        who = next((one.agency_id for one in self.audience.recipients if referrer in one.names), "")
        mine = [new for new in self.fresh if new.key.agency_id == who and new.pins.duplicate is None]
        hears = any(not new.held or new.pins.told_before for new in mine)
        return who if mine and not hears else ""

    def _names_this(self, pins: Pins) -> bool:
        return pins.duplicate is None or pins.duplicate.referral_ref == self.decision.referral_ref


def decision_fact(
    told: Told,
    flags: Iterable[QualityFlag],
    notice: Sealed,
    arrival: Arrival,
    wait: Sequence[Task],
    *,
    diverges: Sequence[Divergence],
    referrer_waits: str,
) -> Fact:
    """The DECISION row: what was decided, for whom, with which gaps, and the sealed notice.

    `wait` are calls that the release of the child's hold opens; `referrer_waits` is who is to hear the
    acknowledgement all the same.
    """
    decision, told_as = told.decision, told.told_as
    is_duplicate = decision.duplicate_of is not None and Outcome.DUP in decision.outcomes
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
        **_counted(decision),
        "divergences": [one.value for one in diverges] or None,
        "recipients": listed(told.fresh),
        "duplicate_of": decision.duplicate_of if is_duplicate else None,
        "duplicate_of_child": decision.duplicate_of_child if is_duplicate else None,
        "joined": _joined(told.audience) if is_duplicate else None,
        "told_as": _told_as(told_as) if told_as else None,
        "calls": [waiting_call(task) for task in wait] or None,
        REFERRER_WAITS: referrer_waits or None,
        "flags": [*map(str, flags), *_own_ref_flags(told.audience.recipients)],
        "cipher": notice.cipher,
    }
    return Fact(AuditKind.DECISION, notice.uid, arrival.source, str(decision.event_id), details)


def _counted(decision: Decision) -> dict[str, Any]:
    """What the figures are counted by, by the names of the wire: they are reckoned from rows alone.

    Of the police's recommendation they need whether there was one, and of the reasons whether one is to be
    asked for; which they are, is sealed with the notice.
    """
    referrer = decision.referring_agency
    reason = decision.divergence_reason
    return {
        "referrer": referrer.agency_id if referrer else None,
        "source_code": decision.source_code.value,
        "unborn": decision.unborn,
        "risk_assessment_mode": decision.risk_assessment_mode.value,
        "recommendation_given": True if decision.police_recommended_next_step else None,
        "recommendation_followed": decision.recommendation_followed,
        "transfer_accepted": decision.transfer_accepted,
        "reason_left_to_team": True if ReasonCode.OTHER_SEE_TEAM in decision.reason_codes else None,
        "divergence_reason": reason.value if reason else None,
        "info_needed_codes": [code.value for code in decision.info_needed_codes],
    }


def _joined(audience: Audience) -> list[str]:
    return list(dict.fromkeys(recipient.agency_id for recipient in audience.recipients))


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


def suppressed_fact(decision: Decision, recipient: Recipient, arrival: Arrival) -> Fact:
    """The agency reads outcomes in the hub's own case system, so no message repeats this one."""
    details = {"about": recipient.about}
    told_apart = f"{recipient.agency_id}#{recipient.about or ''}"
    fact = decision_event_fact(
        AuditKind.SUPPRESSED_IN_SYSTEM, decision, arrival, details, told_apart_by=told_apart
    )
    return replace(fact, agency_id=recipient.agency_id)


def task_fact(decision: Decision, task: Task, arrival: Arrival) -> Fact:
    """The TASK row of a thing that only a person can do."""
    told_apart = f"{task.kind}#{task.agency_id or ''}#{task.about or ''}"
    return decision_event_fact(
        AuditKind.TASK, decision, arrival, task_details(task), told_apart_by=told_apart
    )


def joined_fact(
    decision: Decision,
    audience: Audience,
    planned: Plan,
    identity: str,
    arrival: Arrival,
    *,
    at: DeliveryKey | None = None,
    notice: Sealed | None = None,
    form: PoliceCheck | None = None,
    task: Task | None = None,
) -> Fact:
    """The original's own row: a duplicate's recipients joined, and what they are told now or wait for."""
    details = {
        "event_type": decision.event_type.value,
        "duplicate": decision.referral_ref,
        "duplicate_child": decision.child_index,
        "joined": _joined(audience),
        "recipients": listed(planned.deliveries),
        **({"child": at.child, "dver": at.seq} if at else {}),
        **(task_details(task) if task else {}),
        "ra": form.status.value if form else None,
        "cipher": notice.cipher if notice else None,
    }
    return Fact(AuditKind.LIFECYCLE, identity, arrival.source, str(decision.event_id), details)


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
