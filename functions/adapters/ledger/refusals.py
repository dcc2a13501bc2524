"""Recording what was refused: a row that names the field and the reason, never a value."""

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, at_text
from functions.adapters.ledger.records import Arrival
from functions.adapters.ledger.store import Item, Store
from functions.domain.record import uid
from functions.domain.refusals import Refusal
from schemas.codes import AuditKind


class Refusals:
    """REJECTED rows, in a partition per day and registered source."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def is_recorded(self, arrival: Arrival) -> bool:
        """Whether this very arrival has been recorded already."""
        return self._marker(f"bus-{arrival.bus_id}") is not None

    def knows(self, event_id: str, bus_id: str) -> bool:
        """Whether this arrival of an event was taken in, as the event itself or as a duplicate of it."""
        first = self._marker(event_id)
        return (first is not None and first["bus_id"] == bus_id) or self._marker(f"bus-{bus_id}") is not None

    def _marker(self, event_id: str) -> Item | None:
        return self._store.get(self._store.state, keys.marker(event_id), keys.EVENT)

    def record(self, refusal: Refusal, arrival: Arrival, *, sha256: str, size: int, kept_as: str) -> None:
        """Appends the REJECTED row; `kept_as` is where the operator finds the raw input."""
        pk = keys.rejected(arrival.at, arrival.source)
        fact = Fact(
            kind=AuditKind.REJECTED,
            uid=uid("REJECTED", arrival.bus_id),
            actor=arrival.source,
            cause=arrival.bus_id,
            details={
                "field": refusal.field,
                "reason": refusal.reason.value,
                "sha256": sha256,
                "bytes": size,
                "kept_as": kept_as,
            },
        )
        name = f"bus-{arrival.bus_id}"
        marker = {
            "pk": keys.marker(name),
            "sk": keys.EVENT,
            "bus_id": arrival.bus_id,
            "at": at_text(arrival.at),
            "partition": pk,
            **keys.of_its_day(arrival.at, at_text(arrival.at), name),
        }
        self._store.write(
            [
                *self._chain.append(pk, self._chain.tip(pk), [fact], arrival.at),
                self._store.put("event", self._store.state, marker),
            ]
        )
