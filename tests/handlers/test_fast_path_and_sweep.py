"""The relay and the sweep: both queue ids, and either alone is enough."""

import os
from datetime import timedelta
from typing import Any

import boto3
import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.types import TypeSerializer

from functions.adapters.errors import UnreadableError
from functions.domain.delivery import LEASE
from functions.handlers import relay_deliveries, sweep_due
from tests.handlers.conftest import queued
from tests.stage_tables import REGION
from tests.world import MORNING, World, a_decision

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
AN_HOUR_LATER = MORNING + timedelta(hours=1)
UNREADABLE_TASK = {
    "pk": "R#NS-26-7KQ4ZP",
    "sk": "TASK#UNHEARD_OF#01",
    "st": "OPEN",
    "due_at": "2026-11-24T15:00:00.000Z",
    "due_pk": "DUE#0",
    "due_sk": "2026-11-24T15:00:00.000Z#R#NS-26-7KQ4ZP|TASK#UNHEARD_OF#01",
}

IDS = [
    {"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#north-police#webhook"},
    {"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#north-probation#email"},
]


def stream_of(items: list[dict[str, Any]], event_name: str = "INSERT") -> dict[str, Any]:
    """A state-stream batch that shows `items` as new images."""
    serialize = TypeSerializer().serialize
    images = [{name: serialize(value) for name, value in item.items()} for item in items]
    return {"Records": [{"eventName": event_name, "dynamodb": {"NewImage": image}} for image in images]}


THE_CHASE = 1
"""A decided child's clock of its police form, due at once: queued for the intake, which takes none here."""


def both_queues() -> list[dict[str, str]]:
    return queued(os.environ["WEBHOOK_QUEUE_URL"]) + queued(os.environ["EMAIL_QUEUE_URL"])


def test_the_relay_queues_new_deliveries_and_nothing_else_with_ids_alone(
    world: World, context: LambdaContext
) -> None:
    world.take(a_decision())
    everything = world.all_items("state")
    relay_deliveries.handler(stream_of(everything), context)
    assert both_queues() == IDS
    relay_deliveries.handler(stream_of(everything, "MODIFY"), context)
    assert both_queues() == []


def test_the_relay_leaves_held_deliveries_alone(world: World, context: LambdaContext) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    relay_deliveries.handler(stream_of(world.all_items("state")), context)
    assert both_queues() == []


def test_without_the_relay_the_sweep_queues_all_that_is_due(world: World, context: LambdaContext) -> None:
    world.take(a_decision())
    assert sweep_due.handler({}, context) == {"queued": 2 + THE_CHASE, "fired": 0}
    assert both_queues() == IDS


def test_the_sweep_queues_nothing_that_was_sent(world: World, context: LambdaContext) -> None:
    world.take(a_decision())
    world.send_due()
    assert sweep_due.handler({}, context) == {"queued": THE_CHASE, "fired": 0}
    with time_machine.travel(MORNING + LEASE + timedelta(seconds=1)):
        assert sweep_due.handler({}, context) == {"queued": THE_CHASE, "fired": 0}


def test_the_sweep_fires_the_clock_of_what_nobody_released_once_and_sends_nothing_of_it(
    world: World, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    with time_machine.travel(AN_HOUR_LATER):
        assert sweep_due.handler({}, context) == {"queued": THE_CHASE, "fired": 1}
        assert sweep_due.handler({}, context) == {"queued": THE_CHASE, "fired": 0}
    assert both_queues() == []
    assert world.kinds() == ["DECISION", "RA_CHECK", "HELD", "CLOCK_FIRED"]
    assert caplog.messages.count("TASK_OVERDUE") == 1
    assert caplog.messages.count("SWEEP_RAN") == 2


def test_the_sweep_queues_what_was_released_and_fires_no_clock_for_it(
    world: World, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    world.release()
    with time_machine.travel(AN_HOUR_LATER):
        assert sweep_due.handler({}, context)["queued"] == 2 + THE_CHASE
    assert "TASK_OVERDUE" not in caplog.messages
    assert both_queues() == IDS


def test_a_task_that_cannot_be_read_keeps_nothing_from_its_queue_or_its_clock_and_fails_the_sweep(
    world: World, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    """The function's error rate is watched: a sweep that raises is seen, and has done all the rest."""
    world.take(a_decision(primary_outcome="EMP"))
    world.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    world.store.write([world.store.put("x", "state", UNREADABLE_TASK)])
    with time_machine.travel(AN_HOUR_LATER), pytest.RaisesGroup(UnreadableError):
        sweep_due.handler({}, context)
    assert len(both_queues()) == 2
    assert world.kinds()[-1] == "CLOCK_FIRED"
    assert "SWEEP_RAN" in caplog.messages


def test_a_queue_that_refuses_keeps_no_clock_from_firing_and_fails_the_sweep(
    world: World, context: LambdaContext
) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    world.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    sqs = boto3.client("sqs", region_name=REGION)
    sqs.delete_queue(QueueUrl=os.environ["EMAIL_QUEUE_URL"])
    with time_machine.travel(AN_HOUR_LATER), pytest.raises(sqs.exceptions.QueueDoesNotExist):
        sweep_due.handler({}, context)
    assert len(queued(os.environ["WEBHOOK_QUEUE_URL"])) == 1
    assert world.kinds()[-1] == "CLOCK_FIRED"


def test_a_sweep_that_runs_out_of_time_says_so_and_leaves_its_clocks_to_the_next(
    world: World, context: LambdaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    with time_machine.travel(AN_HOUR_LATER):
        with monkeypatch.context() as late:
            late.setattr(context, "get_remaining_time_in_millis", lambda: 20_000, raising=False)
            with pytest.raises(ExceptionGroup, match="clocks did not fire"):
                sweep_due.handler({}, context)
        assert sweep_due.handler({}, context) == {"queued": THE_CHASE, "fired": 1}


def test_the_relay_queues_no_task(world: World, context: LambdaContext) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    relay_deliveries.handler(
        stream_of([item for item in world.all_items("state") if "due_pk" in item]), context
    )
    assert both_queues() == []
