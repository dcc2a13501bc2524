"""How a message stands, in a word or two, and why."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.console.shown.parts import Tag, Tone
from functions.domain.wording.updates.names import SUBJECTS
from functions.story.named import upper
from functions.story.troubles import PARKED, TRIED
from functions.story.vocabulary import HOLDS
from schemas.codes import (
    Channel,
    DeliveryState,
    ErrorWord,
    HoldTrigger,
    MessageType,
    ParkReason,
    Receipt,
    Series,
)

WAYS = {
    Channel.WEBHOOK: "Their system",
    Channel.EMAIL: "Email",
    Channel.FALLBACK: "Email, in place of their system",
}
HELD, CONFIRMED, ACCEPTED = "held", "confirmed", "accepted"
STATUSES: Mapping[str, Tag] = {
    DeliveryState.PENDING: Tag(text="Delivering", tone=Tone.INFO),
    DeliveryState.SENDING: Tag(text="Delivering", tone=Tone.INFO),
    DeliveryState.RETRY: Tag(text="Still trying", tone=Tone.WARN),
    DeliveryState.QUARANTINE: Tag(text="Checking whether it went", tone=Tone.WARN),
    DeliveryState.SENT: Tag(text="Delivered", tone=Tone.GOOD),
    DeliveryState.FAILED: Tag(text="Not delivered", tone=Tone.BAD),
    DeliveryState.SUPERSEDED: Tag(text="Replaced by a later message"),
    DeliveryState.CANCELLED: Tag(text="Stopped by a person"),
    DeliveryState.PARKED: Tag(text="Cannot be sent, needs a person", tone=Tone.BAD),
    HELD: Tag(text="Held for a safety check", tone=Tone.WARN),
    CONFIRMED: Tag(text="Read and confirmed", tone=Tone.GOOD),
    ACCEPTED: Tag(text="Accepted by the mail service", tone=Tone.INFO),
}
"""The words of console section 3: delivered is not read, and accepted is not delivered."""
_REFUSES_US = (401, 403)
_NO_ANSWER = frozenset({ErrorWord.E_TIMEOUT, ErrorWord.E_CONNECTION})


def status_of(item: Item) -> str:
    """The one word of `STATUSES` for a delivery as it stands."""
    if "held" in item:
        return HELD
    if "acked_at" in item:
        return CONFIRMED
    state = DeliveryState(item["st"])
    if state is DeliveryState.SENT and Channel(item["chan"]).is_email:
        receipt = item.get("rcpt")
        if receipt == Receipt.BOUNCED:
            return DeliveryState.FAILED
        return DeliveryState.SENT if receipt in (Receipt.DELIVERED, Receipt.COMPLAINED) else ACCEPTED
    return state


class Kind(StrEnum):
    """What sort of message the list tells apart."""

    OUTCOME = "outcome"
    CHANGED = "changed"
    REMINDER = "reminder"
    NEWS = "news"


def kind_of(item: Item) -> Kind:
    """Whether it tells a decision, a later version of one, reminds the police, or tells something beside."""
    series = DeliveryKey.of(item).series
    if series is None:
        is_revised = item["message_type"] == MessageType.OUTCOME_REVISED
        return Kind.CHANGED if is_revised else Kind.OUTCOME
    return Kind.REMINDER if series is Series.RA_REMINDER else Kind.NEWS


def kind_words(item: Item) -> str:
    """`Outcome`, `Decision changed`, or what an update is about."""
    return "Decision changed" if kind_of(item) is Kind.CHANGED else about(DeliveryKey.of(item))


def listed_status(item: Item) -> str:
    """As `status_of`, of those that are called alike always the same."""
    status = status_of(item)
    return DeliveryState.PENDING if status == DeliveryState.SENDING else status


def about(key: DeliveryKey) -> str:
    """`Outcome`, or what an update is about."""
    return upper(SUBJECTS[key.series]) if key.series else "Outcome"


def held_for(item: Item) -> str:
    """What a safety check is about, each trigger of it."""
    return ", ".join(upper(HOLDS[HoldTrigger(code)]) for code in item["held"])


def why(item: Item, tries: Sequence[Item]) -> str:
    """Why it stands as it does, as far as its deliveries say it; what was stopped or replaced had other
    reasons than the failures before."""
    if "held" in item:
        return held_for(item)
    if item["st"] == DeliveryState.PARKED and "parked" in item:
        return upper(PARKED[ParkReason(item["parked"])].what)
    if item.get("rcpt") == Receipt.BOUNCED:
        return "It came back: their mailbox did not take it"
    last = next((row for row in reversed((item, *tries)) if row.get("error")), None)
    if last is None or item["st"] in _ENDED_OTHERWISE:
        return ""
    return _is_in_the_way(last)


def _is_in_the_way(row: Item) -> str:
    """As console section 3 has it: not answering, refused our signature, refused the message."""
    error = ErrorWord(row["error"])
    if error in _NO_ANSWER and not Channel(row["chan"]).is_email:
        return "Their system is not answering"
    return refused(row) or upper(TRIED[error].what)


def refused(row: Item) -> str:
    """What an answer of theirs meant; empty where none came."""
    if ErrorWord(row["error"]) is not ErrorWord.E_HTTP or "http_status" not in row:
        return ""
    if row["http_status"] in _REFUSES_US:
        return "Their system refused our signature"
    if row["http_status"] == _BUSY or row["http_status"] >= _THEIR_FAULT:
        return "Their system said it was unavailable"
    return "Their system refused the message"


_BUSY, _THEIR_FAULT = 429, 500
_ENDED_OTHERWISE = (DeliveryState.SENT, DeliveryState.CANCELLED, DeliveryState.SUPERSEDED)
