"""What comes in is listed under its UK day in both tables, with the sender's own number for it."""

from datetime import UTC, date, datetime

import pytest

from functions.adapters.ledger.days import Days
from functions.domain.reconciliation.arrivals import Arrived
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import Wire, World, a_decision, a_duplicate, a_receipt, a_revision, an_event_id

DAY = date(2026, 11, 24)


def days(world: World) -> Days:
    return Days(world.store, world.chain)


def arrived(world: World, day: date = DAY) -> list[Arrived]:
    return days(world).arrivals(day, datetime(2027, 1, 1, tzinfo=UTC))


EVENTS: list[tuple[Wire, str]] = [
    (a_receipt(source_seq=1), "LIFECYCLE"),
    (a_decision(source_seq=2), "DECISION"),
    (a_decision(source_seq=2), "EVENT_DUPLICATE"),
    (a_revision(source_seq=3), "DECISION"),
    (a_decision(event_id=an_event_id("late"), decision_seq=1, source_seq=4), "DECISION_STALE"),
    (a_complete_form_event(source_seq=5), "RA_FORM"),
    (a_complete_form_event(source_seq=5), "EVENT_DUPLICATE"),
    (a_heartbeat_event(event_id=an_event_id("beat"), source_seq=6), "LIFECYCLE"),
    (a_heartbeat_event(event_id=an_event_id("beat"), source_seq=6), "EVENT_DUPLICATE"),
    (a_receipt(source_seq=1), "EVENT_DUPLICATE"),
]


def test_every_event_is_listed_once_in_each_table_with_its_senders_number(world: World) -> None:
    for event, _ in EVENTS:
        world.take(event)
        world.later(seconds=1)
    world.take({**a_decision(), "primary_outcome": "NONSENSE"})
    found = arrived(world)
    assert [one.kind for one in found] == [*(kind for _, kind in EVENTS), "REJECTED"]
    assert [one.number for one in found] == [*(event["source_seq"] for event, _ in EVENTS), None]
    marked = days(world).marked(DAY, world.now)
    assert [(one.partition, one.at) for one in marked] == [(one.partition, one.at) for one in found]
    assert [one.uid for one in found] == [
        row["uid"] for row in sorted(world.all_items("audit"), key=lambda row: str(row["at"])) if "dpk" in row
    ]


def test_only_a_decision_that_comes_again_names_a_child(world: World) -> None:
    for event, _ in EVENTS:
        world.take(event)
        world.later(seconds=1)
    again = [one for one in arrived(world) if one.kind == "EVENT_DUPLICATE"]
    assert [one.names_a_child for one in again] == [True, False, False, False]


def test_the_originals_own_row_about_a_duplicate_says_that_it_is_told_elsewhere(world: World) -> None:
    world.take(a_decision())
    world.take(a_duplicate(referring_agency={"agency_id": "north-probation", "own_ref": "PR-55120"}))
    told = {(one.kind, one.is_told_elsewhere) for one in arrived(world)}
    assert told == {("DECISION", False), ("LIFECYCLE", True)}


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-06-10T22:59:59.999Z", date(2026, 6, 10)),
        ("2026-06-10T23:00:00.000Z", date(2026, 6, 11)),
    ],
)
def test_what_comes_at_midnight_is_listed_under_the_uks_day(world: World, now: str, day: date) -> None:
    world.now = datetime.fromisoformat(now)
    world.take(a_decision())
    assert [one.kind for one in arrived(world, day)] == ["DECISION"]
    assert len(days(world).marked(day, world.now)) == 1


def test_what_came_later_than_asked_is_left_out(world: World) -> None:
    world.take(a_decision())
    world.later(milliseconds=1)
    world.take(a_revision())
    earlier = world.now.replace(microsecond=0)
    assert len(days(world).arrivals(DAY, earlier)) == len(days(world).marked(DAY, earlier)) == 1
    assert len(days(world).arrivals(DAY, world.now)) == len(days(world).marked(DAY, world.now)) == 2


def test_a_source_that_is_not_registered_is_nobody(world: World) -> None:
    world.take(a_decision(source="somebody.else"))
    (only,) = arrived(world)
    assert only.source is None


def test_the_last_decision_of_a_day_is_the_newest_and_nothing_else(world: World) -> None:
    assert days(world).last_decision(DAY, world.now) is None
    world.take(a_decision())
    at = world.now
    world.later(minutes=5)
    world.take(a_decision())
    world.take(a_receipt())
    assert days(world).last_decision(DAY, world.now) == at
