"""Which row of the trail is whose: each arrival's own, by the identity that the service gives to its rows."""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from functions.adapters.ledger.everything import Row, partitions_of, rows_in
from functions.adapters.ledger.store import Store
from functions.cli.bus import Sent
from functions.cli.due_messages import recipients
from functions.domain.record import uid
from schemas.codes import AuditKind

ROWS_OF_ONE_ARRIVAL = (
    ("DECISION",),
    ("DECISION_STALE", ""),
    ("EVENT_DUPLICATE",),
    ("RA_FORM",),
    ("RA_FEED_HEARTBEAT",),
    ("LIFECYCLE",),
)
"""How the rows' identities begin and end; between them stand the event's id and its arrival's."""


class Arrivals:
    """Reads what became of a few arrivals: their markers, and the partitions that these name."""

    def __init__(self, store: Store, sent: Sequence[Sent]) -> None:
        self._store = store
        self._sent = sent

    def rows(self) -> list[Row]:
        """The rows among which each arrival has its own, if it was taken in by now."""
        return [row for partition in sorted(self._partitions()) for row in rows_in(self._store, partition)]

    def with_what_followed(self) -> list[Row]:
        """The same, and those of other referrals in which a decision of these is told."""
        rows, read = self.rows(), self._partitions()
        own = (row for row in own_rows(self._sent, rows) if row and row.item["type"] == AuditKind.DECISION)
        elsewhere = {key.pk for row in own for key in recipients(row)} - read
        return rows + [row for partition in sorted(elsewhere) for row in rows_in(self._store, partition)]

    def _partitions(self) -> set[str]:
        """Where the rows of those that were taken in stand."""
        markers = [(name, one.arrival_id) for one in self._sent for name in _markers(one)]
        return partitions_of(self._store, markers)


def _markers(sent: Sent) -> Iterator[str]:
    """The names of the markers that may be this arrival's."""
    yield f"bus-{sent.arrival_id}"
    if (event_id := _as_the_trail_spells_it(sent.entry.event_id)) is not None:
        yield event_id


def own_rows(sent: Sequence[Sent], rows: Iterable[Row]) -> list[Row | None]:
    """The one row that each of `sent` caused, in their order; none if it is not there yet.

    The same event sent again, even by others at the same moment, is another arrival with a row of its own.
    """
    known = {row.item["uid"]: row for row in rows}
    return [next((known[own] for own in _possible_uids(one) if own in known), None) for one in sent]


def _possible_uids(sent: Sent) -> Iterable[str]:
    yield uid("REJECTED", sent.arrival_id)
    if (event_id := _as_the_trail_spells_it(sent.entry.event_id)) is not None:
        for kind, *rest in ROWS_OF_ONE_ARRIVAL:
            yield uid(kind, event_id, sent.arrival_id, *rest)


def _as_the_trail_spells_it(event_id: str | None) -> str | None:
    """A UUID may be written in several ways; one that is none was refused."""
    try:
        return None if event_id is None else str(UUID(event_id))
    except ValueError:
        return None
