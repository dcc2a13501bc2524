"""A message to an agency's system and the e-mail in its place (delivery section 5): the page of each says how
the other stands, and leads to it."""

from collections.abc import Iterator
from datetime import datetime

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.console.messages.seen import SeenMessage, path_of
from functions.console.shown.parts import Fact, Link
from functions.console.words.messages import CONFIRMED, STATUSES, status_of
from functions.console.words.moments import short
from functions.flows.planning.deliveries import pins_of
from functions.story.named import upper
from functions.story.vocabulary import told_words
from schemas.codes import Channel, DeliveryState

_HAS_TOLD = (DeliveryState.SENT, CONFIRMED)


def email_instead(seen: SeenMessage) -> Iterator[Fact]:
    """Of a message to their system: the e-mail that told them, else the newest of those that were to."""
    if seen.key.channel is not Channel.WEBHOOK:
        return
    emails = sorted(_beside(seen, Channel.FALLBACK), key=lambda item: (_told(item), item["created_at"]))
    for item in emails[-1:]:
        at = datetime.fromisoformat(item.get("acked_at") or item.get("sent_at") or item["created_at"])
        yield Fact(
            label="Told by email instead" if _told(item) else "Email in its place",
            tag=STATUSES[status_of(item)],
            text=short(at, seen.now),
            detail=upper(told_words(pins_of(item).level, seen.key.series)),
            link=Link(text="See the email", path=path_of(item["message_id"])),
        )


def in_place_of(seen: SeenMessage) -> Iterator[Fact]:
    """Of such an e-mail: the message to their system, as it was first made."""
    if seen.key.channel is not Channel.FALLBACK:
        return
    webhooks = sorted(_beside(seen, Channel.WEBHOOK), key=lambda item: str(item["created_at"]))
    for item in webhooks[:1]:
        yield Fact(
            label="In place of",
            tag=STATUSES[status_of(item)],
            link=Link(text="A message to their system", path=path_of(item["message_id"])),
        )


def _told(item: Item) -> bool:
    return status_of(item) in _HAS_TOLD


def _beside(seen: SeenMessage, channel: Channel) -> Iterator[Item]:
    """Whatever told the same to the same agency by this channel, sent again or not."""
    for item in seen.referral.alike(seen.item):
        key = DeliveryKey.of(item)
        same = (key.seq, key.agency_id, key.origin) == (seen.key.seq, seen.key.agency_id, seen.key.origin)
        if same and key.channel is channel:
            yield item
