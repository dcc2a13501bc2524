"""Taking in what happens beside decisions: each event one transaction, those that come too early kept for
their time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Release, release_parts
from functions.adapters.ledger.calls import Answered, answer
from functions.adapters.ledger.chain import Chain, Fact, at_text
from functions.adapters.ledger.clocks import moved_clocks
from functions.adapters.ledger.items import task_key
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.parts import (
    cancel,
    delivery,
    done_task,
    marker,
    new_key,
    notice,
    open_task,
    supersede,
    superseded_fact,
    told_by_telephone,
)
from functions.adapters.ledger.records import (
    Arrival,
    MovedClock,
    NewUpdate,
    OpenedTask,
    Referral,
    Sealed,
)
from functions.adapters.ledger.store import MOST_PARTS, Change, Condition, Item, Part, Store
from functions.domain.series import newest_in


@dataclass(frozen=True, slots=True)
class Early:
    """An event that waits for its referral, or for the child's decision: whole, sealed beside its row."""

    event_id: str
    event_type: str
    sealed: Sealed


@dataclass(frozen=True, slots=True)
class TakenEvent:
    """Everything that one event's transaction records.

    `marked` are the event's id and fingerprint; None where it was marked when it came, and waited.
    """

    facts: Sequence[Fact]
    head: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    updates: Sequence[NewUpdate] = ()
    tasks: Sequence[OpenedTask] = ()
    done_tasks: Sequence[Item] = ()
    stopped: Sequence[tuple[Item, Fact]] = ()
    """Messages that nobody sends any more, each with its row, as far as there is room."""
    over: Sequence[Item] = ()
    """Tasks that are nobody's any more, as far as there is room."""
    phoned: Sequence[Item] = ()
    phoned_at: datetime | None = None
    """When the readers of `phoned` heard by telephone what those tell."""
    answered: Sequence[Answered] = ()
    rung: Sequence[Item] = ()
    """Calls that told what no message tells, and that somebody made."""
    release: Release | None = None
    marked: tuple[str, str] | None = None
    new_key: bytes | None = None
    clocks: Sequence[MovedClock] = ()
    early: Early | None = None
    taken_up: Item | None = None
    """What the event waited as."""

    @property
    def room(self) -> int:
        """How many parts its transaction could take besides; below none where it cannot take all of this."""
        own = len(("head", "event", "key", "early"))
        lists = (self.facts, _learnt(self), self.tasks, self.done_tasks)
        told = (self.phoned, self.answered, self.rung)
        own += sum(map(len, told)) + (self.release.parts if self.release else 0)
        of_updates = (
            (*one.facts, *one.notices, *one.deliveries, *one.tasks, *one.over) for one in self.updates
        )
        of_clocks = sum(one.parts for one in self.clocks)
        return MOST_PARTS - own - sum(map(len, lists)) - sum(map(len, of_updates)) - of_clocks


