"""The e-mail door on SES: what was asked of SES, the rows and the state."""

import hashlib
import os
import time
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.ledger.store import Change
from functions.handlers import send_email
from tests.forms import a_complete_form_event
from tests.handlers.conftest import sqs_event
from tests.world import World, a_decision, an_event_id

ANOTHER_REF = "NS-26-0TH3R1"
ANOTHER = f'{{"pk": "R#{ANOTHER_REF}", "sk": "N#01#0001#north-probation#email"}}'
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
    world.take(a_decision(referral_ref=ANOTHER_REF, event_id=an_event_id(ANOTHER_REF)))
    spoilt = Change({"level": "canary"})
    address = (f"R#{ANOTHER_REF}", "N#01#0001#north-probation#email")
    world.store.write([world.store.update("x", "state", address, change=spoilt)])
    answer = send_email.handler(sqs_event(ANOTHER, MESSAGE, queue="email"), context)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0001"}]}
    assert len(asked_of_ses) == 1


@pytest.mark.parametrize(
    "body",
    ["nonsense", MESSAGE, '{"pk": "G#north-police", "sk": "CANARY"}'],
    ids=["unreadable", "no such delivery", "a canary of the other queue's"],
)
def test_a_message_that_names_nothing_to_send_is_a_dead_letter_at_once_and_acknowledged(
    world: World,
    context: LambdaContext,
    asked_of_ses: list[dict[str, Any]],
    caplog: pytest.LogCaptureFixture,
    *,
    body: str,
) -> None:
    """Among the dead letters it is put into the trail and rings; here it would fail again thirty times."""
    answer = send_email.handler(sqs_event(body, queue="email"), context)
    assert answer == {"batchItemFailures": []}
    dead = aws.sqs().receive_message(QueueUrl=os.environ["DEAD_LETTERS_URL"])["Messages"]
    assert [letter["Body"] for letter in dead] == [body]
    assert "MESSAGE_FAILED" not in caplog.messages
    assert asked_of_ses == []


def test_a_poison_message_that_cannot_be_set_aside_comes_back(world: World, context: LambdaContext) -> None:
    aws.sqs().delete_queue(QueueUrl=os.environ["DEAD_LETTERS_URL"])
    answer = send_email.handler(sqs_event("nonsense", queue="email"), context)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0001"}]}


def test_a_mail_waits_for_its_turn_before_it_is_claimed_and_what_is_not_due_has_none(
    world: World,
    context: LambdaContext,
    asked_of_ses: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The sweep queues a backlog anew each minute: copies of what was sent must not use the turns up."""
    waits: list[tuple[float, str]] = []

    def wait(seconds: float) -> None:
        item = world.store.get("state", f"R#{ANOTHER_REF}", "N#01#0001#north-probation#email") or {}
        waits.append((seconds, item["st"]))

    monkeypatch.setattr(time, "sleep", wait)
    monkeypatch.setenv("EMAILS_PER_SECOND", "1")
    monkeypatch.setenv("EMAIL_WORKERS", "20")
    world.take(a_decision())
    world.take(a_decision(referral_ref=ANOTHER_REF, event_id=an_event_id(ANOTHER_REF)))
    answer = send_email.handler(sqs_event(MESSAGE, MESSAGE, MESSAGE, ANOTHER, queue="email"), context)
    assert answer == {"batchItemFailures": []}
    assert len(asked_of_ses) == 2
    ((seconds, state),) = waits
    assert 0 < seconds <= 20 / 0.8
    assert state == "PENDING"
