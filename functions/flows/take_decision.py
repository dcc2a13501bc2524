"""One decision taken in: checked, released or held, planned per recipient, recorded in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.records import AcceptedDecision, Arrival, NewDelivery, Referral, Sealed
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.vault import DataKey
from functions.domain import release
from functions.domain.completeness import ReferredChild, check, feed_cannot_answer
from functions.domain.record import uid
from functions.domain.refusals import Refusal
from functions.domain.wording import LABELS_VERSION
from functions.flows.arrivals import RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake_facts import (
    about,
    check_fact,
    decision_event_fact,
    decision_fact,
    duplicate_fact,
    held_facts,
)
from functions.flows.police_form import feed_state, open_forms
from functions.flows.recipients import Recipient, deliveries_for, recipients_of
from functions.log_lines import (
    DECISION_ACCEPTED,
    DECISION_STALE,
    DELIVERY_HELD,
    EVENT_DUPLICATE,
    NOBODY_TO_TELL,
    RA_CHECKED,
    RA_FEED_SILENT,
    log,
)
from schemas.codes import AuditKind, MessageType, Outcome, RefusalReason
from schemas.decision import Decided
from schemas.notice import FrozenNotice, HubContact
from schemas.risk_assessment import PoliceCheck


@dataclass(frozen=True, slots=True)
class Known:
    """What is already known of a decision's referral; `new_key` is its wrapped key if made just now."""

    referral: Referral
    key: DataKey
    new_key: bytes | None
    fingerprint: str


def take_decision(decision: Decided, arrival: Arrival, desk: IntakeDesk) -> None:
    """Records the decision and creates its deliveries, or records why it creates none.

    Raises RefusedError naming the field; ContendedError if other writers were first until patience ended.
    """
    if Outcome.DUP in decision.outcomes:
        raise RefusedError(Refusal("primary_outcome", RefusalReason.OUTCOME_NOT_HANDLED))
    recipients = recipients_of(decision, desk.directory)
    desk.patience.persist(lambda: _take_once(decision, recipients, arrival, desk))


def _take_once(
    decision: Decided, recipients: Sequence[Recipient], arrival: Arrival, desk: IntakeDesk
) -> None:
    """Reads what is known, then writes; raises ContendedError if what was known changed in between."""
    marker, recorded = desk.intake.markers(str(decision.event_id), arrival.bus_id)
    if recorded:
        return
    known = _known(decision, desk)
    child = known.referral.children.get(decision.child_index)
    try:
        if marker is not None:
            _take_again(decision, arrival, desk, known, "event_id", before=marker)
        elif child is not None and child["dver"] == decision.decision_seq:
            _take_again(decision, arrival, desk, known, "decision_seq", before=child)
        elif child is not None and child["dver"] > decision.decision_seq:
            _note_stale(decision, arrival, desk, known, newest=child["dver"])
        else:
            _accept(decision, recipients, arrival, desk, known)
    except ConditionsFailedError as exc:
        raise ContendedError("the referral changed while the decision was taken in") from exc


def _known(decision: Decided, desk: IntakeDesk) -> Known:
    referral = desk.intake.referral(decision.referral_ref)
    key, new_key = desk.key_for(referral.pk)
    # What makes two decisions the same one: everything but the envelope's own identity.
    contents = decision.model_dump_json(exclude={"event_id", "occurred_at", "source", "source_seq"})
    return Known(referral, key, new_key, key.fingerprint(contents.encode()))


_REUSED = {"event_id": RefusalReason.EVENT_ID_REUSED, "decision_seq": RefusalReason.DECISION_SEQ_REUSED}


def _take_again(
    decision: Decided, arrival: Arrival, desk: IntakeDesk, known: Known, field: str, *, before: Item
) -> None:
    """The same decision once more is a duplicate; other contents under a used id or version are refused.

    Swallowing them as a duplicate would lose an outcome: a sibling's, where a sender copied an id.
    """
    if before["fingerprint"] != known.fingerprint:
        raise RefusedError(Refusal(field, _REUSED[field]))
    fact = duplicate_fact(str(decision.event_id), arrival, about(decision))
    desk.intake.note_duplicate(known.referral, fact, arrival)
    log(EVENT_DUPLICATE, **_ids(decision))


def _note_stale(decision: Decided, arrival: Arrival, desk: IntakeDesk, known: Known, *, newest: int) -> None:
    event_id = str(decision.event_id)
    details = {"event_id": event_id, "newest": newest}
    fact = decision_event_fact(AuditKind.DECISION_STALE, decision, arrival, details)
    desk.intake.note_stale(known.referral, fact, arrival, event_id=event_id, fingerprint=known.fingerprint)
    log(DECISION_STALE, **_ids(decision), newest=newest)


