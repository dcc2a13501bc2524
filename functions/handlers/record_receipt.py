"""Records what SES says of e-mails after it took them: that they left, arrived, wait, or came back."""

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
from functions.adapters.ledger.receipts import Receipts
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.flows.receipts.record import LEAST_SECONDS_TO_START, ReceiptDesk, record_receipt
from functions.settings import ReceiptSettings


@cache
def desk() -> ReceiptDesk:
    """The tools, made once per container."""
    settings = ReceiptSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    return ReceiptDesk(
        receipts=Receipts(store, Chain(store, salt=partial(secrets.token_hex, 16))),
        clocks=settings.clocks,
        patience=Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random),
        now=partial(datetime.now, UTC),
    )


def take(record: SQSRecord) -> None:
    """One receipt; whatever it raises brings that receipt back, and no other."""
    record_receipt(record.body, record.message_id, desk())


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers with the receipts that must come back."""
    return answer_batch(event, context, in_time(take, context, LEAST_SECONDS_TO_START))


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
