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
from functions.adapters.ledger.beside import Beside
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.reading import DueIndex, WorkIndex
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.flows.reconciling.keep_account import ReconcileDesk, keep_account
from functions.flows.reconciling.listen import ListenDesk, listen
from functions.flows.reconciling.reckon import Tables
from functions.flows.reconciling.sources import SourceDesk, hear_sources
from functions.settings import ReconcileSettings

TO_SPARE_MS = 30_000
"""For one partition with all that hangs on it, and a statement that is contended for to its end."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The tools of all three."""

    account: ReconcileDesk
    ear: ListenDesk
    sources: SourceDesk


@cache
def desk() -> Desk:
    """Made once per container."""
    settings = ReconcileSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    days, work, now = Days(store, chain), WorkIndex(store), partial(datetime.now, UTC)
    tables = Tables(days, Partitions(store))
    patience = Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random)
    return Desk(
        account=ReconcileDesk(tables, patience, now, new_id=partial(secrets.token_hex, 16)),
        ear=ListenDesk(tables, DueIndex(store), work, settings.clocks, now),
        sources=SourceDesk(days, Beside(store, chain), work, patience, settings.clocks, now),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Listens first: a long account must not keep silence from being heard, nor a source that cannot be heard
    the account from being kept."""
    del event
    listen(desk().ear)
    try:
        hear_sources(desk().sources)
    finally:
        differences = keep_account(
            desk().account, lambda: context.get_remaining_time_in_millis() > TO_SPARE_MS
        )
    return {"differences": differences}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
