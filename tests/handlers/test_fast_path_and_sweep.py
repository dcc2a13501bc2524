"""The relay and the sweep: both queue ids, and either alone is enough."""

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from boto3.dynamodb.types import TypeSerializer

from functions.handlers import relay_deliveries, sweep_due
from tests.handlers.conftest import queued
from tests.world import World, a_decision

IDS = [
    {"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#north-police#webhook"},
    {"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#north-probation#email"},
]


def stream_of(items: list[dict[str, Any]], event_name: str = "INSERT") -> dict[str, Any]:
    """A state-stream batch that shows `items` as new images."""
    serialize = TypeSerializer().serialize
    images = [{name: serialize(value) for name, value in item.items()} for item in items]
    return {"Records": [{"eventName": event_name, "dynamodb": {"NewImage": image}} for image in images]}


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
    assert sweep_due.handler({}, context) == {"queued": 2, "fired": 0}
    assert both_queues() == IDS


def test_the_sweep_queues_nothing_that_was_sent(world: World, context: LambdaContext) -> None:
    world.take(a_decision())
    world.send_due()
    assert sweep_due.handler({}, context) == {"queued": 0, "fired": 0}
