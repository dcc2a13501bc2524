"""What the mail service says of an e-mail, and what follows for its delivery (delivery sections 3 and 7)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from functions.domain.clock import uk_day
from functions.domain.watch import Clock, Urgency, at_once, told
from schemas.clocks import ClockPolicy
from schemas.codes import DeliveryState, Receipt, ReceiptCause, Watch

_FORWARD = tuple(Receipt)

SUPPRESSES = frozenset(
    {
        ReceiptCause.MAILBOX_UNKNOWN,
        ReceiptCause.REFUSED_FOR_GOOD,
        ReceiptCause.SUPPRESSED_BY_PROVIDER,
        ReceiptCause.UNSUBSCRIBED,
        ReceiptCause.MARKED_AS_SPAM,
    }
)
"""Causes that lie with the address: nothing more is sent there until somebody verifies it anew."""

_OPEN_TO_RECEIPTS = (
    DeliveryState.QUARANTINE,
    DeliveryState.RETRY,
    DeliveryState.SENT,
    DeliveryState.FAILED,
)
"""A claimed delivery is its sender's to move on, and one that people or a newer version set aside is
theirs."""


@dataclass(frozen=True, slots=True)
class MailReceipt:
    """One thing that the mail service said of one attempt; no address.

    `gave_up` says that the service tries no more; a message that merely waits there may still arrive.
    """

    message_id: str
    attempt: int
    receipt: Receipt
    at: datetime
    cause: ReceiptCause | None = None
    gave_up: bool = False
    provider_id: str | None = None

    @property
    def suppresses(self) -> bool:
        """Whether the cause lies with the address."""
        return self.cause in SUPPRESSES


def furthest(known: Receipt | None, came: Receipt) -> Receipt:
    """What is known after one more receipt, in whatever order they come: never less than before."""
    return came if known is None else max(known, came, key=_FORWARD.index)


def settled(known: Receipt) -> DeliveryState:
    """What a message is that the service has told of: it left, or it came back. Neither is tried again."""
    return DeliveryState.FAILED if known is Receipt.BOUNCED else DeliveryState.SENT


def state_after(state: DeliveryState, known: Receipt) -> DeliveryState:
    """The delivery's state once `known` is recorded."""
    return settled(known) if state in _OPEN_TO_RECEIPTS else state


def clock_after(
    said: MailReceipt, known: Receipt, *, now: datetime, urgency: Urgency, policy: ClockPolicy
) -> Clock | None:
    """The people's clock that a piece of news sets; None where the one that runs goes on.

    What came back calls a person at once. So does a complaint: that message arrived, but whoever took it for
    spam has hardly read it.
    """
    match known:
        case Receipt.DELIVERED:
            return told(min(said.at, now), urgency, policy)
        case Receipt.BOUNCED:
            return at_once(now)
        case Receipt.COMPLAINED:
            return Clock(Watch.UNREAD, now)
        case Receipt.ACCEPTED | Receipt.DELAYED:
            return at_once(now) if said.gave_up else None
        case _:
            assert_never(known)


@dataclass(frozen=True, slots=True)
class Suppression:
    """Since when nothing is sent to an address, and the verification that its mail proved wrong."""

    since: datetime
    verified_at: date | None

    def counts(self, verified_at: date | None) -> bool:
        """Whether it still does: not once somebody has verified the address anew, that day or later."""
        if verified_at is None or verified_at == self.verified_at:
            return True
        return verified_at < uk_day(self.since)
