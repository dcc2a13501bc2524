"""The three tables of a stage in memory, with their indexes, and a store over them."""

from typing import TYPE_CHECKING, cast

from functions.adapters.ledger.store import Store
from tests.simulation.dynamodb import DynamoDB
from tests.simulation.faulty_client import FaultyClient
from tests.simulation.tables import Index, Table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LISTED_BY_AGENCY = ("type", "chan", "outcome", "ra", "dver")
LISTED_BY_DAY = ("type", "actor", "source_seq", "child", "duplicate")
LISTED_AS_WORK = ("st", "kind", "role", "child", "agency", "about", "due_at", "opened_at")


def stage_tables(*, largest_page: int = 1000) -> DynamoDB:
    """Empty tables, each index holding no more than the stage's does."""
    return DynamoDB(
        {
            "audit": Table(
                {
                    "by_agency": Index("gpk", "gsk", LISTED_BY_AGENCY),
                    "by_day": Index("dpk", "dsk", LISTED_BY_DAY),
                }
            ),
            "state": Table(
                {
                    "due": Index("due_pk", "due_sk", keeps=("wait_from",)),
                    "work": Index("work_pk", "work_sk", LISTED_AS_WORK),
                    "watch": Index("watch_pk", "watch_sk", keeps=()),
                    "msg": Index("message_id", None, keeps=()),
                    "by_day": Index("dpk", "dsk", keeps=("partition",)),
                }
            ),
            "keys": Table(),
        },
        largest_page=largest_page,
    )


def store_over(client: DynamoDB | FaultyClient) -> Store:
    """The project's own store on a client of ours."""
    return Store(cast("DynamoDBClient", client), audit="audit", state="state", keys="keys")
