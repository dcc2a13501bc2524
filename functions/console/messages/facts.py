"""The facts beside a message: how it was sent, what came back of it, and who says that they have read it."""

from collections.abc import Iterator
from datetime import datetime

from functions.adapters.ledger.store import Item
from functions.console.messages.instead import in_place_of
from functions.console.messages.seen import SeenMessage
from functions.console.shown.parts import Fact
from functions.console.words.messages import WAYS
from functions.domain.wording.reader_roles import READER_ROLES
from functions.domain.wording.uk_time import uk_date_and_time
from functions.flows.planning.deliveries import pins_of
from functions.story.named import upper
from functions.story.vocabulary import FORMS, told_words
from schemas.codes import AckResult, AuditKind, RaStatus, ReaderRole, Receipt

_CAME_BACK = {
    Receipt.DELIVERED: "Reached their mailbox",
    Receipt.BOUNCED: "Came back",
    Receipt.COMPLAINED: "Marked as unwanted",
}


def facts(seen: SeenMessage) -> Iterator[Fact]:
    """As far as they are known."""
    item = seen.item
    if seen.key.child:
        yield Fact(label="About", text=f"Child {seen.key.child} of {seen.key.ref}")
    yield Fact(label="Sent by", text=WAYS[seen.key.channel])
    yield from in_place_of(seen)
    yield Fact(label="How much it tells", text=upper(told_words(pins_of(item).level, seen.key.series)))
    if start := seen.newest_start:
        yield Fact(label="Police risk assessment", text=upper(FORMS[RaStatus(start["ra"])]))
    yield Fact(label="Message number", text=item["message_id"])
    yield Fact(label="Made", text=_when(item["created_at"]))
    for row in seen.rows:
        if row["type"] == AuditKind.RECEIPT and row["receipt"] in _CAME_BACK:
            yield Fact(label=_CAME_BACK[Receipt(row["receipt"])], text=_when(row["at"]))
        if row["type"] == AuditKind.ACK and row["result"] == AckResult.CONFIRMED:
            yield _confirmed(row)
    if "phoned_at" in item:
        yield Fact(label="Told by telephone", text=_when(item["phoned_at"]))


def _confirmed(row: Item) -> Fact:
    role = READER_ROLES[ReaderRole(row["role"])]
    return Fact(label="Read and confirmed", text=_when(row["at"]), detail=role)


def _when(at: str) -> str:
    return uk_date_and_time(datetime.fromisoformat(at))
