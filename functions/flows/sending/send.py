"""One delivery through its door: read, render, claim, send once, close (delivery section 4)."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from functions.adapters.door import ReadyMessage
from functions.adapters.errors import (
    ContendedError,
    FinalError,
    InactiveAgencyError,
    LoweredMailboxError,
    NothingToSendError,
    RetryError,
    UnreadableError,
)
from functions.adapters.ledger.chain import Fact, Tip, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.parts import superseded_fact
from functions.adapters.ledger.sending import HeldAgain
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.ledger.waiting import Claim, Waiting
from functions.adapters.registry.directory import ACTIVE, Entry
from functions.adapters.vault import DataKey
from functions.domain import watch
from functions.domain.clock import uk_day
from functions.domain.delivery import LEASE, QUARANTINE, REFUSES_US, Answer, Next, after
from functions.domain.endpoint import Answered
from functions.domain.read_link import carries_link, hashed
from functions.domain.receipts import settled
from functions.domain.tasks import Task, release_task
from functions.domain.updates import SAYS_NOTHING_OF_THE_CHILD
from functions.domain.watch import Urgency
from functions.domain.wording import LABELS_VERSION
from functions.domain.wording.police_form import reads_detail
from functions.flows.planning.deliveries import is_trusted, pins_of
from functions.flows.planning.notices import outcomes_in, thawed
from functions.flows.sending.address import address_that_takes_mail
from functions.flows.sending.commit import committed, known_of
from functions.flows.sending.desk import EndpointBusyError, LaneBusyError, SendDesk
from functions.flows.sending.facts import held, late, not_told, parked, started, unknown
from functions.flows.sending.health import Tried, note_health
from functions.flows.sending.read_link import read_token
from functions.flows.sending.turn import fallback_now, has_its_turn
from functions.log_lines import (
    DELIVERY_HELD,
    DELIVERY_PARKED,
    LATE_OUTCOME,
    MAIL_PROVIDER_REFUSES,
    SEND_CLOSED,
    SEND_EXHAUSTED,
    SEND_QUOTA_SPENT,
    SEND_STARTED,
    SEND_THROTTLED,
    log,
)
from schemas.codes import (
    AttemptResult,
    DeliveryState,
    ErrorWord,
    HoldTrigger,
    ParkReason,
    Receipt,
    TaskKind,
    TaskRole,
    TaskState,
)
from schemas.notice import Frozen, Pins

CLAIM_SECONDS = 2
"""How long a claim is contended for; what does not get through comes back soon, with nothing lost."""

_PUT_OFF = {
    ErrorWord.E_THROTTLED: SEND_THROTTLED,
    ErrorWord.E_QUOTA: SEND_QUOTA_SPENT,
    **dict.fromkeys(REFUSES_US, MAIL_PROVIDER_REFUSES),
}
"""Too fast is for the pace to mend, and pages nobody; a spent daily quota, and an account from which nothing
is taken, are for a person."""


def send(key: DeliveryKey, desk: SendDesk) -> None:
    """Sends `key` if it is due and nobody else has it; otherwise leaves it to the due index.

    Raises RetryError when the message should come back soon, NothingToSendError where there is no such
    delivery: it was written before it was queued, and it is read as it stands.
    """
    waiting = desk.sending.load(key)
    if waiting is None:
        raise NothingToSendError("no such delivery")
    now = desk.now()
    if not _wants_sending(waiting, now):
        return
    if key.channel.is_email and (known := known_of(waiting.delivery)) is not None:
        # The mail service has told of it, whatever we know of that attempt: it is never sent again.
        _set_aside(waiting, desk, Next(settled(known), None))
    elif (reason := waiting.not_told_because) is not None:
        _set_aside(waiting, desk, Next(DeliveryState.CANCELLED, None), not_told(waiting, reason))
    elif (by := waiting.replaced_by) is not None:
        fact = superseded_fact(key, by=by.number, cause=key.sk, by_series=by.series)
        _set_aside(waiting, desk, Next(DeliveryState.SUPERSEDED, None), fact)
    elif waiting.abandoned(now) and _is_known_to_have_left(waiting):
        _set_aside(waiting, desk, Next(DeliveryState.SENT, None))
    elif waiting.abandoned(now) and waiting.attempt > len(desk.schedule.steps):
        _set_aside(waiting, desk, Next(DeliveryState.FAILED, None))
        log(SEND_EXHAUSTED, **_ids(waiting))
    elif waiting.abandoned(now) and key.channel.is_email:
        # Nobody knows whether that e-mail left: only the mail service's silence permits another.
        _set_aside(waiting, desk, Next(DeliveryState.QUARANTINE, now + QUARANTINE))
    elif has_its_turn(waiting, desk, now):
        _deliver(waiting, desk)


def _is_known_to_have_left(waiting: Waiting) -> bool:
    """Whether SES, or somebody who has read it, said what its sender never came back to record."""
    item = waiting.delivery
    return "acked_at" in item or (waiting.key.channel.is_email and "rcpt" in item)


def _wants_sending(waiting: Waiting, now: datetime) -> bool:
    """New or due again, or abandoned by whoever claimed it; the claim asks the same with a condition."""
    item = waiting.delivery
    if "held" in item:
        return False
    if item["st"] in (DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE):
        return bool(item["due_at"] <= at_text(now))
    return waiting.abandoned(now)


def _deliver(waiting: Waiting, desk: SendDesk) -> None:
    try:
        agency, notice, pins, key = _read(waiting, desk)
        if not agency.is_verified(waiting.key.channel, pins.addressee, uk_day(desk.now())):
            _hold(waiting, desk, notice)
            return
        _may_still_have_it(agency, waiting, pins, desk)
        sent_to = address_that_takes_mail(waiting, agency, pins, desk.sending)
        token = read_token(key, waiting.key) if carries_link(notice, pins) else None
        message = desk.door.ready(agency, notice, pins, token=token, attempt=waiting.attempt, now=desk.now())
    except FinalError as exc:
        _park(waiting, desk, exc.park_as)
        return
    if waiting.delivery.get("body_sha256", message.body_sha256) != message.body_sha256:
        _park(waiting, desk, ParkReason.HASH_MISMATCH)
        return
    if desk.pace is not None:
        desk.pace.wait()  # only what is due has a turn, and nobody is kept waiting by a claim meanwhile
    claim = _claim(waiting, desk, notice, pins, message, token=token, sent_to=sent_to)
    if claim is None:
        return
    log(SEND_STARTED, **_ids(waiting), attempt=claim.attempt)
    if desk.now() > claim.send_by:
        _close(waiting, desk, claim, notice, Answer(AttemptResult.FAILED, error=ErrorWord.E_TOO_LATE))
        return
    began = time.monotonic()
    answer = message.send_once()
    took_ms = round((time.monotonic() - began) * 1000)
    _close(waiting, desk, claim, notice, replace(answer, took_ms=took_ms))


def _read(waiting: Waiting, desk: SendDesk) -> tuple[Entry, Frozen, Pins, DataKey]:
    """Raises FinalError: the agency is not active, or the notice cannot be opened."""
    if waiting.agency.get("status") != ACTIVE:
        raise InactiveAgencyError(waiting.key.agency_id)
    if not waiting.wrapped_key or not waiting.notice:
        raise UnreadableError("the referral's key or notice is gone")
    key = desk.vault.unwrap(waiting.key.pk, waiting.wrapped_key)
    plain = key.open(waiting.notice["cipher"], bound_to=f"{waiting.key.pk}|{waiting.notice['uid']}")
    notice = thawed(plain, waiting.key)
    if notice.labels_version != LABELS_VERSION:
        raise UnreadableError("its wording is not in this release")
    return Entry.of(waiting.agency), notice, pins_of(waiting.delivery), key


def _may_still_have_it(agency: Entry, waiting: Waiting, pins: Pins, desk: SendDesk) -> None:
    """Raises LoweredMailboxError: planned for a managed mailbox, and the agency's is none any more.

    The level is fixed when the delivery is created; a mailbox changed since then must not be sent more than
    it may have. What says nothing of the child says more to those alone who read the police form's detail.
    """
    if waiting.key.series in SAYS_NOTHING_OF_THE_CHILD and not reads_detail(pins.agency_type):
        return
    trusted = is_trusted(agency, waiting.key.channel, desk.managed_domains, pins.addressee)
    if pins.notice_reason is None and not trusted:
        raise LoweredMailboxError(agency.agency_id)


def _hold(waiting: Waiting, desk: SendDesk, notice: Frozen) -> None:
    """The address is not verified any more, or not yet: a person verifies it, then releases the delivery."""
    key, now, trigger = waiting.key, desk.now(), HoldTrigger.UNVERIFIED_ADDRESS
    wanted = release_task(
        TaskKind.RELEASE_AGENCY,
        outcomes_in(notice),
        (trigger,),
        now,
        desk.clocks,
        agency_id=key.agency_id,
    )
    standing = desk.sending.task(key, wanted)
    again = HeldAgain(trigger, _the_sooner(wanted, standing), standing)
    facts = [held(waiting, trigger, again.task)]
    if waiting.abandoned(now):
        facts.insert(0, unknown(waiting, DeliveryState.PENDING))

    def move(tip: Tip) -> None:
        desk.sending.hold(key, tip, facts, seen=waiting.delivery, hold=again, now=now)

    try:
        _write(waiting, desk, move)
    except ConditionsFailedError as exc:
        raise ContendedError("the delivery changed") from exc
    log(DELIVERY_HELD, **_ids(waiting), child=key.child, dver=key.seq, trigger=trigger.value)


def _the_sooner(wanted: Task, standing: Item | None) -> Task:
    """The task as it stands, where it is open and nobody may wait longer for it than they would now."""
    if standing is None or standing["st"] == TaskState.DONE or standing["due_at"] > at_text(wanted.due_at):
        return wanted
    due_at = datetime.fromisoformat(standing["due_at"])
    return replace(wanted, role=TaskRole(standing["role"]), due_at=due_at)


def _claim(
    waiting: Waiting,
    desk: SendDesk,
    notice: Frozen,
    pins: Pins,
    message: ReadyMessage,
    *,
    token: str | None,
    sent_to: str | None,
) -> Claim | None:
    """Ours, with STARTED in the trail; None if the delivery turned out to be somebody else's or nobody's."""
    now = desk.now()
    slot = waiting.endpoint.free_slot(now, desk.jitter()) if waiting.endpoint else None
    if waiting.endpoint and slot is None:
        raise EndpointBusyError("the endpoint has as many messages on their way as it may")
    claim = Claim(desk.new_owner(), waiting.attempt, now + LEASE, slot, sent_to)
    facts = [started(waiting, claim.owner, notice, pins, message)]
    if waiting.abandoned(now):
        facts.insert(0, unknown(waiting, DeliveryState.RETRY))

    def take(tip: Tip) -> None:
        desk.sending.claim(
            waiting,
            tip,
            facts,
            claim=claim,
            body_sha256=message.body_sha256,
            token_sha256=hashed(token) if token else None,
            now=now,
        )

    try:
        _write(waiting, desk, take, tip=waiting.tip, limit_seconds=CLAIM_SECONDS)
    except ConditionsFailedError as exc:
        _explain_refused_claim(exc, waiting)
        return None
    return claim


def _explain_refused_claim(refused: ConditionsFailedError, waiting: Waiting) -> None:
    """Returns if the delivery needs nothing more from us; otherwise the message must come back.

    A newer version, an agency changed since we read it: the next try reads afresh and sees it.
    """
    if "delivery" in refused.found:
        return
    if refused.found.keys() == {"lane"} and refused.found["lane"].get("ver", 0) <= waiting.key.seq:
        raise LaneBusyError("another version is being sent") from refused
    if refused.found.keys() <= {"slot", "endpoint"}:
        raise EndpointBusyError("another message took the slot or the probe") from refused
    raise RetryError("something changed while the message was made") from refused


def _close(waiting: Waiting, desk: SendDesk, claim: Claim, notice: Frozen, answer: Answer) -> None:
    key, ended_at = waiting.key, desk.now()
    then = after(
        answer,
        channel=key.channel,
        attempt=claim.attempt,
        refusals=waiting.delivery.get("refusals", 0),
        waited=waiting.waited(ended_at),
        schedule=desk.schedule,
        now=ended_at,
        jitter=desk.jitter(),
    )
    answered = Answered(ended_at, took_it=answer.result is AttemptResult.SUCCESS)
    clock = None
    if answered.took_it and not key.channel.is_email and key.series is None:
        clock = watch.told(ended_at, Urgency(outcomes_in(notice), None), desk.clocks)
    elif then.pauses:
        clock = fallback_now(waiting, ended_at)

    def commit(row: Fact, then: Next, known: Receipt | None) -> None:
        def close(tip: Tip) -> None:
            desk.sending.close(
                waiting,
                tip,
                row,
                claim=claim,
                then=then,
                clock=clock,
                answered=answered,
                now=desk.now(),
                known=known,
            )

        _write(waiting, desk, close)

    ids = _ids(waiting)
    try:
        then = committed(waiting, claim, answer, then, commit)
    except ConditionsFailedError:
        late_row = late(key, claim.owner, claim.attempt, answer)
        _write(waiting, desk, lambda tip: desk.sending.record(key, tip, late_row, desk.now()))
        log(LATE_OUTCOME, **ids, attempt=claim.attempt, result=answer.result, took_ms=answer.took_ms)
        return
    log(
        SEND_CLOSED,
        **ids,
        attempt=claim.attempt,
        result=answer.result,
        state=then.state,
        error=answer.error,
        http_status=answer.http_status,
        took_ms=answer.took_ms,
    )
    if answer.error in _PUT_OFF:
        log(_PUT_OFF[answer.error], **ids, attempt=claim.attempt, error=answer.error)
    if then.state is DeliveryState.FAILED:
        log(SEND_EXHAUSTED, **ids, attempt=claim.attempt, error=answer.error)
    if desk.health is not None and waiting.endpoint is not None:
        note_health(desk.health, Tried(key.agency_id, waiting.endpoint, answered, then), desk.clocks)


def _write(
    waiting: Waiting,
    desk: SendDesk,
    write: Callable[[Tip], None],
    *,
    tip: Tip | None = None,
    limit_seconds: float | None = None,
) -> None:
    """Repeats `write`, after the newest row each time another writer was first.

    After a reply that was lost it is repeated after the same row: there our own rows stand, if it was done.
    """
    after_row = tip

    def once() -> None:
        nonlocal after_row
        after_row = after_row or desk.sending.tip(waiting.key)
        try:
            write(after_row)
        except ContendedError:
            after_row = None
            raise

    desk.patience.persist(once, limit_seconds=limit_seconds)


def _park(waiting: Waiting, desk: SendDesk, reason: ParkReason) -> None:
    _set_aside(waiting, desk, Next(DeliveryState.PARKED, None), parked(waiting.key, reason, waiting.tip))
    log(DELIVERY_PARKED, **_ids(waiting), reason=reason.value)


def _set_aside(waiting: Waiting, desk: SendDesk, then: Next, *facts: Fact) -> None:
    """Moves a delivery that nobody is sending; an abandoned attempt is closed UNKNOWN first.

    A delivery that has changed since it was read is left as it is: whoever changed it goes on with it.
    """

    def move(tip: Tip) -> None:
        now = desk.now()
        abandoned = [unknown(waiting, then.state, then.due_at)] if waiting.abandoned(now) else []
        desk.sending.set_aside(
            waiting.key, tip, [*abandoned, *facts], seen=waiting.delivery, then=then, now=now
        )

    try:
        _write(waiting, desk, move)
    except ConditionsFailedError as exc:
        raise ContendedError("the delivery changed") from exc


def _ids(waiting: Waiting) -> dict[str, str]:
    """How every log line names a delivery."""
    key = waiting.key
    return {
        "delivery": waiting.delivery["message_id"],
        "referral": key.ref,
        "agency": key.agency_id,
        "channel": key.channel.value,
    }
