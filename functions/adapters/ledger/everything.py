"""Reading a whole stage: every row and every delivery, for accounts that must leave nothing out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item, Store, from_item
from functions.domain.reconciliation.arrivals import came_in
from schemas.codes import AuditKind

_REFERRAL = keys.referral("")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the trail and where it stands."""

    partition: str
    seq: int
    item: Item

    @property
    def referral_ref(self) -> str | None:
        """The referral whose story it belongs to; none for what was refused or belongs to no referral."""
        known = self.partition.startswith(_REFERRAL)
        return self.partition.removeprefix(_REFERRAL) if known else None

    @property
    def refuses_an_event(self) -> bool:
        """Whether an event went in and was refused; a refused receipt or confirmation is no event."""
        return self.item["type"] == AuditKind.REJECTED and came_in(self.item["type"], self.item)


class Everything:
    """Reads whole tables: right for a laptop's stage and its demo, far too much for a function."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def rows(self) -> list[Row]:
        """Every row of the trail, by partition and in order."""
        found = (
            Row(item["pk"], int(item["sk"].removeprefix("E#")), item)
            for item in self._scan(self._store.audit)
        )
        return sorted(found, key=lambda row: (row.partition, row.seq))

    def deliveries(self) -> dict[DeliveryKey, Item]:
        """Every delivery as it stands."""
        return {
            DeliveryKey.parse(item["pk"], item["sk"]): item
            for item in self._scan(self._store.state)
            if item["sk"].startswith(keys.DELIVERY_PREFIX)
        }

    def _scan(self, table: str) -> Iterator[Item]:
        pages = self._store.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        return (from_item(item) for page in pages for item in page["Items"])


def written_from_now(everything: Everything) -> Callable[[], list[Row]]:
    """A reader of the rows that are added from now on."""
    before = {(row.partition, row.seq) for row in everything.rows()}
    return lambda: [row for row in everything.rows() if (row.partition, row.seq) not in before]
