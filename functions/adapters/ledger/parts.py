"""Parts that several transactions share: markers, keys, notices, deliveries, tasks, what gives way to what is
newer, what is stopped, what was told by telephone."""

from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.items import (
    NO_LONGER_DUE,
    NO_LONGER_OPEN,
    NO_LONGER_WATCHED,
    delivery_item,
    task_attributes,
    task_key,
)
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, NewDelivery, NewNotice, OpenedTask
from functions.adapters.ledger.store import Change, Condition, Item, Part, Store
from functions.domain.record import uid
from schemas.codes import ActReason, AuditKind, DeliveryState, Series, TaskState

RUNG_INSTEAD = "rung_instead"
"""What a message is that a person stopped because its reader had heard by telephone what it was to tell."""


def marker(store: Store, event_id: str, arrival: Arrival, pk: str, fingerprint: str) -> Part:
    """Only where none stands: an event is taken in once."""
    item = {
        "pk": keys.marker(event_id),
        "sk": keys.EVENT,
        "bus_id": arrival.bus_id,
        "at": at_text(arrival.at),
        **keys.of_its_day(arrival.at, at_text(arrival.at), event_id),
    }
    return store.put("event", store.state, {**item, "partition": pk, "fingerprint": fingerprint})


def new_key(store: Store, scope: str, wrapped: bytes | None) -> list[Part]:
    """The scope's data key, if it was made just now."""
    if wrapped is None:
        return []
    return [store.put("key", store.keys, {"pk": scope, "sk": keys.KEY, "wrapped": wrapped})]


def notice(store: Store, pk: str, kept: NewNotice) -> Part:
    """What messages are rendered from."""
    item = {"pk": pk, "sk": kept.sk, "uid": kept.sealed.uid, "cipher": kept.sealed.cipher}
    return store.put(f"notice {kept.sk}", store.state, item)


def delivery(store: Store, new: NewDelivery, at: datetime) -> Part:
    """A message to one agency by one channel."""
    return store.put(f"delivery {new.key.sk}", store.state, delivery_item(new, at))


def open_task(store: Store, pk: str, opened: OpenedTask, at: datetime) -> Part:
    """Opens a task, in the place of an older one of its kind."""
    key = task_key(pk, opened.child, opened.task)
    change = Change(task_attributes(pk, opened.child, opened.seq, opened.task, opened.since or at))
    return store.update(f"task {key.sk}", store.state, (key.pk, key.sk), change=change)


def done_task(store: Store, item: Item, *, told: bool = False) -> Part:
    """Ends a task that is still as it was read; one with which somebody was `told` keeps of which version."""
    as_seen = Condition("#st = :seen_st", {"seen_st": item["st"]})
    heard = {"told_dver": item["dver"]} if told else {}
    change = Change({"st": TaskState.DONE.value, **heard}, remove=NO_LONGER_OPEN)
    return store.update(
        f"done {item['sk']}", store.state, (item["pk"], item["sk"]), change=change, condition=as_seen
    )


def graded_task(store: Store, item: Item, grade: ActReason, at: datetime) -> Part:
    """Ends the task of a sample's form, which is listed under its month from now on, with its grade."""
    as_seen = Condition("#st = :seen_st", {"seen_st": item["st"]})
    graded = {
        "st": TaskState.DONE.value,
        "work_pk": keys.graded_forms(item["about"]),
        "work_sk": keys.graded_form(at_text(at), grade, item),
    }
    return store.update(
        f"graded {item['sk']}",
        store.state,
        (item["pk"], item["sk"]),
        change=Change(graded, remove=NO_LONGER_DUE),
        condition=as_seen,
    )


def supersede(store: Store, item: Item) -> Part:
    """Ends a message that nobody has started to send."""
    still_unsent = Condition("#st = :old_st", {"old_st": item["st"]})
    change = Change({"st": DeliveryState.SUPERSEDED.value}, remove=NO_LONGER_DUE)
    return store.update(
        f"supersede {item['sk']}",
        store.state,
        (item["pk"], item["sk"]),
        change=change,
        condition=still_unsent,
    )


def superseded_fact(key: DeliveryKey, *, by: int, cause: str, by_series: Series | None = None) -> Fact:
    """The trail's row for a delivery that something newer replaced before it was sent.

    `by_series` is that of the update to which it gave way; None for a decision.
    """
    return Fact(
        kind=AuditKind.SUPERSEDED,
        uid=uid("SUPERSEDED", key.text, str(by)),
        actor="mash-outcomes",
        cause=cause,
        details={**keys.which(key), "by": by, "by_series": by_series.value if by_series else None},
        agency_id=key.agency_id,
    )


def cancel(store: Store, item: Item, *, heard_at: datetime | None = None) -> Part:
    """Nothing of it is ever sent: no hold, no due time and no clock, if it is still as it was read.

    `heard_at`: because its reader had heard by telephone what it was to tell.
    """
    heard = {"phoned_at": item.get("phoned_at", at_text(heard_at)), RUNG_INSTEAD: True} if heard_at else {}
    cancelled = Change(
        {"st": DeliveryState.CANCELLED.value, **heard},
        remove=("held", *NO_LONGER_DUE, *NO_LONGER_WATCHED),
    )
    return of_delivery(store, item, cancelled, as_seen(item))


def told_by_telephone(store: Store, item: Item, at: datetime) -> Part:
    """Its reader has heard what it tells, so that nobody need call any more."""
    told = Change({"phoned_at": at_text(at)}, remove=NO_LONGER_WATCHED)
    return of_delivery(store, item, told, _clock_as_seen(item))


def of_delivery(store: Store, item: Item, change: Change, condition: Condition) -> Part:
    """A change of a message's item, named for whoever reads why it was refused."""
    address = (item["pk"], item["sk"])
    return store.update(f"delivery {item['sk']}", store.state, address, change=change, condition=condition)


def as_seen(item: Item) -> Condition:
    """Not sent, tried, held or freed since it was read."""
    held = "#held = :seen_held" if "held" in item else "attribute_not_exists(#held)"
    values = {"seen_st": item["st"], "seen_attempt": item["attempt"]}
    values |= {"seen_held": item["held"]} if "held" in item else {}
    return Condition(f"#st = :seen_st AND #attempt = :seen_attempt AND {held}", values)


def _clock_as_seen(item: Item) -> Condition:
    if "watch" not in item:
        return Condition("attribute_not_exists(#watch)", {})
    values = {"seen_watch": item["watch"], "seen_watch_at": item["watch_at"]}
    return Condition("#watch = :seen_watch AND #watch_at = :seen_watch_at", values)
