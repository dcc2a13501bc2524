"""Reading rows whole: of a whole stage, for accounts that must leave nothing out, or of some arrivals."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.clocks import is_due
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item, Store, from_item
from functions.domain.reconciliation.arrivals import came_in
from schemas.codes import AuditKind

MOST_READ_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the trail and where it stands."""

    partition: str
    seq: int
    item: Item

    @property
    def referral_ref(self) -> str | None:
        """The referral, or the enquiry, whose story it belongs to; none for what was refused or belongs to
        neither."""
        return keys.ref_of(self.partition)

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
        found = map(_row, self._scan(self._store.audit))
        return sorted(found, key=lambda row: (row.partition, row.seq))

    def deliveries(self) -> dict[DeliveryKey, Item]:
        """Every delivery as it stands."""
        return {
            DeliveryKey.parse(item["pk"], item["sk"]): item
            for item in self._scan(self._store.state)
            if item["sk"].startswith(keys.DELIVERY_PREFIX)
        }

    def clocks_due(self, now: datetime) -> list[str]:
        """The clocks whose time has come, and that nobody has fired yet."""
        found = (item for item in self._scan(self._store.state) if item["sk"].startswith(keys.CLOCK_PREFIX))
        return [f"{item['pk']}|{item['sk']}" for item in found if is_due(item, now)]

    def _scan(self, table: str) -> Iterator[Item]:
        pages = self._store.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        return (from_item(item) for page in pages for item in page["Items"])


def written_from_now(everything: Everything) -> Callable[[], list[Row]]:
    """A reader of the rows that are added from now on."""
    before = {(row.partition, row.seq) for row in everything.rows()}
    return lambda: [row for row in everything.rows() if (row.partition, row.seq) not in before]


def rows_in(store: Store, partition: str) -> list[Row]:
    """The rows of one partition, in order."""
    return [_row(item) for item in store.partition(store.audit, partition, "E#")]


def partitions_of(store: Store, arrivals: Sequence[tuple[str, str]]) -> set[str]:
    """The partitions in which the rows of some arrivals stand, by their markers.

    An arrival is a name that its marker may have, and its own id: an event's marker is its first arrival's,
    and any later one has another.
    """
    found: set[str] = set()
    for start in range(0, len(arrivals), MOST_READ_AT_ONCE):
        some = {(keys.marker(name), own) for name, own in arrivals[start : start + MOST_READ_AT_ONCE]}
        markers = store.get_many({(store.state, pk, keys.EVENT) for pk, _ in some}).values()
        found |= {marker["partition"] for marker in markers if (marker["pk"], marker["bus_id"]) in some}
    return found


def _row(item: Item) -> Row:
    return Row(item["pk"], int(item["sk"].removeprefix("E#")), item)
