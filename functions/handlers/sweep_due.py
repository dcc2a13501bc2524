"""Each minute: queues every delivery, canary and clock that is due; fires the clocks of tasks and of
messages."""

import os
import random
import secrets
import time
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.dispatch import ClockQueue, Dispatch
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Store
from functions.adapters.ledger.watching import Watching
from functions.adapters.patience import Patience
from functions.flows.clocks.overdue import ClockDesk
from functions.flows.clocks.sweep import SweepDesk, sweep
from functions.flows.clocks.untold import WatchDesk
from functions.settings import SweepSettings

TO_SPARE_MS = 20_000
"""For one clock that is contended for to its end, after a call that got no answer."""


@cache
def desk() -> SweepDesk:
    """Made once per container."""
    settings = SweepSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    patience = Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random)
    now, new_id = partial(datetime.now, UTC), partial(secrets.token_hex, 16)
    return SweepDesk(
        due=DueIndex(store),
        dispatch=Dispatch(
            aws.sqs(), email_queue_url=settings.email_queue_url, webhook_queue_url=settings.webhook_queue_url
        ),
        intake=ClockQueue(aws.sqs(), intake_queue_url=settings.intake_queue_url),
        clocks=ClockDesk(Acts(store, chain), patience, now, new_id),
        watches=WatchDesk(
            Watching(store, chain), patience, settings.clocks, settings.managed_domains, now, new_id
        ),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    """Answers with how many messages were queued and how many clocks fired; fails if any could not."""
    del event
    swept = sweep(desk(), lambda: context.get_remaining_time_in_millis() > TO_SPARE_MS)
    return {"queued": swept.queued, "fired": swept.fired}


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
