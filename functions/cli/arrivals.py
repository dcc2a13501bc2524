"""Which row of the trail is whose: each arrival's own, by the identity that the service gives to its rows."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from functions.adapters.ledger.everything import Row
from functions.cli.bus import Sent
from functions.domain.record import uid

ROWS_OF_ONE_ARRIVAL = (
    ("DECISION",),
    ("DECISION_STALE", ""),
    ("EVENT_DUPLICATE",),
    ("RA_FORM",),
    ("RA_FEED_HEARTBEAT",),
    ("LIFECYCLE",),
)
"""How the rows' identities begin and end; between them stand the event's id and its arrival's."""


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
