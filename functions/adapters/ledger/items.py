"""How deliveries and tasks stand in the state table, and what puts them into its indexes."""

from datetime import datetime, timedelta
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import CanaryKey, ClockKey, DeliveryKey, TaskKey
from functions.adapters.ledger.records import NewDelivery
from functions.adapters.ledger.store import Change, Condition, Item, Part, Store
from functions.domain.series import SAYS_MORE, STANDS_WHILE, newest_in
from functions.domain.tasks import Task
from functions.domain.watch import Clock
from functions.domain.withdrawal import WITHDRAWN
from schemas.codes import Channel, DeliveryState, TaskState, Watch

ABOUT_NO_CHILD = 0
"""In the place of a child's number and of its version: a task about an agency or a source may be about
anybody."""
NO_LONGER_DUE = ("due_at", "due_pk", "due_sk")
NO_LONGER_WATCHED = ("watch", "watch_at", "watch_pk", "watch_sk")
NO_LONGER_OPEN = (*NO_LONGER_DUE, "work_pk", "work_sk")


def due_attributes(key: DeliveryKey | TaskKey | CanaryKey | ClockKey, due_at: datetime) -> dict[str, str]:
    """What puts a delivery, a task, a canary or a clock into the due index."""
    text = at_text(due_at)
    return {"due_at": text, "due_pk": keys.shard_of(key.text), "due_sk": f"{text}#{key.text}"}


def watch_attributes(key: DeliveryKey, clock: Clock) -> dict[str, str]:
    """What puts a delivery into the index of the people's clocks."""
    text = at_text(clock.due_at)
    return {
        "watch": clock.stage.value,
        "watch_at": text,
        "watch_pk": keys.watch_shard(key.text),
        "watch_sk": f"{text}#{key.text}",
    }


def delivery_item(new: NewDelivery, at: datetime) -> dict[str, Any]:
    """A delivery as it is created: a held one has no due time, so that nothing sends it."""
    pins = new.pins.model_dump(mode="json", exclude_none=True, exclude={"agency_id", "channel"})
    item: dict[str, Any] = {
        "pk": new.key.pk,
        "sk": new.key.sk,
        "st": DeliveryState.PENDING.value,
        "agency": new.key.agency_id,
        "chan": Channel(new.key.channel).value,
        "child": new.key.child,
        "dver": new.key.seq,
        "attempt": 0,
        "endpoint_version": new.endpoint_version,
        "created_at": at_text(at),
        "watched_after": new.watched_after_seconds,
        **pins,
    }
    if new.held:
        return item | {"held": [trigger.value for trigger in new.held]}
    return item | freed_attributes(new.key, at, new.watched_after_seconds)


def freed_attributes(key: DeliveryKey, at: datetime, watched_after_seconds: int) -> dict[str, str]:
    """What a delivery has that may go from `at` on: it is due, and its people's clock runs."""
    clock = Clock(Watch.FALLBACK, at + timedelta(seconds=watched_after_seconds))
    return {"wait_from": at_text(at), **due_attributes(key, at), **watch_attributes(key, clock)}


def still_newest(key: DeliveryKey) -> Condition:
    """Nothing took its place, as functions/domain/series.py has it, and no decision that it tells was
    withdrawn."""
    newest = f"#{newest_in(key.line)} = :number"
    if key.line is None:
        newest += f" AND attribute_not_exists(#{WITHDRAWN})"
    if key.series is None or key.series not in SAYS_MORE:
        return Condition(newest, {"number": key.seq})
    _, more = SAYS_MORE[key.series]
    awaited = f"attribute_not_exists(#{more}) OR #{more} = :awaited"
    values: dict[str, Any] = {"number": key.seq, "awaited": 0}
    if key.series in STANDS_WHILE:
        awaited += f" OR #{STANDS_WHILE[key.series]} > :nobody"
        values["nobody"] = ""
    return Condition(f"{newest} AND ({awaited})", values)


def sent_to(attempt: int) -> str:
    """The attribute with the key under which the address of that attempt would be suppressed: what comes back
    may be of an earlier one, sent before the registry was mended."""
    return f"sent_to_{attempt}"


def join_of(store: Store, delivery: Item) -> Item:
    """What the original knows of the duplicate whose reader a delivery is for; a second read, and rare."""
    own = delivery.get("duplicate")
    if own is None:
        return {}
    sk = keys.join(own["referral_ref"], own["child_index"])
    return store.get(store.state, delivery["pk"], sk) or {}


def task_key(pk: str, child: int, task: Task) -> TaskKey:
    return TaskKey(pk, keys.task(task.kind, child, task.agency_id, task.about))


def task_attributes(pk: str, child: int, seq: int, task: Task, at: datetime) -> dict[str, Any]:
    """An open task: found by its role through the work index, and by the sweep when its time has come."""
    due = at_text(task.due_at)
    ref = keys.ref_of(pk) or pk
    attributes: dict[str, Any] = {
        "st": TaskState.OPEN.value,
        "kind": task.kind.value,
        "role": task.role.value,
        "child": child,
        "dver": seq,
        "opened_at": at_text(at),
        "work_pk": keys.task_queue(task.role),
        "work_sk": f"{due}#{task.agency_id or '-'}#{ref}",
        **due_attributes(task_key(pk, child, task), task.due_at),
    }
    told_apart = {"agency": task.agency_id, "about": task.about}
    return attributes | {name: value for name, value in told_apart.items() if value is not None}


def same_child_attributes(pseudonym: str, ref: str, received_at: datetime) -> dict[str, str]:
    """What a child learns of its pseudonym, and what puts this referral among those of the same child."""
    place = f"{at_text(received_at)}#{ref}"
    return {"pseudonym": pseudonym, "work_pk": keys.same_child(pseudonym), "work_sk": place}


def end_task(store: Store, pk: str, sk: str) -> Part:
    """Ends a task whatever its state; whoever opened it may have ended it already, and that is as good."""
    change = Change({"st": TaskState.DONE.value}, remove=NO_LONGER_OPEN)
    return store.update(f"done {sk}", store.state, (pk, sk), change=change)