def _accept(
    decision: Decided, recipients: Sequence[Recipient], arrival: Arrival, desk: IntakeDesk, known: Known
) -> None:
    event_id = str(decision.event_id)
    feed = feed_state(desk.intake.feed())
    forms = open_forms(known.referral, known.key)
    police_form = check(ReferredChild.of(decision), forms, feed, desk.ra_policy, arrival.at)
    verdict = release.judge(decision.outcomes, decision.hold_codes, decision.referring_agency)
    deliveries = tuple(deliveries_for(decision, recipients, verdict, desk.managed_domains))
    notice = _seal(freeze(decision, verdict.sent, police_form, desk.hub), event_id, arrival, known, desk)
    facts = [
        decision_fact(decision, recipients, deliveries, notice, arrival),
        check_fact(event_id, decision.child_index, decision.decision_seq, police_form, arrival),
        *held_facts(decision, verdict, arrival),
    ]
    accepted = AcceptedDecision(
        event_id=event_id,
        child=decision.child_index,
        seq=decision.decision_seq,
        facts=facts,
        child_state={
            "outcome": decision.primary_outcome.value,
            "ra": police_form.status.value,
            "decided_at": at_text(decision.decided_at),
            "unborn": decision.unborn,
            "source_code": decision.source_code.value,
            "held": list(map(str, verdict.on_child)),
            "fingerprint": known.fingerprint,
        },
        notice=notice,
        deliveries=deliveries,
        fingerprint=known.fingerprint,
        new_key=known.new_key,
    )
    desk.intake.accept(known.referral, accepted, arrival)
    _log_accepted(decision, police_form, deliveries)
    if feed_cannot_answer(feed, desk.ra_policy, arrival.at):
        log(RA_FEED_SILENT, **_ids(decision))


def _seal(notice: FrozenNotice, event_id: str, arrival: Arrival, known: Known, desk: IntakeDesk) -> Sealed:
    """The notice under the referral's key, readable only beside this decision's own row."""
    # The arrival tells two copies of one event apart: the second must not take the first's rows for its own.
    identity = uid("DECISION", event_id, arrival.bus_id)
    bound_to = f"{known.referral.pk}|{identity}"
    plain = notice.model_dump_json().encode()
    return Sealed(identity, known.key.seal(plain, bound_to=bound_to, nonce=desk.vault.nonce()))


def freeze(
    decision: Decided, sent: tuple[Outcome, ...], police_form: PoliceCheck, hub: HubContact
) -> FrozenNotice:
    """The notice that every message is rendered from; `sent` leaves out what is held by itself."""
    return FrozenNotice(
        referral_ref=decision.referral_ref,
        child_index=decision.child_index,
        decision_seq=decision.decision_seq,
        message_type=MessageType.OUTCOME,
        outcome=sent[0],
        additional=sent[1:],
        reason_codes=decision.reason_codes,
        support_codes=decision.support_codes,
        next_step_codes=decision.next_step_codes,
        watch_for_codes=decision.watch_for_codes,
        info_needed_codes=decision.info_needed_codes,
        info_due_at=decision.info_due_at,
        plan_status=decision.plan_status,
        lead_role=decision.lead_role,
        lead_team_code=decision.lead_team_code,
        response_change=decision.response_change,
        receiving_la=decision.receiving_la,
        occurred_at=decision.occurred_at,
        received_at=decision.received_at,
        decided_at=decision.decided_at,
        contact=hub,
        police_form=police_form,
        labels_version=LABELS_VERSION,
    )


def _log_accepted(decision: Decided, police_form: PoliceCheck, deliveries: Sequence[NewDelivery]) -> None:
    ids = _ids(decision)
    held = [delivery for delivery in deliveries if delivery.held]
    log(DECISION_ACCEPTED, **ids, count=len(deliveries), held=len(held))
    if not deliveries:
        log(NOBODY_TO_TELL, **ids)
    log(RA_CHECKED, **ids, status=police_form.status.value, rule_set=police_form.rule_set_version)
    for delivery in held:
        log(
            DELIVERY_HELD,
            **ids,
            delivery=delivery.pins.message_id,
            agency=delivery.key.agency_id,
            channel=delivery.key.channel.value,
            trigger=delivery.held[0].value,
        )


def _ids(decision: Decided) -> dict[str, str | int]:
    return {
        "event": str(decision.event_id),
        "referral": decision.referral_ref,
        **about(decision),
    }
