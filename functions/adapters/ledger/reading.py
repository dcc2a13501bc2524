"""Reading the trail and what is due; a person's reading is itself recorded first."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeAlias

from functions.adapters.errors import busy_told
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, at_text
from functions.adapters.ledger.keys import CanaryKey, ClockKey, DeliveryKey, TaskKey
from functions.adapters.ledger.store import MOST_GOT, Item, Store, from_item, to_item
from functions.domain.record import uid
from schemas.codes import AuditKind, ClockKind, RaStatus, ReadPurpose, TaskRole

NOT_HERE = "NOT_HERE"
"""The question for what is not there, as the trail has it."""


class Trail:
    """One referral's rows for a person, who is recorded as their reader before they see any."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def read(self, ref: str, *, reader: str, purpose: str, request: str, now: datetime) -> list[Item]:
        """The referral's rows in order, after a READ row has been appended; if that fails, so does the read.

        Where there are none it is a QUERY row for what is not there, without the reference: nothing erases a
        row, and somebody may have typed a name. `reader` is who asks (a caller's ARN), `purpose` a code,
        `request` this request's own id.
        """
        places = (keys.referral(ref), keys.enquiry(ref))
        rows = next(filter(None, (self._store.partition(self._store.audit, at, "E#") for at in places)), [])
        pk = keys.read_by(now, reader)
        kind = AuditKind.READ if rows else AuditKind.QUERY
        what = {"referral": ref} if rows else {"asked": NOT_HERE}
        details = {**what, "purpose": purpose, "rows": len(rows)}
        opened = ref if rows else None
        fact = Fact(kind, uid(kind, request), reader, request, details, opened=opened)
        self._store.write(self._chain.append(pk, self._chain.tip(pk), [fact], now))
        return rows

    def referral_of(self, message_id: str) -> str | None:
        """Whose message that is, for whoever was told of it by a log, which names no reference."""
        found = self._store.listed(self._store.state, "msg", "message_id", message_id)
        return next((keys.referral_of(item) for item in found), None)


@dataclass(frozen=True, slots=True)
class Export:
    """What leaves the service: of which period, how many rows, and the hash of their file; where they leave
    as Parquet too, of that file as well.

    `filters` are what it was narrowed to, as a question's are; `since` and `until` are None of what leaves
    whatever day it is of.
    """

    what: str
    purpose: str
    since: str | None
    until: str | None
    rows: int
    sha256: str
    parquet_sha256: str | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


CAME_TO = "came_to"
"""Among the filters of a question, the referral that all of its answer is about, though nobody named it:
whoever asks for a day on which one came in has opened that one."""


