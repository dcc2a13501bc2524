"""A referral that is no duplicate any more: what waited for its readers there is not sent, nor rung about."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.adapters.errors import RetryError
from functions.adapters.ledger.items import due_attributes
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change
from functions.domain.delivery import LEASE
from schemas.codes import AgencyType, Channel
from tests.flows.sweeps import DOWN, REF, fails, fire_clocks, item_of, recovers, rows_of, send_to, sweep
from tests.flows.test_duplicates import COPY, own_decision
from tests.flows.test_sending import CrashError, crash, recover
from tests.world import (
    World,
    a_decision,
    a_duplicate,
    a_registry,
    an_agency,
    change_agency,
)

SCHOOL = "hill-school"
OWN = DeliveryKey(COPY, 1, 2, SCHOOL, Channel.WEBHOOK)


@pytest.fixture
def joined(world: World) -> World:
    """The original is decided and told; a school's referral turns out to be its duplicate."""
    world.apply(a_registry(an_agency(SCHOOL, AgencyType.SCHOOL, Channel.WEBHOOK)))
    world.take(a_decision())
    sweep(world)
    world.later(minutes=10)
    world.take(a_duplicate())
    return world


def shared(world: World) -> DeliveryKey:
    """The school's message of what the original was decided to be."""
    items = world.store.partition("state", f"R#{REF}", "N#")
    return DeliveryKey.of(next(item for item in items if "duplicate" in item and item["chan"] == "webhook"))


def leave(world: World) -> None:
    world.take(own_decision())


def posts_to_the_school(world: World) -> list[bool]:
    """Which of what the school was sent says that an enquiry was started: only the original does."""
    return [b"S47J" in body for pins, body in world.police.sent if pins.agency_id == SCHOOL]


def superseded(world: World, key: DeliveryKey) -> bool:
    rows = rows_of(world, "SUPERSEDED")
    return item_of(world, key)["st"] == "SUPERSEDED" and [row["agency"] for row in rows] == [SCHOOL]


def test_one_that_was_on_its_way_when_it_left_is_not_tried_again(joined: World) -> None:
    key = shared(joined)
    joined.police.while_sending = lambda: leave_once(joined)
    joined.police.answers = [DOWN]
    send_to(joined, key)
    assert item_of(joined, key)["st"] == "RETRY"
    joined.later(minutes=1)
    sweep(joined)
    assert superseded(joined, key)
    assert posts_to_the_school(joined) == [True, False]
    assert item_of(joined, OWN)["st"] == "SENT"


def leave_once(world: World) -> None:
    world.police.while_sending = lambda: None
    leave(world)


def test_one_whose_worker_died_is_closed_and_not_sent_again(joined: World) -> None:
    key = shared(joined)
    crash(joined, Channel.WEBHOOK)
    with pytest.raises(CrashError):
        send_to(joined, key)
    recover(joined, Channel.WEBHOOK)
    leave(joined)
    joined.later(seconds=LEASE.total_seconds() + 1)
    sweep(joined)
    assert superseded(joined, key)
    assert posts_to_the_school(joined) == [True, False]
    closed = [row for row in rows_of(joined, "ATTEMPT_CLOSED") if row["agency"] == SCHOOL]
    assert [(row["result"], row["state"]) for row in closed] == [("UNKNOWN", "SUPERSEDED")]


def test_one_that_was_parked_and_repaired_after_it_left_is_not_sent(joined: World) -> None:
    key = shared(joined)
    park(joined, key)
    leave(joined)
    repair(joined, key)
    sweep(joined)
    assert superseded(joined, key)
    assert posts_to_the_school(joined) == [False]


def test_one_that_was_parked_and_repaired_while_it_is_still_a_duplicate_is(joined: World) -> None:
    key = shared(joined)
    park(joined, key)
    repair(joined, key)
    sweep(joined)
    assert posts_to_the_school(joined) == [True]


def park(world: World, key: DeliveryKey) -> None:
    """The school is not active for a while."""
    change_agency(world, SCHOOL, status="INACTIVE")
    send_to(world, key)
    assert item_of(world, key)["st"] == "PARKED"
    change_agency(world, SCHOOL, status="ACTIVE")


def repair(world: World, key: DeliveryKey) -> None:
    """As a person does who has mended what kept it from going."""
    change = Change({"st": "RETRY", **due_attributes(key, world.now)})
    world.store.write([world.store.update("x", "state", (key.pk, key.sk), change=change)])


def test_one_that_leaves_while_its_message_is_made_is_not_claimed(joined: World) -> None:
    key = shared(joined)
    joined.police.while_made_ready = lambda: only_leave(joined)
    with pytest.raises(RetryError):
        send_to(joined, key)
    assert posts_to_the_school(joined) == []
    sweep(joined)
    assert superseded(joined, key)


def only_leave(world: World) -> None:
    """The join says so and nothing else: what was not sent yet had no room in that transaction."""
    world.police.while_made_ready = lambda: None
    join = next(item for item in world.store.partition("state", f"R#{REF}", "J#"))
    change = Change({"left": True})
    world.store.write([world.store.update("x", "state", (join["pk"], join["sk"]), change=change)])


# --- their clocks


def test_nobody_is_rung_because_they_have_not_read_what_is_theirs_no_more(joined: World) -> None:
    sweep(joined)
    leave(joined)
    sweep(joined)
    joined.later(hours=4)
    fire_clocks(joined)
    assert "CALL_UNREAD#01#north-police" in joined.tasks()
    assert "CALL_UNREAD#01#hill-school" not in joined.tasks()
    assert "watch" not in item_of(joined, shared(joined))


def test_while_it_is_a_duplicate_they_are(joined: World) -> None:
    sweep(joined)
    joined.later(hours=4)
    fire_clocks(joined)
    assert "CALL_UNREAD#01#hill-school" in joined.tasks()


def test_no_alarm_is_raised_about_what_was_parked_for_them(joined: World) -> None:
    key = shared(joined)
    park(joined, key)
    fire_clocks(joined)
    assert item_of(joined, key)["watch"] == "RED_ALERT"
    leave(joined)
    joined.later(days=1)
    fire_clocks(joined)
    assert "watch" not in item_of(joined, key)
    assert "RED_ALERT" not in [row.get("watch") for row in rows_of(joined, "CLOCK_FIRED")]


def test_no_email_takes_the_place_of_a_webhook_that_is_not_to_be_sent(joined: World) -> None:
    key = shared(joined)
    fails(joined)
    send_to(joined, key)
    only_leave(joined)
    joined.now += timedelta(minutes=30)
    recovers(joined)
    fire_clocks(joined)
    assert not [item for item in joined.all_items("state") if item.get("chan") == Channel.FALLBACK]
    assert "watch" not in item_of(joined, key)


def test_for_one_that_is_still_a_duplicate_one_does_under_its_own_reference(joined: World) -> None:
    key = shared(joined)
    fails(joined)
    send_to(joined, key)
    joined.now += timedelta(minutes=30)
    fire_clocks(joined)
    instead = replace(key, channel=Channel.FALLBACK)
    assert item_of(joined, instead)["duplicate"] == item_of(joined, key)["duplicate"]
    send_to(joined, instead)
    ((pins, parts),) = joined.doors[Channel.FALLBACK].mails
    assert COPY in parts.text
    assert REF not in parts.text
    assert pins.duplicate is not None
