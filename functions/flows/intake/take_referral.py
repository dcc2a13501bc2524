"""A referral's arrival taken in: the moment its clocks start from, and each child's first police check."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.items import same_child_attributes
from functions.adapters.ledger.records import Arrival, MovedClock, ReceivedReferral, Referral
from functions.adapters.ledger.store import ConditionsFailedError
from functions.adapters.vault import DataKey
from functions.domain.completeness import ReferredChild, check
from functions.domain.life_clocks.police_form import form_is_due
from functions.domain.record import uid
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.facts import check_fact, duplicate_fact
from functions.flows.intake.life.happening import MOST_AHEAD
from functions.flows.intake.waits import clock_details, clocks_after
from functions.flows.planning.police_form import feed_state, open_forms
from functions.flows.planning.recipients import Recipient
from functions.flows.updates.audience import named
from functions.log_lines import EVENT_DUPLICATE, REFERRAL_RECORDED, log
from schemas.codes import AuditKind, Rag, ReferralKind, RefusalReason, Role
from schemas.referral import ReferralReceived
from schemas.risk_assessment import PoliceCheck


def take_referral(received: ReferralReceived, arrival: Arrival, desk: IntakeDesk) -> None:
    """Records the arrival and checks the police form of each child that is not decided yet.

    It tells nobody. Raises RefusedError for an agency that the registry lacks, a receipt that is far ahead or
    an event id used for another event; ContendedError if other writers were first until patience ended.
    """
    if received.received_at > arrival.at + MOST_AHEAD:
        raise RefusedError(Refusal("received_at", RefusalReason.IN_THE_FUTURE))
    referrer = _referrer(received, desk)
    desk.patience.persist(lambda: _take_once(received, referrer, arrival, desk))


def _referrer(received: ReferralReceived, desk: IntakeDesk) -> Recipient | None:
    """The agency, whichever of its names was used; None for a referrer of the public."""
    if received.referring_agency is None:
        return None
    name = received.referring_agency.agency_id
    entry = desk.directory.look_up([name]).entries.get(name)
    if entry is None:
        raise RefusedError(Refusal("referring_agency.agency_id", RefusalReason.UNKNOWN_AGENCY))
    (referrer,) = named([received.referring_agency], {name: entry}, Role.REFERRER)
    return referrer


def _take_once(
    received: ReferralReceived, referrer: Recipient | None, arrival: Arrival, desk: IntakeDesk
) -> None:
    event_id = str(received.event_id)
    marker, recorded = desk.intake.markers(event_id, arrival.bus_id)
    if recorded:
        return
    referral = desk.intake.referral(received.referral_ref)
    key, new_key = desk.key_for(referral.pk)
    contents = received.model_dump_json(exclude={"event_id", "occurred_at", "source", "source_seq"})
    fingerprint = key.fingerprint(contents.encode())
    try:
        if marker is None:
            checks = _checks(received, referral, key, arrival, desk)
            clocks = clocks_after(received, arrival.at, referral, desk.clocks)
            facts = [
                _arrival_fact(received, referrer, clocks, arrival),
                *(check_fact(event_id, child, None, result, arrival) for child, result in checks.items()),
            ]
            head, children = _head(received, referrer, referral), dict(_children(received, referral, checks))
            new = ReceivedReferral(event_id, facts, head, children, fingerprint, new_key, clocks)
            desk.intake.arrive(referral, new, arrival)
            log(REFERRAL_RECORDED, event=event_id, referral=referral.ref, count=len(received.children))
        elif marker["fingerprint"] != fingerprint:
            raise RefusedError(Refusal("event_id", RefusalReason.EVENT_ID_REUSED))
        else:
            again = duplicate_fact(event_id, arrival, {"source_seq": received.source_seq})
            desk.intake.note_duplicate(referral, again, arrival)
            log(EVENT_DUPLICATE, event=event_id, referral=referral.ref)
    except ConditionsFailedError as exc:
        raise ContendedError("the referral changed while its arrival was taken in") from exc


def _first_received(received: ReferralReceived, referral: Referral) -> datetime:
    """What is told again, once it is a referral and no contact any more, restarts no clock."""
    known = referral.head.get("received_at")
    return min(received.received_at, datetime.fromisoformat(known)) if known else received.received_at


def _colour(received: ReferralReceived, referral: Referral) -> Rag | None:
    """What is told again without a colour has the one that is known: urgent is no less urgent for that."""
    known = referral.head.get("rag")
    return received.rag or (Rag(known) if known else None)


def _checks(
    received: ReferralReceived, referral: Referral, key: DataKey, arrival: Arrival, desk: IntakeDesk
) -> dict[int, PoliceCheck]:
    """By child; one that is decided has a newer check already."""
    feed, forms = feed_state(desk.intake.feed()), open_forms(referral, key)
    colour = _colour(received, referral)
    due_at = form_is_due(_first_received(received, referral), colour, None, desk.clocks)
    return {
        child.child_index: check(
            ReferredChild(
                referral_ref=received.referral_ref,
                child_index=child.child_index,
                unborn=child.unborn,
                source_code=received.source_code,
                decided_at=None,
                due_at=due_at,
            ),
            forms,
            feed,
            desk.ra_policy,
            arrival.at,
        )
        for child in received.children
        if not referral.newest(child.child_index)
    }


def _head(received: ReferralReceived, referrer: Recipient | None, referral: Referral) -> dict[str, Any]:
    """What became a referral is no contact again, whichever of the two is heard of last."""
    known = referral.head.get("kind")
    kind = ReferralKind.REFERRAL if known == ReferralKind.REFERRAL else received.kind
    head = {"kind": kind.value, "received_at": at_text(_first_received(received, referral))}
    named = {"referrer": referrer.entry.agency_id} if referrer else {}
    if referrer and referrer.own_ref:
        named["referrer_ref"] = referrer.own_ref
    return head | named | ({"rag": received.rag.value} if received.rag else {})


def _arrival_fact(
    received: ReferralReceived, referrer: Recipient | None, clocks: Sequence[MovedClock], arrival: Arrival
) -> Fact:
    """Enough to rebuild the head, the children and the clocks from."""
    event_id = str(received.event_id)
    details: dict[str, Any] = {
        "event_type": received.event_type.value,
        "kind": received.kind.value,
        "rag": received.rag.value if received.rag else None,
        "received_at": at_text(received.received_at),
        "source_code": received.source_code.value,
        "source_seq": received.source_seq,
        "referrer": referrer.agency_id if referrer else None,
        "children": [child.child_index for child in received.children],
        "unborn": [child.child_index for child in received.children if child.unborn],
        "pseudonyms": {
            str(child.child_index): child.child_pseudonym
            for child in received.children
            if child.child_pseudonym
        },
        **clock_details(clocks),
    }
    identity = uid(AuditKind.LIFECYCLE, event_id, arrival.bus_id)
    return Fact(AuditKind.LIFECYCLE, identity, arrival.source, event_id, details)


def _children(
    received: ReferralReceived, referral: Referral, checks: dict[int, PoliceCheck]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """What each child's item learns; a decided one learns its pseudonym alone, and no later one erases it."""
    colour = _colour(received, referral)
    for child in received.children:
        learnt: dict[str, Any] = {}
        if child.child_pseudonym:
            learnt |= same_child_attributes(
                child.child_pseudonym, referral.ref, _first_received(received, referral)
            )
        if child.child_index in checks:
            learnt |= {
                "ra": checks[child.child_index].status.value,
                "unborn": child.unborn,
                "source_code": received.source_code.value,
                "received_at": at_text(_first_received(received, referral)),
                "rag": colour.value if colour else "",
            }
        if learnt:
            yield child.child_index, learnt
