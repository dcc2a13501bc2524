"""What people do to a referral: each act one transaction, with the row that says who did it and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, Tip
from functions.adapters.ledger.items import delivery_item, freed_attributes, task_attributes, task_key
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.parts import done_task
from functions.adapters.ledger.records import NewDelivery, NewNotice, Referral
from functions.adapters.ledger.store import MOST_PARTS, Change, Condition, Item, Part, Store
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

    `is_partial` where one transaction cannot take all of it.
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

    @property
    def room(self) -> int:
        """How many parts its transaction could take besides; below none where it cannot take all of this."""
        changed = (self.facts, self.freed, self.cancelled, self.notices, self.deliveries)
        tasks = (self.tasks, self.done_tasks)
        return MOST_PARTS - len(("head", "child")) - sum(map(len, (*changed, *tasks)))


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
        state = self._store.state
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, ended.facts, now),
                self._child(referral, ended),
                *(self._free(freed, now) for freed in ended.freed),
                *(self._cancel(item) for item in ended.cancelled),
                *(
                    self._store.put(f"notice {notice.sk}", state, _notice_item(referral.pk, notice))
                    for notice in ended.notices
                ),
                *(
                    self._store.put(f"delivery {new.key.sk}", state, delivery_item(new, now))
                    for new in ended.deliveries
                ),
                *(self._open(referral.pk, ended, task, now) for task in ended.tasks),
                *(done_task(self._store, task) for task in ended.done_tasks),
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

    def _child(self, referral: Referral, ended: Release) -> Part:
        """The child is as it was read, so that nobody releases what they have not seen, or twice.

        Before the decision only a message beside it can be held.
        """
        key, read = (referral.pk, keys.child(ended.child)), referral.children[ended.child]
        as_read = Condition("attribute_not_exists(#dver)", {})
        if "dver" in read:
            values = {"read_dver": ended.seq, "read_held": read["held"]}
            as_read = Condition("#dver = :read_dver AND #held = :read_held", values)
        if ended.child_held is None:
            return self._store.check("child", self._store.state, key, as_read)
        held = [trigger.value for trigger in ended.child_held]
        return self._store.update(
            "child", self._store.state, key, change=Change({"held": held}), condition=as_read
        )

    def _open(self, pk: str, ended: Release, task: Task, now: datetime) -> Part:
        """Opens a task for a hold on a message that the release makes; one that is open already stays."""
        item = task_attributes(pk, ended.child, ended.seq, task, now)
        key = task_key(pk, ended.child, task)
        not_open = Condition("attribute_not_exists(#pk) OR #st = :done", {"done": TaskState.DONE.value})
        return self._store.update(
            f"task {key.sk}", self._store.state, (key.pk, key.sk), change=Change(item), condition=not_open
        )

    def _free(self, freed: Freed, now: datetime) -> Part:
        key = DeliveryKey.of(freed.item)
        if freed.still_held:
            change = Change({"held": [trigger.value for trigger in freed.still_held]})
        else:
            change = Change(freed_attributes(key, now, freed.item["watched_after"]), remove=("held",))
        return self._update(freed.item, change)

    def _cancel(self, item: Item) -> Part:
        return self._update(item, Change({"st": DeliveryState.CANCELLED.value}, remove=("held",)))

    def _update(self, item: Item, change: Change) -> Part:
        values: Mapping[str, object] = {"pending": DeliveryState.PENDING.value, "seen_held": item["held"]}
        as_seen = Condition("#st = :pending AND #held = :seen_held", values)
        return self._store.update(
            f"delivery {item['sk']}",
            self._store.state,
            (item["pk"], item["sk"]),
            change=change,
            condition=as_seen,
        )


def _notice_item(pk: str, notice: NewNotice) -> Item:
    return {"pk": pk, "sk": notice.sk, "uid": notice.sealed.uid, "cipher": notice.sealed.cipher}
