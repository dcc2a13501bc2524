"""The last door: what nothing could process is in the trail and before a person."""

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.handlers import park_dead_letter
from tests.handlers.conftest import sqs_event
from tests.world import World, a_decision, wrapped

MESSAGE = '{"pk": "R#NS-26-7KQ4ZP", "sk": "N#01#0001#north-police#webhook"}'


def test_dead_letters_end_in_the_trail(world: World, context: LambdaContext) -> None:
    world.take(a_decision())
    event = wrapped(
        a_decision(event_id="5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d", child_index=2),
        "11111111-0000-4000-8000-000000000002",
    )
    letters = sqs_event(MESSAGE, event, queue="dead")
    answer = park_dead_letter.handler(letters, context)
    assert answer == {"batchItemFailures": []}
    assert (world.rows()[-1]["type"], world.rows()[-1]["reason"]) == ("PARKED", "DEAD_LETTER")
    (refused,) = world.refused()
    assert (refused["reason"], refused["pk"][-11:]) == ("COULD_NOT_BE_PROCESSED", "case-system")


def test_a_dead_letter_about_a_delivery_that_was_sent_changes_nothing(
    world: World, context: LambdaContext
) -> None:
    world.take(a_decision())
    world.send_due()
    before = world.rows()
    park_dead_letter.handler(sqs_event(MESSAGE, queue="dead"), context)
    assert world.rows() == before
