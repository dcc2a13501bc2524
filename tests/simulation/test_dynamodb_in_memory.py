"""What a simulation needs of its tables beside DynamoDB's own promises."""

from typing import Any

import pytest

from tests.simulation.dynamodb import DynamoDB, Written
from tests.simulation.tables import Index, Table

KEY = {"pk": {"S": "p"}, "sk": {"S": "a"}}


@pytest.fixture
def client() -> DynamoDB:
    """One table with an index, empty."""
    return DynamoDB({"state": Table({"watch": Index("watch_pk")})}, largest_page=2)


def put(client: DynamoDB, sk: str = "a", **attributes: Any) -> None:
    client.put_item(TableName="state", Item={"pk": {"S": "p"}, "sk": {"S": sk}, **attributes})


def get(client: DynamoDB) -> Any:
    return client.get_item(TableName="state", Key=KEY).get("Item")


def watched(client: DynamoDB) -> int:
    """How many items the index lists."""
    page = client.query(
        TableName="state",
        IndexName="watch",
        KeyConditionExpression="#pk = :pk",
        ExpressionAttributeNames={"#pk": "watch_pk"},
        ExpressionAttributeValues={":pk": {"S": "k"}},
    )
    return len(page["Items"])


def test_what_a_reader_does_to_its_answer_does_not_reach_the_table(client: DynamoDB) -> None:
    put(client)
    get(client)["st"] = {"S": "changed"}
    client.scan(TableName="state")["Items"][0]["st"] = {"S": "changed"}
    assert get(client) == KEY


def test_what_a_writer_does_to_its_item_afterwards_does_not_reach_the_table(client: DynamoDB) -> None:
    item: dict[str, Any] = {**KEY}
    client.put_item(TableName="state", Item=item)
    item["st"] = {"S": "changed"}
    assert get(client) == KEY


def test_a_copy_goes_its_own_way(client: DynamoDB) -> None:
    put(client, watch_pk={"S": "k"})
    other = client.copy()
    other.delete_item(TableName="state", Key=KEY)
    put(client, "b", watch_pk={"S": "k"})
    assert (watched(client), watched(other)) == (2, 0)
    assert get(client)
    assert not get(other)
    assert (len(client.journal), len(other.journal)) == (2, 1)


def test_the_journal_tells_what_changed_by_which_call_and_nothing_else(client: DynamoDB) -> None:
    put(client)
    put(client)
    put(client, n={"N": "1"})
    client.delete_item(TableName="state", Key=KEY)
    client.delete_item(TableName="state", Key=KEY)
    changed, at = {**KEY, "n": {"N": "1"}}, ("state", ("p", "a"))
    assert client.journal == [
        Written(*at, None, KEY, call=1),
        Written(*at, KEY, changed, call=3),
        Written(*at, changed, None, call=4),
    ]


def test_pages_go_on_where_the_last_one_ended_though_its_last_item_is_gone(client: DynamoDB) -> None:
    for sk in "abcde":
        put(client, sk)
    found = []
    for page in client.get_paginator("scan").paginate(TableName="state"):
        found += [item["sk"]["S"] for item in page["Items"]]
        client.delete_item(TableName="state", Key={name: page["Items"][-1][name] for name in ("pk", "sk")})
    assert found == list("abcde")
