"""From the sweep to the intake and back: what nobody has answered fires once, whatever the queue does."""

import json
import logging
import os
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
import time_machine
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.dispatch import CLOCK_TYPE, clock_body
from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import ClockKey
from functions.adapters.ledger.store import Change, Item
from functions.domain.life_clocks.clock import Which
from functions.handlers import park_dead_letter, receive_event, sweep_due
from schemas.codes import ClockKind
from tests.handlers.conftest import queued, sqs_event
from tests.stage_tables import REGION
from tests.world import MORNING, World, a_decision, a_receipt, an_event_id, wrapped

REF = "NS-26-7KQ4ZP"
DECIDE = ClockKey(REF, Which(ClockKind.DECIDE, 1))
THE_CLOCK: dict[str, Any] = {"detail-type": "CLOCK", "detail": {"pk": f"R#{REF}", "sk": "CLOCK#DECIDE#01"}}
ACCEPTED: dict[str, Any] = {"batchItemFailures": []}
IN_TIME, TOO_LATE = MORNING + timedelta(minutes=5), MORNING + timedelta(hours=5)


@pytest.fixture
def waiting(world: World) -> World:
    """A RED referral has just come, and nobody decides."""
    received_at = MORNING.isoformat().replace("+00:00", "Z")
    world.take(a_receipt(received_at=received_at))
    return world


def swept(context: LambdaContext, at: datetime = TOO_LATE) -> list[Any]:
    """What one sweep puts into the intake's queue."""
    with time_machine.travel(at, tick=False):
        sweep_due.handler({}, context)
    return handed_over()


def handed_over() -> list[Any]:
    """What lies there, but for the police form's clock, which has its own steps."""
    found: list[Any] = queued(os.environ["INTAKE_QUEUE_URL"])
    return [one for one in found if "POLICE_FORM" not in one["detail"]["sk"]]


def taken(context: LambdaContext, *bodies: str, at: datetime = TOO_LATE) -> object:
    with time_machine.travel(at, tick=False):
        return receive_event.handler(sqs_event(*bodies), context)


def fired(world: World) -> list[Item]:
    return [row for row in world.rows(REF) if row["type"] == "CLOCK_FIRED"]


def test_the_sweep_hands_over_a_clock_that_has_run_out_and_the_intake_opens_its_task(
    waiting: World, context: LambdaContext
) -> None:
    assert swept(context, IN_TIME) == []
    assert swept(context) == [THE_CLOCK]
    assert taken(context, json.dumps(THE_CLOCK)) == ACCEPTED
    (row,) = fired(waiting)
    assert (row["clock"], row["task"], row["role"]) == ("DECIDE", "DECIDE_LATE", "EMERGENCY_DUTY_TEAM")
    assert "DECIDE_LATE#01" in waiting.tasks()
    assert swept(context) == []


def test_until_it_has_fired_each_sweep_hands_it_over_again_and_it_fires_once(
    waiting: World, context: LambdaContext
) -> None:
    """A queue that loses the message loses nothing; one that has it three times fires nothing twice."""
    bodies = [json.dumps(one) for _ in range(3) for one in swept(context)]
    assert len(bodies) == 3
    assert taken(context, *bodies) == ACCEPTED
    assert len(fired(waiting)) == 1


def test_the_sweep_says_how_many_it_handed_over(waiting: World, context: LambdaContext) -> None:
    with time_machine.travel(TOO_LATE, tick=False):
        both = ("the decision's", "the police form's")
        assert sweep_due.handler({}, context) == {"queued": len(both), "fired": 0}


@pytest.mark.parametrize(
    "key",
    [
        ClockKey("NS-26-N0B0DY", DECIDE.which),
        ClockKey(REF, Which(ClockKind.DECIDE, 7)),
        ClockKey(REF, Which(ClockKind.EARLY, 1, "an event")),
    ],
    ids=["an unknown referral", "an unknown child", "an unknown clock"],
)
def test_a_clock_that_nobody_knows_is_taken_and_changes_nothing(
    waiting: World, context: LambdaContext, key: ClockKey
) -> None:
    before = [waiting.all_items(table) for table in ("audit", "state", "keys")]
    assert taken(context, clock_body(key)) == ACCEPTED
    assert [waiting.all_items(table) for table in ("audit", "state", "keys")] == before


