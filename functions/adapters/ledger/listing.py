"""Lists of referrals for people, by the day on which each first came in: a page costs the same however many
there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from functions.adapters.errors import busy_told
from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counted, Counters
from functions.adapters.ledger.days import BY_DAY
from functions.adapters.ledger.store import Item, Store, from_item, to_item
from schemas.codes import AuditKind

MOST_LOOKED_AT = 400
"""For one page: what a filter does not find among so many is found by narrowing the dates."""
_AT_ONCE = 50
"""Two items of each, and a hundred in one read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: on this day, after this referral, or at the day's newest."""

    day: date
    after: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One referral: when it first came in, who referred as far as that is known, and what the counts have of
    it; nothing until it is counted."""

    ref: str
    came_at: datetime
    referrer: str | None
    has_a_source: bool
    """Whether it is known who referred, an agency or not."""
    counted: Counted
    place: Place


class Listing:
    """Referrals, newest first."""

    def __init__(self, store: Store, counters: Counters) -> None:
        self._store = store
        self._counters = counters

    def newest_first(self, since: date, start: Place) -> Iterator[Listed]:
        """From `start` back to the day `since`, read as far as they are asked for."""
        day, after = start.day, start.after
        while day >= since:
            rows = self._of_day(day)
            refs = list(rows)
            left = refs[refs.index(after) + 1 :] if after in refs else refs
            for first in range(0, len(left), _AT_ONCE):
                yield from self._listed({ref: rows[ref] for ref in left[first : first + _AT_ONCE]}, day)
            day, after = day - timedelta(days=1), ""

    def messages_of(self, ref: str) -> list[Item]:
        """Every message of a referral as it stands, the newest first."""
        found = self._store.partition(self._store.state, keys.referral(ref), keys.DELIVERY_PREFIX)
        return sorted(found, key=lambda item: (item["created_at"], item["sk"]), reverse=True)

    def _listed(self, rows: Mapping[str, Sequence[Item]], day: date) -> Iterator[Listed]:
        """Those that first came in on that day, by its index; the others stand with an earlier one."""
        first = {ref: row for ref, each in rows.items() for row in each if row["sk"] == keys.entry(1)}
        at = {ref: self._who_referred(ref, rows[ref]) for ref in first}
        found = self._store.get_many(at.values()) if at else {}
        counted = self._counters.counted_each(list(first))
        for ref, place in at.items():
            said, came_at = found.get(place, {}), datetime.fromisoformat(first[ref]["dsk"].partition("#")[0])
            has_a_source = "source_code" in said or "kind" in said
            known = counted.get(ref, Counted())
            yield Listed(ref, came_at, said.get("referrer"), has_a_source, known, Place(day, ref))

    def _who_referred(self, ref: str, rows: Sequence[Item]) -> tuple[str, str, str]:
        """Where that stands, in one item: the day's newest decision, else the head, which the referral's own
        arrival tells, on whatever day that came."""
        decision = next((row for row in rows if row["type"] == AuditKind.DECISION), None)
        if decision is not None:
            return self._store.audit, keys.referral(ref), decision["sk"]
        return self._store.state, keys.referral(ref), keys.HEAD

    def _of_day(self, day: date) -> dict[str, list[Item]]:
        """Every referral of which something came in that day with its rows of the day, the newest first."""
        pages = self._store.client.get_paginator("query").paginate(
            TableName=self._store.audit,
            IndexName=BY_DAY,
            KeyConditionExpression="#dpk = :day",
            ExpressionAttributeNames={"#dpk": "dpk"},
            ExpressionAttributeValues=to_item({":day": keys.day(day)}),
            ScanIndexForward=False,
        )
        with busy_told():
            items = [from_item(item) for page in pages for item in page["Items"]]
        found = dict[str, list[Item]]()
        for item in items:
            if ref := keys.ref_in(item["pk"]):
                found.setdefault(ref, []).append(item)
        return found
