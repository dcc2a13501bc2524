"""Each minute: queues every delivery that is due, new, to be retried or abandoned, and every canary; fires
the clocks of tasks."""

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
from functions.adapters.ledger.keys import TaskKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Store
from functions.adapters.ledger.watching import Watching
from functions.adapters.patience import Patience
from functions.flows.clocks.overdue import ClockDesk, fire, fire_all
from functions.flows.clocks.untold import WatchDesk, fire_watch
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
    watches: WatchDesk


@cache
def desk() -> Desk:
    """Made once per container."""
    settings = SweepSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    patience = Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random)
    now, new_id = partial(datetime.now, UTC), partial(secrets.token_hex, 16)
    return Desk(
        due=DueIndex(store),
        dispatch=Dispatch(
            aws.sqs(), email_queue_url=settings.email_queue_url, webhook_queue_url=settings.webhook_queue_url
        ),
        clocks=ClockDesk(Acts(store, chain), patience, now, new_id),
        watches=WatchDesk(
            Watching(store, chain), patience, settings.clocks, settings.managed_domains, now, new_id
        ),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Queues what is due now, then fires the clocks of whoever is not told and what nobody has done.

    A delivery queued twice is claimed once. Clocks come last: they must not keep a message from its queue,
    nor a queue that refuses a clock from firing. What failed is raised when all the rest is done.
    """
    del event
    started, now = time.monotonic(), desk().clocks.now()
    due = list(desk().due.until(now))
    try:
        queued = desk().dispatch.send(key for key in due if not isinstance(key, TaskKey))
    finally:
        clocks = [partial(fire_watch, key, desk().watches) for key in desk().due.watched(now)]
        clocks += [partial(fire, key, desk().clocks) for key in due if isinstance(key, TaskKey)]
        fired = fire_all(clocks, lambda: context.get_remaining_time_in_millis() > TO_SPARE_MS)
    log(SWEEP_RAN, queued=queued, fired=fired.clocks, took_ms=round((time.monotonic() - started) * 1000))
    if fired.failures:
        raise ExceptionGroup("clocks did not fire", fired.failures)
    return {"queued": queued, "fired": fired.clocks}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
