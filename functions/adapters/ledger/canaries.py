"""A canary's writes: taken with its row and its next due time together, closed with what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger import endpoints, keys
from functions.adapters.ledger.chain import Chain, Fact, Tip, at_text
from functions.adapters.ledger.items import NO_LONGER_DUE, due_attributes
from functions.adapters.ledger.keys import CanaryKey
from functions.adapters.ledger.store import Change, Condition, Item, Part, Store
from functions.domain.canary import Heard
from functions.domain.endpoint import EndpointState

MOST_ITEMS_A_CALL = 100


@dataclass(frozen=True, slots=True)
class WaitingCanary:
    """A canary and all that its event is made of, read in one call."""

    key: CanaryKey
    item: Item
    agency: Item
    endpoint: EndpointState

    @property
    def tip(self) -> Tip:
        """It is the agency's own: whatever the registry changes meanwhile moves it."""
        return Tip.of(self.agency)

    @property
    def left_open(self) -> str | None:
        """The id of an earlier event whose sender never came back."""
        return self.item.get("on_its_way")

    def is_due(self, now: datetime) -> bool:
        return bool(self.item.get("due_at", "~") <= at_text(now))


class Canaries:
    """The writes around a canary, each in one transaction with its row in the agency's chain.

    A claim needs no check of what was read: another worker's claim is a row of the same chain, and so is a
    change of the agency. Either moves the tip.
    """

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def load(self, key: CanaryKey) -> WaitingCanary:
        """What is needed to send it; an agency that has none is never due."""
        state = self._store.state
        wanted = {
            **endpoints.addresses(self._store, key.agency_id),
            "canary": (state, key.pk, key.sk),
            "agency": (state, key.pk, keys.HEAD),
        }
        found = self._store.get_many(wanted.values())
        item = {name: found.get(address, {}) for name, address in wanted.items()}
        return WaitingCanary(key, item["canary"], item["agency"], endpoints.state_of(item))

    def tip(self, key: CanaryKey) -> Tip:
        """The agency's tip as it stands now."""
        return self._chain.tip(key.pk)

    def claim(
        self,
        waiting: WaitingCanary,
        facts: Sequence[Fact],
        *,
        message_id: str,
        next_due_at: datetime,
        answer_by: datetime,
        now: datetime,
    ) -> None:
        """Takes this one canary and makes the next one due.

        Raises ConditionsFailedError naming the endpoint, ContendedError if the agency's tip moved.
        """
        taken = Change({"on_its_way": message_id, **due_attributes(waiting.key, next_due_at)})
        turn, agency_id = waiting.endpoint.turn(now), waiting.key.agency_id
        self._store.write(
            [
                *self._chain.append(waiting.key.pk, waiting.tip, facts, now),
                self._update(waiting.key, taken),
                endpoints.take_turn(self._store, agency_id, turn, until=answer_by, now=now),
            ]
        )

    def close(
        self, key: CanaryKey, tip: Tip, fact: Fact, *, message_id: str, reached: bool, now: datetime
    ) -> None:
        """What came of it. Raises ConditionsFailedError if it was closed already, for want of an answer."""
        heard = Change({_HEARD[reached]: at_text(now)}, remove=("on_its_way",))
        mine = Condition("#on_its_way = :mine", {"mine": message_id})
        self._store.write(
            [*self._chain.append(key.pk, tip, [fact], now), self._update(key, heard, mine)],
        )

    def put_off(self, waiting: WaitingCanary, *, due_at: datetime) -> None:
        """Later, without an event: nothing may leave now. There is no row, so it asks what was read."""
        change = Change(due_attributes(waiting.key, due_at))
        as_seen = Condition("#due_at = :due_at", {"due_at": waiting.item["due_at"]})
        self._store.write([self._update(waiting.key, change, as_seen)])

    def retire(self, waiting: WaitingCanary, facts: Sequence[Fact], now: datetime) -> None:
        """None goes to this endpoint any more, unless its agency has agreed again since it was read."""
        change = Change({}, remove=(*NO_LONGER_DUE, "on_its_way"))
        self._store.write(
            [
                *self._chain.append(waiting.key.pk, waiting.tip, facts, now),
                self._update(waiting.key, change),
            ]
        )

    def heard(self) -> list[Heard]:
        """What the canaries of each agency met that agrees to them."""
        hub = self._store.get(self._store.state, keys.HUB, keys.HEAD) or {}
        wanted = [(self._store.state, keys.agency(name), keys.CANARY) for name in hub.get("agencies", ())]
        found: list[Item] = []
        for start in range(0, len(wanted), MOST_ITEMS_A_CALL):
            found += self._store.get_many(wanted[start : start + MOST_ITEMS_A_CALL]).values()
        return [
            Heard(_moment(item.get(_HEARD[True])), _moment(item.get(_HEARD[False])))
            for item in found
            if "due_at" in item
        ]

    def _update(self, key: CanaryKey, change: Change, condition: Condition | None = None) -> Part:
        return self._store.update(
            "canary", self._store.state, (key.pk, key.sk), change=change, condition=condition
        )


def due_now(store: Store, agency_id: str, now: datetime) -> Part:
    """The part of a registry's change after which an agency agrees to canaries, or no longer does.

    Either way the sender looks at it: it sends the first one, or finds that there is none to send any more.
    """
    key = CanaryKey(agency_id)
    return store.update("canary", store.state, (key.pk, key.sk), change=Change(due_attributes(key, now)))


def due_before_its_time(store: Store, agency_id: str, now: datetime) -> Part:
    """The part of a person's act after which the canary goes that would have gone later; refused where one is
    due already."""
    key = CanaryKey(agency_id)
    later = Condition("#due_at > :now", {"now": at_text(now)})
    change = Change(due_attributes(key, now))
    return store.update("canary", store.state, (key.pk, key.sk), change=change, condition=later)


_HEARD = {True: "reached_at", False: "unreached_at"}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
