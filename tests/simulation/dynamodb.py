"""A DynamoDB client over tables in memory: what our stores call on boto3's, and no more lenient."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tests.simulation.queries import Page, query, scan
from tests.simulation.refusals import cancelled, exceptions, invalid, refusal
from tests.simulation.requests import Asked, key_of, table_of, takes_only
from tests.simulation.tables import Key, Table
from tests.simulation.transactions import Reason, Step, step
from tests.simulation.values import Item

MOST_ITEMS = 100
"""In one transaction, and in one batch."""
_NONE: Reason = {"Code": "None"}
_GET = frozenset({"TableName", "Key", "ConsistentRead"})
_BATCH = frozenset({"Keys", "ConsistentRead"})


class Written(NamedTuple):
    """One item that a call changed, as a stream would tell it; all that one call changed has its number."""

    table: str
    key: Key
    before: Item | None
    after: Item | None
    call: int


class Paginator:
    """Asks page after page, each with a call of its own."""

    def __init__(self, ask: Callable[..., Page]) -> None:
        self._ask = ask

    def paginate(self, **asked: Any) -> Iterator[Page]:
        """Every page."""
        while True:
            page = self._ask(**asked)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]


class DynamoDB:
    """The client. Every item is replaced and never changed, so what was read stays as it was read.

    `largest_page` items make a page: AWS's megabyte holds more than any test would write.
    """

    exceptions = exceptions

    def __init__(self, tables: Mapping[str, Table], *, largest_page: int = 1000) -> None:
        self.tables = tables
        self.journal: list[Written] = []
        self._calls = 0
        self._largest_page = largest_page

    def copy(self) -> "DynamoDB":
        """A client of its own tables, which hold the same; its journal starts empty."""
        copies = {name: table.copy() for name, table in self.tables.items()}
        return DynamoDB(copies, largest_page=self._largest_page)

    def get_item(self, **asked: Any) -> dict[str, Any]:
        """One item; always as the last write left it."""
        takes_only(asked, _GET)
        found = table_of(self.tables, asked["TableName"]).items.get(key_of(asked["Key"]))
        return {} if found is None else {"Item": found.copy()}

    def batch_get_item(self, *, RequestItems: Mapping[str, Asked]) -> dict[str, Any]:  # noqa: N803 - AWS's own word
        """Those items that exist, by table."""
        wanted = {name: [key_of(key) for key in asked["Keys"]] for name, asked in RequestItems.items()}
        if not 1 <= sum(map(len, wanted.values())) <= MOST_ITEMS:
            raise invalid(f"Too many items requested for the BatchGetItem call, or none: 1 to {MOST_ITEMS}")
        answers: dict[str, list[Item]] = {}
        for name, keys in wanted.items():
            takes_only(RequestItems[name], _BATCH)
            if len(set(keys)) < len(keys):
                raise invalid("Provided list of item keys contains duplicates")
            items = table_of(self.tables, name).items
            answers[name] = [items[key].copy() for key in keys if key in items]
        return {"Responses": answers, "UnprocessedKeys": {}}

    def query(self, **asked: Any) -> Page:
        """A page of a partition, or of an index."""
        return query(self.tables, asked, self._largest_page)

    def scan(self, **asked: Any) -> Page:
        """A page of a whole table."""
        return scan(self.tables, asked, self._largest_page)

    def get_paginator(self, call: str) -> Paginator:
        """Of `query` or `scan`."""
        return Paginator({"query": self.query, "scan": self.scan}[call])

    def transact_write_items(self, *, TransactItems: Sequence[Mapping[str, Asked]]) -> dict[str, Any]:  # noqa: N803
        """All of it or nothing."""
        if not 1 <= len(TransactItems) <= MOST_ITEMS:
            raise invalid(f"1 validation error detected: a transaction has 1 to {MOST_ITEMS} items")
        steps = [step(self.tables, action) for action in TransactItems]
        if len({(one.table_name, one.key) for one in steps}) < len(steps):
            raise invalid("Transaction request cannot include multiple operations on one item")
        decided = [one.decide() for one in steps]
        if any(reason for reason, _ in decided):
            raise cancelled([reason or _NONE.copy() for reason, _ in decided])
        self._calls += 1
        for one, (_, after) in zip(steps, decided, strict=True):
            self._write(one, after)
        return {}

    def put_item(self, **asked: Any) -> dict[str, Any]:
        """One item, whole."""
        return self._alone("Put", asked)

    def update_item(self, **asked: Any) -> dict[str, Any]:
        """Some attributes of one item."""
        return self._alone("Update", asked)

    def delete_item(self, **asked: Any) -> dict[str, Any]:
        """No item any more."""
        return self._alone("Delete", asked)

    def _alone(self, verb: str, asked: Asked) -> dict[str, Any]:
        one = step(self.tables, {verb: asked})
        reason, after = one.decide()
        if reason is None:
            self._calls += 1
            self._write(one, after)
            return {}
        if reason["Code"] == "ValidationError":
            raise invalid(reason["Message"])
        old = {"Item": reason["Item"]} if "Item" in reason else {}
        raise refusal("ConditionalCheckFailedException", reason["Message"], **old)

    def _write(self, one: Step, after: Item | None) -> None:
        before = one.table.items.get(one.key)
        if before is not after and before != after:
            one.table.write(one.key, after)
            self.journal.append(Written(one.table_name, one.key, before, after, self._calls))
