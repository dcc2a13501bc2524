"""Takes the MASH's events, police forms, heartbeats and clocks that have run out from the intake queue into
the tables."""

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
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.lifecycle import Lifecycle
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.refusals import Refusals
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.adapters.rejected import RejectedEvents
from functions.adapters.vault import Vault
from functions.flows.desk import IntakeDesk, RefusalDesk
from functions.flows.intake.receive import LEAST_SECONDS_TO_START, receive
from functions.settings import ReceiveSettings


@cache
def desk() -> IntakeDesk:
    """The intake's tools, made once per container."""
    settings = ReceiveSettings.from_env()
    store = Store(
        aws.dynamodb(), audit=settings.audit_table, state=settings.state_table, keys=settings.keys_table
    )
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    patience = Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random)
    now = partial(datetime.now, UTC)
    return IntakeDesk(
        refusal=RefusalDesk(
            refusals=Refusals(store, chain),
            rejected=RejectedEvents(aws.s3(), settings.rejected_bucket),
            patience=patience,
            now=now,
            registered_sources=settings.registered_sources,
        ),
        intake=Intake(store, chain),
        lifecycle=Lifecycle(store, chain),
        acts=Acts(store, chain),
        due=DueIndex(store),
        directory=Directory(store, chain),
        vault=Vault(aws.kms(), settings.data_key_arn, nonce=secrets.token_bytes),
        hub=settings.hub,
        confirm_base=settings.confirm_base,
        ra_policy=settings.ra_policy,
        clocks=settings.clocks,
        managed_domains=settings.managed_domains,
        patience=patience,
        now=now,
    )


def take(record: SQSRecord) -> None:
    """One message; whatever it raises brings that message back, and no other."""
    receive(record.body, record.message_id, desk())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers with the messages that must come back."""
    return answer_batch(event, context, in_time(take, context, LEAST_SECONDS_TO_START))


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
