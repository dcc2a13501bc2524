"""Each minute: queues every delivery that is due, new, to be retried or abandoned; fires the clocks of
tasks."""

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
from functions.adapters.dispatch import Dispatch
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.keys import DeliveryKey, TaskKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.flows.fire_clock import ClockDesk, fire
from functions.log_lines import SWEEP_RAN, log
from functions.settings import SweepSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """The sweep's tools."""

    due: DueIndex
    dispatch: Dispatch
    clocks: ClockDesk


@cache
def desk() -> Desk:
    """Made once per container."""
    settings = SweepSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    return Desk(
        due=DueIndex(store),
        dispatch=Dispatch(
            aws.sqs(), email_queue_url=settings.email_queue_url, webhook_queue_url=settings.webhook_queue_url
        ),
        clocks=ClockDesk(
            acts=Acts(store, Chain(store, salt=partial(secrets.token_hex, 16))),
            patience=Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random),
            now=partial(datetime.now, UTC),
        ),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Queues what is due now, then fires what nobody has done; answers with how many of each.

    A delivery queued twice is claimed once. Clocks come last: a task must not keep a message from its queue.
    """
    del event, context
    started = time.monotonic()
    due = list(desk().due.until(desk().clocks.now()))
    queued = desk().dispatch.send(key for key in due if isinstance(key, DeliveryKey))
    fired = sum(fire(key, desk().clocks) for key in due if isinstance(key, TaskKey))
    log(SWEEP_RAN, queued=queued, fired=fired, took_ms=round((time.monotonic() - started) * 1000))
    return {"queued": queued, "fired": fired}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
