"""Tables of as many referrals as somebody asks for, and a client that counts what is read of them.

Each referral is there whole: its rows, head, child, clocks, deliveries, key and what the counts have of it,
in the table and in every index. An item is made when it is read, so that a hundred thousand fit.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import Any

from functions.adapters.ledger import keys
from tests.console.every_page import REF
from tests.console.troubled import tables_of
from tests.live_counts import count_live
from tests.simulation.dynamodb import DynamoDB
from tests.simulation.queries import Page
from tests.simulation.tables import Key, Place, Table
from tests.simulation.values import Item
from tests.world import World

A_DAY = 64
"""As come to a hub with 16,000 contacts a year, on the days when it is open."""
COUNTED_DAYS = 400
"""Days that have counters, as many whatever the tables hold: a year of them is all that a page asks for."""
TODAY = date(2026, 11, 24)
OPEN = frozenset({"due_pk", "due_sk", "work_pk", "work_sk", "watch_pk", "watch_sk"})
"""What an item has as long as something is to be done with it: the others were dealt with."""
KIB = 1024
BLOCK = 4 * KIB


@dataclass(slots=True)
class Read:
    """What one page read: calls that read, items, and units as AWS would count them."""

    calls: int = 0
    items: int = 0
    units: float = 0
    scans: int = 0


class Metered(DynamoDB):
    """Counts from `begin` on.

    A unit is up to 4 KB of a table, two are up to 4 KB of an index read; what a query finds is added up
    first, what a batch gets is rounded one by one, and what is not there counts as the smallest
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
    """

    def __init__(self, tables: Mapping[str, Table]) -> None:
        super().__init__(tables)
        self.read = Read()

    def begin(self) -> Read:
        """Counts anew."""
        self.read = Read()
        return self.read

    def get_item(self, **asked: Any) -> dict[str, Any]:
        answer = super().get_item(**asked)
        found = [answer["Item"]] if "Item" in answer else []
        self._count(found, blocks(sum(map(size_of, found))))
        return answer

    def batch_get_item(self, **asked: Any) -> dict[str, Any]:
        answer = super().batch_get_item(**asked)
        found = [item for items in answer["Responses"].values() for item in items]
        wanted = sum(len(one["Keys"]) for one in asked["RequestItems"].values())
        self._count(found, sum(blocks(size_of(item)) for item in found) + wanted - len(found))
        return answer

    def query(self, **asked: Any) -> Page:
        page = super().query(**asked)
        units = blocks(sum(map(size_of, page["Items"])))
        self._count(page["Items"], units / 2 if "IndexName" in asked else units)
        return page

    def scan(self, **asked: Any) -> Page:
        self.read.scans += 1
        return super().scan(**asked)

    def _count(self, items: list[Item], units: float) -> None:
        self.read.calls += 1
        self.read.items += len(items)
        self.read.units += units


def blocks(size: int) -> int:
    return max(ceil(size / BLOCK), 1)


def size_of(item: Item) -> int:
    """In bytes, as AWS says that it counts them."""
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: Mapping[str, Any]) -> int:
    ((kind, inside),) = value.items()
    return _SIZES[kind](inside) if kind in _SIZES else 1


_SIZES: Mapping[str, Callable[[Any], int]] = {
    "S": lambda text: len(text.encode()),
    "N": lambda number: ceil(len(number) / 2) + 1,
    "B": len,
    "L": lambda several: 3 + sum(1 + _size(one) for one in several),
    "M": lambda named: 3 + sum(1 + len(name.encode()) + _size(one) for name, one in named.items()),
    "SS": lambda texts: sum(len(one.encode()) for one in texts),
}


@dataclass(frozen=True, slots=True)
class _Copy:
    """An item of the referral that all were copied from, as it is for another of them."""

    of: Item
    number: int


class Made(dict[Key, Any]):
    """Items, those of copies made as they are read."""

    def __getitem__(self, key: Key) -> Item:
        found: Item | _Copy = super().__getitem__(key)
        return _moved(found.number, found.of) if isinstance(found, _Copy) else found

    def get(self, key: Key, default: Any = None) -> Any:
        """As a dictionary does."""
        return self[key] if key in self else default  # noqa: SIM401 - which would be this very method


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One item to copy, and where each index lists it."""

    key: Key
    item: Item
    places: list[tuple[str | None, Place]] = field(default_factory=list)


