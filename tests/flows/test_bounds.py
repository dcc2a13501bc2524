"""What somebody sends again and again about one child ends at a bound, visibly, and long before its item is
full."""

from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Change, Item
from functions.domain.bounds import (
    MOST_ASKED,
    MOST_CHALLENGES,
    MOST_INVESTIGATIONS,
    MOST_OF_AN_ITEM,
    MOST_UPDATES,
    MOST_WAITING,
)
from schemas.codes import AgencyType, Channel, WaitsFor
from tests.flows.chases import a_form, reminded
from tests.flows.heard import child, decided, event_rows, update_rows
from tests.flows.lives import (
    CHALLENGE,
    a_challenge,
    a_challenge_at,
    a_challenge_resolved,
    a_plan_change,
    a_withholding,
    an_acknowledgement,
    an_investigation,
)
from tests.flows.silences import clocks, fire_due
from tests.flows.sweeps import REF, rows_of
from tests.world import World, a_decision, a_receipt, a_registry, an_agency, an_event_id

LONGEST_NAME = "north-probation-".ljust(40, "x")


def record(number: int) -> str:
    """An id in somebody else's system, as long as one may be."""
    return f"{number:04d}".ljust(64, "-")


def agency(number: int) -> str:
    return f"agency-{number:04d}-".ljust(40, "x")


def size(value: Any) -> int:
    """Bytes of a value as DynamoDB counts them: text by its length, a number by two digits a byte."""
    match value:
        case dict():
            return 3 + sum(1 + len(name) + size(one) for name, one in value.items())
        case list():
            return 3 + sum(1 + size(one) for one in value)
        case str():
            return len(value)
        case bool():
            return 1
    return 1 + (len(str(value)) + 1) // 2


def ask(world: World, first: int, last: int) -> None:
    world.take(an_acknowledgement(*map(agency, range(first, last))))


def all_asked(world: World) -> None:
    """The referral has come, and so many agencies were asked what they know."""
    listed = [
        an_agency(agency(number), AgencyType.SCHOOL_NURSING, Channel.EMAIL)
        for number in range(MOST_ASKED + 1)
    ]
    world.apply(a_registry(an_agency(LONGEST_NAME, AgencyType.HOUSING, Channel.EMAIL), *listed))
    world.take(a_receipt())
    for first in range(0, MOST_ASKED, 10):
        ask(world, first, first + 10)
    assert world.refused() == []


def all_investigated(world: World) -> None:
    for number in range(MOST_INVESTIGATIONS):
        world.take(an_investigation(police_occurrence_ref=record(number)))
    assert world.refused() == []


def all_challenged(world: World) -> None:
    for number in range(MOST_CHALLENGES):
        world.take(a_challenge(LONGEST_NAME, challenge_id=record(number)))
    assert world.refused() == []


def refused(world: World) -> tuple[str, str]:
    """The one event that was refused, of which a copy is kept."""
    (row,) = world.refused()
    assert world.s3.head_object(Bucket=world.bucket, Key=row["kept_as"])
    return row["field"], row["reason"]


def test_a_child_of_which_everything_is_at_its_bound_takes_a_twentieth_of_an_item(world: World) -> None:
    sizes = []
    all_asked(world)
    sizes.append(size(child(world)))
    world.take(a_decision())
    sizes.append(size(child(world)))
    all_investigated(world)
    sizes.append(size(child(world)))
    all_challenged(world)
    sizes.append(size(child(world)))
    asked, decided, investigated, challenged = sizes
    assert asked / MOST_ASKED <= 34
    assert (investigated - decided) / MOST_INVESTIGATIONS <= 81
    assert (challenged - investigated) / MOST_CHALLENGES <= 193
    assert challenged < MOST_OF_AN_ITEM / 20


