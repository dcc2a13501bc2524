"""An agency has two messages of one decision, and a call about each: one's arrival or reading answers no
other's."""

import pytest

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from functions.domain.delivery import Answer
from functions.flows.acting.done import WhichTask, done
from functions.flows.clocks.untold import fire_watch
from functions.flows.sending.send import send
from schemas.codes import ActReason, AttemptResult, Channel, ErrorWord, TaskKind
from tests.readers import opened, pressed, token_for
from tests.world import World, a_decision

REF = "NS-26-7KQ4ZP"
UNTOLD = "CALL_UNTOLD#01#north-police"
UNREAD = "CALL_UNREAD#01#north-police"
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)


@pytest.fixture
def two(world: World) -> World:
    """The police's decision has been sent; what it says of somebody at work was released later."""
    world.take(a_decision(additional_outcomes=["LAD"]))
    world.send_due()
    world.release(allegation=True)
    return world


def deliveries(world: World) -> tuple[DeliveryKey, DeliveryKey]:
    """The decision's and the allegation's."""
    items = world.store.partition("state", f"R#{REF}", "N#")
    found = [DeliveryKey.of(item) for item in items if item["agency"] == "north-police"]
    first, later = sorted(found, key=lambda key: key.nonce)
    return first, later


def never_arrives(world: World, key: DeliveryKey) -> None:
    world.police.answers = [FOR_GOOD]
    send(key, world.send_desk(Channel.WEBHOOK))
    fire_watch(key, world.watch_desk)


def call(world: World, name: str = UNTOLD) -> Item:
    return world.tasks()[name]


def reads(world: World) -> None:
    assert pressed(world, token_for(world, "north-police", Channel.WEBHOOK)).status == 200


def test_reading_one_leaves_the_call_about_the_other(two: World) -> None:
    link = token_for(two, "north-police", Channel.WEBHOOK)
    _, later = deliveries(two)
    never_arrives(two, later)
    assert call(two)["st"] == "OPEN"
    opened(two, link)
    assert pressed(two, link).status == 200
    assert call(two)["st"] == "OPEN"
    (ack,) = [row for row in two.rows(REF) if row["type"] == "ACK"]
    assert "ended" not in ack


def test_a_call_about_both_that_were_not_read_ends_with_the_second(two: World) -> None:
    link = token_for(two, "north-police", Channel.WEBHOOK)
    two.send_due()
    two.later(days=3)
    for key in deliveries(two):
        fire_watch(key, two.watch_desk)
    assert call(two, UNREAD)["st"] == "OPEN"
    assert pressed(two, link).status == 200
    assert call(two, UNREAD)["st"] == "OPEN"
    reads(two)
    assert call(two, UNREAD)["st"] == "DONE"
    ended = [row.get("ended") for row in two.rows(REF) if row["type"] == "ACK"]
    assert ended == [None, [f"TASK#{UNREAD}"]]


def test_whoever_was_rung_about_one_is_not_taken_to_know_the_other(two: World) -> None:
    first, later = deliveries(two)
    never_arrives(two, later)
    which = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id="north-police")
    assert done(which, two.order(ActReason.TOLD_BY_PHONE), two.act_desk).told == 1
    items = {key: two.store.get("state", key.pk, key.sk) or {} for key in (first, later)}
    assert ("phoned_at" in items[first], "phoned_at" in items[later]) == (False, True)


def test_the_second_arrival_answers_a_call_about_both(world: World) -> None:
    world.police.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)]
    world.take(a_decision(additional_outcomes=["LAD"]))
    world.send_due()
    world.release(allegation=True)
    first, later = deliveries(world)
    never_arrives(world, later)
    world.later(hours=5)
    for _ in range(2):
        fire_watch(first, world.watch_desk)
    assert call(world)["st"] == "OPEN"
    world.police.answers = []
    send(first, world.send_desk(Channel.WEBHOOK))
    assert call(world)["st"] == "OPEN", "the allegation's has not arrived"
