"""The people's clock of a delivery: what is read when it runs out, and the one transaction of what
follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.calls import alarm, called_about, calls_to
from functions.adapters.ledger.chain import Chain, Fact, Tip
from functions.adapters.ledger.items import (
    NO_LONGER_WATCHED,
    delivery_item,
    join_of,
    task_attributes,
    task_key,
    watch_attributes,
)
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import NewDelivery
from functions.adapters.ledger.store import Change, Condition, Item, Part, Store
from functions.domain.series import replaced_by
from functions.domain.tasks import Task
from functions.domain.watch import Clock
from functions.domain.withdrawal import is_withdrawn
from functions.domain.withholding import withheld_as
from schemas.codes import TaskKind


@dataclass(frozen=True, slots=True)
class Watched:
    """A delivery whose clock has run out, with the agency's other deliveries of the same version."""

    key: DeliveryKey
    delivery: Item
    same_agency: Sequence[Item]
    """All of them, this one included, whatever their channel."""
    child: Item
    agency: Item
    join: Item
    """What the delivery's duplicate says of itself; empty for any other delivery."""
    tip: Tip
    calls: Mapping[TaskKind, Item]
    """The newest call of each kind to the agency, done or not; empty if there never was one."""

    @property
    def is_replaced(self) -> bool:
        """Whether something took its place, or its decision was withdrawn or is withheld."""
        line, number = self.key.line, self.key.seq
        if is_withdrawn(self.child, line, number) or withheld_as(self.child, line, self.key.agency_id):
            return True
        return replaced_by(line, number, self.child) is not None


@dataclass(frozen=True, slots=True)
class Followed:
    """What follows: rows, the next stage, perhaps a fallback or a task; no rows where nothing need be
    told.

    `called_for` is the sort key of a task that another delivery to the agency has opened already.
    """

    facts: Sequence[Fact] = ()
    clock: Clock | None = None
    fallback: NewDelivery | None = None
    task: Task | None = None
    called_for: str | None = None
    alarm: bool = False
    """Whether an alarm is raised, which the call keeps: one for all the ways that a message took."""


class Watching:
    """Reads and moves people's clocks."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def load(self, key: DeliveryKey) -> Watched | None:
        """The delivery and all that decides what its clock means; None if there is no such delivery."""
        state, pk = self._store.state, key.pk
        # Before its deliveries, so that a row appended meanwhile is a conflict and not a gap.
        child_at, head_at = (state, pk, keys.child(key.child)), (state, pk, keys.HEAD)
        agency_at = (state, keys.agency(key.agency_id), keys.HEAD)
        found = self._store.get_many([child_at, head_at, agency_at])
        items = self._store.partition(state, pk, key.all_channels_sk)
        same = {item["sk"]: item for item in items if _counts_beside(key, item)}
        if key.sk not in same:
            return None
        return Watched(
            key=key,
            delivery=same[key.sk],
            same_agency=tuple(same.values()),
            child=found.get(child_at, {}),
            agency=found.get(agency_at, {}),
            join=join_of(self._store, same[key.sk]),
            tip=Tip.of(found.get(head_at)),
            calls=calls_to(self._store, key),
        )

    def follow(self, watched: Watched, then: Followed, now: datetime) -> None:
        """Moves the clock on, with its rows and whatever they tell of, if the delivery is still as it was
        read.

        Raises ConditionsFailedError if it is not, ContendedError if only the tip moved.
        """
        key = watched.key
        rows = self._chain.append(key.pk, watched.tip, then.facts, now) if then.facts else []
        self._store.write(
            [
                *rows,
                self._clock(watched, then),
                *self._fallback(then, now),
                *self._task(watched, then, now),
                *(alarm(self._store, watched.calls[TaskKind.CALL_UNTOLD], key) if then.alarm else []),
            ]
        )

    def _clock(self, watched: Watched, then: Followed) -> Part:
        key, seen = watched.key, watched.delivery
        called_for = task_key(key.pk, key.child, then.task).sk if then.task else then.called_for
        called = {"called_for": called_for} if called_for else {}
        if then.clock is None:
            change = Change(called, remove=NO_LONGER_WATCHED)
        else:
            change = Change({**called, **watch_attributes(key, then.clock)})
        as_seen = Condition(
            "#watch = :watch AND #watch_at = :watch_at AND #st = :seen_st",
            {"watch": seen["watch"], "watch_at": seen["watch_at"], "seen_st": seen["st"]},
        )
        return self._store.update(
            "delivery", self._store.state, (key.pk, key.sk), change=change, condition=as_seen
        )

    def _fallback(self, then: Followed, now: datetime) -> list[Part]:
        if then.fallback is None:
            return []
        return [self._store.put("fallback", self._store.state, delivery_item(then.fallback, now))]

    def _task(self, watched: Watched, then: Followed, now: datetime) -> list[Part]:
        if then.task is None:
            return []
        key = watched.key
        at = task_key(key.pk, key.child, then.task)
        attributes = task_attributes(key.pk, key.child, key.seq, then.task, now)
        change = Change(attributes | called_about(watched.calls[then.task.kind], key))
        return [self._store.update("task", self._store.state, (at.pk, at.sk), change=change)]


def _counts_beside(key: DeliveryKey, item: Item) -> bool:
    """Whether what is known of `item` is known of `key`: the same message by another channel, or one of the
    two sent again in the other's place.

    One that was sent again counts for itself alone: a person did not believe that it had arrived.
    """
    other = DeliveryKey.of(item)
    return other == key or (other.origin == key.origin and "resent" not in item)
