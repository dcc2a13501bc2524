"""Lists of referrals for people, by the day on which each first came in: a page costs the same however many
there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from functions.adapters.errors import busy_told
from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counted, Counters
from functions.adapters.ledger.days import BY_DAY
from functions.adapters.ledger.store import Item, Store, from_item, to_item
from schemas.codes import AuditKind

MOST_LOOKED_AT = 400
"""For one page: what a filter does not find among so many is found by narrowing the dates."""
MOST_DAYS_LOOKED_AT = 92
"""For one page, each in a read of its own, however few came in then: a quarter."""
_AT_ONCE = 50
"""Two items of each, and a hundred in one read."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: on this day, with what came in before `before`, or with the day's newest."""

    day: date
    before: str = ""
    """The place of a referral's first row in the index of its day: whatever comes later leaves it there."""


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


@dataclass(frozen=True, slots=True)
class Came:
    """A referral on the day on which it first came in, and the item that says who referred."""

    ref: str
    place: Place
    at: datetime
    says_who: tuple[str, str, str]


class Listing:
    """Referrals, newest first."""

    def __init__(self, store: Store, counters: Counters) -> None:
        self._store = store
        self._counters = counters

    def newest_first(self, since: date, start: Place) -> Iterator[Listed]:
        """From `start` back to the day `since`, read as far as they are asked for: each day once, and of
        fifty referrals all else at once, whatever days they came in on."""
        came = self.came(since, start)
        while some := list(islice(came, _AT_ONCE)):
            yield from self._listed(some)

    def came(self, since: date, start: Place) -> Iterator[Came]:
        """The same, where no more is asked than which referrals they are: those that first came in on each
        day, by its index. The others of whom something came in then stand with an earlier day."""
        day, before = start.day, start.before
        while day >= since:
            rows = self._of_day(day)
            for ref, first in _first_rows(rows):
                if not before or first["dsk"] < before:
                    at = datetime.fromisoformat(first["dsk"].partition("#")[0])
                    yield Came(ref, Place(day, first["dsk"]), at, self._who_referred(ref, rows[ref]))
            day, before = day - timedelta(days=1), ""

    def messages_of(self, ref: str) -> list[Item]:
        """Every message of a referral as it stands, the newest first."""
        found = self._store.partition(self._store.state, keys.referral(ref), keys.DELIVERY_PREFIX)
        return sorted(found, key=lambda item: (item["created_at"], item["sk"]), reverse=True)

    def _listed(self, some: Sequence[Came]) -> Iterator[Listed]:
        counted = {one: self._counters.place_of(one.ref) for one in some}
        found = self._store.get_many([*(one.says_who for one in some), *counted.values()])
        for one in some:
            said = found.get(one.says_who, {})
            has_a_source = "source_code" in said or "kind" in said
            known = self._counters.read(found.get(counted[one]))
            yield Listed(one.ref, one.at, said.get("referrer"), has_a_source, known, one.place)

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


def _first_rows(rows: Mapping[str, Sequence[Item]]) -> list[tuple[str, Item]]:
    """Each referral whose very first row is of this day, the newest first: an order that nothing which comes
    later changes, so that a list which is read page by page has each of them once."""
    firsts = [(ref, row) for ref, own in rows.items() for row in own if row["sk"] == keys.entry(1)]
    return sorted(firsts, key=lambda one: str(one[1]["dsk"]), reverse=True)


def first_day_looked_at(since: date, start: Place) -> date:
    """The day to which one page looks back from `start`, at most."""
    return max(since, start.day - timedelta(days=MOST_DAYS_LOOKED_AT - 1))