def test_one_that_is_not_due_yet_is_left_to_its_time(waiting: World, context: LambdaContext) -> None:
    assert taken(context, clock_body(DECIDE), at=IN_TIME) == ACCEPTED
    assert fired(waiting) == []
    assert swept(context) == [THE_CLOCK]


def test_a_poisoned_message_is_refused_visibly_and_fires_nothing(
    waiting: World, context: LambdaContext
) -> None:
    poisoned = {
        "detail-type": CLOCK_TYPE,
        "detail": {"pk": f"R#{REF}", "sk": "CLOCK#DECIDE#01", "about": "x"},
    }
    assert taken(context, json.dumps(poisoned), clock_body(DECIDE)) == ACCEPTED
    assert [row["reason"] for row in waiting.refused()] == ["NOT_AN_EVENT"]
    assert len(fired(waiting)) == 1


def test_one_that_cannot_be_read_comes_back_alone_and_its_neighbour_fires(
    waiting: World, context: LambdaContext
) -> None:
    """What spoils one referral keeps no other's clock from firing."""
    other = "NS-26-BR0KEN"
    waiting.take(a_receipt(ref=other, received_at=MORNING.isoformat().replace("+00:00", "Z")))
    address, spoilt = (keys.referral(other), keys.clock(DECIDE.which)), Change({"since": "once"})
    waiting.store.write([waiting.store.update("x", "state", address, change=spoilt)])
    bodies = [clock_body(ClockKey(other, DECIDE.which)), clock_body(DECIDE)]
    assert taken(context, *bodies) == {"batchItemFailures": [{"itemIdentifier": "message-0001"}]}
    assert len(fired(waiting)) == 1
    assert [one["detail"]["pk"] for one in swept(context)] == [f"R#{other}"]


def test_a_dead_letter_about_a_clock_needs_nobody_the_index_has_it_still(
    waiting: World, context: LambdaContext
) -> None:
    before = waiting.all_items("audit")
    with time_machine.travel(TOO_LATE, tick=False):
        letters = sqs_event(clock_body(DECIDE), queue="dead")
        assert park_dead_letter.handler(letters, context) == ACCEPTED
    assert waiting.all_items("audit") == before
    assert swept(context) == [THE_CLOCK]


@pytest.mark.parametrize(
    "letter",
    [
        json.dumps({"detail-type": CLOCK_TYPE, "detail": {"pk": "nobody's"}}),
        wrapped({"pk": DECIDE.pk, "sk": DECIDE.sk}, "11111111-0000-4000-8000-000000000001", CLOCK_TYPE),
    ],
    ids=["names none", "came by the bus"],
)
def test_a_dead_letter_that_only_says_that_it_is_a_clocks_is_in_the_trail(
    waiting: World, context: LambdaContext, letter: str
) -> None:
    park_dead_letter.handler(sqs_event(letter, queue="dead"), context)
    assert [row["reason"] for row in waiting.refused()] == ["COULD_NOT_BE_PROCESSED"]


@pytest.mark.parametrize("name", ["INTAKE_QUEUE_URL", "EMAIL_QUEUE_URL"])
def test_a_queue_that_refuses_keeps_nothing_from_the_others_and_fails_the_sweep(
    waiting: World, context: LambdaContext, name: str
) -> None:
    with time_machine.travel(TOO_LATE, tick=False):
        waiting.now = TOO_LATE
        waiting.take(a_decision(referral_ref="NS-26-0THER0", event_id=an_event_id("other")))
        sqs = boto3.client("sqs", region_name=REGION)
        sqs.delete_queue(QueueUrl=os.environ[name])
        with pytest.raises(sqs.exceptions.QueueDoesNotExist):
            sweep_due.handler({}, context)
    there = {"INTAKE_QUEUE_URL", "EMAIL_QUEUE_URL", "WEBHOOK_QUEUE_URL"} - {name}
    clocks = [handed_over()] if "INTAKE_QUEUE_URL" in there else []
    messages = [queued(os.environ[one]) for one in there - {"INTAKE_QUEUE_URL"}]
    assert list(map(len, [*clocks, *messages])) == [1, 1]


def test_nothing_of_a_clock_is_in_the_log_but_ids_and_codes(
    waiting: World, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="mash-outcomes")
    taken(context, clock_body(DECIDE))
    assert caplog.messages == ["CLOCK_FIRED", "TASK_OPENED"]
