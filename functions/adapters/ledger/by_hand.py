"""What people do to single messages and tasks: each act one transaction, with the row that says who did it
and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.calls import CALLS, Answered, answer, call_sk
from functions.adapters.ledger.chain import Chain, Fact, Tip, at_text
from functions.adapters.ledger.items import (
    NO_LONGER_WATCHED,
    delivery_item,
    due_attributes,
    still_newest,
    task_attributes,
    watch_attributes,
)
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.parts import (
    as_seen,
    cancel,
    done_task,
    graded_task,
    of_delivery,
    open_task,
    told_by_telephone,
)
from functions.adapters.ledger.records import NewDelivery, NewNotice, OpenedTask, Referral
from functions.adapters.ledger.store import (
    MOST_PARTS,
    Change,
    Condition,
    ConditionsFailedError,
    Item,
    Store,
)
from functions.domain.tasks import Task
from functions.domain.watch import Clock
from schemas.codes import ActReason, DeliveryState, TaskKind, Watch

_TASKS_OF_AN_AGENCY = len(("hold", *CALLS)) * len(("by its name then", "by its name now"))
MOST_CANCELLED = (MOST_PARTS - len(("head",)) - _TASKS_OF_AN_AGENCY) // len(("row", "delivery"))
"""How many messages to one agency one transaction can stop."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A message that is sent again as a new one: `seen` is the one before, as it was read.

    `takes_over` where that one has ended, so that the new one stands in its place, its clock included; a
    webhook that is still tried goes on beside the e-mail.
    """

    fact: Fact
    seen: Item
    takes_over: bool
    new: NewDelivery
    notice: NewNotice


@dataclass(frozen=True, slots=True)
class Stopped:
    """Messages of one child that nobody sends any more, as they were read, each with its row.

    `answered` are the open calls that are about some of them; one that is about nothing else ends.
    """

    facts: Sequence[Fact]
    deliveries: Sequence[Item]
    done_tasks: Sequence[Item] = ()
    answered: Sequence[Answered] = ()
    by_phone: bool = False
    """Whether their readers have heard by telephone what they were to tell."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A task that somebody has done, and the deliveries whose reader was told by telephone meanwhile.

    `by_phone`: it was a call, and somebody was told.
    """

    fact: Fact
    task: Item
    told: Sequence[Item] = ()
    by_phone: bool = False
    heard_at: datetime | None = None
    """When the call was, where that is known; else it counts as made when it was recorded."""
    grade: ActReason | None = None
    """Of a form that was drawn to be graded."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A hold that goes on: its task as it was read, and as it stands from now on."""

    fact: Fact
    seen: Item
    task: Task


@dataclass(frozen=True, slots=True)
class TasksBeside:
    """What is asked of people about an agency itself, or a source, and the row after which that was read."""

    tip: Tip
    tasks: Sequence[Item]


