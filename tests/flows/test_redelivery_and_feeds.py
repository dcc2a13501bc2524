"""What comes twice leaves one row; which feed is listened to; who is told more for their part in the plan."""

from typing import Any

import pytest

from functions.adapters.ledger.keys import DeliveryKey
from functions.flows.sending.send import send
from schemas.codes import Channel, Level
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import World, a_decision

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
A_THIRD_ID = "9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e"
POLICE = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "north-police", Channel.WEBHOOK)


# --- redelivery: the same arrival, handed over again by the queue


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        (a_complete_form_event(), "RA_FORM"),
        (a_complete_form_event(referral_ref=None), "RA_FORM"),
        (a_heartbeat_event(), "LIFECYCLE"),
    ],
    ids=["form", "form without a referral", "heartbeat"],
)
def test_an_arrival_handed_over_twice_leaves_one_row(world: World, event: dict[str, Any], kind: str) -> None:
    before = len(world.all_items("audit"))
    for _ in range(3):
        world.take(event, bus_id="bus-00000001")
    rows = world.all_items("audit")
    assert len(rows) == before + 1
    assert [row["type"] for row in rows if row["cause"] == event["event_id"]] == [kind]


@pytest.mark.parametrize("event_id", [a_decision()["event_id"], ANOTHER_ID], ids=["same id", "another id"])
def test_the_same_decision_said_at_another_moment_is_a_duplicate(world: World, event_id: str) -> None:
    """When it was said, and as the sender's which, is the envelope's; what was decided is not changed."""
    world.take(a_decision())
    world.take(a_decision(event_id=event_id, occurred_at="2026-11-24T15:09:00Z", source_seq=4190))
    assert world.kinds() == ["DECISION", "RA_CHECK", "EVENT_DUPLICATE"]
    assert world.refused() == []
    assert world.send_due() == 2


def test_a_held_delivery_that_is_asked_for_all_the_same_is_left_alone(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    held, rows = world.delivery("north-police", Channel.WEBHOOK), world.rows()
    caplog.clear()
    send(POLICE, world.send_desk(Channel.WEBHOOK))
    assert world.police.sent == []
    assert caplog.messages == []
    assert (world.delivery("north-police", Channel.WEBHOOK), world.rows()) == (held, rows)


# --- the police feed


def test_a_decision_without_a_feed_to_ask_is_told_to_a_person(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_decision())
    assert "RA_FEED_SILENT" in caplog.messages
    assert world.all_children() == {1: "UNKNOWN"}


@pytest.mark.parametrize(
    ("status", "hours", "ra"),
    [("ok", 4, "ABSENT"), ("ok", 4.1, "UNKNOWN"), ("failing", 0, "UNKNOWN")],
    ids=["heard at the limit", "silent too long", "failing"],
)
def test_a_feed_that_fell_silent_or_fails_makes_a_missing_form_unknown_and_is_logged(
    world: World, caplog: pytest.LogCaptureFixture, *, status: str, hours: float, ra: str
) -> None:
    world.take(a_heartbeat_event(feed_status=status))
    world.later(hours=hours)
    world.take(a_decision())
    assert world.all_children() == {1: ra}
    assert ("RA_FEED_SILENT" in caplog.messages) == (ra == "UNKNOWN")


@pytest.mark.parametrize(("first", "then", "ra"), [("ok", "failing", "UNKNOWN"), ("failing", "ok", "ABSENT")])
@pytest.mark.parametrize("earlier", ["police.ra-feed", "north-police.ra-feed"])
def test_of_two_feeds_the_one_that_spoke_last_counts(
    world: World, earlier: str, *, first: str, then: str, ra: str
) -> None:
    (later,) = {"police.ra-feed", "north-police.ra-feed"} - {earlier}
    world.take(a_heartbeat_event(event_id=ANOTHER_ID, source=earlier, feed_status=first))
    world.later(minutes=10)
    world.take(a_heartbeat_event(event_id=A_THIRD_ID, source=later, feed_status=then))
    world.take(a_decision())
    assert world.all_children() == {1: ra}


# --- a part in the child's plan


@pytest.mark.parametrize(("holds_plan_role", "level"), [(False, Level.NOTICE), (True, Level.OUTCOME)])
def test_a_part_in_the_plan_raises_no_further_action_from_notice_to_outcome(
    world: World, *, holds_plan_role: bool, level: Level
) -> None:
    involved = {"agency_id": "north-probation", "own_ref": "PR-55120", "holds_plan_role": holds_plan_role}
    world.take(
        a_decision(primary_outcome="NFA", reason_codes=["BELOW_THRESHOLD_L1"], involved_agencies=[involved])
    )
    assert world.rows()[0]["recipients"] == ["north-police#webhook#3", f"north-probation#email#{level}"]
    world.send_due()
    ((pins, _),) = world.mailbox.sent
    assert (pins.level, pins.notice_reason is None) == (level, level is Level.OUTCOME)
