"""Posts signed webhooks to agencies' systems, one claimed delivery or canary at a time."""

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
from functions.adapters.canary import CanaryDoor
from functions.adapters.dispatch import come_back_in, poison_set_aside
from functions.adapters.ledger.canaries import Canaries
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.signing import SecretShelf
from functions.adapters.vault import Vault
from functions.adapters.webhook import Outside, WebhookDoor
from functions.domain.delivery import Schedule
from functions.flows.sending.answer import Message, answer_message
from functions.flows.sending.canary import CanaryDesk
from functions.flows.sending.desk import SendDesk
from functions.settings import WebhookSettings


@cache
def settings() -> WebhookSettings:
    """What the environment says, read once per container."""
    return WebhookSettings.from_env()


@cache
def desk() -> CanaryDesk:
    """The webhook sender's tools, those for its deliveries among them; made once per container."""
    told = settings()
    store = Store(aws.dynamodb(), audit=told.audit_table, state=told.state_table, keys=told.keys_table)
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    shelf = SecretShelf(aws.secretsmanager(), told.secret_prefix)
    health = EndpointHealth(store, EndpointRows(store, chain))
    deliveries = SendDesk(
        sending=Sending(store, chain),
        vault=Vault(aws.kms(), None, nonce=secrets.token_bytes),
        door=WebhookDoor(shelf, told.local_receiver_origins),
        schedule=Schedule(told.retry_steps, told.refused_steps),
        health=health,
        managed_domains=(),
        clocks=told.clocks,
        patience=Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random),
        now=partial(datetime.now, UTC),
        new_owner=partial(secrets.token_hex, 16),
        jitter=random.random,
    )
    door = CanaryDoor(Outside(told.local_receiver_origins), shelf, told.hub.publisher_url)
    return CanaryDesk(Canaries(store, chain), door, health, deliveries)


def take(record: SQSRecord, lambda_context: LambdaContext) -> None:
    """One message; whatever it raises brings that message back, and no other."""
    wait = partial(come_back_in, aws.sqs(), settings().webhook_queue_url, record.receipt_handle)
    message = Message(record.body, int(record.attributes.approximate_receive_count))
    with poison_set_aside(aws.sqs(), settings().dead_letters_url, record.body):
        answer_message(message, lambda_context, desk().deliveries, wait, desk())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers with the messages that must come back."""
    return answer_batch(event, context, take)


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
