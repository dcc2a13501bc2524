"""Tables in memory that hold a whole year: each item in a few hundred bytes, and unpacked when it is read."""

import marshal
from collections.abc import Iterator, MutableMapping
from typing import Any

from tests.simulation.dynamodb import DynamoDB
from tests.simulation.tables import Key, Table
from tests.simulation.values import Item
from tests.stage_tables import INDEXES

LARGEST_PAGE = 1000


class PackedItems(MutableMapping[Key, Item]):
    """Items by their keys; as Python's own objects each would take four times as much."""

    def __init__(self) -> None:
        self._packed: dict[Key, bytes] = {}

    def __getitem__(self, key: Key) -> Item:
        item: Item = marshal.loads(self._packed[key])  # noqa: S302 - what was packed here a moment ago
        return item

    def __setitem__(self, key: Key, item: Item) -> None:
        try:
            self._packed[key] = marshal.dumps(item)
        except ValueError:  # a code is text of a kind that has no packed form
            self._packed[key] = marshal.dumps(_plain(item))

    def __delitem__(self, key: Key) -> None:
        del self._packed[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def __contains__(self, key: object) -> bool:
        return key in self._packed


def _plain(value: Any) -> Any:
    """The same in Python's own kinds alone, as AWS would keep it."""
    match value:
        case dict():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case str():
            return str(value)
        case bool() | None | bytes():
            return value
        case _:
            return bytes(value)


def packed_tables() -> DynamoDB:
    """The three tables of a stage, empty."""
    tables = {name: Table(dict(indexes), PackedItems()) for name, indexes in INDEXES.items()}
    return DynamoDB(tables, largest_page=LARGEST_PAGE)
