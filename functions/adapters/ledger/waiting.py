"""A delivery that waits to be sent, as it was read, and an attempt at it that is ours for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.adapters.ledger.chain import Tip, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.delivery import LEASE, SEND_DEADLINE
from functions.domain.endpoint import EndpointState, Slot
from functions.domain.series import newest_in, overtaken_by
from functions.domain.withdrawal import is_withdrawn
from functions.domain.withholding import withheld_as
from schemas.codes import ActReason, DeliveryState, Series


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
    def replaced_by(self) -> int | None:
        """The version that took this one's place, or that its duplicate has now that it is none any more.

        An update gives way to a newer one of its line; what asks or promises something until the child is
        decided, to the decision; a reminder of the police form, to word that it is complete.
        """
        series = self.key.series
        if self.is_renewed:
            return self._newest
        if (by := overtaken_by(series, self.child)) is not None:
            return int(by)
        return int(self.join["dver"]) if self.join.get("left") else None

    @property
    def is_renewed(self) -> bool:
        """Whether something newer of its own kind took its place: a version, or a number of its line."""
        return self._newest > self.key.seq

    @property
    def not_told_because(self) -> str | None:
        """The code of why nobody tells it any more: its decision was sent in error, or is withheld."""
        if is_withdrawn(self.child, self.key.line, self.key.seq):
            return ActReason.DECIDED_IN_ERROR.value
        return withheld_as(self.child, self.key.line, self.key.agency_id)

    @property
    def replaced_in(self) -> Series | None:
        """The series of the number that took its place; None where that is a decision's version."""
        if self.is_renewed:
            return self.key.series
        return Series.RA_STATUS if self.key.series is Series.RA_REMINDER else None

    @property
    def _newest(self) -> int:
        return int(self.child.get(newest_in(self.key.line), 0))

    def waited(self, now: datetime) -> timedelta:
        """How long it has been due."""
        return now - datetime.fromisoformat(self.delivery["wait_from"])

    def abandoned(self, now: datetime) -> bool:
        """Whether somebody claimed it and its lease ran out: what became of that attempt is not known."""
        state, lease = self.delivery["st"], self.delivery.get("lease_until", "")
        return bool(state == DeliveryState.SENDING and lease < at_text(now))
