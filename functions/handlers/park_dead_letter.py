"""Brings what nothing could process before a person: parks the delivery, or refuses the event, in the
trail."""

import os
import random
import secrets
import time
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.batch import answer_batch, in_time
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.refusals import Refusals
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.adapters.rejected import RejectedEvents
from functions.flows.desk import RefusalDesk
from functions.flows.sending.park import LEAST_SECONDS_TO_START, ParkDesk, park
from functions.settings import ParkSettings


@cache
def desk() -> ParkDesk:
    """The tools, made once per container."""
    settings = ParkSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    patience = Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random)
    return ParkDesk(
        sending=Sending(store, chain),
        refusal=RefusalDesk(
            refusals=Refusals(store, chain),
            rejected=RejectedEvents(aws.s3(), settings.rejected_bucket),
            patience=patience,
            now=partial(datetime.now, UTC),
            registered_sources=settings.registered_sources,
        ),
    )


def take(record: SQSRecord) -> None:
    """One dead letter; whatever it raises leaves it in its queue, where an alarm counts it."""
    park(record.body, record.message_id, desk())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers with the letters that must stay."""
    return answer_batch(event, context, in_time(take, context, LEAST_SECONDS_TO_START))


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
