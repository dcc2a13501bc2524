"""What must hold of the mail service's receipts, whatever their order and whatever went wrong meanwhile."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeAlias

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from schemas.codes import AuditKind, DeliveryState, Receipt
from tests.simulation.dynamodb import Written
from tests.simulation.service import Service

Require: TypeAlias = Callable[[bool, str, str], None]
"""Whether something holds, which invariant that is, and what to say if it does not."""

FORWARD = ("ACCEPTED", "DELAYED", "DELIVERED", "BOUNCED", "COMPLAINED")
TOLD = frozenset({"DELIVERED", "COMPLAINED"})
_MOVED = frozenset({"QUARANTINE", "RETRY", "SENT", "FAILED"})
"""What a receipt may move on: neither what is claimed, nor what people or a newer version set aside."""
_CALLS_NOBODY = frozenset({"PENDING", "SUPERSEDED", "CANCELLED"})
_CLOCK = frozenset({"watch", "watch_at", "watch_pk", "watch_sk"})
_CHANGED = frozenset({"rcpt", "st", "sent_at", "due_at", "due_pk", "due_sk", "called_for", *_CLOCK})
"""What of a delivery a receipt may change; all else is its sender's, or people's."""
_BESIDE = (keys.HEAD, keys.EVENT, keys.SUPPRESSED)


class ReceiptRules:
    """Looks at each e-mail before it is claimed, and at every receipt when all is over."""

    def __init__(self, service: Service, require: Require) -> None:
        self._service = service
        self._require = require
        self._closed: set[str] = set()
        self._seen = 0

    def when_addressed(self, address: str) -> None:
        """I7: no try is begun to an address of which a receipt on record says that its mail comes back.

        Unless the sender stood still after it had looked: nothing asks again when it goes on.
        """
        journal = self._service.tables.journal
        fresh, self._seen = journal[self._seen :], len(journal)
        recorded = {_names(one.after) for one in fresh if _is_receipt(one)}
        for told in self._service.mail.told if recorded else ():
            names = (told.posted.message_id, told.posted.attempt, told.receipt, at_text(told.at))
            if told.closes_the_address and names in recorded:
                self._closed.add(str(told.posted.address))
        may = address not in self._closed or self._service.schedule.stood_still
        self._require(may, "I7", "an e-mail to an address from which mail came back")

    def at_the_end(self, rows: Sequence[Item], deliveries: Mapping[DeliveryKey, Item]) -> None:
        """Everything that only shows when it is over."""
        self._each_is_recorded_once(rows)
        self._nothing_is_sent_once_it_is_told_of(rows)
        self._they_only_go_forward()
        self._they_change_only_what_they_may()
        said = _furthest(rows)
        for key, item in deliveries.items():
            if key.channel.is_email:
                self._is_as_it_was_said(key, item, said.get(item["message_id"]))

    def _each_is_recorded_once(self, rows: Sequence[Item]) -> None:
        """I1: what the mail service has told is on record, and nothing else."""
        told = {
            (one.posted.message_id, one.posted.attempt, one.receipt.value, at_text(one.at))
            for one in self._service.mail.told
        }
        recorded = Counter(
            (row["message_id"], row["attempt"], row["receipt"], row["said_at"])
            for row in rows
            if row["type"] == AuditKind.RECEIPT
        )
        self._require(told == recorded.keys(), "I1", f"receipts lost or made up: {told ^ recorded.keys()}")
        twice = [names for names, times in recorded.items() if times > 1]
        self._require(not twice, "I10", f"receipts recorded twice: {twice}")

    def _nothing_is_sent_once_it_is_told_of(self, rows: Sequence[Item]) -> None:
        """I4: neither a quarantine nor a retry goes on with what the mail service is known to have had."""
        told_of = set[str]()
        for row in rows:
            if row["type"] == AuditKind.RECEIPT:
                told_of.add(row["message_id"])
            elif row["type"] == AuditKind.ATTEMPT_STARTED:
                again = row["message_id"] in told_of
                self._require(not again, "I4", f"{row['message_id']} is tried after it was told of")

    def _they_only_go_forward(self) -> None:
        for one in self._service.tables.journal:
            before, after = _rank(one.before), _rank(one.after)
            self._require(before <= after, "I4", f"{one.key} goes back to {(one.after or {}).get('rcpt')}")

    def _they_change_only_what_they_may(self) -> None:
        for _, call in groupby(self._service.tables.journal, key=attrgetter("call")):
            written = list(call)
            receipt = next((one.after for one in written if _is_receipt(one)), None)
            if receipt is not None:
                for one in written:
                    self._may_be_changed(one, receipt)

    def _may_be_changed(self, one: Written, receipt: Mapping[str, Any]) -> None:
        before, after = one.before or {}, one.after or {}
        if one.table == "audit":
            self._require(not before, "I10", f"a receipt changes {one.key}")
            return
        if not one.key[1].startswith(keys.DELIVERY_PREFIX):
            beside = one.key[1] in _BESIDE or one.key[1].startswith(keys.TASK_PREFIX)
            self._require(beside, "I7", f"a receipt changes {one.key}")
            return
        own = before["message_id"] == receipt["message_id"]
        self._require(own, "I7", f"a receipt of {receipt['message_id']} changes {one.key}")
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        self._require(changed <= _CHANGED, "I7", f"a receipt changes {changed - _CHANGED} of {one.key}")
        state = before["st"]["S"]
        self._require("st" not in changed or state in _MOVED, "I7", f"a receipt moves {one.key} on: {state}")
        nobody = state in _CALLS_NOBODY and changed & _CLOCK
        self._require(not nobody, "I7", f"a receipt starts the clock of {one.key}, which is {state}")

    def _is_as_it_was_said(self, key: DeliveryKey, item: Item, said: str | None) -> None:
        self._require(item.get("rcpt") == said, "I4", f"{key.text} has {item.get('rcpt')}, not {said}")
        if said is None or item["st"] not in _MOVED:
            return
        state = DeliveryState.FAILED if said == Receipt.BOUNCED else DeliveryState.SENT
        self._require(item["st"] == state, "I4", f"{key.text} is {item['st']} and known to be {said}")

    # --- what the run passed through

    def paths(self, rows: Sequence[Item]) -> Iterator[str]:
        """Names of what receipts did."""
        newest: dict[str, Item] = {}
        for row in rows:
            message = row.get("message_id", "")
            if row["type"] == AuditKind.RECEIPT:
                yield from _what_it_did(row, newest[message])
            elif row["type"] in (AuditKind.ATTEMPT_STARTED, AuditKind.ATTEMPT_CLOSED):
                newest[message] = row
            elif row["type"] == AuditKind.PARKED:
                yield f"parked {row['reason']}"


def _what_it_did(row: Item, before: Item) -> Iterator[str]:
    yield f"receipt {row['receipt']}"
    if row["rcpt"] != row["receipt"]:
        yield "receipt overtaken"
    if before["type"] == AuditKind.ATTEMPT_STARTED:
        yield "receipt before the commit"
    elif "state" in row and before["state"] in (DeliveryState.QUARANTINE, DeliveryState.RETRY):
        yield f"{before['state']} ended by a receipt"
    elif row.get("state") == DeliveryState.FAILED:
        yield "SENT came back"
    if "suppressed" in row:
        yield "address closed"
    if "task" in row:
        yield "address to be mended"


def _furthest(rows: Sequence[Item]) -> Mapping[str, str]:
    said: dict[str, str] = {}
    for row in rows:
        if row["type"] == AuditKind.RECEIPT:
            message, came = row["message_id"], row["receipt"]
            said[message] = max(said.get(message, came), came, key=FORWARD.index)
    return said


def _is_receipt(one: Written) -> bool:
    return one.table == "audit" and (one.after or {})["type"]["S"] == AuditKind.RECEIPT


def _names(raw: Mapping[str, Any] | None) -> tuple[str, int, str, str]:
    assert raw is not None
    return raw["message_id"]["S"], int(raw["attempt"]["N"]), raw["receipt"]["S"], raw["said_at"]["S"]


def _rank(raw: Mapping[str, Any] | None) -> int:
    return FORWARD.index(raw["rcpt"]["S"]) if raw and "rcpt" in raw else -1
