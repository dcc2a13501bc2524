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
from functions.flows.fire_clock import ClockDesk, fire_all
from functions.log_lines import SWEEP_RAN, log
from functions.settings import SweepSettings

TO_SPARE_MS = 20_000
"""For one clock that is contended for to its end, after a call that got no answer."""


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
            new_id=partial(secrets.token_hex, 16),
        ),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Queues what is due now, then fires what nobody has done; answers with how many of each.

    A delivery queued twice is claimed once. Clocks come last: a task must not keep a message from its queue,
    nor a queue that refuses a clock from firing. What failed is raised when all the rest is done.
    """
    del event
    started = time.monotonic()
    due = list(desk().due.until(desk().clocks.now()))
    try:
        queued = desk().dispatch.send(key for key in due if isinstance(key, DeliveryKey))
    finally:
        tasks = (key for key in due if isinstance(key, TaskKey))
        fired = fire_all(tasks, desk().clocks, lambda: context.get_remaining_time_in_millis() > TO_SPARE_MS)
    log(SWEEP_RAN, queued=queued, fired=fired.tasks, took_ms=round((time.monotonic() - started) * 1000))
    if fired.failures:
        raise ExceptionGroup("clocks did not fire", fired.failures)
    return {"queued": queued, "fired": fired.tasks}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
