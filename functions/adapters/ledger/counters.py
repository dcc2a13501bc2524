"""The live counts of each day, what they have of each referral, and the counts that a recount found.

A referral's rows all pass through one partition of the trail's stream, in order; which shard they come
through no record says. So how far the stream was counted is kept by referral: its newest row that is
counted, beside what the counts have of it, and both move in the transaction that moves the counts.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import (
    ABSENT,
    Change,
    Condition,
    Item,
    Part,
    Store,
    to_item,
)
from functions.domain.measures.counts import Cell, Counts, change

_BETWEEN = "|"
_MOST_AT_ONCE = 100
"""As DynamoDB reads in one call."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What the counts have of one referral, up to row `seq`; `part` says how often that has changed."""

    part: int = 0
    seq: int = 0
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class Recounted:
    """What a recount found of some days, and when; a day that none has reached is not among them."""

    counts: Counts
    at: Mapping[str, datetime]


class Counters:
    """Counts, moved by the difference that a referral's newest rows make."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def counted(self, ref: str) -> Counted:
        """How much of a referral is counted."""
        return self.read(self._store.get(*self.place_of(ref)))

    def place_of(self, ref: str) -> tuple[str, str, str]:
        """Where that stands, for whoever reads more in the same call."""
        return self._store.state, keys.counted(ref), keys.COUNTED

    def read(self, item: Item | None) -> Counted:
        """What stood there: nothing of a referral that is not counted yet."""
        return Counted() if item is None else _counted(item)

    def counted_each(self, refs: Collection[str]) -> dict[str, Counted]:
        """The same of several, those that are counted at all, up to a hundred in one read."""
        wanted = {self.place_of(ref): ref for ref in sorted(refs)}
        places = list(wanted)
        return {
            wanted[place]: _counted(item)
            for first in range(0, len(places), _MOST_AT_ONCE)
            for place, item in self._store.get_many(places[first : first + _MOST_AT_ONCE]).items()
        }

    def move(self, ref: str, seen: Counted, now: Counted) -> None:
        """From now on the counts have this of the referral, whatever they had: all of it or nothing.

        Raises ContendedError if it was counted since it was `seen`: by another, or by us, whose reply was
        lost.
        """
        new = now.counts.heard - seen.counts.heard
        self._store.write(
            [
                self._checkpoint(ref, seen, now),
                *(
                    self._added(day, more)
                    for day, more in _by_day(change(seen.counts.cells, now.counts.cells))
                ),
                *([self._heard(new)] if new else []),
            ]
        )

    def live(self, days: Iterable[str]) -> Counts:
        """The counts of these days, at most 99, as they stand, and which types of event have ever come."""
        found = self._of_days(days, keys.LIVE, also=[(self._store.state, keys.HEARD, keys.LIVE)])
        heard = found.pop(keys.HEARD, {}).get("heard", ())
        cells = {
            cell: count
            for item in found.values()
            for name, count in item.items()
            if name not in {"pk", "sk"} and count
            for cell in [_cell(_day(item), name)]
        }
        return Counts(cells, frozenset(heard))

    def recounted(self, days: Iterable[str]) -> Recounted:
        """The counts of these days as the newest recount found them."""
        found = self._of_days(days, keys.FINAL)
        return Recounted(
            Counts(
                {
                    _cell(_day(item), name): count
                    for item in found.values()
                    for name, count in item["cells"].items()
                }
            ),
            {_day(item): datetime.fromisoformat(item["at"]) for item in found.values()},
        )

    def keep_recounted(self, days: Iterable[str], counts: Counts, now: datetime) -> None:
        """Keeps what a recount found of each of at most a hundred days, of all of them or of none."""
        found = dict(_by_day(counts.cells))
        self._store.write(
            [
                self._store.update(
                    f"final {day}",
                    self._store.state,
                    (keys.day_counters(day), keys.FINAL),
                    change=Change({"cells": found.get(day, {}), "at": at_text(now)}),
                )
                for day in days
            ]
        )

    def _of_days(
        self, days: Iterable[str], sk: str, also: Iterable[tuple[str, str, str]] = ()
    ) -> dict[str, Item]:
        wanted = [*((self._store.state, keys.day_counters(day), sk) for day in days), *also]
        return {pk: item for (_, pk, _), item in self._store.get_many(wanted).items()}

    def _checkpoint(self, ref: str, seen: Counted, now: Counted) -> Part:
        """Its condition fails where somebody counted the referral meanwhile; then the step is repeated."""
        counts = now.counts
        there = {"seq": now.seq, "cells": dict(_by_day(counts.cells)), "heard": sorted(counts.heard)}
        part = self._store.update(
            "checkpoint",
            self._store.state,
            (keys.counted(ref), keys.COUNTED),
            change=Change({"part": seen.part + 1, **there}),
            condition=Condition("#part = :seen", {"seen": seen.part}) if seen.part else ABSENT,
        )
        return Part(part.name, part.action, chain=True)

    def _added(self, day: str, more: Mapping[str, int]) -> Part:
        sums = ", ".join(f"#c{number} :c{number}" for number in range(len(more)))
        return self._add(
            keys.day_counters(day),
            sums,
            {f"#c{number}": name for number, name in enumerate(more)},
            to_item({f":c{number}": count for number, count in enumerate(more.values())}),
        )

    def _heard(self, types: frozenset[str]) -> Part:
        return self._add(keys.HEARD, "#heard :types", {"#heard": "heard"}, to_item({":types": set(types)}))

    def _add(self, pk: str, sums: str, names: Mapping[str, str], values: Item) -> Part:
        """An item that two transactions add to at once refuses one of them, which then comes again."""
        action: Any = {
            "TableName": self._store.state,
            "Key": to_item({"pk": pk, "sk": keys.LIVE}),
            "UpdateExpression": f"ADD {sums}",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
        return Part(f"counts {pk}", {"Update": action})


def _counted(item: Item) -> Counted:
    days = item["cells"].items()
    cells = {_cell(day, name): count for day, some in days for name, count in some.items()}
    return Counted(item["part"], item["seq"], Counts(cells, frozenset(item["heard"])))


def _by_day(cells: Mapping[Cell, int]) -> Iterator[tuple[str, dict[str, int]]]:
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for cell, count in sorted(cells.items(), key=str):
        found[cell.period][_name(cell)] = count
    yield from found.items()


def _name(cell: Cell) -> str:
    return _BETWEEN.join((cell.name, cell.part, "" if cell.bucket is None else str(cell.bucket)))


def _cell(day: str, name: str) -> Cell:
    what, part, bucket = name.split(_BETWEEN)
    return Cell(day, what, part, int(bucket) if bucket else None)


def _day(item: Mapping[str, Any]) -> str:
    return str(item["pk"]).removeprefix(keys.day_counters(""))
