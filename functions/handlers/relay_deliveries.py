"""The fast path: queues each new delivery as the state table's stream shows it; the sweep catches what
this loses."""

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.dispatch import Dispatch
from functions.adapters.ledger.keys import DeliveryKey, new_delivery
from functions.settings import RelaySettings


@cache
def desk() -> Dispatch:
    """The senders' queues, made once per container."""
    settings = RelaySettings.from_env()
    return Dispatch(
        aws.sqs(), email_queue_url=settings.email_queue_url, webhook_queue_url=settings.webhook_queue_url
    )


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Queues the stream's new deliveries.

    Raises if a queue refuses: the whole batch comes again, which is harmless.
    """
    del context
    desk().send(new_deliveries(event))


def new_deliveries(event: dict[str, Any]) -> Iterator[DeliveryKey]:
    """The deliveries that this batch of stream records created and nothing holds."""
    for record in event["Records"]:
        key = new_delivery(record["dynamodb"].get("NewImage", {}))
        if record["eventName"] == "INSERT" and key is not None:
            yield key


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
