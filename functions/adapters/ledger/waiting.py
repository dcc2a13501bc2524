"""A delivery that waits to be sent, as it was read, and an attempt at it that is ours for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.adapters.ledger.chain import Tip, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.delivery import LEASE, SEND_DEADLINE
from functions.domain.endpoint import EndpointState, Slot
from functions.domain.series import Replacement, replaced_by
from functions.domain.withdrawal import is_withdrawn
from functions.domain.withholding import withheld_as
from schemas.codes import ActReason, DeliveryState


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that is ours until `lease`, with the endpoint's slot that it holds."""

    owner: str
    attempt: int
    lease: datetime
    slot: Slot | None = None
    sent_to: str | None = None
    """The key under which an e-mail's address would be suppressed; the registry may name another later."""

    @property
    def send_by(self) -> datetime:
        """Until when a send may begin: then it has ended, and is on record, before anybody may take over."""
        return self.lease - LEASE + SEND_DEADLINE


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery and all that its message is made of, read in one call."""

    key: DeliveryKey
    delivery: Item
    child: Item
    notice: Item
    agency: Item
    tip: Tip
    wrapped_key: bytes
    join: Item
    """What the delivery's duplicate says of itself; empty for any other delivery."""
    endpoint: EndpointState | None
    """The agency's endpoint, for a webhook."""

    @property
    def attempt(self) -> int:
        """The number of the attempt that a claim would start, from 1."""
        return int(self.delivery["attempt"]) + 1

    @property
    def replaced_by(self) -> Replacement | None:
        """What took its place, or the version that its duplicate has now that it is none any more."""
        if (by := replaced_by(self.key.line, self.key.seq, self.child)) is not None:
            return by
        return Replacement(None, int(self.join["dver"])) if self.join.get("left") else None

    @property
    def not_told_because(self) -> str | None:
        """The code of why nobody tells it any more: its decision was sent in error, or is withheld."""
        if is_withdrawn(self.child, self.key.line, self.key.seq):
            return ActReason.DECIDED_IN_ERROR.value
        return withheld_as(self.child, self.key.line, self.key.agency_id)

    def waited(self, now: datetime) -> timedelta:
        """How long it has been due."""
        return now - datetime.fromisoformat(self.delivery["wait_from"])

    def abandoned(self, now: datetime) -> bool:
        """Whether somebody claimed it and its lease ran out: what became of that attempt is not known."""
        state, lease = self.delivery["st"], self.delivery.get("lease_until", "")
        return bool(state == DeliveryState.SENDING and lease < at_text(now))
