"""What one event beside decisions comes to: worked out, written in one transaction, and said in the log."""

from dataclasses import dataclass
from datetime import datetime

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.lifecycle import TakenEvent
from functions.adapters.ledger.records import Arrival, MovedClock, Referral
from functions.adapters.ledger.store import ConditionsFailedError
from functions.adapters.vault import DataKey
from functions.domain.bounds import MOST_UPDATES
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.meaning import meaning_of
from functions.flows.intake.life.news import News
from functions.flows.intake.life.own_fields import own_fields
from functions.flows.intake.recheck import rechecked
from functions.flows.intake.waits import (
    by_id,
    clock_details,
    clocks_after,
    clocks_left_behind,
    clocks_while_waiting,
    hastened,
)
from functions.flows.updates.make import Occasion
from functions.log_lines import (
    EVENT_STALE,
    EVENT_WAITS,
    HOLD_RELEASED,
    LIFECYCLE_RECORDED,
    TASK_OPENED,
    UPDATE_FOR_NOBODY,
    log,
)
from schemas.codes import AuditKind, RefusalReason
from schemas.lifecycle import LifecycleEvent, ProbationEnquiry


@dataclass(frozen=True, slots=True)
class Taking:
    """One arrival of an event, and what is known of its referral; `waited_since` where the event came before
    its time."""

    arrival: Arrival
    referral: Referral
    key: DataKey
    new_key: bytes | None
    waited_since: datetime | None = None


def taking(
    event: LifecycleEvent, arrival: Arrival, desk: IntakeDesk, *, waited_since: datetime | None = None
) -> Taking:
    """With what is known now of the event's referral, or of its enquiry."""
    is_an_enquiry = isinstance(event, ProbationEnquiry)
    read = desk.intake.enquiry if is_an_enquiry else desk.intake.referral
    referral = read(event.referral_ref)
    return Taking(arrival, referral, *desk.key_for(referral.pk), waited_since)


def whole_news(event: LifecycleEvent, of: Taking, desk: IntakeDesk) -> tuple[Taking, News]:
    """What the event comes to, and what is known then; of a release that one transaction does not take, the
    last part, when the others are written."""
    news = _news(event, of, desk)
    while news.release is not None and news.release.is_partial:
        try:
            desk.acts.release(of.referral, news.release, of.arrival.at)
        except ConditionsFailedError as exc:
            raise ContendedError("the referral changed while it was released") from exc
        of = taking(event, of.arrival, desk, waited_since=of.waited_since)
        news = _news(event, of, desk)
    return of, news


def _news(event: LifecycleEvent, of: Taking, desk: IntakeDesk) -> News:
    occasion = Occasion(
        of.referral,
        of.key,
        of.arrival,
        cause=str(event.event_id),
        occurred_at=event.occurred_at,
        hub=desk.directory.look_up([]).hub,
        waited_since=of.waited_since,
    )
    return meaning_of(event, occasion, desk)


def taken_of(event: LifecycleEvent, news: News, identity: str, of: Taking, desk: IntakeDesk) -> TakenEvent:
    """All that its transaction records, the checks that it started among it; `identity` is its row's."""
    clocks = _clocks(event, news, of, desk)
    said = {
        "event_type": event.event_type.value,
        "source_seq": event.source_seq,
        **own_fields(event),
        **news.details,
        "waits_for": news.waits_for.value if news.waits_for else None,
        **clock_details(clocks),
    }
    taken = TakenEvent(
        facts=[Fact(AuditKind.LIFECYCLE, identity, of.arrival.source, str(event.event_id), said)],
        head=news.head,
        children=news.children,
        updates=news.updates,
        tasks=news.tasks,
        done_tasks=news.done_tasks,
        clocks=clocks,
        stopped=news.stopped,
        over=news.over,
        phoned=news.phoned,
        phoned_at=news.phoned_at,
        answered=news.answered,
        rung=news.rung,
        release=news.release,
    )
    return rechecked(taken, news.checked, of.referral, of.arrival)


def _clocks(event: LifecycleEvent, news: News, of: Taking, desk: IntakeDesk) -> list[MovedClock]:
    came_at = of.arrival.at
    if news.waits_for is not None:
        return clocks_while_waiting(event, came_at, of.referral, desk.clocks)
    if "stale" in news.details:
        return clocks_left_behind(event, of.referral)
    return [
        *clocks_after(by_id(event, desk.directory), came_at, of.referral, desk.clocks),
        *hastened(news.checked, (), of.referral, came_at),
    ]


def write(taken: TakenEvent, of: Taking, desk: IntakeDesk) -> None:
    """Raises ContendedError if the referral, or what waited of it, is not as it was read; RefusedError if it
    is more than one transaction takes, or one more than any child is told of."""
    if any(one.number > MOST_UPDATES for one in taken.updates):
        raise RefusedError(Refusal("event", RefusalReason.TOO_MANY))
    if taken.room < 0:
        raise RefusedError(Refusal("event", RefusalReason.TOO_MANY_RECIPIENTS))
    try:
        desk.lifecycle.take(of.referral, taken, of.arrival)
    except ConditionsFailedError as exc:
        raise ContendedError("the referral changed while an event was taken in") from exc


def say(event: LifecycleEvent, news: News) -> None:
    """In the log: what it came to, and whose task it is."""
    ids = {"event": str(event.event_id), "referral": event.referral_ref, "type": event.event_type.value}
    if news.waits_for is not None:
        log(EVENT_WAITS, **ids, waits_for=news.waits_for.value)
    else:
        log(LIFECYCLE_RECORDED, **ids, count=sum(len(one.deliveries) for one in news.updates))
    if "stale" in news.details:
        log(EVENT_STALE, **ids)
    if "nobody" in news.details:
        log(UPDATE_FOR_NOBODY, **ids)
    if news.release is not None:
        log(HOLD_RELEASED, referral=event.referral_ref, child=news.release.child, dver=news.release.seq)
    for opened in (*(task for one in news.updates for task in one.tasks), *news.tasks):
        log(
            TASK_OPENED,
            referral=event.referral_ref,
            child=opened.child,
            task=opened.task.kind.value,
            role=opened.task.role.value,
        )
