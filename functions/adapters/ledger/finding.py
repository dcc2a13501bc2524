"""Finding what an agency's endpoint has not taken, for a person who mended it.

No attribute and no index was added for this. What waits is in the due index, which is the retry engine: it
holds every delivery that is not over, of every agency, and nothing else, so that reading it costs what is
open and not what was ever sent. What ended badly has a row that names its agency, so that the trail's own
index finds it. A sparse index by agency would spare both reads, and cost each delivery two more writes, on
its way in and out, to save a person seconds a few times in a year.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from functions.adapters.errors import busy_told
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import MOST_GOT, Item, Store, from_item, to_item
from schemas.codes import AuditKind, Channel, DeliveryState

NEWEST_ENTRIES = 50
"""How far back in a chain an entry is looked for that was written a moment ago."""
ENTRIES_AT_ONCE = 250
"""Of a chain that is walked back: a page of it and a little, far below the megabyte of one answer."""


class Finding:
    """Queries over what is unfinished."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def message(self, message_id: str) -> DeliveryKey | None:
        """The delivery that a message belongs to."""
        found = self._store.listed(self._store.state, "msg", "message_id", message_id)
        return DeliveryKey.of(found[0]) if found else None

    def waiting(self, agency_id: str, channel: Channel, now: datetime) -> Iterator[DeliveryKey]:
        """The agency's deliveries by this channel that are due later than `now`."""
        for number in range(keys.DUE_SHARDS):
            for item in self._index(
                self._store.state,
                "due",
                "#due_pk = :shard AND #due_sk > :now",
                {":shard": keys.due_shard(number), ":now": f"{at_text(now)}~"},
            ):
                key = _delivery_of(item)
                if key is not None and (key.agency_id, key.channel) == (agency_id, channel):
                    yield key

    def ended_badly(
        self, agency_id: str, channel: Channel, since: datetime, until: datetime
    ) -> Iterator[DeliveryKey]:
        """The agency's deliveries by this channel for which an attempt ended, but not with the message sent,
        or that were set aside, from `since` to `until`; once for each time.

        The index says that an attempt ended, its row how: a hundred rows in one read, and no referral.
        """
        endings = self._endings(agency_id, channel, since, until)
        while some := list(islice(endings, MOST_GOT)):
            for row in self._store.get_many(some).values():
                if row.get("state") != DeliveryState.SENT and (
                    key := keys.readable_delivery(row["pk"], row["cause"])
                ):
                    yield key

    def standing(self, deliveries: Iterable[DeliveryKey]) -> Iterator[Item]:
        """Each delivery as it stands, once, a hundred in one read."""
        wanted = ((self._store.state, key.pk, key.sk) for key in dict.fromkeys(deliveries))
        while some := list(islice(wanted, MOST_GOT)):
            yield from self._store.get_many(some).values()

    def _endings(
        self, agency_id: str, channel: Channel, since: datetime, until: datetime
    ) -> Iterator[tuple[str, str, str]]:
        for month in _months(since, until):
            for item in self._index(
                self._store.audit,
                "by_agency",
                "#gpk = :agency AND #gsk BETWEEN :since AND :until",
                {
                    ":agency": keys.agency_month(agency_id, month),
                    ":since": at_text(since),
                    ":until": f"{at_text(until)}~",
                },
            ):
                if item["type"] in _ENDINGS and item.get("chan") == channel:
                    yield self._store.audit, item["pk"], item["sk"]

    def entry_of(self, pk: str, request: str) -> str | None:
        """The sort key of the entry that a person's request has just brought into a chain."""
        return next((row["sk"] for row in self.newest(pk, NEWEST_ENTRIES) if row.get("req") == request), None)

    def newest(self, pk: str, most: int, *, before: int | None = None) -> list[Item]:
        """The newest entries of a chain, or those before that number, the newest first, in one read however
        long the chain is."""
        last = f"{keys.ENTRY_PREFIX}~" if before is None else keys.entry(before - 1)
        with busy_told():
            answer = self._store.client.query(
                TableName=self._store.audit,
                KeyConditionExpression="#pk = :pk AND #sk BETWEEN :first AND :last",
                ExpressionAttributeNames={"#pk": "pk", "#sk": "sk"},
                ExpressionAttributeValues=to_item({":pk": pk, ":first": keys.ENTRY_PREFIX, ":last": last}),
                ScanIndexForward=False,
                Limit=most,
                ConsistentRead=True,
            )
        return list(map(from_item, answer["Items"]))

    def back_from(self, pk: str, before: int | None) -> Iterator[Item]:
        """A chain's entries, the newest first: all, or those before that number. They are read as they are
        asked for: whoever stops early reads no more."""
        while rows := self.newest(pk, ENTRIES_AT_ONCE, before=before):
            yield from rows
            before = keys.seq_of(rows[-1]["sk"])

    def _index(self, table: str, index: str, keys_are: str, values: dict[str, Any]) -> Iterator[Item]:
        words = [word for word in keys_are.split() if word.startswith("#")]
        pages = self._store.client.get_paginator("query").paginate(
            TableName=table,
            IndexName=index,
            KeyConditionExpression=keys_are,
            ExpressionAttributeNames={word: word[1:] for word in words},
            ExpressionAttributeValues=to_item(values),
        )
        with busy_told():
            for page in pages:
                yield from map(from_item, page["Items"])


_ENDINGS = (AuditKind.ATTEMPT_CLOSED, AuditKind.PARKED)


def _delivery_of(item: Item) -> DeliveryKey | None:
    """Tasks are due as well."""
    if not item["sk"].startswith(keys.DELIVERY_PREFIX):
        return None
    return keys.readable_delivery(item["pk"], item["sk"])


def _months(since: datetime, until: datetime) -> Iterator[datetime]:
    """The first day of each month from `since` to `until`, as the trail's index names months."""
    first, last = since.astimezone(UTC), until.astimezone(UTC)
    month = datetime(first.year, first.month, 1, tzinfo=UTC)
    while month <= last:
        yield month
        month = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)
