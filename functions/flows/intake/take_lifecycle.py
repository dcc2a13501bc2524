"""Events beside decisions taken in: recorded once, told to whom they concern, or kept until their time has
come."""

from dataclasses import replace

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.lifecycle import Early
from functions.adapters.ledger.records import Arrival, Sealed
from functions.adapters.ledger.store import ConditionsFailedError
from functions.domain.bounds import MOST_WAITING
from functions.domain.record import uid
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.facts import duplicate_fact
from functions.flows.intake.taken_in import Taking, say, taken_of, taking, whole_news, write
from functions.log_lines import EVENT_DUPLICATE, log
from schemas.codes import AuditKind, RefusalReason
from schemas.lifecycle import LifecycleEvent


def take_lifecycle(event: LifecycleEvent, arrival: Arrival, desk: IntakeDesk) -> None:
    """Records the event with all that it causes; what comes too early is kept, and says so.

    Raises RefusedError naming the field; ContendedError if other writers were first until patience ended.
    """
    desk.patience.persist(lambda: _take_once(event, arrival, desk))


def _take_once(event: LifecycleEvent, arrival: Arrival, desk: IntakeDesk) -> None:
    event_id = str(event.event_id)
    marker, recorded = desk.intake.markers(event_id, arrival.bus_id)
    if recorded:
        return
    of = taking(event, arrival, desk)
    contents = event.model_dump_json(exclude={"event_id", "occurred_at", "source", "source_seq"})
    fingerprint = of.key.fingerprint(contents.encode())
    if marker is not None:
        _take_again(event, of, desk, same=marker["fingerprint"] == fingerprint)
        return
    of, news = whole_news(event, of, desk)
    identity = uid(AuditKind.LIFECYCLE, event_id, arrival.bus_id)
    taken = taken_of(event, news, identity, of, desk)
    if news.waits_for is not None:
        if _how_many_wait(event.referral_ref, arrival.source, desk) >= MOST_WAITING:
            raise RefusedError(Refusal("event", RefusalReason.TOO_MANY))
        taken = replace(taken, early=_early(event, identity, of, desk))
    write(replace(taken, marked=(event_id, fingerprint), new_key=of.new_key), of, desk)
    say(event, news)


def _how_many_wait(ref: str, source: str, desk: IntakeDesk) -> int:
    """Of that source alone: whatever a feed sends, nobody else is shut out by it."""
    return sum(item["source"] == source for item in desk.lifecycle.waiting(ref))


def _take_again(event: LifecycleEvent, of: Taking, desk: IntakeDesk, *, same: bool) -> None:
    if not same:
        raise RefusedError(Refusal("event_id", RefusalReason.EVENT_ID_REUSED))
    again = duplicate_fact(str(event.event_id), of.arrival, {"source_seq": event.source_seq})
    try:
        desk.intake.note_duplicate(of.referral, again, of.arrival)
    except ConditionsFailedError as exc:
        raise ContendedError("the referral changed while an event came again") from exc
    log(EVENT_DUPLICATE, event=str(event.event_id), referral=of.referral.ref)


def _early(event: LifecycleEvent, identity: str, of: Taking, desk: IntakeDesk) -> Early:
    plain, bound_to = event.model_dump_json().encode(), f"{of.referral.pk}|{identity}"
    sealed = Sealed(identity, of.key.seal(plain, bound_to=bound_to, nonce=desk.vault.nonce()))
    return Early(str(event.event_id), event.event_type.value, sealed)