def test_one_challenge_more_is_refused_by_its_field_and_the_others_go_on(world: World) -> None:
    world.apply(a_registry(an_agency(LONGEST_NAME, AgencyType.HOUSING, Channel.EMAIL)))
    world.take(a_decision())
    all_challenged(world)
    before = child(world)
    world.take(a_challenge(LONGEST_NAME, challenge_id=record(MOST_CHALLENGES)))
    assert refused(world) == ("challenge_id", "TOO_MANY")
    assert child(world) == before
    world.take(a_challenge(LONGEST_NAME, challenge_id=record(7), raised_at="2026-11-25T11:00:00Z"))
    world.take(a_challenge_at(2, challenge_id=record(7)))
    world.take(a_challenge_resolved("UPHELD", challenge_id=record(7)))
    assert len(world.refused()) == 1
    assert record(7) in child(world)["challenges_settled"]


def test_that_a_challenge_is_settled_makes_no_room_for_another(world: World) -> None:
    """Its id is kept, so that what comes late of it is known as late."""
    world.apply(a_registry(an_agency(LONGEST_NAME, AgencyType.HOUSING, Channel.EMAIL)))
    world.take(a_decision())
    all_challenged(world)
    world.take(a_challenge_resolved("UPHELD", challenge_id=record(7)))
    world.take(a_challenge(LONGEST_NAME, challenge_id=record(MOST_CHALLENGES)))
    assert refused(world) == ("challenge_id", "TOO_MANY")


def test_one_investigation_more_is_refused_by_its_field_and_the_others_go_on(world: World) -> None:
    world.take(a_decision())
    all_investigated(world)
    before = child(world)
    world.take(an_investigation("OPEN", police_occurrence_ref=record(MOST_INVESTIGATIONS)))
    assert refused(world) == ("police_occurrence_ref", "TOO_MANY")
    assert child(world) == before
    later = "2026-11-25T11:00:00Z"
    world.take(an_investigation("OPEN", police_occurrence_ref=record(7), changed_at=later))
    assert len(world.refused()) == 1
    assert len(event_rows(world, "POLICE_INVESTIGATION_STATUS_CHANGED")) == MOST_INVESTIGATIONS + 1


def test_one_agency_more_to_be_asked_is_refused_and_one_that_was_asked_is_asked_again(world: World) -> None:
    all_asked(world)
    before = child(world)
    ask(world, MOST_ASKED, MOST_ASKED + 1)
    assert refused(world) == ("asked_to_contribute", "TOO_MANY")
    assert child(world) == before
    world.take(an_acknowledgement(agency(7), contribute_by="2026-11-24T13:00:00Z"))
    assert len(world.refused()) == 1


def told(world: World, times: int) -> None:
    """Its plan has changed so many times, as far as the child's item says."""
    address, many = (keys.referral(REF), keys.child(1)), Change({"newest_PLAN": times})
    world.store.write([world.store.update("child", "state", address, change=many)])


def test_one_update_more_than_a_child_is_told_of_is_refused(world: World) -> None:
    world.take(a_decision())
    told(world, MOST_UPDATES - 1)
    world.take(a_plan_change())
    assert update_rows(world)[-1]["dver"] == MOST_UPDATES
    world.take(a_plan_change(plan_status="NONE", changed_at="2026-11-25T11:00:00Z"))
    assert refused(world) == ("event", "TOO_MANY")
    assert child(world)["plan_status"] == "CP_PLAN"


def told_so_many(world: World, series: str) -> None:
    """So many in the series have been told, as far as the child's item says."""
    address, many = (keys.referral(REF), keys.child(1)), Change({f"newest_{series}": MOST_UPDATES})
    world.store.write([world.store.update("child", "state", address, change=many)])


def test_a_chase_tells_nothing_beyond_the_bound_and_a_manager_looks_instead(world: World) -> None:
    """It has no sender who could be refused."""
    reminded(world)
    told_so_many(world, "RA_STATUS")
    a_form(world)
    world.later(minutes=1)
    world.send_due()
    assert {row["series"] for row in update_rows(world)} == {"RA_REMINDER"}
    assert (world.refused(), world.all_children()) == ([], {1: "COMPLETE"})
    assert world.tasks()["CHECK_NOT_TOLD#01#RA_STATUS"]["role"] == "MASH_MANAGER"
    (row,) = [one for one in rows_of(world, "TASK") if one["task"] == "CHECK_NOT_TOLD"]
    assert (row["about"], row["child"]) == ("RA_STATUS", 1)
    assert clocks(world)["POLICE_FORM#01"] == "ANSWERED"


