"""A table in memory: items that are never changed in place, and what each index lists, in order."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TypeAlias

from tests.simulation.refusals import invalid
from tests.simulation.values import Item

Key: TypeAlias = tuple[str, str]
Entry: TypeAlias = tuple[str, str, str]
"""Where an item stands in a partition's order: the sort key, then the item's own pk and sk."""

Place: TypeAlias = tuple[str, Entry]
"""A partition, and the entry in it."""

_sort_key = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Index:
    """A sparse index: `keeps` names the attributes it holds beside the keys, None for all of them."""

    pk: str
    sk: str | None = None
    keeps: tuple[str, ...] | None = None

    def projected(self, item: Item) -> Item:
        """As much of an item as the index holds."""
        if self.keeps is None:
            return item.copy()
        names = ("pk", "sk", *self.key_names, *self.keeps)
        return {name: item[name] for name in names if name in item}

    def place(self, key: Key, item: Item | None) -> Place | None:
        """Where it lists an item; nowhere if the item lacks a key."""
        if item is None or self.pk not in item:
            return None
        if self.sk is None:
            return item[self.pk]["S"], ("", *key)
        return (item[self.pk]["S"], (item[self.sk]["S"], *key)) if self.sk in item else None

    @property
    def key_names(self) -> tuple[str, ...]:
        """The attributes that an item must have to be listed."""
        return (self.pk,) if self.sk is None else (self.pk, self.sk)


@dataclass(frozen=True, slots=True)
class Listed:
    """Partitions, each with its entries in order."""

    partitions: dict[str, list[Entry]] = field(default_factory=dict)

    def change(self, old: Place | None, new: Place | None) -> None:
        """Lists an item in its new place instead of its old one."""
        if old == new:
            return
        if old is not None:
            entries = self.partitions[old[0]]
            del entries[bisect_left(entries, old[1])]
        if new is not None:
            insort(self.partitions.setdefault(new[0], []), new[1])

    def copy(self) -> "Listed":
        """The same, and independent."""
        return Listed({name: entries.copy() for name, entries in self.partitions.items()})


@dataclass(slots=True)
class Table:
    """Items by `pk` and `sk`, and what `indexes` list of them."""

    indexes: Mapping[str, Index] = field(default_factory=dict)
    items: MutableMapping[Key, Item] = field(default_factory=dict)
    listed: dict[str | None, Listed] = field(default_factory=dict)
    """Each index by its name; the table's own partitions under None."""

    def __post_init__(self) -> None:
        if not self.listed:
            self.listed = {name: Listed() for name in (None, *self.indexes)}

    def copy(self) -> "Table":
        """A table of its own with the same items, which are shared because nothing changes them."""
        listed = {name: one.copy() for name, one in self.listed.items()}
        return Table(self.indexes, dict(self.items), listed)

    def check(self, item: Item) -> None:
        """Refuses an index's key that is no text, or empty."""
        for index in self.indexes.values():
            for name in index.key_names:
                if name in item:
                    text_of(item, name)

    def write(self, key: Key, item: Item | None) -> None:
        """Puts what is to stand under a key; None for nothing."""
        before = self.items.get(key)
        for name, index in self.indexes.items():
            self.listed[name].change(index.place(key, before), index.place(key, item))
        here = (key[0], (key[1], *key))
        self.listed[None].change(here if before else None, here if item else None)
        if item:
            self.items[key] = item
        elif before:
            del self.items[key]

    def entries(self, index: str | None, partition: str) -> list[Entry]:
        """A partition of the table, or of one of its indexes, in order."""
        return self.listed[index].partitions.get(partition, [])

    def all_entries(self) -> list[Entry]:
        """The whole table, partition by partition."""
        return [entry for _, entries in sorted(self.listed[None].partitions.items()) for entry in entries]


def text_of(item: Item, name: str) -> str:
    """What a key's attribute says."""
    text = item[name].get("S")
    if not isinstance(text, str):
        raise invalid(f"One or more parameter values were invalid: Type mismatch for key {name}")
    if not text:
        raise invalid(f"One or more parameter values are not valid: empty string value for key {name}")
    return text


def span(entries: list[Entry], sign: str, *bounds: str) -> list[Entry]:
    """The entries whose sort key stands so to the bounds: =, <, <=, >, >=, between or begins_with."""
    low, high = bounds[0], bounds[-1]
    start = {"<": 0, "<=": 0, ">": bisect_right(entries, low, key=_sort_key)}
    first = start[sign] if sign in start else bisect_left(entries, low, key=_sort_key)
    if sign == "begins_with":
        return [entry for entry in entries[first:] if entry[0].startswith(low)]
    last = {">": None, ">=": None, "<": bisect_left(entries, high, key=_sort_key)}
    return entries[first : last[sign] if sign in last else bisect_right(entries, high, key=_sort_key)]
