"""One message is said to be read: recorded once, however often it is said, and never for a link that has
ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.confirming import Link, Readable
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import ConditionsFailedError
from functions.domain.read_link import hashed, is_token
from functions.domain.refusals import Refusal
from functions.flows.acknowledging.desk import Asked, ConfirmDesk
from functions.flows.acknowledging.facts import CONFIRMATION, read_fact, refused_fact
from functions.log_lines import ACKNOWLEDGED, CONFIRMATION_REFUSED, log
from schemas.codes import AckResult, RefusalReason

if TYPE_CHECKING:
    from functions.adapters.ledger.chain import Tip

WRITE_SECONDS = 5
"""How long a person waits at most while others write to the same referral."""
NO_SUCH_LINK = Refusal("token", RefusalReason.UNKNOWN_TOKEN)


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that works, and the message that it is for."""

    link: Link
    read: Readable


@dataclass(frozen=True, slots=True)
class Recorded:
    """The message as it was found, and what came of saying that it is read, and when."""

    read: Readable
    result: AckResult
    at: datetime


def open_link(token: str, request: str, desk: ConfirmDesk) -> Opened | None:
    """The message behind a link that works; None for any other.

    Confirms nothing: mail scanners open links. That nobody gave out such a link is put on record.
    """
    opened = found(token, desk)
    if opened is None:
        refuse(NO_SUCH_LINK, request, desk)
        return None
    return None if has_ended(opened, desk.now()) else opened


def confirm_by_link(token: str, asked: Asked, desk: ConfirmDesk) -> Recorded | None:
    """Records that whoever has the link has read its message; None where there is no such link."""
    opened = found(token, desk)
    if opened is None:
        refuse(NO_SUCH_LINK, asked.request, desk)
        return None
    return record(opened.read, asked, desk, link=opened.link)


def record(read: Readable, asked: Asked, desk: ConfirmDesk, *, link: Link | None) -> Recorded:
    """Records that the message is read, that it was said before, or that it was said too late.

    Raises RetryError if that could not be written down in time.
    """
    key = read.key
    seen: Readable | None = read

    def once() -> Recorded:
        # After a reply that was lost the same row is written after the same tip: if it stands there, it was
        # done.
        nonlocal seen
        seen = seen or desk.confirming.load(key)
        if seen is None:
            raise ContendedError("the message is not there any more")
        now = desk.now()
        recorded = Recorded(seen, _result(seen, link, now), now)
        try:
            _write(recorded, asked, desk, link)
        except ContendedError:
            seen = None
            raise
        except ConditionsFailedError as exc:
            seen = None
            raise ContendedError("the message changed while it was confirmed") from exc
        return recorded

    recorded = desk.patience.persist(once, limit_seconds=WRITE_SECONDS)
    log(
        ACKNOWLEDGED,
        delivery=recorded.read.delivery["message_id"],
        referral=key.ref,
        agency=key.agency_id,
        channel=key.channel.value,
        role=asked.role.value,
        method=asked.method.value,
        result=recorded.result.value,
    )
    return recorded


def refuse(
    refusal: Refusal,
    request: str,
    desk: ConfirmDesk,
    *,
    about: Readable | None = None,
    given: str = CONFIRMATION,
) -> None:
    """Puts on record that somebody asked who may not, or about nothing of ours."""
    fact, now = refused_fact(refusal, request, about=about, given=given), desk.now()
    tip: Tip | None = None

    def once() -> None:
        nonlocal tip
        tip = tip or desk.confirming.tip_of_refusals(now)
        try:
            desk.confirming.refuse(tip, fact, now)
        except ContendedError:
            tip = None
            raise

    desk.patience.persist(once, limit_seconds=WRITE_SECONDS)
    log(
        CONFIRMATION_REFUSED,
        field=refusal.field,
        reason=refusal.reason.value,
        agency=about.key.agency_id if about else None,
    )


def sent_message(key: DeliveryKey, desk: ConfirmDesk) -> Readable | None:
    """A message that somebody can have; one that never left is to everybody as if it were not."""
    read = desk.confirming.load(key)
    return read if read and read.was_sent else None


def found(token: str, desk: ConfirmDesk) -> Opened | None:
    """The message that a link was made for, whether the link still works or not."""
    link = desk.confirming.link(hashed(token)) if is_token(token) else None
    read = sent_message(link.key, desk) if link else None
    return Opened(link, read) if link and read else None


def has_ended(opened: Opened, now: datetime) -> bool:
    """Whether the link works no more, or its message is none any more."""
    return _result(opened.read, opened.link, now) is AckResult.EXPIRED


def _result(read: Readable, link: Link | None, now: datetime) -> AckResult:
    if link is not None and link.has_ended(now):
        return AckResult.EXPIRED
    if read.is_confirmed:
        return AckResult.ALREADY
    return AckResult.EXPIRED if read.is_replaced else AckResult.CONFIRMED


def _write(recorded: Recorded, asked: Asked, desk: ConfirmDesk, link: Link | None) -> None:
    read, now = recorded.read, recorded.at
    fact = read_fact(read, recorded.result, asked)
    if recorded.result is AckResult.CONFIRMED:
        desk.confirming.confirm(read, fact, asked.role, by_link=link, now=now)
    else:
        desk.confirming.note(read, fact, now)
