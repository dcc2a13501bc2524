"""The e-mail door on SES: what was asked of SES, the rows and the state."""

import hashlib
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.handlers import send_email
from tests.forms import a_complete_form_event
from tests.handlers.conftest import sqs_event
from tests.world import World, a_decision

MESSAGE = '{"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#north-probation#email"}'


@pytest.fixture
def asked_of_ses(world: World) -> list[dict[str, Any]]:
    """Every SendEmail as it leaves for SES; moto keeps no text part and no headers."""
    asked: list[dict[str, Any]] = []

    def remember(params: dict[str, Any], **_: Any) -> None:
        asked.append(params)

    aws.sesv2().meta.events.register("provide-client-params.sesv2.SendEmail", remember)
    return asked


def test_the_mail_that_left_is_the_mail_the_trail_committed_to(
    world: World, context: LambdaContext, asked_of_ses: list[dict[str, Any]]
) -> None:
    world.take(a_complete_form_event())
    world.take(a_decision())
    answer = send_email.handler(sqs_event(MESSAGE, MESSAGE, queue="email"), context)
    assert answer == {"batchItemFailures": []}
    (mail,) = asked_of_ses
    simple = mail["Content"]["Simple"]
    started, closed = world.rows()[-2:]
    parts = [simple["Subject"], simple["Body"]["Text"], simple["Body"]["Html"]]
    digest = hashlib.sha256("".join(f"{part['Data']}\0" for part in parts).encode())
    assert (started["type"], started["body_sha256"]) == ("ATTEMPT_STARTED", digest.hexdigest())
    assert (started["ra"], started["level"], started["chan"]) == ("COMPLETE", 3, "email")
    assert (closed["type"], closed["result"], closed["state"]) == ("ATTEMPT_CLOSED", "SUCCESS", "SENT")
    assert closed["provider_id"]
    assert mail["Destination"] == {"ToAddresses": ["mash@north-probation.secure.example"]}
    assert simple["Subject"]["Data"] == "OFFICIAL-SENSITIVE: NS-26-7KQ4ZP - outcome of a referral"
    assert mail["ConfigurationSetName"] == "outcomes"
    assert {tag["Name"]: tag["Value"] for tag in mail["EmailTags"]} == {
        "message_id": started["message_id"],
        "attempt": "1",
    }
    assert {header["Name"]: header["Value"] for header in simple["Headers"]} == {
        "X-Protective-Marking": "OFFICIAL-SENSITIVE",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "References": "<ns-26-7kq4zp@outcomes.northshire.example>",
    }


def test_a_bad_message_of_a_batch_comes_back_alone(
    world: World, context: LambdaContext, asked_of_ses: list[dict[str, Any]]
) -> None:
    world.take(a_decision())
    answer = send_email.handler(sqs_event("nonsense", MESSAGE, queue="email"), context)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0001"}]}
    assert len(asked_of_ses) == 1
