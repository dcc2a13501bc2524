"""A canary from the due index to a receiver on loopback: the sweep queues it, the webhook sender posts it."""

import json
import os
from datetime import timedelta

import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext
from pytest_httpserver import HTTPServer
from svix.webhooks import Webhook

from functions.handlers import park_dead_letter, send_webhook, sweep_due
from tests.adapters.hostile import unused_port
from tests.adapters.shelves import SECRET
from tests.handlers.conftest import clear_caches, queued, sqs_event
from tests.world import MORNING, World, change_agency

MESSAGE = {"pk": "G#north-police", "sk": "CANARY"}


@pytest.fixture
def receiver(world: World, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """North police's endpoint on this machine, allowed there, checked, and agreeing to canaries."""
    url = httpserver.url_for("/outcomes")
    change_agency(world, "north-police", url=url, canary=True)
    world.directory.mark_checked("north-police", url, by="duty-engineer", method="HANDSHAKE", now=world.now)
    monkeypatch.setenv("LOCAL_RECEIVER_ORIGINS", httpserver.url_for("").rstrip("/"))
    monkeypatch.setenv("REFUSED_STEPS", "0,300,1500")
    clear_caches()
    httpserver.expect_request("/outcomes", method="POST").respond_with_data(status=204)
    return httpserver


def send(context: LambdaContext) -> dict[str, object]:
    event = sqs_event(json.dumps(MESSAGE), queue="webhook")
    event["Records"][0]["attributes"] = {"ApproximateReceiveCount": "1"}
    return send_webhook.handler(event, context)


def canaries(world: World) -> list[str]:
    rows = world.store.partition(world.store.audit, "G#north-police", "E#")
    return [row["result"] for row in rows if row.get("result", "").startswith("CANARY")]


def test_it_is_queued_posted_and_due_again_a_quarter_of_an_hour_later(
    world: World, context: LambdaContext, receiver: HTTPServer
) -> None:
    assert sweep_due.handler({}, context) == {"queued": 1, "fired": 0}
    assert queued(os.environ["WEBHOOK_QUEUE_URL"]) == [MESSAGE]
    assert send(context) == {"batchItemFailures": []}
    ((request, _),) = receiver.log
    body = request.get_data()
    Webhook(SECRET).verify(body, dict(request.headers))
    event = json.loads(body)
    assert (event["type"], event["data"]) == ("uk.mash.canary.v1", {"agency_id": "north-police"})
    assert event["source"] == "https://outcomes.northshire.example/mash"
    assert canaries(world) == ["CANARY_SENT", "CANARY_OK"]
    assert sweep_due.handler({}, context) == {"queued": 0, "fired": 0}
    with time_machine.travel(MORNING + timedelta(minutes=16)):
        assert sweep_due.handler({}, context) == {"queued": 1, "fired": 0}


def test_its_message_seen_twice_posts_it_once(
    world: World, context: LambdaContext, receiver: HTTPServer
) -> None:
    assert [send(context), send(context)] == [{"batchItemFailures": []}] * 2
    assert len(receiver.log) == 1


def test_one_that_finds_nobody_comes_back_to_no_queue(
    world: World, context: LambdaContext, receiver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = f"http://127.0.0.1:{unused_port()}"
    change_agency(world, "north-police", url=nowhere, checked_url=nowhere)
    monkeypatch.setenv("LOCAL_RECEIVER_ORIGINS", nowhere)
    clear_caches()
    assert send(context) == {"batchItemFailures": []}
    assert canaries(world) == ["CANARY_SENT", "CANARY_FAILED"]


def test_its_dead_letter_is_taken_up_without_a_word(world: World, context: LambdaContext) -> None:
    park_dead_letter.handler(sqs_event(json.dumps(MESSAGE), queue="dead"), context)
    assert world.refused() == []
