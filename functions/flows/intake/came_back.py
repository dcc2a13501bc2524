"""Those whose referral was a duplicate of this one, and is again: what they were told here stands already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.flows.intake.earlier import counted
from functions.flows.intake.joins import UNSENT, about, reader
from functions.flows.planning.recipients import Recipient
from schemas.codes import DeliveryState


def standing(recipient: Recipient, referral: Referral, at: DeliveryKey) -> list[Item]:
    """The messages about this very version under the recipient's own reference, whatever their channel."""
    return [
        item
        for item in referral.of_child(at.child)
        if item["dver"] == at.seq
        and "duplicate" in item
        and item["agency"] in recipient.names
        and reader(item) == recipient.about
    ]


def is_told(recipient: Recipient, referral: Referral, items: Sequence[Item]) -> bool:
    """Whether `items` are the last that the recipient heard, or will hear, under its own reference.

    For whoever left, and comes back, they are that only if they were sent and nothing else was told in
    between: what was not sent when it left never will be.
    """
    if not _has_left(recipient, referral):
        return bool(items)
    last = recipient.told_before.decision_seq if recipient.told_before else None
    return any(item["st"] == DeliveryState.SENT and counted(item) == last for item in items)


def told_anew(recipient: Recipient, items: Sequence[Item], by: str) -> Recipient:
    """What stands under this very version keeps its key: the message that `by` makes is another one."""
    own = recipient.duplicate
    if own is None or not items:
        return recipient
    return replace(recipient, nonce=keys.duplicate_nonce(own.referral_ref, own.child_index, again=by))


def replaced(items: Iterable[Item]) -> Iterator[Item]:
    """What would be tried again, beside the message that says the same anew."""
    return (item for item in items if item["st"] in UNSENT)


def _has_left(recipient: Recipient, referral: Referral) -> bool:
    return any(join["left"] and about(join) == recipient.about for join in referral.joins)
