"""A message that fails says in the log what failed and where, and nothing of what it carried."""

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.handlers import receive_event, send_email
from tests.handlers.conftest import queued, sqs_event
from tests.world import World, a_decision, wrapped


def test_a_failed_message_is_logged_by_kind_and_place_without_its_contents(
    world: World, context: LambdaContext, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    head = {"pk": "R#NS-26-BROKEN", "sk": "CHILD#canary"}
    world.store.write([world.store.put("x", "state", head)])
    body = wrapped(a_decision(referral_ref="NS-26-BROKEN"), "11111111-0000-4000-8000-000000000001")
    receive_event.handler(sqs_event(body), context)
    (line,) = [record for record in caplog.records if record.message == "MESSAGE_FAILED"]
    assert (line.__dict__["error"], line.__dict__["event"]) == ("ValueError", "message-0001")
    assert line.__dict__["where"].startswith("records.py:")
    assert "canary" not in str([vars(record) for record in caplog.records]) + capsys.readouterr().out


def test_a_send_that_must_wait_comes_back_in_seconds_not_after_the_whole_visibility(
    world: World, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own queue's message is made visible again: that takes its handle and its queue's address."""
    world.take(a_decision())
    queue_url = send_email.settings().email_queue_url
    sqs = aws.sqs()
    sqs.send_message(QueueUrl=queue_url, MessageBody="{}")
    (received,) = sqs.receive_message(QueueUrl=queue_url, VisibilityTimeout=390)["Messages"]
    monkeypatch.setattr(context, "get_remaining_time_in_millis", lambda: 1_000, raising=False)
    event = sqs_event("{}", queue="email")
    event["Records"][0]["receiptHandle"] = received["ReceiptHandle"]
    answer = send_email.handler(event, context)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0001"}]}
    assert queued(queue_url) == [{}]