def filled(world: World, referrals: int, *, said: Callable[[int], None] = lambda _: None) -> Metered:
    """The world's own tables, and so many referrals beside that were dealt with on the days before.

    `said` is told how many are there.
    """
    count_live(world.store, world.clocks, world.now)
    made = {name: Made(one.items) for name, one in _all(world)}
    tables = {name: Table(one.indexes, made[name], one.copy().listed) for name, one in _all(world)}
    patterns = [(made[name], tables[name], _patterns(one)) for name, one in _all(world)]
    for number in range(referrals):
        for items, table, some in patterns:
            for pattern in some:
                _place(items, table, pattern, number)
        if number % 1000 == 0:
            said(number)
    for table in tables.values():
        for listed in table.listed.values():
            for entries in listed.partitions.values():
                entries.sort()
    _count_days(tables["state"])
    return Metered(tables)


def _all(world: World) -> Iterable[tuple[str, Table]]:
    return tables_of(world).tables.items()


def _patterns(table: Table) -> list[_Pattern]:
    found = []
    for key, item in table.items.items():
        if REF not in key[0]:
            continue
        kept = {name: value for name, value in item.items() if name not in OPEN}
        places: list[tuple[str | None, Place]] = [(None, (key[0], (key[1], *key)))]
        places += [(name, at) for name, index in table.indexes.items() if (at := index.place(key, kept))]
        found.append(_Pattern(key, kept, places))
    return found


def _place(items: Made, table: Table, pattern: _Pattern, number: int) -> None:
    pk, sk = (_text(number, part) for part in pattern.key)
    items[pk, sk] = _Copy(pattern.item, number)
    for name, (partition, (sort, _, _)) in pattern.places:
        entries = table.listed[name].partitions.setdefault(_text(number, partition), [])
        entries.append((_text(number, sort), pk, sk))


def _count_days(state: Table) -> None:
    """What the counters have of each day on which so many referrals like this one came in."""
    counted = state.items[keys.counted(REF), keys.COUNTED]["cells"]["M"]
    cells = [one for day in counted.values() for one in day["M"].items()]
    for back in range(1, COUNTED_DAYS + 1):
        day = (TODAY - timedelta(days=back)).isoformat()
        address = (keys.day_counters(day), keys.LIVE)
        added = {name: {"N": str(A_DAY * int(count["N"]))} for name, count in cells}
        state.write(address, {"pk": {"S": address[0]}, "sk": {"S": address[1]}, **added})


def _moved(number: int, item: Item) -> Item:
    return {_text(number, name): _value(number, value) for name, value in item.items()}


def _value(number: int, value: Any) -> Any:
    match value:
        case dict():
            return _moved(number, value)
        case list():
            return [_value(number, inner) for inner in value]
        case str():
            return _text(number, value)
        case _:
            return value


def _text(number: int, text: str) -> str:
    """A text of the first referral as it is of another, which came in on another day."""
    if text.startswith("msg_"):
        return f"msg_{number:024x}{text[-8:]}"
    moved = text.replace(REF, f"NS-25-{number:06d}")
    if TODAY_TEXT not in moved and not moved.endswith(MONTH_TEXT):
        return moved
    day = (TODAY - timedelta(days=1 + number // A_DAY)).isoformat()
    moved = moved.replace(TODAY_TEXT, day)
    return f"{moved.removesuffix(MONTH_TEXT)}#{day[:7]}" if moved.endswith(MONTH_TEXT) else moved


TODAY_TEXT, MONTH_TEXT = TODAY.isoformat(), f"#{TODAY:%Y-%m}"