class Asked:
    """A person's question over many referrals or the registry, recorded before it is answered, and what a
    person takes away."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def note(
        self,
        *,
        reader: str,
        asked: str,
        rows: int,
        request: str,
        now: datetime,
        purpose: ReadPurpose = ReadPurpose.COMMAND_LINE,
        filters: Mapping[str, str] | None = None,
    ) -> None:
        """Appends the QUERY row; if that fails, so does the answer. `asked` is a code for the question, and
        `filters` what it was narrowed to: codes, ids and days."""
        details = {
            "asked": asked,
            "purpose": purpose.value,
            "rows": rows,
            "filters": dict(filters or {}) or None,
        }
        self._append(_fact(AuditKind.QUERY, reader, request, details), now)

    def hand_out(self, export: Export, *, reader: str, request: str, now: datetime) -> None:
        """Appends the EXPORT row; if that fails, nothing is handed out."""
        details = {
            "exported": export.what,
            "purpose": export.purpose,
            "since": export.since,
            "until": export.until,
            "rows": export.rows,
            "sha256": export.sha256,
            "filters": dict(export.filters) or None,
        }
        if export.parquet_sha256:
            details["parquet_sha256"] = export.parquet_sha256
        self._append(_fact(AuditKind.EXPORT, reader, request, details), now)

    def _append(self, fact: Fact, now: datetime) -> None:
        pk = keys.read_by(now, fact.actor)
        self._store.write(self._chain.append(pk, self._chain.tip(pk), [fact], now))


def _fact(kind: AuditKind, reader: str, request: str, details: Mapping[str, Any]) -> Fact:
    return Fact(kind, uid(kind, request), reader, request, details, opened=_opened(details["filters"] or {}))


def _opened(filters: Mapping[str, str]) -> str | None:
    """The one referral that a question or a file was narrowed to, came to, or that its task stands with."""
    return filters.get("ref") or filters.get(CAME_TO) or keys.ref_of(filters.get("of", ""))


_WHENEVER = "~"
"""Sorts after every moment in an index."""


Due: TypeAlias = DeliveryKey | TaskKey | CanaryKey | ClockKey
"""Whatever may stand in the due index."""


class DueIndex:
    """Deliveries, tasks, canaries and clocks whose time has come, oldest first in each shard."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def until(self, now: datetime) -> Iterator[Due]:
        """Every delivery due by `now`, new, to be retried, or abandoned by whoever claimed it, and every open
        task, every canary and every clock that is due."""
        for item in self._items("due", keys.due_shard, f"{at_text(now)}~"):
            if item["sk"].startswith(keys.TASK_PREFIX):
                yield TaskKey(item["pk"], item["sk"])
            elif item["sk"] == keys.CANARY:
                yield CanaryKey(keys.agency_id_of(item))
            elif item["sk"].startswith(keys.CLOCK_PREFIX):
                if clock := keys.readable_clock(item["pk"], item["sk"]):
                    yield clock
            elif key := keys.readable_delivery(item["pk"], item["sk"]):
                yield key

    def chases(self) -> Iterator[ClockKey]:
        """Every child's chase for its police form that goes on: whenever its next step is due, and with its
        manager."""
        due = self._items("due", keys.due_shard, _WHENEVER)
        for item in (*due, *_queued_work(self._store, keys.CHASES_OF_MANAGERS)):
            is_one = item["sk"].startswith(keys.clock_prefix(ClockKind.POLICE_FORM))
            if is_one and (clock := keys.readable_clock(item["pk"], item["sk"])):
                yield clock

    def chases_of(self, status: RaStatus) -> Iterator[ClockKey]:
        """The chases for the forms that were last seen to be so; of each child its own item alone is read."""
        chases = iter(dict.fromkeys(self.chases()))
        while some := list(islice(chases, MOST_GOT)):
            at = {(self._store.state, key.pk, keys.child(key.which.child)): key for key in some}
            children = self._store.get_many(at)
            yield from (key for place, key in at.items() if children.get(place, {}).get("ra") == status)

    def watched(self, now: datetime) -> Iterator[DeliveryKey]:
        """Every delivery whose people's clock has run out by `now`."""
        for item in self._items("watch", keys.watch_shard_of, f"{at_text(now)}~"):
            if key := keys.readable_delivery(item["pk"], item["sk"]):
                yield key

    def on_their_way(self) -> Iterator[tuple[datetime, DeliveryKey]]:
        """Every delivery that will go again by itself, and since when its agency has waited for it."""
        for item in self._items("due", keys.due_shard, _WHENEVER):
            if "wait_from" in item and (key := keys.readable_delivery(item["pk"], item["sk"])):
                yield datetime.fromisoformat(item["wait_from"]), key

    def standing(self) -> Iterator[tuple[datetime, datetime | None]]:
        """When each thing in the index is due and, of a message, since when its agency waits for it."""
        for item in self._items("due", keys.due_shard, _WHENEVER):
            waits = item.get("wait_from")
            yield _moment_in(item["due_sk"]), datetime.fromisoformat(waits) if waits else None

    def run_out(self, by: datetime) -> Iterator[datetime]:
        """When each people's clock ran out that did so by then, and has not been looked at since."""
        for item in self._items("watch", keys.watch_shard_of, f"{at_text(by)}~"):
            yield _moment_in(item["watch_sk"])

    def _items(self, index: str, shard: Callable[[int], str], until: str) -> Iterator[Item]:
        pk, sk = f"{index}_pk", f"{index}_sk"
        for number in range(keys.DUE_SHARDS):
            pages = self._store.client.get_paginator("query").paginate(
                TableName=self._store.state,
                IndexName=index,
                KeyConditionExpression=f"#{pk} = :shard AND #{sk} <= :now",
                ExpressionAttributeNames={f"#{pk}": pk, f"#{sk}": sk},
                ExpressionAttributeValues=to_item({":shard": shard(number), ":now": until}),
            )
            with busy_told():
                for page in pages:
                    yield from map(from_item, page["Items"])


def _moment_in(sort_key: str) -> datetime:
    return datetime.fromisoformat(sort_key.partition("#")[0])


class WorkIndex:
    """Open tasks by role, the one due first first; of a sample what is done; a child's referrals."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def task(self, pk: str, sk: str) -> Item | None:
        """One task as it stands, open or done; None where there is none."""
        if not sk.startswith(keys.TASK_PREFIX):
            return None
        return self._store.get(self._store.state, pk, sk)

    def of(self, role: TaskRole) -> Iterator[Item]:
        """The role's open tasks, overdue ones among them."""
        return _queued_work(self._store, keys.task_queue(role))

    def graded(self, month: str) -> Iterator[Item]:
        """The tasks of the forms of `2026-11`'s sample that are graded, in the order in which they were."""
        return _queued_work(self._store, keys.graded_forms(month))

    def same_child(self, pseudonym: str) -> list[str]:
        """The references under which this child came, in the order in which they were received."""
        found = _queued_work(self._store, keys.same_child(pseudonym))
        return list(dict.fromkeys(filter(None, (keys.ref_of(item["pk"]) for item in found))))


def _queued_work(store: Store, queue: str) -> Iterator[Item]:
    """What stands under one key of the work index, in order."""
    pages = store.client.get_paginator("query").paginate(
        TableName=store.state,
        IndexName="work",
        KeyConditionExpression="#work_pk = :queue",
        ExpressionAttributeNames={"#work_pk": "work_pk"},
        ExpressionAttributeValues=to_item({":queue": queue}),
    )
    with busy_told():
        for page in pages:
            yield from map(from_item, page["Items"])