class ByHand:
    """The writes behind people's acts on messages and tasks.

    Each raises ConditionsFailedError if what it acts on has changed, ContendedError if only the tip moved.
    """

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def stands(self, pk: str, tip: Tip, fact: Fact) -> bool:
        """Whether this very fact is the row after `tip`: an act whose answer was lost was done."""
        row = self._store.get(self._store.audit, pk, keys.entry(tip.seq + 1))
        return row is not None and row["uid"] == fact.uid

    def repeat(self, referral: Referral, repeated: Repeated, now: datetime) -> None:
        """A message goes again as a new delivery, with a notice and an id of its own."""
        new, seen, state = repeated.new, repeated.seen, self._store.state
        if repeated.takes_over:
            change = Change({"resent": new.key.nonce}, remove=NO_LONGER_WATCHED)
            before = of_delivery(self._store, seen, change, _unrepeated(seen))
            item = _in_the_place_of(seen, new, now)
        else:
            address = (seen["pk"], seen["sk"])
            before = self._store.check(f"delivery {seen['sk']}", state, address, as_seen(seen))
            item = delivery_item(new, now)
        notice, sealed = repeated.notice, repeated.notice.sealed
        kept = {"pk": referral.pk, "sk": notice.sk, "uid": sealed.uid, "cipher": sealed.cipher}
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, [repeated.fact], now),
                self._store.check(
                    "child", state, (referral.pk, keys.child(new.key.child)), still_newest(new.key)
                ),
                before,
                self._store.put(f"notice {notice.sk}", state, kept),
                self._store.put(f"delivery {new.key.sk}", state, item),
            ]
        )

    def open(self, referral: Referral, fact: Fact, opened: OpenedTask, now: datetime) -> None:
        """A task that a person wants done."""
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, [fact], now),
                open_task(self._store, referral.pk, opened, now),
            ]
        )

    def hasten(self, referral: Referral, seen: Item, fact: Fact, now: datetime) -> None:
        """A message that waits goes now, with its attempts as they are and its refusals forgotten."""
        waits = seen["st"] == DeliveryState.PENDING
        state = DeliveryState.PENDING if waits else DeliveryState.RETRY
        change = Change({"st": state.value, "refusals": 0, **due_attributes(DeliveryKey.of(seen), now)})
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, [fact], now),
                of_delivery(self._store, seen, change, as_seen(seen)),
            ]
        )

    def put_forward(self, key: DeliveryKey, now: datetime) -> bool:
        """Makes a delivery that waits for a later time due now; false if it does not wait any more.

        No row: that its endpoint was resumed is in the endpoint's own, as its being put off was.
        """
        still_waits = Condition(
            "#st IN (:pending, :retry) AND attribute_not_exists(#held) AND #due_at > :now",
            {
                "pending": DeliveryState.PENDING.value,
                "retry": DeliveryState.RETRY.value,
                "now": at_text(now),
            },
        )
        change, state = Change(due_attributes(key, now)), self._store.state
        part = self._store.update("delivery", state, (key.pk, key.sk), change=change, condition=still_waits)
        try:
            self._store.write([part])
        except ConditionsFailedError:
            return False
        return True

    def cancel(self, referral: Referral, stopped: Stopped, now: datetime) -> None:
        """Nothing of these is ever sent: no due time, no clock, and nobody's task any more."""
        heard_at = now if stopped.by_phone else None
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, stopped.facts, now),
                *(cancel(self._store, item, heard_at=heard_at) for item in stopped.deliveries),
                *(done_task(self._store, task) for task in stopped.done_tasks),
                *(part for one in stopped.answered for part in answer(self._store, one.call, *one.by)),
            ]
        )

    def keep(self, referral: Referral, kept: Kept, now: datetime) -> None:
        """A hold's task is due anew, for as long open as it was, and rings again where it is left."""
        seen, task = kept.seen, kept.task
        opened_at = datetime.fromisoformat(seen["opened_at"])
        change = Change(task_attributes(referral.pk, seen["child"], seen["dver"], task, opened_at))
        as_seen = Condition(
            "#due_at = :seen_due AND attribute_exists(#work_pk)", {"seen_due": seen["due_at"]}
        )
        address = (seen["pk"], seen["sk"])
        self._store.write(
            [
                *self._chain.append(referral.pk, referral.tip, [kept.fact], now),
                self._store.update("task", self._store.state, address, change=change, condition=as_seen),
            ]
        )

    def tasks_in(self, pk: str) -> TasksBeside:
        """The tasks of a partition that is no referral's, done ones among them."""
        tip = self._chain.tip(pk)
        return TasksBeside(tip, self._store.partition(self._store.state, pk, keys.TASK_PREFIX))

    def end(self, tip: Tip, ended: Ended, now: datetime) -> None:
        """Somebody has done a task, and says why it is done."""
        task = (
            done_task(self._store, ended.task, told=ended.by_phone)
            if ended.grade is None
            else graded_task(self._store, ended.task, ended.grade, now)
        )
        self._store.write(
            [
                *self._chain.append(ended.task["pk"], tip, [ended.fact], now),
                task,
                *(told_by_telephone(self._store, item, ended.heard_at or now) for item in ended.told),
            ]
        )


def _in_the_place_of(seen: Item, new: NewDelivery, now: datetime) -> dict[str, Any]:
    """The new delivery; nobody gets more time because a message that is not known to have arrived goes again.

    So it has that one's clock, and the call that it brought; one that was only not read starts afresh.
    """
    item, key = delivery_item(new, now), new.key
    call = call_sk(TaskKind.CALL_UNTOLD, key)
    if seen.get("called_for") == call:
        item["called_for"] = call
    if seen.get("watch") in (None, Watch.UNREAD):
        return item
    clock = Clock(Watch(seen["watch"]), datetime.fromisoformat(seen["watch_at"]))
    return item | {"wait_from": seen["wait_from"], **watch_attributes(key, clock)}


def _unrepeated(item: Item) -> Condition:
    """Nobody has had it sent again meanwhile: of two people who want the same, one does it."""
    seen = as_seen(item)
    return Condition(f"{seen.clauses} AND attribute_not_exists(#resent)", seen.values)
