"""What people do to a referral: each act one transaction, with the row that says who did it and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, Tip
from functions.adapters.ledger.items import freed_attributes, task_attributes, task_key
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.parts import delivery, done_task, notice, of_delivery
from functions.adapters.ledger.records import NewDelivery, NewNotice, Referral
from functions.adapters.ledger.store import MOST_PARTS, Change, Condition, Item, Part, Store
from functions.domain.series import REFERRER_WAITS
from functions.domain.tasks import Task
from schemas.codes import DeliveryState, HoldTrigger, TaskState


@dataclass(frozen=True, slots=True)
class Freed:
    """A held delivery and what still holds it; with nothing left it is due at once."""

    item: Item
    still_held: tuple[HoldTrigger, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """What ending one hold changes; `child_held` is None where the child's own hold stays as it is.

    `is_partial` where one transaction cannot take all of it; `beside` is how many parts of others it holds.
    """

    child: int
    seq: int
    facts: Sequence[Fact]
    freed: Sequence[Freed] = ()
    cancelled: Sequence[Item] = ()
    notices: Sequence[NewNotice] = ()
    deliveries: Sequence[NewDelivery] = ()
    tasks: Sequence[Task] = ()
    done_tasks: Sequence[Item] = ()
    child_held: tuple[HoldTrigger, ...] | None = None
    is_partial: bool = False
    beside: int = 0

    def tells(self, agency_id: str) -> bool:
        """Whether a message of the decision itself may go to the agency from now on."""
        freed = (one.item for one in self.freed if not one.still_held)
        may_go = [DeliveryKey.of(item) for item in freed if "duplicate" not in item]
        may_go += [new.key for new in self.deliveries if not new.held and new.pins.duplicate is None]
        return any(key.agency_id == agency_id and key.series is None for key in may_go)

    @property
    def parts(self) -> int:
        """How many parts it is, with its rows."""
        changed = (self.facts, self.freed, self.cancelled, self.notices, self.deliveries)
        return len(("child",)) + sum(map(len, (*changed, self.tasks, self.done_tasks)))

    @property
    def room(self) -> int:
        """How many parts its transaction could take besides; below none where it cannot take all of this."""
        return MOST_PARTS - len(("head",)) - self.parts - self.beside


@dataclass(frozen=True, slots=True)
class Overdue:
    """A task whose clock may fire, and the row of its partition after which it was read."""

    task: Item
    tip: Tip


class Acts:
    """The writes behind people's acts. Each raises ConditionsFailedError if what it acts on has changed."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def release(self, referral: Referral, ended: Release, now: datetime) -> None:
        """Ends a hold: deliveries freed or replaced, tasks done, all as they were read."""
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, ended.facts, now),
                *release_parts(self._store, referral, ended, now),
            ]
        )

    def overdue(self, pk: str, sk: str) -> Overdue | None:
        """One task as it stands, after the tip that its row would follow; None if there is no such task."""
        tip = self._chain.tip(pk)
        task = self._store.get(self._store.state, pk, sk)
        return Overdue(task, tip) if task else None

    def fire(self, overdue: Overdue, fact: Fact, now: datetime) -> None:
        """Records that a task's time has come and it is still open; it stays open, and is due no more."""
        task = overdue.task
        still_due = Condition("#st = :open AND #due_at = :seen", {"open": task["st"], "seen": task["due_at"]})
        self._store.write(
            [
                *self._chain.append(task["pk"], overdue.tip, [fact], now),
                self._store.update(
                    "task",
                    self._store.state,
                    (task["pk"], task["sk"]),
                    change=Change({"st": TaskState.OVERDUE.value}, remove=("due_pk", "due_sk")),
                    condition=still_due,
                ),
            ]
        )


def release_parts(store: Store, referral: Referral, ended: Release, now: datetime) -> Iterator[Part]:
    """What ending a hold changes, beside its rows."""
    yield _child(store, referral, ended)
    yield from (_free(store, freed, now) for freed in ended.freed)
    yield from (_cancel(store, item) for item in ended.cancelled)
    yield from (notice(store, referral.pk, kept) for kept in ended.notices)
    yield from (delivery(store, new, now) for new in ended.deliveries)
    yield from (_open(store, referral.pk, ended, task, now) for task in ended.tasks)
    yield from (done_task(store, task) for task in ended.done_tasks)


def _child(store: Store, referral: Referral, ended: Release) -> Part:
    """The child is as it was read, so that nobody releases what they have not seen, or twice."""
    child = referral.children[ended.child]
    key, as_read = (referral.pk, keys.child(ended.child)), _as_read(child)
    held = ended.child_held
    learnt = {} if held is None else {"held": [trigger.value for trigger in held]}
    over = (REFERRER_WAITS,) if ended.tells(child.get(REFERRER_WAITS, "")) else ()
    if not (learnt or over):
        return store.check("child", store.state, key, as_read)
    return store.update("child", store.state, key, change=Change(learnt, remove=over), condition=as_read)


def _as_read(child: Item) -> Condition:
    if "dver" not in child:
        return Condition("attribute_not_exists(#dver)", {})
    values = {"read_dver": child["dver"], "read_held": child["held"]}
    return Condition("#dver = :read_dver AND #held = :read_held", values)


def _open(store: Store, pk: str, ended: Release, task: Task, now: datetime) -> Part:
    """Opens a task for a hold on a message that the release makes; one that is open already stays."""
    item = task_attributes(pk, ended.child, ended.seq, task, now)
    key = task_key(pk, ended.child, task)
    not_open = Condition("attribute_not_exists(#pk) OR #st = :done", {"done": TaskState.DONE.value})
    return store.update(
        f"task {key.sk}", store.state, (key.pk, key.sk), change=Change(item), condition=not_open
    )


def _free(store: Store, freed: Freed, now: datetime) -> Part:
    key = DeliveryKey.of(freed.item)
    if freed.still_held:
        change = Change({"held": [trigger.value for trigger in freed.still_held]})
    else:
        change = Change(freed_attributes(key, now, freed.item["watched_after"]), remove=("held",))
    return _update(store, freed.item, change)


def _cancel(store: Store, item: Item) -> Part:
    return _update(store, item, Change({"st": DeliveryState.CANCELLED.value}, remove=("held",)))


def _update(store: Store, item: Item, change: Change) -> Part:
    values: Mapping[str, object] = {"pending": DeliveryState.PENDING.value, "seen_held": item["held"]}
    as_seen = Condition("#st = :pending AND #held = :seen_held", values)
    return of_delivery(store, item, change, as_seen)
