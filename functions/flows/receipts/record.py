"""One receipt of the mail service: found its delivery, recorded once, or refused where it tells of nothing of
ours."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.adapters.errors import ContendedError, RetryError
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.receipts import Followed, Receipts, Reported
from functions.adapters.patience import Patience
from functions.adapters.ses_events import read_receipt
from functions.domain.receipts import MailReceipt
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.receipts.follow import followed
from functions.log_lines import MAIL_CAME_BACK, RECEIPT_RECORDED, RECEIPT_REFUSED, TASK_OPENED, log
from schemas.clocks import ClockPolicy
from schemas.codes import RefusalReason

RECORD_SECONDS = 2
"""How long one receipt is contended for; what does not get through comes back."""
LEAST_SECONDS_TO_START = 10
"""A receipt is contended for two seconds, and its refusal, where it comes to that, for two more; with less
time left, it goes back untouched."""
INDEX_MAY_LAG = timedelta(minutes=4)
"""A delivery is created well before its message is sent: an index that has it not by then never will."""
_UNKNOWN = Refusal("message_id", RefusalReason.RECEIPT_OF_NO_MESSAGE)


@dataclass(frozen=True, slots=True)
class ReceiptDesk:
    """What receipts are recorded with."""

    receipts: Receipts
    clocks: ClockPolicy
    patience: Patience
    now: Callable[[], datetime]


def record_receipt(body: str, arrival: str, desk: ReceiptDesk) -> None:
    """Records the receipt in `body`; `arrival` is the queue message's own id.

    Raises RetryError where its delivery may still show itself, or others were writing all the while.
    """
    try:
        said = read_receipt(body)
        key = _delivery_of(said, desk)
        done = _recorded(key, said, desk)
    except RefusedError as exc:
        _refuse(body, exc.refusal, arrival, desk)
        return
    if done is not None:
        _say(said, *done)


def _delivery_of(said: MailReceipt, desk: ReceiptDesk) -> DeliveryKey:
    key = desk.receipts.find(said.message_id)
    if key is not None and key.channel.is_email:
        return key
    if key is None and desk.now() - said.at < INDEX_MAY_LAG:
        raise RetryError("the index has no such message yet")
    raise RefusedError(_UNKNOWN)


def _recorded(key: DeliveryKey, said: MailReceipt, desk: ReceiptDesk) -> tuple[Reported, Followed] | None:
    """What was written; None if this receipt had been recorded before."""
    read: tuple[Reported, Followed] | None = None

    def once() -> tuple[Reported, Followed] | None:
        # After a reply that was lost the same row is written after the same tip: if it stands there, it was
        # done, and what it means must still be said.
        nonlocal read
        seen, then = read = read or _read(key, said, desk)
        try:
            is_new = desk.receipts.record(seen, then, desk.now())
        except ContendedError:
            read = None
            raise
        return (seen, then) if is_new else None

    return desk.patience.persist(once, limit_seconds=RECORD_SECONDS)


def _read(key: DeliveryKey, said: MailReceipt, desk: ReceiptDesk) -> tuple[Reported, Followed]:
    """Raises RefusedError for an attempt that nobody has started."""
    seen = desk.receipts.load(key)
    if said.attempt > seen.delivery["attempt"]:
        raise RefusedError(_UNKNOWN)
    return seen, followed(said, seen, now=desk.now(), policy=desk.clocks)


def _refuse(body: str, refusal: Refusal, arrival: str, desk: ReceiptDesk) -> None:
    """In the trail, so that it is not lost, and no more than that: it changes nothing."""
    now = desk.now()

    def once() -> bool:
        return desk.receipts.refuse(body, refusal, arrival=arrival, now=now)

    if desk.patience.persist(once, limit_seconds=RECORD_SECONDS):
        log(RECEIPT_REFUSED, event=arrival, reason=refusal.reason.value, field=refusal.field)


def _say(said: MailReceipt, seen: Reported, then: Followed) -> None:
    key = seen.key
    ids = {
        "delivery": said.message_id,
        "referral": key.ref,
        "agency": key.agency_id,
        "channel": key.channel.value,
        "attempt": said.attempt,
    }
    cause = said.cause.value if said.cause else None
    log(RECEIPT_RECORDED, **ids, receipt=said.receipt.value, reason=cause, state=then.state.value)
    if said.gave_up:
        log(MAIL_CAME_BACK, **ids, receipt=said.receipt.value, reason=cause)
    if then.task is not None:
        task = then.task
        log(
            TASK_OPENED,
            referral=key.ref,
            child=key.child,
            dver=key.seq,
            task=task.kind.value,
            role=task.role.value,
        )
