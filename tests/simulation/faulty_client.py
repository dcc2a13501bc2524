"""The client as a task sees it: every call a switch point, and every fault that DynamoDB knows."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from botocore.exceptions import ReadTimeoutError

from tests.simulation.dynamodb import DynamoDB, Paginator
from tests.simulation.faults import EVERY
from tests.simulation.queries import Page
from tests.simulation.refusals import cancelled, exceptions, refusal
from tests.simulation.requests import Asked
from tests.simulation.schedule import Schedule, Spelling

Answer = dict[str, Any]
Random = Callable[[], float]


class FaultyClient:
    """`client`, with `schedule` between it and whoever calls."""

    exceptions = exceptions

    def __init__(self, client: DynamoDB, schedule: Schedule) -> None:
        self.client = client
        self._schedule = schedule

    def get_item(self, **asked: Any) -> Answer:
        """As the client does it."""
        return self._call("get_item", partial(self.client.get_item, **asked), _of(asked))

    def batch_get_item(self, **asked: Any) -> Answer:
        """As the client does it."""
        tables = " ".join(asked["RequestItems"])
        return self._call("batch_get_item", partial(self.client.batch_get_item, **asked), tables)

    def query(self, **asked: Any) -> Page:
        """As the client does it."""
        of = f"{asked['TableName']} {asked.get('IndexName', '')}".rstrip()
        return self._call("query", partial(self.client.query, **asked), of)

    def scan(self, **asked: Any) -> Page:
        """As the client does it."""
        return self._call("scan", partial(self.client.scan, **asked), asked["TableName"])

    def get_paginator(self, call: str) -> Paginator:
        """Every page is a call of its own."""
        return Paginator({"query": self.query, "scan": self.scan}[call])

    def transact_write_items(self, *, TransactItems: Sequence[Mapping[str, Asked]]) -> Answer:  # noqa: N803
        """As the client does it."""
        effect = partial(self.client.transact_write_items, TransactItems=TransactItems)
        ((_, first), *_) = TransactItems[0].items()
        busy = partial(_busy_transaction, len(TransactItems))
        return self._call("transact_write_items", effect, f"{_of(first)} of {len(TransactItems)}", busy)

    def put_item(self, **asked: Any) -> Answer:
        """As the client does it."""
        return self._call("put_item", partial(self.client.put_item, **asked), _of(asked), _busy_write)

    def update_item(self, **asked: Any) -> Answer:
        """As the client does it."""
        return self._call("update_item", partial(self.client.update_item, **asked), _of(asked), _busy_write)

    def delete_item(self, **asked: Any) -> Answer:
        """As the client does it."""
        return self._call("delete_item", partial(self.client.delete_item, **asked), _of(asked), _busy_write)

    def _call(
        self,
        method: str,
        effect: Callable[[], Answer],
        of: str,
        busy: Callable[[Random], Exception] = lambda _: _throttled(),
    ) -> Answer:
        return self._schedule.call(f"{method} {of}", effect, EVERY, Spelling(_lost, busy))


def _of(asked: Asked) -> str:
    key = asked.get("Key") or asked["Item"]
    return f"{asked['TableName']} {key['pk']['S']}/{key['sk']['S']}"


def _lost() -> Exception:
    return ReadTimeoutError(endpoint_url="https://dynamodb.example")


def _throttled() -> Exception:
    return refusal("ProvisionedThroughputExceededException", "The configured throughput was exceeded")


def _busy_write(random: Random) -> Exception:
    """A throttle, or somebody's transaction on the same item."""
    if random() < 0.5:
        return refusal("TransactionConflictException", "Transaction is ongoing for the item")
    return _throttled()


def _busy_transaction(parts: int, random: Random) -> Exception:
    """A throttle of the whole, or of one part, or another transaction on one part's item."""
    codes = ("", "ProvisionedThroughputExceeded", "TransactionConflict")
    code, place = codes[int(random() * 3)], int(random() * parts)
    if not code:
        return _throttled()
    return cancelled([{"Code": code if number == place else "None"} for number in range(parts)])
