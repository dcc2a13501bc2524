"""Police forms and heartbeats taken in: kept for the children they are newest for, and those children
re-checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.intake import room_for_clocks
from functions.adapters.ledger.records import Arrival, KeptForm, MovedClock, Referral, Sealed
from functions.adapters.ledger.store import ConditionsFailedError
from functions.adapters.vault import DataKey
from functions.domain.completeness import check, form_rank
from functions.domain.record import uid
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.facts import check_fact, duplicate_fact
from functions.flows.intake.recheck import recheck_unknown
from functions.flows.intake.waits import clock_details, hastened
from functions.flows.planning.police_form import feed_state, learnt_of_form, open_forms, referred
from functions.log_lines import EVENT_DUPLICATE, RA_FEED_HEARD, RA_FORM_RECORDED, log
from schemas.codes import AuditKind, RefusalReason
from schemas.decision import Envelope
from schemas.risk_assessment import PoliceCheck, RaFeedHeartbeat, RaFormMetadata
from schemas.risk_codes import FeedStatus

_NO_CHILD = 0
"""Where a form that lists no child is kept: it is a form all the same, and one that fails."""


def take_form(form: RaFormMetadata, arrival: Arrival, desk: IntakeDesk) -> None:
    """Keeps the form and re-checks the children already decided; it waits for no referral.

    Raises RefusedError if its event id came before with other contents.
    """
    desk.patience.persist(lambda: _take_once(form, arrival, desk))


@dataclass(frozen=True, slots=True)
class Known:
    """Where the form belongs and what is known there; `scope` is the partition whose key seals it."""

    scope: str
    referral: Referral
    key: DataKey
    new_key: bytes | None
    fingerprint: str


def _take_once(form: RaFormMetadata, arrival: Arrival, desk: IntakeDesk) -> None:
    event_id = str(form.event_id)
    marker, recorded = desk.intake.markers(event_id, arrival.bus_id)
    if recorded:
        return
    known = _known(form, arrival, desk)
    try:
        if marker is not None:
            _take_again(form, arrival, desk, known.referral, same=marker["fingerprint"] == known.fingerprint)
            return
        desk.intake.keep_form(known.scope, known.referral, _kept(form, arrival, desk, known), arrival)
    except ConditionsFailedError as exc:
        raise ContendedError("a newer form came in between") from exc
    log(
        RA_FORM_RECORDED,
        event=event_id,
        form_version=form.form_version,
        linked=int(form.referral_ref is not None),
    )


def _known(form: RaFormMetadata, arrival: Arrival, desk: IntakeDesk) -> Known:
    if form.referral_ref is None:
        referral = desk.intake.unlinked_form(form.form_id, arrival)
        scope = keys.unlinked_form(form.form_id)
    else:
        referral = desk.intake.referral(form.referral_ref)
        scope = referral.pk
    key, new_key = desk.key_for(scope)
    contents = form.model_dump_json(exclude={"event_id", "occurred_at", "source", "source_seq"})
    return Known(scope, referral, key, new_key, key.fingerprint(contents.encode()))


def _kept(form: RaFormMetadata, arrival: Arrival, desk: IntakeDesk, known: Known) -> KeptForm:
    """The form sealed, the children it is now the newest for, and the rows it causes."""
    event_id, rank = str(form.event_id), form_rank(form)
    listed = [child.child_index for child in form.children] or [_NO_CHILD]
    newest_for = [child for child in listed if _outranks(rank, known.referral, child)]
    sealed = _seal(form, arrival, desk, known)
    checks = _checks(form, newest_for, arrival.at, desk, known)
    children = known.referral.children
    room = room_for_clocks(rows=1 + len(checks), kept_for=len(newest_for), checked=len(checks))
    clocks = hastened(checks, newest_for, known.referral, arrival.at)[:room]
    return KeptForm(
        event_id=event_id,
        children=newest_for,
        attributes={"rank": rank, "form_version": form.form_version},
        sealed=sealed,
        facts=[
            _form_fact(form, sealed, arrival, {"children": listed, "newest_for": newest_for}, clocks),
            *(
                check_fact(event_id, child, children[child].get("dver"), result, arrival)
                for child, result in checks.items()
            ),
        ],
        fingerprint=known.fingerprint,
        new_key=known.new_key,
        checked={child: learnt_of_form(child, result, known.referral) for child, result in checks.items()},
        clocks=clocks,
    )


def _form_fact(
    form: RaFormMetadata,
    sealed: Sealed,
    arrival: Arrival,
    for_whom: Mapping[str, Any],
    clocks: Sequence[MovedClock],
) -> Fact:
    details = {
        "source_seq": form.source_seq,
        "form_version": form.form_version,
        "form_source": form.form_source.value,
        "unit": form.unit,
        **for_whom,
        **clock_details(clocks),
        "cipher": sealed.cipher,
    }
    return Fact(AuditKind.RA_FORM, sealed.uid, arrival.source, str(form.event_id), details)


def _seal(form: RaFormMetadata, arrival: Arrival, desk: IntakeDesk, known: Known) -> Sealed:
    identity = uid("RA_FORM", str(form.event_id), arrival.bus_id)
    plain, bound_to = form.model_dump_json().encode(), f"{known.referral.pk}|{identity}"
    return Sealed(identity, known.key.seal(plain, bound_to=bound_to, nonce=desk.vault.nonce()))


def _outranks(rank: str, referral: Referral, child: int) -> bool:
    return child not in referral.forms or referral.forms[child]["rank"] < rank


def _checks(
    form: RaFormMetadata, newest_for: list[int], now: datetime, desk: IntakeDesk, known: Known
) -> dict[int, PoliceCheck]:
    """Every decided child judged again, with this form in the place of those it displaces."""
    referral = known.referral
    if not newest_for or not referral.children:
        return {}
    undisplaced = {child: item for child, item in referral.forms.items() if child not in newest_for}
    forms = [form, *open_forms(replace(referral, forms=undisplaced), known.key)]
    feed = feed_state(desk.intake.feed())
    return {
        child: check(referred(referral, child, desk.clocks), forms, feed, desk.ra_policy, now)
        for child in referral.children
    }


def _take_again(
    event: Envelope, arrival: Arrival, desk: IntakeDesk, referral: Referral, *, same: bool
) -> None:
    """The same event once more is a duplicate; other contents under its id are refused."""
    if not same:
        raise RefusedError(Refusal("event_id", RefusalReason.EVENT_ID_REUSED))
    again = duplicate_fact(str(event.event_id), arrival, {"source_seq": event.source_seq})
    desk.intake.note_duplicate(referral, again, arrival)
    log(EVENT_DUPLICATE, event=str(event.event_id))


def take_heartbeat(heartbeat: RaFeedHeartbeat, arrival: Arrival, desk: IntakeDesk) -> None:
    """Records that the police feed spoke, at the time we heard it; the same event again changes nothing.

    Of a feed that works, what could not be known while it was silent is looked at again.
    """
    event_id = str(heartbeat.event_id)
    fact = Fact(
        kind=AuditKind.LIFECYCLE,
        uid=uid("RA_FEED_HEARTBEAT", event_id, arrival.bus_id),
        actor=arrival.source,
        cause=event_id,
        details={
            "event_type": heartbeat.event_type.value,
            "feed_status": heartbeat.feed_status.value,
            "source_seq": heartbeat.source_seq,
        },
    )

    what_it_says = uid("RA_FEED_HEARTBEAT", event_id, heartbeat.feed_status.value)

    def take_once() -> None:
        marker, recorded = desk.intake.markers(event_id, arrival.bus_id)
        if recorded:
            return
        try:
            if marker is not None:
                nowhere = desk.intake.without_referral(arrival)
                _take_again(heartbeat, arrival, desk, nowhere, same=marker["fingerprint"] == what_it_says)
                return
            desk.intake.heard_from_feed(event_id, heartbeat.feed_status.value, fact, arrival, what_it_says)
        except ConditionsFailedError as exc:
            raise ContendedError("the same heartbeat came twice at once") from exc
        log(RA_FEED_HEARD, event=event_id, source=arrival.source, status=heartbeat.feed_status.value)

    desk.patience.persist(take_once)
    if heartbeat.feed_status is FeedStatus.OK:
        recheck_unknown(event_id, arrival, desk)
