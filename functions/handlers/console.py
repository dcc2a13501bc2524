"""The managers' console: pages for people who are signed in, by API Gateway."""

import gc
import os
import random
import secrets
import time
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import httpx
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.client_secret import value
from functions.adapters.event_bus import EventBus
from functions.adapters.ledger.store import Store
from functions.adapters.oidc import ANSWER_SECONDS
from functions.adapters.patience import Patience
from functions.adapters.vault import Vault
from functions.console.app import console_app
from functions.console.desk import ConsoleDesk
from functions.console.making import Given, desk_of
from functions.settings import ConsoleSettings

PATIENCE_SECONDS = 5.0
"""A person waits: within it two pages of one reader write their rows one after the other."""


@cache
def desk() -> ConsoleDesk:
    """The tools, made once per container."""
    settings = ConsoleSettings.from_env()
    given = Given(
        store=Store(
            aws.dynamodb(), audit=settings.audit_table, state=settings.state_table, keys=settings.keys_table
        ),
        vault=Vault(aws.kms(), None, nonce=secrets.token_bytes),
        bus=EventBus(aws.events(), settings.event_bus),
        http=httpx.Client(timeout=ANSWER_SECONDS),
        client_secret=partial(_client_secret, settings.sign_in_credential_name),
        patience=Patience(time.monotonic, time.sleep, random.random, PATIENCE_SECONDS),
        now=partial(datetime.now, UTC),
        secret=partial(secrets.token_urlsafe, 32),
        salt=partial(secrets.token_hex, 16),
    )
    return desk_of(settings, given)


@cache
def app() -> APIGatewayRestResolver:
    """The routes, made once per container."""
    return console_app(desk)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answers one request; what it raises is a bug, and API Gateway's own 502."""
    return app().resolve(event, context)


def _client_secret(name: str) -> str | None:
    """What the directory gave us, by its name in Secrets Manager; a public client has none."""
    return value(aws.secretsmanager(), name) if name else None


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    app()
    gc.freeze()  # what is loaded stays: no collection in the middle of a first page goes through all of it
