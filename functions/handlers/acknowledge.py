"""Lets a reader say that they have read a message, by a page behind each message's link or a post of their
system; and the police, by a page behind each reminder's, how their form stands."""

import os
import random
import secrets
import time
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.event_bus import EventBus
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.confirming import Confirming
from functions.adapters.ledger.statements import Statements
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.adapters.rest_api import Request
from functions.adapters.signing import SecretShelf
from functions.flows.acknowledging.answer import answer
from functions.flows.acknowledging.desk import ConfirmDesk
from functions.settings import AcknowledgeSettings


@cache
def desk() -> ConfirmDesk:
    """The tools, made once per container."""
    settings = AcknowledgeSettings.from_env()
    store = Store(aws.dynamodb(), audit=settings.audit_table, state=settings.state_table)
    chain = Chain(store, salt=partial(secrets.token_hex, 16))
    return ConfirmDesk(
        confirming=Confirming(store, chain),
        statements=Statements(store, chain),
        secrets=SecretShelf(aws.secretsmanager(), settings.secret_prefix),
        bus=EventBus(aws.events(), settings.event_bus),
        hub=settings.hub,
        policies=tuple(dict.fromkeys(one.policy_id for one in settings.ra_policy.not_required)),
        patience=Patience(monotonic=time.monotonic, pause=time.sleep, jitter=random.random),
        now=partial(datetime.now, UTC),
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers one request; what it raises is a bug, and API Gateway's own 502."""
    request = Request.of(event, context.aws_request_id)
    return answer(request, desk()).as_proxy_answer(with_body=request.method != "HEAD")


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    desk()
