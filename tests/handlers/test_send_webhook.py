"""The webhook door against a receiver on loopback that checks signatures with an independent library."""

import json
import os

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from pytest_httpserver import HTTPServer
from svix.webhooks import Webhook, WebhookVerificationError
from werkzeug import Request, Response

from functions.adapters import aws
from functions.adapters.ledger.store import Change
from functions.handlers import send_webhook
from tests.forms import a_complete_form_event
from tests.handlers.conftest import clear_caches, sqs_event
from tests.world import World, a_decision

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = '{"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#north-police#webhook"}'


@pytest.fixture
def receiver(world: World, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """North police's endpoint moved to this machine, and allowed there."""
    url = httpserver.url_for("/outcomes")
    change = Change({"url": url, "checked_url": url})
    world.store.write([world.store.update("x", "state", ("G#north-police", "HEAD"), change=change)])
    monkeypatch.setenv("LOCAL_RECEIVER_ORIGINS", httpserver.url_for("").rstrip("/"))
    clear_caches()
    return httpserver


def test_a_real_verifier_accepts_what_was_sent_and_refuses_it_changed(
    world: World, context: LambdaContext, receiver: HTTPServer
) -> None:
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        return Response(status=204)

    receiver.expect_request("/outcomes", method="POST").respond_with_handler(answer)
    world.take(a_complete_form_event())
    world.take(a_decision())
    result = send_webhook.handler(sqs_event(MESSAGE, queue="webhook"), context)
    assert result == {"batchItemFailures": []}
    (request,) = seen
    body, headers = request.get_data(), dict(request.headers)
    Webhook(SECRET).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"S47J", b"NFA "), headers)
    assert request.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert request.headers["webhook-id"] == json.loads(body)["id"]
    assert json.loads(body)["data"]["police_form"]["status"] == "COMPLETE"
    assert (world.rows()[-1]["result"], world.rows()[-1]["http_status"]) == ("SUCCESS", 204)


def test_a_receiver_that_fails_is_tried_again_later(
    world: World, context: LambdaContext, receiver: HTTPServer
) -> None:
    receiver.expect_request("/outcomes").respond_with_data("no", status=503)
    world.take(a_decision())
    answer = send_webhook.handler(sqs_event(MESSAGE, queue="webhook"), context)
    assert answer == {"batchItemFailures": []}
    closed = world.rows()[-1]
    assert (closed["result"], closed["state"], closed["error"]) == ("FAILED", "RETRY", "E_HTTP")


def test_an_address_inside_the_network_is_never_connected_to(
    world: World, context: LambdaContext, httpserver: HTTPServer
) -> None:
    """The same loopback receiver, but not listed: the guard refuses before any packet."""
    url = httpserver.url_for("/outcomes").replace("http://", "https://")
    change = Change({"url": url, "checked_url": url})
    world.store.write([world.store.update("x", "state", ("G#north-police", "HEAD"), change=change)])
    world.take(a_decision())
    send_webhook.handler(sqs_event(MESSAGE, queue="webhook"), context)
    assert world.rows()[-1]["error"] == "E_INVALID_TARGET"
    assert httpserver.log == []


def test_an_agency_without_a_secret_is_parked(world: World, context: LambdaContext) -> None:
    url = "https://receiver.example/outcomes"
    change = Change({"url": url, "checked_url": url})
    world.store.write([world.store.update("x", "state", ("G#north-probation", "HEAD"), change=change)])
    world.store.write(
        [
            world.store.update(
                "x", "state", ("G#north-probation", "HEAD"), change=Change({"channels": ["webhook"]})
            )
        ]
    )
    world.take(a_decision())
    message = MESSAGE.replace("north-police", "north-probation")
    send_webhook.handler(sqs_event(message, queue="webhook"), context)
    assert world.rows()[-1]["reason"] == "NO_SECRET"


def test_a_poison_message_is_a_dead_letter_at_once_here_too(world: World, context: LambdaContext) -> None:
    answer = send_webhook.handler(sqs_event("nonsense", MESSAGE, queue="webhook"), context)
    assert answer == {"batchItemFailures": []}
    sqs = aws.sqs()
    dead = sqs.receive_message(QueueUrl=os.environ["DEAD_LETTERS_URL"], MaxNumberOfMessages=10)["Messages"]
    assert {letter["Body"] for letter in dead} == {"nonsense", MESSAGE}
