"""A person's order: who, why, about which message; what it works with, and how it is written once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from functions.adapters.errors import BusyError, ContendedError
from functions.adapters.ledger.by_hand import ByHand
from functions.adapters.ledger.finding import Finding
from functions.adapters.ledger.store import ConditionsFailedError
from functions.adapters.registry.directory import Entry
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.obstacles import Obstacles
from functions.flows.desk import CheckDesk
from functions.flows.orders import OrderRefusedError, Rows
from schemas.codes import ActReason, Channel, ReaderRole

THE_DECISION = "DECISION"
"""What a message is about that tells a decision, and no update."""


class NotPossibleError(OrderRefusedError):
    """There is nothing to do it to, or it may not be done as things stand; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who acts, and why. `request` tells two orders apart, and makes a repeated one the same."""

    actor: str
    reason: ActReason
    request: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A call that was made: when, and to whom by their role, never by their name."""

    at: datetime
    role: ReaderRole


@dataclass(frozen=True, slots=True)
class Which:
    """Which messages of a referral are meant; what is not said may be any. `message` is how an id begins.

    `about` is a series of updates, or `THE_DECISION`.
    """

    ref: str
    child: int | None = None
    agency_id: str | None = None
    channel: Channel | None = None
    message: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class ActDesk:
    """What a person's acts work with."""

    check: CheckDesk
    by_hand: ByHand
    finding: Finding
    health: EndpointHealth

    def entry_of(self, name: str) -> Entry | None:
        """The active agency of this id or other name."""
        return self.check.directory.look_up([name]).entries.get(name)

    def names_of(self, name: str) -> frozenset[str]:
        """The name, and the id of the agency that it means now: messages keep the one that it had then."""
        found = self.entry_of(name)
        return frozenset((name, found.agency_id)) if found else frozenset((name,))


def obstacles_of(entry: Entry, desk: ActDesk) -> Obstacles:
    """What nothing gets past to the agency."""
    return desk.check.directory.obstacles([entry])[entry.agency_id]


def require_fitting(order: Order, fitting: Collection[ActReason], what: str) -> None:
    """Raises NotPossibleError where the reason is none for such an act."""
    if order.reason not in fitting:
        raise NotPossibleError(
            f"{order.reason} is no reason to {what}. Give one of: {', '.join(fitting)}.", "reason"
        )


class Act(Protocol):
    """What was worked out of an order: its rows, and the transaction that writes them and what they tell."""

    @property
    def rows(self) -> Rows: ...

    def write(self, desk: ActDesk) -> None:
        """Raises ContendedError and ConditionsFailedError."""
        ...


A = TypeVar("A", bound=Act)


def written_once(work_out: Callable[[], A], desk: ActDesk) -> A:
    """Writes the act that was worked out, and returns it; works it out anew where others were first.

    After an answer that was lost the same is written after the same tip: if it stands there, it was done, and
    working it out again would find nothing to do any more.
    """
    worked_out: list[A] = []
    unsure: list[BusyError] = []

    def once() -> A:
        if not worked_out:
            worked_out.append(work_out())
        (act,) = worked_out
        try:
            act.write(desk)
        except BusyError as exc:
            unsure.append(exc)
            raise
        except (ContendedError, ConditionsFailedError) as exc:
            if unsure and desk.by_hand.stands(act.rows.partition, act.rows.tip, act.rows.facts[0]):
                return act
            worked_out.clear()
            unsure.clear()
            raise ContendedError("others were writing at the same moment") from exc
        return act

    return desk.check.patience.persist(once)
