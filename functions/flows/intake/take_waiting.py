"""Events that waited, taken up now that what they are about has come, or refused if that shows them wrong."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from functions.adapters.errors import UnreadableError
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.lifecycle import TakenEvent
from functions.adapters.ledger.records import Arrival
from functions.adapters.ledger.store import Item
from functions.domain.record import uid
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.taken_in import Taking, say, taken_of, whole_news, write
from functions.flows.intake.waits import clock_details, clocks_left_behind
from functions.log_lines import EVENT_REFUSED, EVENT_TAKEN_UP, log
from schemas.codes import AuditKind
from schemas.lifecycle import LIFECYCLE_CONTRACTS, LifecycleEvent


def take_waiting(ref: str, desk: IntakeDesk) -> None:
    """Takes up what waited for the referral, a decision of it or a challenge, as far as that has come now.

    One that turns out to be wrong is refused then. What is taken up may be what another one waited for.
    """
    waiting = desk.lifecycle.waiting(ref)
    while any(desk.patience.persist(partial(_take_up, ref, item, desk)) for item in waiting):
        waiting = desk.lifecycle.waiting(ref)


def _take_up(ref: str, item: Item, desk: IntakeDesk) -> bool:
    """Whether it waits no more."""
    referral = desk.intake.referral(ref)
    arrival = Arrival(item["bus_id"], desk.now(), item["source"])
    of = Taking(arrival, referral, *desk.key_for(referral.pk), datetime.fromisoformat(item["at"]))
    try:
        event = _opened(item, of)
    except UnreadableError:
        return False  # its key was destroyed, and with it all that could be told
    try:
        of, news = whole_news(event, of, desk)
        if news.waits_for is not None:
            return False
        news = replace(news, details={**news.details, "waited_since": item["at"]})
        write(replace(taken_of(event, news, _identity(event, of), of, desk), taken_up=item), of, desk)
    except RefusedError as exc:
        _refuse(event, exc.refusal, item, of, desk)
        return True
    log(EVENT_TAKEN_UP, event=str(event.event_id), referral=ref, type=event.event_type.value)
    say(event, news)
    return True


def _opened(item: Item, of: Taking) -> LifecycleEvent:
    plain = of.key.open(item["cipher"], bound_to=f"{of.referral.pk}|{item['uid']}")
    return LIFECYCLE_CONTRACTS[item["event_type"]].model_validate_json(plain)


def _identity(event: LifecycleEvent, of: Taking) -> str:
    """That of the row which says what came of an event that waited; the one that said so has its own."""
    return uid(AuditKind.LIFECYCLE, str(event.event_id), of.arrival.bus_id, "waited")


def _refuse(event: LifecycleEvent, refusal: Refusal, item: Item, of: Taking, desk: IntakeDesk) -> None:
    """What it waited for has come, and shows that it is wrong: refused like any other, its copy kept."""
    raw = event.model_dump_json().encode()
    kept = desk.refusal.rejected.keep(raw, of.arrival.at)
    clocks = clocks_left_behind(event, of.referral)
    said = {
        "event_type": event.event_type.value,
        "field": refusal.field,
        "reason": refusal.reason.value,
        "sha256": kept.sha256,
        "bytes": kept.size,
        "refused_copy": kept.key,
        "waited_since": item["at"],
        **clock_details(clocks),
    }
    event_id = str(event.event_id)
    fact = Fact(AuditKind.LIFECYCLE, _identity(event, of), of.arrival.source, event_id, said)
    write(TakenEvent(facts=[fact], clocks=clocks, taken_up=item), of, desk)
    log(
        EVENT_REFUSED,
        event=event_id,
        referral=of.referral.ref,
        type=event.event_type.value,
        reason=refusal.reason.value,
        field=refusal.field,
        sha256=kept.sha256,
        bytes=kept.size,
    )
