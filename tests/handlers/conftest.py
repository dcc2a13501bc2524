"""Every door's handler on moto: its environment, the resources behind it, caches emptied after each test."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast
from uuid import uuid4

import boto3
import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.ledger.store import Store
from functions.handlers import (
    acknowledge,
    count_outcomes,
    park_dead_letter,
    receive_event,
    reconcile,
    record_receipt,
    recount_days,
    relay_deliveries,
    send_email,
    send_webhook,
    sweep_due,
)
from schemas.clocks import ClockPolicy
from schemas.codes import CinSource
from schemas.risk_assessment import RaExclusion, RaPolicy
from tests.notices import CONFIRM_BASE, a_hub_contact
from tests.stage_tables import REGION, on_moto
from tests.world import MORNING, World, a_world

HANDLERS = (
    acknowledge,
    count_outcomes,
    park_dead_letter,
    receive_event,
    reconcile,
    record_receipt,
    recount_days,
    relay_deliveries,
    send_email,
    send_webhook,
    sweep_due,
)
AGREED = (RaExclusion(policy_id="POLICY-2026-01", source_codes=(CinSource.HOUSING,)),)
"""Under which no referral of the stories here falls."""
FROM = "outcomes@northshire.gov.uk"


class Context:
    """Lambda's context as Powertools and we ask it."""

    function_name = "function"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-2:000000000000:function:function"

    def __init__(self) -> None:
        self.aws_request_id = str(uuid4())

    def get_remaining_time_in_millis(self) -> int:
        """As much as anyone needs."""
        return 60_000


def a_context() -> LambdaContext:
    """Of one invocation; the one place that passes our stand-in off as Lambda's own class."""
    return cast("LambdaContext", Context())


@pytest.fixture
def context() -> LambdaContext:
    """A test's own invocation."""
    return a_context()


@pytest.fixture
def world(_no_real_account: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world as the handlers find it."""
    with a_world_with_doors(monkeypatch) as one:
        yield one


@contextmanager
def a_world_with_doors(
    monkeypatch: pytest.MonkeyPatch, make_store: Callable[[], Store] = on_moto
) -> Iterator[World]:
    """A world with queues, a sender's identity and a signing secret, and the handlers' environment set."""
    with a_world(make_store) as one:
        sqs = boto3.client("sqs", region_name=REGION)
        intake_queue_url = sqs.create_queue(QueueName="intake")["QueueUrl"]
        email_queue_url = sqs.create_queue(QueueName="email")["QueueUrl"]
        webhook_queue_url = sqs.create_queue(QueueName="webhook")["QueueUrl"]
        dead_letters_url = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
        ses = boto3.client("sesv2", region_name=REGION)
        ses.create_email_identity(EmailIdentity=FROM)
        ses.create_configuration_set(ConfigurationSetName="outcomes")
        secret = [{"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "ends_at": None}]
        boto3.client("secretsmanager", region_name=REGION).create_secret(
            Name="mash/local/webhook/north-police", SecretString=json.dumps(secret)
        )
        environment = {
            "AUDIT_TABLE": "audit",
            "STATE_TABLE": "state",
            "KEYS_TABLE": "keys",
            "DATA_KEY_ARN": one.kms_key,
            "REJECTED_BUCKET": one.bucket,
            "HUB": a_hub_contact().model_dump_json(),
            "CONFIRM_BASE": CONFIRM_BASE,
            "EVENT_BUS": "mash-outcomes-local",
            "RA_POLICY": RaPolicy(not_required=AGREED).model_dump_json(),
            "CLOCKS": ClockPolicy().model_dump_json(),
            "MANAGED_DOMAINS": "secure.example",
            "REGISTERED_SOURCES": "mash.case-system,north-police.ra-feed,police.status-page",
            "INTAKE_QUEUE_URL": intake_queue_url,
            "EMAIL_QUEUE_URL": email_queue_url,
            "WEBHOOK_QUEUE_URL": webhook_queue_url,
            "DEAD_LETTERS_URL": dead_letters_url,
            "RETRY_STEPS": "0,10,60",
            "REFUSED_STEPS": "0,300,1500",
            "EMAILS_PER_SECOND": "1000",
            "EMAIL_WORKERS": "5",
            "FROM_ADDRESS": FROM,
            "CONFIGURATION_SET": "outcomes",
            "SECRET_PREFIX": "mash/local/webhook/",
            "LOCAL_RECEIVER_ORIGINS": "",
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        clear_caches()
        with time_machine.travel(MORNING):
            yield one
        clear_caches()


def clear_caches() -> None:
    """No desk or client outlives the moto it was made for."""
    clear_desks()
    for name in ("dynamodb", "events", "kms", "s3", "secretsmanager", "sesv2", "sqs"):
        getattr(aws, name).cache_clear()


def clear_desks() -> None:
    """Each function's next invocation finds a new container."""
    for module in HANDLERS:
        module.desk.cache_clear()
    send_email.settings.cache_clear()
    send_webhook.settings.cache_clear()


def sqs_event(*bodies: str, queue: str = "intake") -> dict[str, Any]:
    """A batch as Lambda receives it from a queue."""
    return {
        "Records": [
            {
                "messageId": f"message-{number:04d}",
                "receiptHandle": f"receipt-{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:eu-west-2:123456789012:{queue}",
                "awsRegion": REGION,
            }
            for number, body in enumerate(bodies, start=1)
        ]
    }


def queued(queue_url: str) -> list[dict[str, str]]:
    """The bodies that stand in a queue."""
    sqs = boto3.client("sqs", region_name=REGION)
    found = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"]) for message in found]
