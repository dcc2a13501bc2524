"""Whom people are asked to ring, and whether anybody need: what a call and an alarm are held against."""

from collections.abc import Iterable, Iterator, Mapping

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from schemas.codes import AuditKind, Receipt, TaskKind, TaskState, Watch


def rung_in_vain(tasks: Iterable[Item], deliveries: Mapping[DeliveryKey, Item]) -> Iterator[str]:
    """Each open call to an agency that has every message of the version that it is about.

    One that a person had sent again is none: they did not believe that it had arrived.
    """
    for task in tasks:
        if task["st"] == TaskState.DONE or task["kind"] != TaskKind.CALL_UNTOLD:
            continue
        about = (keys.referral_of(task), task["child"], task["dver"], task["agency"], task.get("about"))
        its_own = {
            key: item for key, item in deliveries.items() if _told_by(key) == about and "resent" not in item
        }
        arrived = {key.origin for key, item in its_own.items() if item.get("rcpt") == Receipt.DELIVERED}
        if arrived >= {key.origin for key in its_own}:
            yield task["sk"]


def alarmed_twice(rows: Iterable[Item]) -> Iterator[str]:
    """Each message about which another alarm was raised, whatever its channels, and which had not arrived in
    between; `rows` are in the order of their chains."""
    alarmed = set[tuple[str, int, int, str, str]]()
    for row in rows:
        if "chan" not in row:
            continue
        message = (row["pk"], row["child"], row["dver"], row["agency"], row.get("nonce", ""))
        if row.get("receipt") == Receipt.DELIVERED:
            alarmed.discard(message)
        elif row["type"] == AuditKind.CLOCK_FIRED and row.get("watch") == Watch.RED_ALERT:
            if message in alarmed:
                yield str(message)
            alarmed.add(message)


def _told_by(key: DeliveryKey) -> tuple[str, int, int, str, str | None]:
    return key.ref, key.child, key.seq, key.agency_id, key.line
