"""Each minute: queues every delivery that is due, new, to be retried or abandoned."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.dispatch import Dispatch
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Store
from functions.log_lines import SWEEP_RAN, log
from functions.settings import SweepSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """The sweep's tools."""

    due: DueIndex
    dispatch: Dispatch
    now: Callable[[], datetime]


@cache
def desk() -> Desk:
    """Made once per container."""
    settings = SweepSettings.from_env()
    return Desk(
        due=DueIndex(Store(aws.dynamodb(), audit="", state=settings.state_table)),
        dispatch=Dispatch(
            aws.sqs(), email_queue_url=settings.email_queue_url, webhook_queue_url=settings.webhook_queue_url
        ),
        now=partial(datetime.now, UTC),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Queues what is due now; a delivery queued twice is claimed once. Answers with how many."""
    del event, context
    started = time.monotonic()
    queued = desk().dispatch.send(desk().due.until(desk().now()))
    log(SWEEP_RAN, queued=queued, took_ms=round((time.monotonic() - started) * 1000))
    return {"queued": queued}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
