"""Each quarter of an hour: hears whether it is too quiet, and accounts for the days whose turn it is."""

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
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.reading import DueIndex, WorkIndex
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.flows.reconciling.keep_account import ReconcileDesk, keep_account
from functions.flows.reconciling.listen import ListenDesk, listen
from functions.flows.reconciling.reckon import Tables
from functions.settings import ReconcileSettings

TO_SPARE_MS = 30_000
"""For one partition with all that hangs on it, and a statement that is contended for to its end."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The tools of both."""

    account: ReconcileDesk
    ear: ListenDesk


@cache
def desk() -> Desk:
    """Made once per container."""
    settings = ReconcileSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    tables, now = Tables(Days(store, chain), Partitions(store)), partial(datetime.now, UTC)
    return Desk(
        account=ReconcileDesk(
            tables=tables,
            patience=Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random),
            now=now,
            new_id=partial(secrets.token_hex, 16),
        ),
        ear=ListenDesk(tables, DueIndex(store), WorkIndex(store), settings.clocks, now),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Listens first: a long account must not keep silence from being heard."""
    del event
    listen(desk().ear)
    differences = keep_account(desk().account, lambda: context.get_remaining_time_in_millis() > TO_SPARE_MS)
    return {"differences": differences}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
