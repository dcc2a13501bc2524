"""One partition of both tables as the reconciliation reads it: whole, and of one moment."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item, Store
from functions.domain.reconciliation.evidence import (
    Child,
    ClockSeen,
    Delivery,
    Evidence,
    Row,
    TaskSeen,
    Which,
)
from functions.domain.series import FORM_SETTLED, NEWEST, REFERRER_WAITS
from functions.domain.withdrawal import WITHDRAWN
from functions.domain.withholding import WITHHELD
from schemas.codes import ClockKind, Outcome

T = TypeVar("T")


class Partitions:
    """Reads what two accounts of one partition are made from."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, partition: str) -> Evidence:
        """The rows, and whatever of a referral hangs on them.

        The rows come first, so that the head cannot end before them; what was added until the head was read
        is read once more, and what was added after that is left to the next look.
        """
        rows = self.rows(partition)
        ref = keys.ref_of(partition)
        state = self._store.state
        if ref is None:
            head, items = self._store.get(state, partition, keys.HEAD), []
        else:
            items = self._store.partition(state, partition)
            head = next((item for item in items if item["sk"] == keys.HEAD), None)
        tip = (int(head["seq"]), str(head["tip"])) if head and "seq" in head else None
        if tip and (not rows or rows[-1].seq < tip[0]):
            rows = [row for row in self.rows(partition) if row.seq <= tip[0]]
        return _Reading(partition, ref or "").of(rows, tip, items)

    def of_one_reader(self, key: DeliveryKey) -> list[Delivery]:
        """The deliveries by which one agency is told one version, whatever their channel, this one first."""
        items = self._store.partition(self._store.state, key.pk, key.all_channels_sk)
        found = [_delivery(item) for item in items if DeliveryKey.of(item).origin == key.origin]
        return sorted(found, key=lambda one: one.name != key.sk)

    def rows(self, partition: str) -> list[Row]:
        """The partition's rows alone, in order."""
        found = self._store.partition(self._store.audit, partition, keys.ENTRY_PREFIX)
        return [Row(item["sk"], keys.seq_of(item["sk"]), item) for item in found]


class _Reading:
    """A partition's items sorted and read, one by one: what another release wrote is named, not raised."""

    def __init__(self, partition: str, ref: str) -> None:
        self._partition = partition
        self._ref = ref
        self._unreadable: list[str] = []

    def of(self, rows: list[Row], tip: tuple[int, str] | None, items: list[Item]) -> Evidence:
        deliveries = self._each(items, keys.DELIVERY_PREFIX, _delivery)
        children = self._each(items, keys.CHILD_PREFIX, _child)
        return Evidence(
            partition=self._partition,
            ref=self._ref,
            rows=tuple(rows),
            tip=tip,
            deliveries={one.which: one for one in deliveries.values()},
            children={int(sk.removeprefix(keys.CHILD_PREFIX)): one for sk, one in children.items()},
            tasks=self._each(items, keys.TASK_PREFIX, _task),
            clocks=self._each(items, keys.CLOCK_PREFIX, _clock),
            notices=dict(self._each(items, keys.NOTICE_PREFIX, _notice).values()),
            left=frozenset(filter(None, self._each(items, keys.JOIN_PREFIX, _left).values())),
            unreadable=tuple(self._unreadable),
        )

    def _each(self, items: list[Item], prefix: str, read: Callable[[Item], T]) -> dict[str, T]:
        found: dict[str, T] = {}
        for item in items:
            if item["sk"].startswith(prefix):
                try:
                    found[item["sk"]] = read(item)
                except (KeyError, TypeError, ValueError):
                    self._unreadable.append(item["sk"])
        return found


def _delivery(item: Item) -> Delivery:
    key, own = DeliveryKey.of(item), item.get("duplicate")
    return Delivery(
        which=Which(key.ref, key.child, key.seq, key.agency_id, key.channel.value, key.nonce),
        name=key.sk,
        state=item["st"],
        held=frozenset(item.get("held", ())),
        is_due="due_pk" in item,
        due_at=_moment(item, "due_at"),
        is_watched="watch_pk" in item,
        lease_until=_moment(item, "lease_until"),
        receipt=item.get("rcpt"),
        is_confirmed="acked_at" in item or "phoned_at" in item,
        is_resent="resent" in item,
        origin=key.origin,
        called_for=item.get("called_for"),
        own=(own["referral_ref"], own["child_index"]) if own else None,
    )


def _child(item: Item) -> Child:
    """A duplicate's own holds keep nobody's message back in its own referral: they stand elsewhere."""
    held = () if item.get("outcome") == Outcome.DUP else item.get("held", ())
    newest = {name.removeprefix(NEWEST): item[name] for name in item if name.startswith(NEWEST)}
    return Child(
        dver=item.get("dver", 0),
        held=frozenset(held),
        places=tuple(item.get("joined", ())),
        newest=newest,
        withdrawn=item.get(WITHDRAWN, 0),
        withheld=item.get(WITHHELD, {}),
        form_settled=item.get(FORM_SETTLED, 0),
        referrer_waits=item.get(REFERRER_WAITS, ""),
        is_undecided=_is_undecided(item),
    )


def _is_undecided(item: Item) -> bool:
    """What probation asked is no child, and nobody decides it."""
    if "dver" not in item:
        return "received_at" in item and keys.ref_in(item["pk"]) is not None
    return {item["outcome"], *item.get("additional", ())} == {Outcome.INF}


def _task(item: Item) -> TaskSeen:
    return TaskSeen(
        kind=item["kind"],
        child=item["child"],
        agency_id=item.get("agency"),
        about=item.get("about"),
        state=item["st"],
        is_due="due_pk" in item,
        is_listed="work_pk" in item,
    )


def _clock(item: Item) -> ClockSeen:
    return ClockSeen(
        kind=ClockKind(item["kind"]).value,
        child=item["child"],
        is_due="due_pk" in item,
        end=item.get("ended_by"),
    )


def _notice(item: Item) -> tuple[tuple[int, int, str], str]:
    child, dver, *nonce = item["sk"].removeprefix(keys.NOTICE_PREFIX).split("#")
    return (int(child), int(dver), "".join(nonce)), item["uid"]


def _left(item: Item) -> tuple[str, int] | None:
    return (item["ref"], item["of_child"]) if item["left"] else None


def _moment(item: Mapping[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(item[name]) if name in item else None
