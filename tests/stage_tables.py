"""The three tables of a stage with their indexes: on moto, or in memory at a hundredth of its cost."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, cast

import boto3

from functions.adapters.ledger.store import Store
from tests.simulation.dynamodb import DynamoDB
from tests.simulation.tables import Index, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.simulation.faulty_client import FaultyClient

REGION = "eu-west-2"

INDEXES: Mapping[str, Mapping[str, Index]] = {
    "audit": {
        "by_agency": Index("gpk", "gsk", keeps=("type", "chan", "outcome", "ra", "dver")),
        "by_day": Index("dpk", "dsk", keeps=("type", "actor", "source_seq", "child", "duplicate")),
    },
    "state": {
        "due": Index("due_pk", "due_sk", keeps=("wait_from",)),
        "work": Index(
            "work_pk",
            "work_sk",
            keeps=("st", "kind", "role", "child", "agency", "about", "due_at", "opened_at"),
        ),
        "watch": Index("watch_pk", "watch_sk", keeps=()),
        "msg": Index("message_id", None, keeps=()),
        "by_day": Index("dpk", "dsk", keeps=("partition",)),
    },
    "keys": {},
}
"""By table; tests/infra holds the template to them."""


def stage_tables(*, largest_page: int = 1000) -> DynamoDB:
    """Empty tables in memory, which tests/simulation holds to moto's."""
    return DynamoDB(
        {name: Table(dict(indexes)) for name, indexes in INDEXES.items()}, largest_page=largest_page
    )


def store_over(client: "DynamoDB | FaultyClient | DynamoDBClient") -> Store:
    """The project's own store on a client of ours, or on boto3's."""
    return Store(cast("DynamoDBClient", client), audit="audit", state="state", keys="keys")


def in_memory() -> Store:
    """A store over empty tables in memory."""
    return store_over(stage_tables())


def on_moto() -> Store:
    """A store over empty tables on moto."""
    client = a_client("dynamodb")
    create_on(client, INDEXES)
    return store_over(client)


@cache
def a_client(service: Literal["dynamodb", "events", "kms", "s3"]) -> Any:
    """boto3's, made once: making one costs more than most tests do. Whichever moto is running answers it."""
    return boto3.client(service, region_name=REGION)


def create_on(client: "DynamoDBClient", tables: Mapping[str, Mapping[str, Index]]) -> None:
    """Creates empty tables with these indexes through boto3's client."""
    for name, indexes in tables.items():
        attributes = {"pk", "sk"} | {key for index in indexes.values() for key in index.key_names}
        more: Any = {"GlobalSecondaryIndexes": [_index(*one) for one in indexes.items()]} if indexes else {}
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=_schema("pk", "sk"),
            AttributeDefinitions=[{"AttributeName": one, "AttributeType": "S"} for one in sorted(attributes)],
            **more,
        )


def _index(name: str, index: Index) -> dict[str, Any]:
    kept: dict[str, Any] = {"ProjectionType": "ALL"}
    if index.keeps is not None:
        kept = {"ProjectionType": "KEYS_ONLY"}
    if index.keeps:
        kept = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index.keeps)}
    return {"IndexName": name, "KeySchema": _schema(*index.key_names), "Projection": kept}


def _schema(*names: str) -> Any:
    return [
        {"AttributeName": name, "KeyType": role} for name, role in zip(names, ("HASH", "RANGE"), strict=False)
    ]