class Lifecycle:
    """Reads what waits, and writes what has come, each event in one transaction."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def waiting(self, ref: str) -> list[Item]:
        """The referral's events that came before their time, in the order in which they came."""
        items = self._store.partition(self._store.state, keys.referral(ref), keys.EARLY_PREFIX)
        return sorted((item for item in items if "cipher" in item), key=lambda item: str(item["at"]))

    def take(self, referral: Referral, taken: TakenEvent, arrival: Arrival) -> None:
        """Records one event whole, as far as there is room with what it stops and replaces.

        What it leaves of those is noticed later: an unsent message refuses itself when it is claimed.

        Raises ContendedError if another writer was first, ConditionsFailedError if what it rests on changed.
        """
        room = max(taken.room, 0)
        over = taken.over[:room]
        room -= len(over)
        stopped = taken.stopped[: room // len(("row", "delivery"))]
        room -= len(("row", "delivery")) * len(stopped)
        superseded = list(_given_way(referral, taken))[: room // len(("row", "delivery"))]
        facts = [
            *taken.facts,
            *(taken.release.facts if taken.release else ()),
            *(fact for one in taken.updates for fact in one.facts),
            *(fact for _, fact in stopped),
            *(
                superseded_fact(
                    DeliveryKey.of(item), by=one.number, cause=one.facts[0].cause, by_series=one.series
                )
                for item, one in superseded
            ),
        ]
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, facts, arrival.at, head=taken.head),
                *self._recorded(referral, taken, arrival),
                *(done_task(self._store, item) for item in _ended(referral, taken, over)),
                *(cancel(self._store, item) for item, _ in stopped),
                *(supersede(self._store, item) for item, _ in superseded),
            ]
        )

    def _recorded(self, referral: Referral, taken: TakenEvent, arrival: Arrival) -> Iterator[Part]:
        store, pk = self._store, referral.pk
        if taken.marked is not None:
            event_id, fingerprint = taken.marked
            yield marker(store, event_id, arrival, pk, fingerprint)
        yield from new_key(store, pk, taken.new_key)
        yield from self._waits(pk, taken, arrival)
        for child, state in _learnt(taken).items():
            address = (pk, keys.child(child))
            yield store.update(f"child {child}", store.state, address, change=Change(state))
        for one in taken.updates:
            yield from (notice(store, pk, kept) for kept in one.notices)
            yield from (delivery(store, new, arrival.at) for new in one.deliveries)
        for opened in _opened(pk, taken).values():
            yield open_task(store, pk, opened, arrival.at)
        yield from (done_task(store, item) for item in taken.done_tasks)
        yield from (done_task(store, item, told=True) for item in taken.rung)
        yield from moved_clocks(store, pk, taken.clocks)
        yield from (told_by_telephone(store, item, taken.phoned_at or arrival.at) for item in taken.phoned)
        yield from (part for one in taken.answered for part in answer(store, one.call, *one.by))
        if taken.release is not None:
            yield from release_parts(store, referral, taken.release, arrival.at)

    def _waits(self, pk: str, taken: TakenEvent, arrival: Arrival) -> Iterator[Part]:
        if taken.early is not None:
            early = taken.early
            yield self._store.put(
                "early",
                self._store.state,
                {
                    "pk": pk,
                    "sk": keys.early(early.event_id),
                    "event_type": early.event_type,
                    "bus_id": arrival.bus_id,
                    "source": arrival.source,
                    "at": at_text(arrival.at),
                    "uid": early.sealed.uid,
                    "cipher": early.sealed.cipher,
                },
            )
        if taken.taken_up is not None:
            address = (pk, taken.taken_up["sk"])
            yield self._store.update(
                "early",
                self._store.state,
                address,
                change=Change({"taken_up_at": at_text(arrival.at)}, remove=("cipher",)),
                condition=Condition("attribute_exists(#cipher)", {}),
            )


def _learnt(taken: TakenEvent) -> dict[int, dict[str, Any]]:
    """What each child's item learns, once each: its state, and its newest number in each series and line."""
    learnt: dict[int, dict[str, Any]] = {child: dict(state) for child, state in taken.children.items()}
    for one in taken.updates:
        numbers = dict.fromkeys(map(newest_in, (one.series, *one.lines)), one.number)
        learnt.setdefault(one.child, {}).update(numbers)
    return learnt


def _given_way(referral: Referral, taken: TakenEvent) -> Iterator[tuple[Item, NewUpdate]]:
    """What nobody has started to send of what gives way to an update, and what takes its place."""
    return ((item, one) for one in taken.updates for item in one.gives_way(referral))


def _ended(referral: Referral, taken: TakenEvent, over: Sequence[Item]) -> Iterator[Item]:
    """The tasks that end with what is stopped or gives way, each once; not one that something new is held
    for."""
    opened, of_updates = _opened(referral.pk, taken), (task for one in taken.updates for task in one.over)
    ended = {task["sk"]: task for task in (*of_updates, *over)}
    return (task for sk, task in ended.items() if sk not in opened)


def _opened(pk: str, taken: TakenEvent) -> dict[str, OpenedTask]:
    """The tasks by their keys: what waits for one thing is one task, due as soon as any of it."""
    opened: dict[str, OpenedTask] = {}
    for one in (*(task for new in taken.updates for task in new.tasks), *taken.tasks):
        sk = task_key(pk, one.child, one.task).sk
        opened[sk] = min(opened.get(sk, one), one, key=lambda task: task.task.due_at)
    return opened
