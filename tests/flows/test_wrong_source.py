"""Who speaks is the bus's word, not the event's: nobody decides, releases or withdraws in another's name."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.adapters.ledger.store import Item
from schemas.codes import EventType
from tests.flows.accounts import decided, reckoned
from tests.flows.heard_sources import CASES, FEED, asked, asks, at, comes, hear
from tests.flows.lives import (
    a_challenge,
    a_phone_call,
    a_plan_change,
    a_release,
    a_withdrawal,
    a_withholding,
)
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import Wire, World, a_decision, a_receipt, a_revision, an_event_id, wrapped

POLICE = "north-police.ra-feed"
STRANGER = "who.knows"
OF_THE_CASE_SYSTEM: dict[str, Callable[..., Wire]] = {
    "DECIDED": a_decision,
    "DECISION_REVISED": a_revision,
    "REFERRAL_RECEIVED": a_receipt,
    "RELEASED": lambda **changes: a_release("SAFE_TO_TELL", **changes),
    "WITHHELD": a_withholding,
    "WITHDRAWN_IN_ERROR": a_withdrawal,
    "PHONE_CONFIRMED": a_phone_call,
    "PLAN_STATUS_CHANGED": a_plan_change,
    "CHALLENGE_RAISED": a_challenge,
}


def puts(world: World, source: str, event: Any) -> None:
    """`event`, put on the bus by whoever the bus says, whatever it says itself."""
    world.take_raw(wrapped(event, f"bus-{world.serial()[-8:]}", source=source))


def refusal(world: World) -> tuple[str, str, str]:
    """The one there is: its field, its reason, and under whose name the trail has it."""
    (row,) = world.refused()
    assert row["actor"] == row["pk"].split("#")[2]
    return row["field"], row["reason"], row["actor"]


@pytest.fixture
def held(world: World) -> World:
    """The worked example, held for everybody."""
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE", "agency_id": None}]))
    return world


def stands(world: World) -> list[list[Item]]:
    """All there is about the referral."""
    states = [item for item in world.all_items("state") if item["pk"].startswith("R#")]
    return [world.rows(), states]


@pytest.mark.parametrize("event_type", OF_THE_CASE_SYSTEM)
def test_nobody_speaks_for_the_case_system_but_itself(held: World, event_type: str) -> None:
    before = stands(held)
    puts(held, POLICE, OF_THE_CASE_SYSTEM[event_type]())
    assert refusal(held) == ("source", "SOURCE_DIFFERS", POLICE)
    assert stands(held) == before
    assert held.send_due() == 0


@pytest.mark.parametrize("event_type", OF_THE_CASE_SYSTEM)
def test_what_only_the_case_system_may_say_nobody_else_says_in_its_own_name(
    held: World, event_type: str
) -> None:
    before = stands(held)
    puts(held, POLICE, OF_THE_CASE_SYSTEM[event_type](source=POLICE))
    assert refusal(held) == ("event_type", "TYPE_NOT_GRANTED", POLICE)
    assert stands(held) == before
    assert held.send_due() == 0


@pytest.mark.parametrize("event_type", OF_THE_CASE_SYSTEM)
@pytest.mark.parametrize(("says", "reason"), [(CASES, "SOURCE_DIFFERS"), (STRANGER, "UNKNOWN_SOURCE")])
def test_a_system_that_the_stage_does_not_know_says_nothing_at_all(
    held: World, event_type: str, says: str, reason: str
) -> None:
    before = stands(held)
    puts(held, STRANGER, OF_THE_CASE_SYSTEM[event_type](source=says))
    assert refusal(held) == ("source", reason, "unknown")
    assert stands(held) == before


def test_the_case_system_speaks_for_no_police_feed(world: World) -> None:
    puts(world, CASES, a_heartbeat_event(source=POLICE))
    assert refusal(world) == ("source", "SOURCE_DIFFERS", CASES)
    assert world.store.get("state", "RAFEED", POLICE) is None


def test_a_copy_of_what_was_said_in_anothers_name_is_kept_for_the_operator(held: World) -> None:
    body = wrapped(a_release("SAFE_TO_TELL"), "bus-00000077", source=POLICE)
    held.take_raw(body)
    held.take_raw(body)
    (row,) = held.refused()
    kept = held.s3.get_object(Bucket=held.bucket, Key=row["kept_as"])["Body"].read()
    assert (kept, row["cause"]) == (body.encode(), "bus-00000077")


def test_what_the_bus_did_not_bring_is_nobodys(world: World) -> None:
    alone = json.loads(wrapped(a_decision(), "bus-00000001"))
    del alone["source"]
    world.take_raw(json.dumps(alone))
    assert refusal(world) == ("source", "NOT_AN_EVENT", "unknown")


def test_an_event_that_names_no_source_is_told_which_field_it_lacks(world: World) -> None:
    event = a_decision()
    del event["source"]
    puts(world, CASES, event)
    assert refusal(world) == ("source", "MISSING", CASES)


def test_a_type_that_nobody_knows_is_said_to_be_unknown_whoever_sends_it(world: World) -> None:
    puts(world, POLICE, {**a_decision(source=POLICE), "event_type": "STRATEGY_MEETING"})
    assert refusal(world) == ("event_type", "EVENT_TYPE_NOT_HANDLED", POLICE)


def test_each_says_what_the_stage_lets_it_say(world: World) -> None:
    world.take(a_complete_form_event(source=POLICE))
    world.take(a_heartbeat_event(source=POLICE, event_id=an_event_id("beat")))
    world.take(a_decision())
    assert world.refused() == []
    assert {row["actor"] for row in world.rows()} >= {POLICE, CASES}


def test_a_type_is_taken_from_a_source_as_soon_as_the_stage_grants_it(held: World) -> None:
    release = a_release("SAFE_TO_TELL", source="hub.releases")
    puts(held, "hub.releases", release)
    assert refusal(held) == ("source", "UNKNOWN_SOURCE", "unknown")
    held.sources["hub.releases"] = (EventType.RELEASED,)
    puts(held, "hub.releases", release)
    assert held.send_due() == 2


# --- whose numbers a refusal accounts for


def test_what_was_said_in_its_name_explains_no_number_of_a_source(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 5)
    for by in (STRANGER, CASES):
        puts(world, by, a_heartbeat_event(source=FEED, source_seq=6))
    comes(world, 7)
    hear(at(world, "2026-11-24T11:00:00Z"))
    assert asks(world) == [(FEED, "CHECK_GAP", "6..6")]
    assert [(finding.code, finding.what) for finding in reckoned(world).findings] == [("SOURCE_GAP", "6..6")]


def test_what_no_sender_can_be_known_of_explains_no_number_of_anybody(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 5)
    world.take_raw("{")
    comes(world, 7)
    hear(at(world, "2026-11-24T11:00:00Z"))
    assert asks(world) == [(FEED, "CHECK_GAP", "6..6")]


def test_what_was_said_in_its_name_opens_no_gap_of_a_source(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 5)
    puts(world, CASES, a_heartbeat_event(source=FEED, source_seq=90))
    hear(at(world, "2026-11-24T11:00:00Z"))
    assert asks(world) == []


def test_what_was_said_in_its_name_is_no_sign_of_life_of_a_source(world: World) -> None:
    comes(at(world, "2026-11-24T09:00:00Z"), 5)
    puts(at(world, "2026-11-24T12:00:00Z"), CASES, a_heartbeat_event(source=FEED, source_seq=6))
    hear(at(world, "2026-11-24T13:00:00Z"))
    assert [task["kind"] for task in asked(world)] == ["CHECK_SILENCE"]


def test_its_own_refused_event_explains_a_number_of_a_source_in_whosever_name_it_came(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 5)
    puts(world, FEED, decided("NS-26-AN0THR", source_seq=6))
    comes(world, 7)
    hear(at(world, "2026-11-24T11:00:00Z"))
    assert asks(world) == []
    assert reckoned(world).findings == ()


def test_its_own_event_that_is_too_large_to_read_explains_a_number_of_a_source(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 5)
    large = a_heartbeat_event(source=FEED, source_seq=6, padding="x" * 70_000)
    world.take_raw(wrapped(large, "11111111-0000-4000-8000-000000000006"))
    comes(world, 7)
    hear(at(world, "2026-11-24T11:00:00Z"))
    assert asks(world) == []


@pytest.mark.parametrize(
    ("event_type", "source"),
    [
        (f'DECIDED", "source": "{FEED}', STRANGER),
        (f'DECIDED\\", "source": "{FEED}', STRANGER),
        ("DECIDED", "Who knows?"),
    ],
    ids=["a type that looks like one", "one that is escaped", "a source of no proper name"],
)
def test_nothing_else_passes_for_the_source_of_what_is_too_large_to_read(
    world: World, event_type: str, source: str
) -> None:
    large = {"event_id": "1", "source": FEED, "padding": "x" * 70_000}
    world.take_raw(wrapped(large, "11111111-0000-4000-8000-000000000006", event_type, source))
    assert refusal(world) == ("event", "TOO_LARGE", "unknown")
