"""The live counts: moves them by each new row of a referral, as the trail's stream shows it."""

import os
import random
import secrets
import time
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.keys import new_row
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.flows.measuring.live import CountDesk, count_rows
from functions.settings import CountSettings


@cache
def desk() -> CountDesk:
    """Made once per container."""
    settings = CountSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    return CountDesk(
        counters=Counters(store),
        partitions=Partitions(store),
        directory=Directory(store, Chain(store, salt=partial(secrets.token_hex, 16))),
        clocks=settings.clocks,
        patience=Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random),
        now=partial(datetime.now, UTC),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Counts the referrals that this batch is about.

    Raises if one of them could not be counted: the whole batch comes again, which moves nothing twice.
    """
    del context
    count_rows(newest_rows(event), desk())


def newest_rows(event: dict[str, Any]) -> dict[str, int]:
    """The number of each referral's newest row among those that this batch of stream records added."""
    newest: dict[str, int] = {}
    for record in event["Records"]:
        row = new_row(record["dynamodb"]["Keys"])
        if record["eventName"] == "INSERT" and row is not None:
            ref, seq = row
            newest[ref] = max(newest.get(ref, 0), seq)
    return newest


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
