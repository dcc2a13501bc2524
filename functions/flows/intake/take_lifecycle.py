"""Events beside decisions taken in: recorded once, told to whom they concern, or kept until their time has
come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from functions.adapters.errors import ContendedError, UnreadableError
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.lifecycle import Early, TakenEvent
from functions.adapters.ledger.records import Arrival, MovedClock, Referral, Sealed
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.vault import DataKey
from functions.domain.record import uid
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.facts import duplicate_fact
from functions.flows.intake.life.acknowledged import acknowledged
from functions.flows.intake.life.by_telephone import phone_confirmed
from functions.flows.intake.life.challenges import challenge_raised, challenge_resolved, challenge_went_up
from functions.flows.intake.life.closing import case_closed
from functions.flows.intake.life.enquiry import probation_enquiry
from functions.flows.intake.life.milestones import (
    assessment_complete,
    conference_held,
    enquiry_ended,
    transfer_accepted,
)
from functions.flows.intake.life.news import News
from functions.flows.intake.life.own_fields import own_fields
from functions.flows.intake.life.plan import plan_changed
from functions.flows.intake.life.police_case import investigation_changed
from functions.flows.intake.life.police_statement import statement_made
from functions.flows.intake.life.released import released
from functions.flows.intake.life.withdrawal import withdrawn
from functions.flows.intake.life.withheld import withheld
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
    EVENT_DUPLICATE,
    EVENT_REFUSED,
    EVENT_STALE,
    EVENT_TAKEN_UP,
    EVENT_WAITS,
    HOLD_RELEASED,
    LIFECYCLE_RECORDED,
    TASK_OPENED,
    UPDATE_FOR_NOBODY,
    log,
)
from schemas.challenge import ChallengeRaised, ChallengeResolved, ChallengeStageReached
from schemas.codes import AuditKind, RefusalReason
from schemas.lifecycle import (
    LIFECYCLE_CONTRACTS,
    Acknowledged,
    AssessmentComplete,
    CaseClosed,
    IcpcOutcome,
    LifecycleEvent,
    PhoneConfirmed,
    PlanStatusChanged,
    PoliceInvestigationStatusChanged,
    ProbationEnquiry,
    RaStatusChanged,
    Released,
    S47Outcome,
    TransferAccepted,
    WithdrawnInError,
    Withheld,
)

_MEANING: Mapping[type[Any], Callable[[Any, Occasion, IntakeDesk], News]] = {
    Acknowledged: acknowledged,
    AssessmentComplete: assessment_complete,
    S47Outcome: enquiry_ended,
    IcpcOutcome: conference_held,
    PlanStatusChanged: plan_changed,
    CaseClosed: case_closed,
    PoliceInvestigationStatusChanged: investigation_changed,
    TransferAccepted: transfer_accepted,
    ChallengeRaised: challenge_raised,
    ChallengeStageReached: challenge_went_up,
    ChallengeResolved: challenge_resolved,
    Released: released,
    Withheld: withheld,
    PhoneConfirmed: phone_confirmed,
    WithdrawnInError: withdrawn,
    ProbationEnquiry: probation_enquiry,
    RaStatusChanged: statement_made,
}


def take_lifecycle(event: LifecycleEvent, arrival: Arrival, desk: IntakeDesk) -> None:
    """Records the event with all that it causes; what comes too early is kept, and says so.

    Raises RefusedError naming the field; ContendedError if other writers were first until patience ended.
    """
    desk.patience.persist(lambda: _take_once(event, arrival, desk))


def take_waiting(ref: str, desk: IntakeDesk) -> None:
    """Takes up what waited for the referral, a decision of it or a challenge, as far as that has come now.

    One that turns out to be wrong is refused then. What is taken up may be what another one waited for.
    """
    waiting = desk.lifecycle.waiting(ref)
    while any(desk.patience.persist(partial(_take_up, ref, item, desk)) for item in waiting):
        waiting = desk.lifecycle.waiting(ref)


@dataclass(frozen=True, slots=True)
class _Known:
    referral: Referral
    key: DataKey
    new_key: bytes | None


def _known(event: LifecycleEvent, desk: IntakeDesk) -> _Known:
    is_an_enquiry = isinstance(event, ProbationEnquiry)
    read = desk.intake.enquiry if is_an_enquiry else desk.intake.referral
    return _of(read(event.referral_ref), desk)


def _of(referral: Referral, desk: IntakeDesk) -> _Known:
    return _Known(referral, *desk.key_for(referral.pk))


def _take_once(event: LifecycleEvent, arrival: Arrival, desk: IntakeDesk) -> None:
    event_id = str(event.event_id)
    marker, recorded = desk.intake.markers(event_id, arrival.bus_id)
    if recorded:
        return
    known = _known(event, desk)
    contents = event.model_dump_json(exclude={"event_id", "occurred_at", "source", "source_seq"})
    fingerprint = known.key.fingerprint(contents.encode())
    try:
        if marker is not None:
            _take_again(event, arrival, known.referral, desk, same=marker["fingerprint"] == fingerprint)
            return
        known, news = _whole_news(event, arrival, known, desk)
        identity = uid(AuditKind.LIFECYCLE, event_id, arrival.bus_id)
        clocks = _clocks(event, news, arrival, known, desk)
        taken = rechecked(
            _taken(event, news, clocks, identity, arrival), news.checked, known.referral, arrival
        )
        if news.waits_for is not None:
            taken = replace(taken, early=_early(event, identity, known, desk))
        taken = replace(taken, marked=(event_id, fingerprint), new_key=known.new_key)
        _write(taken, arrival, known.referral, desk)
    except ConditionsFailedError as exc:
        raise ContendedError("the referral changed while an event was taken in") from exc
    _say(event, news)


def _take_again(
    event: LifecycleEvent, arrival: Arrival, referral: Referral, desk: IntakeDesk, *, same: bool
) -> None:
    if not same:
        raise RefusedError(Refusal("event_id", RefusalReason.EVENT_ID_REUSED))
    again = duplicate_fact(str(event.event_id), arrival, {"source_seq": event.source_seq})
    desk.intake.note_duplicate(referral, again, arrival)
    log(EVENT_DUPLICATE, event=str(event.event_id), referral=referral.ref)


def _take_up(ref: str, item: Item, desk: IntakeDesk) -> bool:
    """Whether it waits no more."""
    known = _of(desk.intake.referral(ref), desk)
    arrival = Arrival(item["bus_id"], desk.now(), item["source"])
    try:
        event = _opened(item, known)
    except UnreadableError:
        return False  # its key was destroyed, and with it all that could be told
    try:
        known, news = _whole_news(event, arrival, known, desk)
    except RefusedError as exc:
        _refuse_waiting(_Waited(event, item, arrival), exc.refusal, known.referral, desk)
        return True
    if news.waits_for is not None:
        return False
    identity = uid(AuditKind.LIFECYCLE, str(event.event_id), arrival.bus_id, "waited")
    waited = replace(news, details={**news.details, "waited_since": item["at"]})
    clocks = _clocks(event, waited, arrival, known, desk)
    taken = _taken(event, waited, clocks, identity, arrival)
    taken = replace(rechecked(taken, waited.checked, known.referral, arrival), taken_up=item)
    try:
        _write(taken, arrival, known.referral, desk)
    except ConditionsFailedError as exc:
        raise ContendedError("the event was taken up by somebody else, or its referral changed") from exc
    log(EVENT_TAKEN_UP, event=str(event.event_id), referral=ref, type=event.event_type.value)
    _say(event, waited)
    return True


@dataclass(frozen=True, slots=True)
class _Waited:
    """An event that waited, as what, and its arrival in the eyes of the trail."""

    event: LifecycleEvent
    item: Item
    arrival: Arrival


def _refuse_waiting(waited: _Waited, refusal: Refusal, referral: Referral, desk: IntakeDesk) -> None:
    """What it waited for has come, and shows that it is wrong: refused like any other, its copy kept."""
    event, item, arrival = waited.event, waited.item, waited.arrival
    raw = event.model_dump_json().encode()
    kept = desk.refusal.rejected.keep(raw, arrival.at)
    clocks = clocks_left_behind(event, referral)
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
    identity = uid(AuditKind.LIFECYCLE, event_id, arrival.bus_id, "waited")
    fact = Fact(AuditKind.LIFECYCLE, identity, arrival.source, event_id, said)
    _write(TakenEvent(facts=[fact], clocks=clocks, taken_up=item), arrival, referral, desk)
    log(
        EVENT_REFUSED,
        event=event_id,
        referral=referral.ref,
        type=event.event_type.value,
        reason=refusal.reason.value,
        field=refusal.field,
        sha256=kept.sha256,
        bytes=kept.size,
    )


def _whole_news(
    event: LifecycleEvent, arrival: Arrival, known: _Known, desk: IntakeDesk
) -> tuple[_Known, News]:
    """What the event comes to, and what is known then; of a release that one transaction does not take, the
    last part, when the others are written."""
    news = _news(event, arrival, known, desk)
    while news.release is not None and news.release.is_partial:
        try:
            desk.acts.release(known.referral, news.release, arrival.at)
        except ConditionsFailedError as exc:
            raise ContendedError("the referral changed while it was released") from exc
        known = _known(event, desk)
        news = _news(event, arrival, known, desk)
    return known, news


def _news(event: LifecycleEvent, arrival: Arrival, known: _Known, desk: IntakeDesk) -> News:
    hub = desk.directory.look_up([]).hub
    cause = str(event.event_id)
    occasion = Occasion(known.referral, known.key, arrival, cause, event.occurred_at, hub)
    return _MEANING[type(event)](event, occasion, desk)


def _clocks(
    event: LifecycleEvent, news: News, arrival: Arrival, known: _Known, desk: IntakeDesk
) -> list[MovedClock]:
    if news.waits_for is not None:
        return clocks_while_waiting(event, arrival.at, known.referral, desk.clocks)
    if "stale" in news.details:
        return clocks_left_behind(event, known.referral)
    return [
        *clocks_after(by_id(event, desk.directory), arrival.at, known.referral, desk.clocks),
        *hastened(news.checked, (), known.referral, arrival.at),
    ]


def _taken(
    event: LifecycleEvent,
    news: News,
    clocks: list[MovedClock],
    identity: str,
    arrival: Arrival,
) -> TakenEvent:
    said = {
        "event_type": event.event_type.value,
        "source_seq": event.source_seq,
        **own_fields(event),
        **news.details,
        "waits_for": news.waits_for.value if news.waits_for else None,
        **clock_details(clocks),
    }
    return TakenEvent(
        facts=[Fact(AuditKind.LIFECYCLE, identity, arrival.source, str(event.event_id), said)],
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


def _early(event: LifecycleEvent, identity: str, known: _Known, desk: IntakeDesk) -> Early:
    plain, bound_to = event.model_dump_json().encode(), f"{known.referral.pk}|{identity}"
    sealed = Sealed(identity, known.key.seal(plain, bound_to=bound_to, nonce=desk.vault.nonce()))
    return Early(str(event.event_id), event.event_type.value, sealed)


def _opened(item: Item, known: _Known) -> LifecycleEvent:
    plain = known.key.open(item["cipher"], bound_to=f"{known.referral.pk}|{item['uid']}")
    return LIFECYCLE_CONTRACTS[item["event_type"]].model_validate_json(plain)


def _write(taken: TakenEvent, arrival: Arrival, referral: Referral, desk: IntakeDesk) -> None:
    if taken.room < 0:
        raise RefusedError(Refusal("event", RefusalReason.TOO_MANY_RECIPIENTS))
    desk.lifecycle.take(referral, taken, arrival)


def _say(event: LifecycleEvent, news: News) -> None:
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
