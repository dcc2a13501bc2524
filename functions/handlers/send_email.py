"""Sends outcome e-mails through SES, one claimed delivery at a time."""

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
from functions.adapters.batch import answer_batch
from functions.adapters.dispatch import come_back_in, poison_set_aside
from functions.adapters.email import EmailDoor
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Store
from functions.adapters.pace import Pace
from functions.adapters.patience import Patience
from functions.adapters.vault import Vault
from functions.domain.delivery import Schedule
from functions.flows.sending.answer import Message, answer_message
from functions.flows.sending.desk import SendDesk
from functions.settings import EmailSettings


@cache
def settings() -> EmailSettings:
    """What the environment says, read once per container."""
    return EmailSettings.from_env()


@cache
def desk() -> SendDesk:
    """The e-mail sender's tools, made once per container."""
    store = Store(
        aws.dynamodb(), audit=settings().audit_table, state=settings().state_table, keys=settings().keys_table
    )
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    return SendDesk(
        sending=Sending(store, chain),
        vault=Vault(aws.kms(), None, nonce=secrets.token_bytes),
        door=EmailDoor(
            aws.sesv2(), from_address=settings().from_address, configuration_set=settings().configuration_set
        ),
        pace=Pace(settings().emails_per_second, settings().email_workers, time.monotonic, time.sleep),
        schedule=Schedule(settings().retry_steps, settings().refused_steps),
        health=None,
        managed_domains=settings().managed_domains,
        clocks=settings().clocks,
        patience=Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random),
        now=partial(datetime.now, UTC),
        new_owner=partial(secrets.token_hex, 16),
        jitter=random.random,
    )


def take(record: SQSRecord, lambda_context: LambdaContext) -> None:
    """One message; whatever it raises brings that message back, and no other."""
    wait = partial(come_back_in, aws.sqs(), settings().email_queue_url, record.receipt_handle)
    message = Message(record.body, int(record.attributes.approximate_receive_count))
    with poison_set_aside(aws.sqs(), settings().dead_letters_url, record.body):
        answer_message(message, lambda_context, desk(), wait)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers with the messages that must come back."""
    return answer_batch(event, context, take)


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
