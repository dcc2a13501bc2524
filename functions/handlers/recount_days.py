"""Each night: counts the closed days anew from the trail, and says where the live counts differ."""

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
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.flows.measuring.live import CountDesk
from functions.flows.measuring.recount import RecountDesk, recount
from functions.settings import CountSettings


@cache
def desk() -> RecountDesk:
    """Made once per container."""
    settings = CountSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    counting = CountDesk(
        counters=Counters(store),
        partitions=Partitions(store),
        directory=Directory(store, chain),
        clocks=settings.clocks,
        patience=Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random),
        now=partial(datetime.now, UTC),
    )
    return RecountDesk(counting, Days(store, chain))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """A run that is stopped has changed nothing that the next one does not find again."""
    del event, context
    return {"differences": recount(desk())}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
