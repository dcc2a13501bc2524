"""A day's arrivals by the indexes of both tables; how far its account has come, and the account itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from functions.adapters.errors import ContendedError, busy_told
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain, Fact, Tip, at_text
from functions.adapters.ledger.store import (
    ABSENT,
    Change,
    Condition,
    ConditionsFailedError,
    Item,
    Store,
    from_item,
    to_item,
)
from functions.domain.reconciliation.arrivals import Arrived, Marked
from functions.domain.reconciliation.tally import Tally
from schemas.codes import AuditKind

BY_DAY = "by_day"
"""An index of the trail, of rows that an event caused; and one of the state, of markers."""
_TO_ITS_END = "~"


@dataclass(frozen=True, slots=True)
class Begun:
    """A day's account that ran out of time: what was counted, up to which partition."""

    until: datetime
    after: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of a day's account; `part` counts its changes, so that two runs do not go on with one."""

    part: int = 0
    checked_at: datetime | None = None
    is_stated: bool = False
    is_settled: bool = False
    """Whether a statement says that nothing of it is open any more, and nothing was found since."""
    begun: Begun | None = None
    counted: Mapping[str, int] = field(default_factory=dict)
    """The counts of the last account that came to its end, by their names; empty before the first."""


class Days:
    """Reads days by their indexes, never a whole table, and keeps their accounts."""

    def __init__(self, store: Store, chain: Chain) -> None:
        self._store = store
        self._chain = chain

    def arrivals(self, day: date, until: datetime) -> list[Arrived]:
        """Every row of the day that an event from outside caused, as the trail's index lists them."""
        return [_arrived(item) for item in self._listed(self._store.audit, keys.day(day), until)]

    def refused_after_waiting(self, day: date, until: datetime) -> list[Item]:
        """The rows of that day's events that had come before their time, and were refused when it came."""
        audit, name = self._store.audit, keys.refused_after_waiting(day)
        found = (self._store.get(audit, item["pk"], item["sk"]) for item in self._listed(audit, name, until))
        return [row for row in found if row is not None]

    def marked(self, day: date, until: datetime) -> list[Marked]:
        """Every marker of the day, as the state's index lists them."""
        return [_marked(item) for item in self._listed(self._store.state, keys.day(day), until)]

    def last_decision(self, day: date, until: datetime) -> datetime | None:
        """When the day's newest decision came."""
        newest_first = self._listed(self._store.audit, keys.day(day), until, newest_first=True)
        decisions = (_arrived(item) for item in newest_first if item["type"] == AuditKind.DECISION)
        newest = next(decisions, None)
        return newest.at if newest else None

    def _listed(
        self, table: str, name: str, until: datetime, *, newest_first: bool = False
    ) -> Iterator[Item]:
        pages = self._store.client.get_paginator("query").paginate(
            TableName=table,
            IndexName=BY_DAY,
            KeyConditionExpression="#dpk = :day AND #dsk <= :until",
            ExpressionAttributeNames={"#dpk": "dpk", "#dsk": "dsk"},
            ExpressionAttributeValues=to_item({":day": name, ":until": f"{at_text(until)}{_TO_ITS_END}"}),
            ScanIndexForward=not newest_first,
        )
        with busy_told():
            for page in pages:
                yield from map(from_item, page["Items"])

    def progress(self, days: Iterable[date]) -> dict[date, Progress]:
        """How far each day's account has come."""
        wanted = {(self._store.state, keys.progress(day), keys.PROGRESS): day for day in days}
        found = self._store.get_many(wanted)
        return {day: _progress(found.get(address, {})) for address, day in wanted.items()}

    def note(self, day: date, seen: Progress, now: Progress) -> bool:
        """Keeps how far a day's account has come; false if another run was at it since it was `seen`."""
        kept = {
            "part": now.part,
            "checked_at": at_text(now.checked_at) if now.checked_at else None,
            "stated": now.is_stated,
            "settled": now.is_settled,
            "begun": _kept(now.begun) if now.begun else None,
            "counted": dict(now.counted) or None,
        }
        there = {name: value for name, value in kept.items() if value is not None}
        change = Change(there, remove=tuple(kept.keys() - there.keys()))
        as_seen = Condition("#part = :seen", {"seen": seen.part}) if seen.part else ABSENT
        address = (keys.progress(day), keys.PROGRESS)
        part = self._store.update("progress", self._store.state, address, change=change, condition=as_seen)
        try:
            self._store.write([part])
        except (ConditionsFailedError, ContendedError):
            return False
        return True

    def statement(self, day: date) -> Item | None:
        """What was last stated of a day."""
        rows = self._store.partition(self._store.audit, keys.day(day), "E#")
        return rows[-1] if rows else None

    def tip(self, day: date) -> Tip:
        """The newest statement of a day."""
        return self._chain.tip(keys.day(day))

    def state(self, day: date, tip: Tip, fact: Fact, now: datetime) -> None:
        """Appends a statement; raises ContendedError if another was first."""
        self._store.write(self._chain.append(keys.day(day), tip, [fact], now))


def _arrived(item: Item) -> Arrived:
    at, _, identity = item["dsk"].partition("#")
    return Arrived(
        uid=identity,
        partition=item["pk"],
        at=datetime.fromisoformat(at),
        kind=item["type"],
        source=None if item["actor"] == keys.UNREGISTERED else item["actor"],
        number=item.get("source_seq"),
        names_a_child="child" in item,
        is_told_elsewhere="duplicate" in item,
    )


def _marked(item: Item) -> Marked:
    at, _, name = item["dsk"].partition("#")
    return Marked(name=name, partition=item["partition"], at=datetime.fromisoformat(at))


def _progress(item: Mapping[str, Any]) -> Progress:
    begun, checked_at = item.get("begun"), item.get("checked_at")
    return Progress(
        part=item.get("part", 0),
        checked_at=datetime.fromisoformat(checked_at) if checked_at else None,
        is_stated=item.get("stated", False),
        is_settled=item.get("settled", False),
        begun=_begun(begun) if begun else None,
        counted=item.get("counted", {}),
    )


def _begun(kept: Mapping[str, Any]) -> Begun:
    until = datetime.fromisoformat(kept["until"])
    return Begun(until, kept["after"], Tally.of_plain(kept["tally"]))


def _kept(begun: Begun) -> dict[str, Any]:
    return {"until": at_text(begun.until), "after": begun.after, "tally": begun.tally.as_plain()}
