"""A page of a partition, of an index, or of a whole table."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from tests.simulation.expressions import Tree, condition_tree
from tests.simulation.refusals import invalid
from tests.simulation.requests import NAMES, VALUES, Asked, check_aliases, key_in, table_of, takes_only
from tests.simulation.tables import Entry, Index, Table, span, text_of
from tests.simulation.values import Item

Page: TypeAlias = dict[str, Any]

_SCAN = frozenset({"TableName", "ConsistentRead", "Limit", "ExclusiveStartKey"})
_QUERY = _SCAN | {"IndexName", "KeyConditionExpression", "ScanIndexForward", NAMES, VALUES}
_BASE = Index("pk", "sk")


@dataclass(frozen=True, slots=True)
class Bound:
    """How an attribute must stand to values; all by their aliases."""

    name: str
    sign: str
    values: tuple[str, ...]


def query(tables: Mapping[str, Table], asked: Asked, largest: int) -> Page:
    """A page of the entries that the key condition names, in order or backwards."""
    takes_only(asked, _QUERY)
    table, name = table_of(tables, asked["TableName"]), asked.get("IndexName")
    index = _index(table, name, consistent=asked.get("ConsistentRead", False))
    entries = _entries(table, name, index, asked)
    if not asked.get("ScanIndexForward", True):
        entries = entries[::-1]
    return _page(table, index, entries, asked, largest)


def scan(tables: Mapping[str, Table], asked: Asked, largest: int) -> Page:
    """A page of everything."""
    takes_only(asked, _SCAN)
    table = table_of(tables, asked["TableName"])
    return _page(table, _BASE, table.all_entries(), asked, largest)


def _index(table: Table, name: str | None, *, consistent: bool) -> Index:
    if name is None:
        return _BASE
    if name not in table.indexes:
        raise invalid(f"The table does not have the specified index: {name}")
    if consistent:
        raise invalid("Consistent reads are not supported on global secondary indexes")
    return table.indexes[name]


def _entries(table: Table, name: str | None, index: Index, asked: Asked) -> list[Entry]:
    bounds = _bounds(asked["KeyConditionExpression"])
    names, values = asked.get(NAMES) or {}, asked.get(VALUES) or {}
    check_aliases(asked, frozenset(alias for one in bounds for alias in (one.name, *one.values)))
    said = {names[one.name]: (one.sign, [text_of(values, value) for value in one.values]) for one in bounds}
    sign, (partition, *_) = said.pop(index.pk, ("", [""]))
    if sign != "=" or len(said) != len(bounds) - 1:
        raise invalid(f"Query condition missed key schema element: {index.pk}")
    entries = table.entries(name, partition)
    if index.sk in said:
        sign, texts = said.pop(index.sk)
        if texts != sorted(texts):
            raise invalid(
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
            )
        entries = span(entries, sign, *texts)
    if said:
        raise invalid("Query key condition not supported")
    return entries


@cache
def _bounds(text: str) -> tuple[Bound, ...]:
    """What a key condition spells: bounds on one or two attributes, and nothing else."""
    bounds = tuple(_spelt(condition_tree(text)))
    if len({one.name for one in bounds}) < len(bounds) or len(bounds) > 2:
        raise invalid("KeyConditionExpressions must only contain one condition per key")
    return bounds


def _spelt(tree: Tree) -> Iterator[Bound]:
    match tree:
        case ("bracketed", inner):
            yield from _spelt(inner)
        case ("and", left, right):
            yield from _spelt(left)
            yield from _spelt(right)
        case ("compare", ("=" | "<" | "<=" | ">" | ">=") as sign, ("name", name), ("value", value)):
            yield Bound(name, sign, (value,))
        case ("between", ("name", name), ("value", low), ("value", high)):
            yield Bound(name, "between", (low, high))
        case ("call", "begins_with", ("name", name), ("value", prefix)):
            yield Bound(name, "begins_with", (prefix,))
        case _:
            raise invalid("Invalid operator used in KeyConditionExpression")


def _page(table: Table, index: Index, entries: list[Entry], asked: Asked, largest: int) -> Page:
    """`entries` from where the last page ended, at most so many."""
    if "ExclusiveStartKey" in asked:
        entries = entries[_behind(entries, index, asked["ExclusiveStartKey"], asked) :]
    most = min(asked.get("Limit", largest), largest)
    if most < 1:
        raise invalid("Limit must be greater than or equal to 1")
    items = [table.items[entry[1:]] for entry in entries[:most]]
    page: Page = {"Items": [index.projected(item) for item in items], "Count": len(items)}
    if len(items) == most:
        page["LastEvaluatedKey"] = {name: items[-1][name] for name in ("pk", "sk", *index.key_names)}
    return page


def _behind(entries: list[Entry], index: Index, key: Item, asked: Asked) -> int:
    """How many entries stand before the one that follows this key, which may be gone by now."""
    pk, sk = key_in(key)
    last = (text_of(key, index.sk) if index.sk else "", pk, sk)
    if index is _BASE and "KeyConditionExpression" not in asked:
        return bisect_right(entries, (pk, sk), key=lambda entry: entry[1:])
    if asked.get("ScanIndexForward", True):
        return bisect_right(entries, last)
    return len(entries) - bisect_left(entries[::-1], last)
