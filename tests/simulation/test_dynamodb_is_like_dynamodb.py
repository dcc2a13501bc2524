"""The client in memory answers, refuses and keeps as moto's does, whatever it is asked."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given

from tests.an_aws import an_aws
from tests.simulation.calls import INDEXES, TABLES, Call, call_sequences, every_query, many_puts
from tests.simulation.dynamodb import DynamoDB
from tests.simulation.tables import Table
from tests.simulation.values import Item
from tests.stage_tables import REGION, create_on


def in_memory(**more: Any) -> DynamoDB:
    return DynamoDB({"audit": Table(), "state": Table(INDEXES)}, **more)


@contextmanager
def tables_of(moto: Any) -> Iterator[None]:
    """The same tables on moto, for as long as it takes."""
    create_on(moto, {"audit": {}, "state": INDEXES})
    try:
        yield
    finally:
        for name in TABLES:
            moto.delete_table(TableName=name)


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    """A client of moto's, without tables."""
    with an_aws():
        yield boto3.client("dynamodb", region_name=REGION)


def outcome(client: Any, call: Call) -> Any:
    """What a call says, in words that both clients share."""
    method, asked = call
    try:
        if method == "query":
            return in_order(client.get_paginator(method).paginate(**asked), asked.get("IndexName"))
        answer = getattr(client, method)(**asked)
    except ClientError as exc:
        reasons = exc.response.get("CancellationReasons", [])
        code = exc.response["Error"]["Code"]
        return code, exc.response.get("Item"), [(one["Code"], one.get("Item")) for one in reasons]
    if method == "batch_get_item":
        return by_key(answer["Responses"]["state"]), answer["UnprocessedKeys"]
    return answer.get("Item")


def in_order(pages: Any, index: str | None) -> Any:
    """The items, and their sort keys as they came: which of two with one key comes first, nobody promises."""
    found = [item for page in pages for item in page["Items"]]
    sort_key = INDEXES[index].sk if index else "sk"
    return by_key(found), [item[sort_key] for item in found if sort_key]


def by_key(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def everything(client: Any) -> dict[str, list[Any]]:
    """Each table's items."""
    pages = {name: client.get_paginator("scan").paginate(TableName=name) for name in TABLES}
    return {name: by_key(item for page in found for item in page["Items"]) for name, found in pages.items()}


@pytest.mark.timeout(420)  # a failing sequence takes minutes to be made short
@given(calls=call_sequences)
def test_the_same_calls_end_the_same(moto: Any, calls: list[Call]) -> None:
    with tables_of(moto):
        ours = in_memory(largest_page=2)
        for call in calls:
            assert outcome(ours, call) == outcome(moto, call)
        assert everything(ours) == everything(moto)


@pytest.mark.parametrize("index", [None, *INDEXES])
def test_every_way_of_asking_is_answered_alike(moto: Any, index: str | None) -> None:
    with tables_of(moto):
        ours = in_memory(largest_page=2)
        for call in many_puts():
            assert outcome(ours, call) == outcome(moto, call)
        queries = list(every_query(index))
        answers = [outcome(ours, call) for call in queries]
        assert answers == [outcome(moto, call) for call in queries]
        assert max(len(items) for items, _ in answers) > 2
