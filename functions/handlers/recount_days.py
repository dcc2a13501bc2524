"""Each night: counts the closed days anew from the trail, says where the live counts differ, and looks at how
many decisions leave their reason to the duty team."""

import os
import random
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.ledger.beside import Beside
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.flows.measuring.live import CountDesk
from functions.flows.measuring.reasons import ReasonDesk, look_at_reasons
from functions.flows.measuring.recount import RecountDesk, recount
from functions.settings import CountSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """The tools of both."""

    recount: RecountDesk
    reasons: ReasonDesk


@cache
def desk() -> Desk:
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
    return Desk(
        recount=RecountDesk(counting, Days(store, chain)),
        reasons=ReasonDesk(
            counters=counting.counters,
            beside=Beside(store, chain),
            patience=counting.patience,
            clocks=counting.clocks,
            now=counting.now,
        ),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """A run that is stopped has changed nothing that the next one does not find again."""
    del event, context
    differences = recount(desk().recount)
    look_at_reasons(desk().reasons)
    return {"differences": differences}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
