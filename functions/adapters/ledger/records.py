"""What intake reads and writes, as plain records: arrivals, what is known, what one event adds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact, Tip
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from schemas.codes import DeliveryState, HoldCode
from schemas.notice import Pins

_UNSENT = (DeliveryState.PENDING, DeliveryState.RETRY)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One arrival of an event: the bus's own id for it tells a redelivery from a duplicate."""

    bus_id: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Referral:
    """What the state table holds of one referral."""

    pk: str
    tip: Tip = field(default_factory=Tip)
    children: Mapping[int, Item] = field(default_factory=dict)
    forms: Mapping[int, Item] = field(default_factory=dict)
    deliveries: tuple[Item, ...] = ()

    @classmethod
    def of(cls, pk: str, items: Iterable[Item]) -> "Referral":
        """Sorts a partition's items by their keys."""
        found = {item["sk"]: item for item in items}

        def numbered(prefix: str) -> dict[int, Item]:
            return {int(sk.removeprefix(prefix)): item for sk, item in found.items() if sk.startswith(prefix)}

        return cls(
            pk=pk,
            tip=Tip.of(found.get(keys.HEAD)),
            children=numbered(keys.CHILD_PREFIX),
            forms=numbered(keys.FORM_PREFIX),
            deliveries=tuple(item for sk, item in found.items() if sk.startswith(keys.DELIVERY_PREFIX)),
        )

    def unsent_before(self, child: int, seq: int) -> list[Item]:
        """That child's outcomes of lower versions that nobody has started to send; a sibling's are
        never among them."""
        return [
            item
            for item in self.deliveries
            if item["child"] == child and item["dver"] < seq and item["st"] in _UNSENT
        ]


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A delivery to be created: `held` ones have no due time, so that nothing sends them."""

    key: DeliveryKey
    pins: Pins
    endpoint_version: int
    held: tuple[HoldCode, ...]


@dataclass(frozen=True, slots=True)
class Sealed:
    """Encrypted content and the uid of the audit record it is bound to."""

    uid: str
    cipher: bytes


@dataclass(frozen=True, slots=True)
class AcceptedDecision:
    """Everything that one decision's transaction records."""

    event_id: str
    child: int
    seq: int
    facts: Sequence[Fact]
    child_state: Mapping[str, Any]
    notice: Sealed
    deliveries: Sequence[NewDelivery]
    fingerprint: str
    new_key: bytes | None


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as kept for the children it is now the newest for, and the trail facts it causes."""

    event_id: str
    children: Sequence[int]
    attributes: Mapping[str, Any]
    sealed: Sealed
    facts: Sequence[Fact]
    fingerprint: str
    new_key: bytes | None
    checked: Mapping[int, str] = field(default_factory=dict)