def test_a_clock_that_reminds_fires_into_its_task_alone_beyond_the_bound(world: World) -> None:
    world.take(a_decision(plan_status="CP_PLAN"))
    told_so_many(world, "STALE_PLAN")
    world.later(days=400)
    fire_due(world)
    assert "STALE_PLAN" not in {row["series"] for row in update_rows(world)}
    assert {"CHASE_PLAN#01", "CHECK_NOT_TOLD#01#STALE_PLAN"} <= world.tasks().keys()


def waits(number: int) -> dict[str, Any]:
    return a_plan_change(event_id=an_event_id("waits", number))


def waiting(world: World) -> list[Item]:
    return [
        row for row in event_rows(world, "PLAN_STATUS_CHANGED") if row.get("waits_for") == WaitsFor.DECISION
    ]


def test_one_event_more_that_waits_is_refused_until_the_others_wait_no_more(world: World) -> None:
    for number in range(MOST_WAITING):
        world.take(waits(number))
    assert (len(waiting(world)), world.refused()) == (MOST_WAITING, [])
    world.take(waits(MOST_WAITING))
    assert refused(world) == ("event", "TOO_MANY")
    world.take(a_decision())
    world.take(waits(MOST_WAITING + 1))
    world.take(a_plan_change(child_index=2, event_id=an_event_id("another child")))
    assert len(world.refused()) == 1


FEED = "police.ra-feed"


def a_feed_says(number: int, **changes: Any) -> dict[str, Any]:
    values = {"source": FEED, "police_occurrence_ref": record(number), **changes}
    return an_investigation("OPEN", **values, event_id=an_event_id("feed", number))


def test_what_one_source_has_waiting_shuts_no_other_out(world: World) -> None:
    """A decision was withheld, and somebody disagrees with it: neither waits behind what a feed sends."""
    for number in range(MOST_WAITING):
        world.take(a_feed_says(number))
    world.take(a_feed_says(MOST_WAITING))
    assert refused(world) == ("event", "TOO_MANY")
    world.take(a_withholding())
    world.take(a_challenge())
    assert len(world.refused()) == 1
    world.take(a_decision())
    stopped = {row["agency"] for row in rows_of(world, "CANCELLED") if row["reason"] == "WITHHELD_DETRIMENT"}
    assert stopped == {"north-police", "north-probation"}
    assert f"CHECK_CHALLENGE#01#{CHALLENGE}" in world.tasks()


def test_investigations_that_a_feed_names_without_end_keep_back_no_others_closure(world: World) -> None:
    decided(world)
    world.take(a_plan_change("north-probation", "north-police"))
    for number in range(MOST_INVESTIGATIONS + 1):
        world.take(a_feed_says(number))
    assert refused(world) == ("police_occurrence_ref", "TOO_MANY")
    world.take(an_investigation())
    assert len(world.refused()) == 1
    assert update_rows(world)[-1]["series"] == "POLICE_CASE"


def test_once_the_referral_is_here_nothing_of_the_police_waits_for_a_child_that_it_does_not_list(
    world: World,
) -> None:
    world.take(a_feed_says(1, child_index=15))
    assert event_rows(world, "POLICE_INVESTIGATION_STATUS_CHANGED")[-1]["waits_for"] == "DECISION"
    world.take(a_receipt())
    assert event_rows(world, "POLICE_INVESTIGATION_STATUS_CHANGED")[-1]["reason"] == "UNKNOWN_CHILD"
    world.take(a_feed_says(2, child_index=15))
    assert refused(world) == ("child_index", "UNKNOWN_CHILD")
    assert world.intake_desk.lifecycle.waiting(REF) == []
    world.take(a_feed_says(3))
    assert len(world.intake_desk.lifecycle.waiting(REF)) == 1
