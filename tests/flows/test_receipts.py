"""A referral arrives: its clocks start, each child is checked for its police form, and nobody is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from schemas.codes import AgencyType, Channel
from tests.flows.silences import JUST_RECEIVED
from tests.flows.test_taking_in import interleaved
from tests.forms import a_child_on_the_form, a_complete_form_event, a_heartbeat_event
from tests.world import (
    Wire,
    World,
    a_decision,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
    an_event_id,
    is_whole,
)

FIRST, SECOND = "a" * 32, "b" * 40


def head(world: World) -> Item:
    found = world.store.get("state", keys.referral("NS-26-7KQ4ZP"), keys.HEAD)
    assert found is not None
    return found


def child(world: World, index: int = 1) -> Item:
    found = world.store.get("state", keys.referral("NS-26-7KQ4ZP"), keys.child(index))
    assert found is not None
    return found


def checks(world: World) -> list[tuple[int, str, Any]]:
    rows = [row for row in world.rows() if row["type"] == "RA_CHECK"]
    return [(row["child"], row["ra"], row.get("dver")) for row in rows]


def two_children(**changes: Any) -> Wire:
    children = [
        {"child_index": 1, "unborn": False, "child_pseudonym": FIRST},
        {"child_index": 2, "unborn": True, "child_pseudonym": SECOND},
    ]
    return a_receipt(children=children, **changes)


def test_an_arrival_is_recorded_with_its_kind_colour_time_and_children(world: World) -> None:
    world.take(two_children())
    kept = head(world)
    assert (kept["kind"], kept["rag"], kept["received_at"]) == ("REFERRAL", "RED", "2026-11-24T09:40:00.000Z")
    assert [(child(world, one)["pseudonym"], child(world, one)["unborn"]) for one in (1, 2)] == [
        (FIRST, False),
        (SECOND, True),
    ]
    row = world.rows()[0]
    assert row["type"] == "LIFECYCLE"
    assert (row["kind"], row["rag"], row["received_at"]) == ("REFERRAL", "RED", "2026-11-24T09:40:00.000Z")
    assert (row["children"], row["unborn"], row["pseudonyms"]) == ([1, 2], [2], {"1": FIRST, "2": SECOND})
    assert (row["referrer"], row["source_code"]) == ("north-police", "6")
    assert is_whole(world.rows())


def test_each_child_is_checked_and_told_when_its_form_is_due(world: World) -> None:
    world.take(a_heartbeat_event(event_id=an_event_id("heartbeat")))
    world.take(a_complete_form_event(children=[a_child_on_the_form(1)]))
    world.take(two_children())
    assert checks(world) == [(1, "COMPLETE", None), (2, "INCORRECT", None)]
    rows = [row for row in world.rows() if row["type"] == "RA_CHECK"]
    assert {row["due_at"] for row in rows} == {"2026-11-24T13:40:00.000Z"}


@pytest.mark.parametrize(("feed", "status"), [("ok", "ABSENT"), ("failing", "UNKNOWN")])
def test_without_a_form_a_child_is_absent_or_unknown_by_the_police_feed(
    world: World, feed: str, status: str
) -> None:
    world.take(a_heartbeat_event(feed_status=feed))
    world.take(a_receipt())
    assert checks(world) == [(1, status, None)]
    assert child(world)["ra"] == status


def test_an_arrival_without_a_colour_makes_the_form_due_in_a_working_day(world: World) -> None:
    world.take(a_receipt(rag=None))
    row = world.rows()[1]
    assert row["due_at"] == "2026-11-25T09:40:00.000Z"


def test_an_arrival_tells_nobody(world: World) -> None:
    world.now = JUST_RECEIVED  # before anybody is late
    world.take(two_children())
    assert world.send_due() == 0
    assert world.tasks() == {}
    assert all("st" not in item for item in world.all_items("state"))


def test_a_form_that_comes_between_arrival_and_decision_is_checked(world: World) -> None:
    world.take(a_receipt())
    world.take(a_complete_form_event())
    assert checks(world) == [(1, "UNKNOWN", None), (1, "COMPLETE", None)]
    world.take(a_decision())
    assert checks(world)[-1] == (1, "COMPLETE", 1)
    assert world.send_due() == 2


def test_an_arrival_after_the_decision_replaces_neither_its_check_nor_its_facts(world: World) -> None:
    world.take(a_decision(received_at="2026-11-24T09:30:00Z", rag="AMBER"))
    before = child(world)
    world.take(two_children())
    after = child(world)
    assert checks(world) == [(1, "UNKNOWN", 1), (2, "UNKNOWN", None)]
    place = "2026-11-24T09:40:00.000Z#NS-26-7KQ4ZP"
    assert after == {**before, "pseudonym": FIRST, "work_pk": f"W#CHILD#{FIRST}", "work_sk": place}


def test_an_arrival_after_the_decision_without_a_pseudonym_leaves_the_child_as_it_is(world: World) -> None:
    world.take(a_decision())
    before = child(world)
    world.take(a_receipt())
    assert child(world) == before
    assert world.kinds() == ["DECISION", "RA_CHECK", "LIFECYCLE"]
    assert world.refused() == []


def test_a_decision_after_the_arrival_keeps_the_pseudonym(world: World) -> None:
    world.take(two_children())
    world.take(a_decision())
    assert (child(world)["pseudonym"], child(world)["dver"]) == (FIRST, 1)


def test_the_same_arrival_again_is_a_duplicate(world: World) -> None:
    for _ in range(3):
        world.take(a_receipt())
    assert world.kinds() == ["LIFECYCLE", "RA_CHECK", "EVENT_DUPLICATE", "EVENT_DUPLICATE"]


def test_one_arrival_delivered_twice_by_the_queue_is_recorded_once(world: World) -> None:
    for _ in range(2):
        world.take(a_receipt(), bus_id="bus-the-same")
    assert world.kinds() == ["LIFECYCLE", "RA_CHECK"]


def test_other_contents_under_the_same_id_are_refused(world: World) -> None:
    world.take(a_receipt())
    world.take(a_receipt(1, 2))
    assert [(row["field"], row["reason"]) for row in world.refused()] == [("event_id", "EVENT_ID_REUSED")]
    assert world.kinds() == ["LIFECYCLE", "RA_CHECK"]


def test_an_arrival_under_a_decisions_id_is_refused(world: World) -> None:
    world.take(a_decision())
    world.take(a_receipt(event_id=a_decision()["event_id"]))
    assert [row["reason"] for row in world.refused()] == ["EVENT_ID_REUSED"]


def test_a_referrer_that_nobody_knows_is_refused(world: World) -> None:
    world.take(a_receipt(referring_agency={"agency_id": "nobody"}))
    assert [(row["field"], row["reason"]) for row in world.refused()] == [
        ("referring_agency.agency_id", "UNKNOWN_AGENCY")
    ]
    assert world.rows() == []


def test_a_referrer_by_another_name_is_recorded_by_its_id(world: World) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, aliases=("hill",))))
    world.take(a_receipt(referring_agency={"agency_id": "hill"}))
    assert world.rows()[0]["referrer"] == "hill-school"


def test_a_referrer_of_the_public_is_recorded_without_a_name(world: World) -> None:
    world.take(a_receipt(referring_agency=None, source_code="1A"))
    assert "referrer" not in world.rows()[0]
    assert world.rows()[0]["source_code"] == "1A"


# --- told again


def test_a_contact_that_becomes_a_referral_restarts_no_clock_and_loses_nothing(world: World) -> None:
    world.take(two_children(kind="CONTACT"))
    later = a_receipt(
        1, 2, event_id=an_event_id("again"), kind="REFERRAL", received_at="2026-11-24T12:00:00Z", rag=None
    )
    world.take(later)
    assert head(world)["kind"] == "REFERRAL"
    assert (head(world)["received_at"], head(world)["rag"]) == ("2026-11-24T09:40:00.000Z", "RED")
    assert (child(world)["pseudonym"], child(world, 2)["pseudonym"]) == (FIRST, SECOND)
    assert child(world)["received_at"] == "2026-11-24T09:40:00.000Z"
    assert [row["received_at"] for row in world.rows() if row["type"] == "LIFECYCLE"][-1].startswith(
        "2026-11-24T12:00"
    )


def test_a_referral_is_no_contact_again_whichever_is_heard_of_last(world: World) -> None:
    world.take(a_receipt())
    world.take(a_receipt(event_id=an_event_id("late"), kind="CONTACT", received_at="2026-11-24T09:20:00Z"))
    assert head(world)["kind"] == "REFERRAL"
    assert head(world)["received_at"] == "2026-11-24T09:20:00.000Z"


# --- at once


def test_a_child_decided_while_the_arrival_is_written_keeps_its_own_check(world: World) -> None:
    interleaved(world, lambda: world.take(a_decision()))
    world.take(a_receipt())
    assert checks(world) == [(1, "UNKNOWN", 1)]
    assert child(world)["dver"] == 1
    assert is_whole(world.rows())


def test_a_decision_that_meets_the_arrival_at_once_is_told(world: World) -> None:
    interleaved(world, lambda: world.take(a_receipt()))
    world.take(a_decision())
    assert world.send_due() == 2
    assert is_whole(world.rows())


def test_a_destroyed_key_does_not_keep_an_arrival_or_a_decision_out(world: World) -> None:
    """The forms under it cannot be opened any more; what is decided now is told without them."""
    world.take(a_complete_form_event())
    world.store.client.delete_item(
        TableName="keys", Key={"pk": {"S": keys.referral("NS-26-7KQ4ZP")}, "sk": {"S": "KEY"}}
    )
    world.take(a_receipt())
    world.take(a_decision())
    assert [status for _, status, _ in checks(world)] == ["UNKNOWN", "UNKNOWN"]
    assert world.send_due() == 2


def test_a_late_form_stays_late_when_the_decision_is_revised(world: World) -> None:
    """Due by the first decision: a later one must not turn a late form into one on time."""
    after = {"ra_completed_at": "2026-11-24T15:40:00Z", "supervisor_reviewed_at": "2026-11-24T15:50:00Z"}
    world.take(a_receipt(rag=None))
    world.take(a_decision(rag=None))
    world.now = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    world.take(a_complete_form_event(**after))
    world.take(a_revision(rag=None))
    late = [(row["late"], row["due_at"]) for row in world.rows() if row["type"] == "RA_CHECK"]
    assert late[-1] == (True, "2026-11-24T15:02:00.000Z")
