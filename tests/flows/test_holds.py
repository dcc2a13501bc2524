"""What waits for a person: every trigger and its reach, its task and its clock, through every version."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from functions.adapters.ledger.reading import DueIndex, WorkIndex
from schemas.codes import Channel, TaskRole
from tests.world import World, a_decision, held_rows, told_to

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
THIRD_ID = "9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e"
POLICE, PROBATION = "north-police", "north-probation"
AN_HOUR_ON, A_WORKING_DAY_ON = "2026-11-24T16:02:30.000Z", "2026-11-25T15:02:30.000Z"


class Held(NamedTuple):
    """What a trigger must lead to: whom it keeps from being told, through which task, by when."""

    changes: dict[str, Any]
    triggers: list[str]
    agency: str | None
    due_at: str


def a_code(code: str, agency_id: str | None = None, **changes: Any) -> dict[str, Any]:
    hold = {"code": code} | ({"agency_id": agency_id} if agency_id else {})
    return {"primary_outcome": "S17", "hold_codes": [hold], **changes}


TRIGGERS = {
    "emergency protection": Held({"primary_outcome": "EMP"}, ["EMERGENCY"], None, AN_HOUR_ON),
    "emergency asked for": Held(a_code("EMERGENCY"), ["EMERGENCY"], None, A_WORKING_DAY_ON),
    "an allegation alone": Held({"primary_outcome": "LAD"}, ["LADO"], None, A_WORKING_DAY_ON),
    "an allegation asked for": Held(a_code("LADO"), ["LADO"], None, A_WORKING_DAY_ON),
    "a restricted record": Held(a_code("RESTRICTED_RECORD"), ["RESTRICTED_RECORD"], None, A_WORKING_DAY_ON),
    "a sensitive case": Held(a_code("SENSITIVE"), ["SENSITIVE"], None, A_WORKING_DAY_ON),
    "a sensitive section 47": Held(
        a_code("SENSITIVE", primary_outcome="S47J"), ["SENSITIVE"], None, AN_HOUR_ON
    ),
    "linked staff": Held(a_code("STAFF_LINK", PROBATION), ["STAFF_LINK"], PROBATION, A_WORKING_DAY_ON),
    "a referrer in the family": Held(
        a_code("REFERRER_IS_FAMILY"), ["REFERRER_IS_FAMILY"], POLICE, A_WORKING_DAY_ON
    ),
    "linked staff in a strategy discussion": Held(
        a_code("STAFF_LINK", POLICE, primary_outcome="STR"), ["STAFF_LINK"], POLICE, AN_HOUR_ON
    ),
}


@pytest.mark.parametrize("held", TRIGGERS.values(), ids=TRIGGERS)
def test_a_trigger_holds_whom_it_concerns_for_as_long_as_nobody_acts_and_nobody_else(
    world: World, held: Held
) -> None:
    world.take(a_decision(**held.changes))
    for _ in range(5):
        world.send_due()
        world.later(days=3)
    planned = {item["agency"]: item for item in world.all_items("state") if "message_id" in item}
    kept_back = {held.agency} if held.agency else planned.keys()
    assert set(told_to(world)) == planned.keys() - kept_back
    for agency, item in planned.items():
        if agency in kept_back:
            assert (item["st"], item["held"], item["attempt"]) == ("PENDING", held.triggers, 0)
            assert not {"due_at", "due_pk", "due_sk"} & item.keys()
        else:
            assert (item["st"], "held" in item) == ("SENT", False)


@pytest.mark.parametrize("held", TRIGGERS.values(), ids=TRIGGERS)
def test_a_hold_is_one_row_and_one_task_of_a_role_with_a_due_time_in_both_indexes(
    world: World, held: Held
) -> None:
    world.take(a_decision(**held.changes))
    (row,) = held_rows(world)
    kind = "RELEASE_AGENCY" if held.agency else "RELEASE_CHILD"
    said = {"task": kind, "role": "MASH_MANAGER", "due_at": held.due_at, "child": 1, "dver": 1}
    assert said.items() <= row.items()
    assert (row["triggers"], row.get("held_agency")) == (held.triggers, held.agency)
    sk = f"TASK#{kind}#01" + (f"#{held.agency}" if held.agency else "")
    (task,) = world.tasks().values()
    assert {name: value for name, value in task.items() if name != "due_pk"} == {
        "pk": "R#NS-26-7KQ4ZP",
        "sk": sk,
        "st": "OPEN",
        "kind": kind,
        "role": "MASH_MANAGER",
        "child": 1,
        "dver": 1,
        **({"agency": held.agency} if held.agency else {}),
        "opened_at": "2026-11-24T15:02:30.000Z",
        "due_at": held.due_at,
        "due_sk": f"{held.due_at}#R#NS-26-7KQ4ZP|{sk}",
        "work_pk": "W#TASK#MASH_MANAGER",
        "work_sk": f"{held.due_at}#{held.agency or '-'}#NS-26-7KQ4ZP",
    }
    world.now = datetime.fromisoformat(held.due_at)
    assert sk in [key.sk for key in DueIndex(world.store).until(world.now)]
    assert [one["sk"] for one in WorkIndex(world.store).of(TaskRole.MASH_MANAGER)] == [sk]


@pytest.mark.parametrize(
    ("moment", "outcome", "role", "due_at"),
    [
        (datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC), "EMP", "MASH_MANAGER", AN_HOUR_ON),
        (datetime(2026, 11, 24, 16, 59, tzinfo=UTC), "EMP", "MASH_MANAGER", "2026-11-24T17:59:00.000Z"),
        (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), "EMP", "EMERGENCY_DUTY_TEAM", "2026-11-24T18:00:00.000Z"),
        (datetime(2026, 11, 28, 3, 0, tzinfo=UTC), "EMP", "EMERGENCY_DUTY_TEAM", "2026-11-28T04:00:00.000Z"),
        (datetime(2026, 12, 25, 12, 0, tzinfo=UTC), "EMP", "EMERGENCY_DUTY_TEAM", "2026-12-25T13:00:00.000Z"),
        (datetime(2026, 11, 27, 17, 0, tzinfo=UTC), "LAD", "MASH_MANAGER", "2026-12-01T09:00:00.000Z"),
    ],
)
def test_out_of_hours_what_is_urgent_goes_to_the_emergency_duty_team_and_the_rest_waits_for_the_office(
    world: World, moment: datetime, outcome: str, role: str, due_at: str
) -> None:
    world.now = moment
    world.take(a_decision(primary_outcome=outcome))
    (task,) = world.tasks().values()
    (row,) = held_rows(world)
    assert (task["role"], task["due_at"]) == (row["role"], row["due_at"]) == (role, due_at)
    assert [one["sk"] for one in WorkIndex(world.store).of(TaskRole(role))] == [task["sk"]]


def test_a_held_allegation_never_holds_the_section_47_beside_it_and_has_a_clock_of_its_own(
    world: World,
) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    assert world.send_due() == 2
    assert sorted(told_to(world)) == [POLICE, PROBATION]
    (row,) = held_rows(world)
    (task,) = world.tasks().values()
    assert (row["outcome"], row["triggers"], row["task"]) == ("LAD", ["LADO"], "RELEASE_ALLEGATION")
    assert (task["kind"], task["role"], task["due_at"]) == (
        "RELEASE_ALLEGATION",
        "MASH_MANAGER",
        A_WORKING_DAY_ON,
    )
    said = b" ".join(body for door in world.doors.values() for _, body in door.sent)
    assert b"designated officer" not in b" ".join(said.split())


def test_child_recipient_and_allegation_are_three_holds_with_three_tasks(world: World) -> None:
    linked = {"code": "STAFF_LINK", "agency_id": PROBATION}
    world.take(a_decision(additional_outcomes=["LAD"], hold_codes=[{"code": "SENSITIVE"}, linked]))
    assert {row["task"]: row["triggers"] for row in held_rows(world)} == {
        "RELEASE_CHILD": ["SENSITIVE"],
        "RELEASE_AGENCY": ["STAFF_LINK"],
        "RELEASE_ALLEGATION": ["LADO"],
    }
    assert world.delivery(PROBATION, Channel.EMAIL)["held"] == ["SENSITIVE", "STAFF_LINK"]
    assert world.delivery(POLICE, Channel.WEBHOOK)["held"] == ["SENSITIVE"]
    assert {kind: task["due_at"] for kind, task in world.tasks().items()} == {
        "RELEASE_CHILD#01": AN_HOUR_ON,
        f"RELEASE_AGENCY#01#{PROBATION}": AN_HOUR_ON,
        "RELEASE_ALLEGATION#01": A_WORKING_DAY_ON,
    }


@pytest.mark.finding(35)
def test_a_hold_on_one_child_holds_no_sibling(world: World) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    world.take(a_decision(event_id=SECOND_ID, child_index=2))
    assert world.send_due() == 2
    assert {item["child"] for item in world.all_items("state") if item.get("st") == "SENT"} == {2}


def test_a_held_decision_nobody_could_be_told_of_is_still_somebodys_task(world: World) -> None:
    world.take(a_decision(primary_outcome="EMP", referring_agency=None, involved_agencies=[]))
    assert set(world.tasks()) == {"RELEASE_CHILD#01"}
    world.release()
    states = {name: task["st"] for name, task in world.tasks().items()}
    assert states == {"RELEASE_CHILD#01": "DONE", "CALL_REFERRER#01": "OPEN"}


# --- a newer version


@pytest.mark.parametrize(
    ("hold", "kept_from"),
    [
        ({"code": "SENSITIVE"}, {POLICE, PROBATION}),
        ({"code": "RESTRICTED_RECORD"}, {POLICE, PROBATION}),
        ({"code": "STAFF_LINK", "agency_id": PROBATION}, {PROBATION}),
        ({"code": "REFERRER_IS_FAMILY"}, {POLICE}),
    ],
    ids=lambda value: value["code"] if isinstance(value, dict) else "",
)
def test_a_newer_version_sets_nothing_free_that_nobody_released(
    world: World, hold: dict[str, str], kept_from: set[str]
) -> None:
    world.take(a_decision(hold_codes=[hold]))
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2, primary_outcome="S17"))
    world.send_due()
    assert set(told_to(world)) == {POLICE, PROBATION} - kept_from
    held = [row for row in held_rows(world) if row["dver"] == 2]
    assert [row["triggers"] for row in held] == [[hold["code"]]]
    (task,) = world.tasks().values()
    assert (task["dver"], task["st"], task["due_at"]) == (2, "OPEN", AN_HOUR_ON)  # as it was opened


@pytest.mark.parametrize("outcome", ["EMP", "LAD"])
def test_a_hold_that_came_with_an_outcome_goes_with_it(world: World, outcome: str) -> None:
    world.take(a_decision(primary_outcome=outcome))
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2, primary_outcome="S17"))
    assert world.send_due() == 2
    (task,) = world.tasks().values()
    assert task["st"] == "DONE"


def test_an_allegation_that_a_newer_version_no_longer_has_is_nobodys_task_any_more(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2))
    (task,) = world.tasks().values()
    assert task["st"] == "DONE"


def test_a_link_that_nobody_released_outlives_a_version_that_left_the_agency_out(world: World) -> None:
    """Version 2 does not name the linked agency; version 3 names it again and says nothing of the link."""
    world.take(a_decision(hold_codes=[{"code": "STAFF_LINK", "agency_id": PROBATION}]))
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2, involved_agencies=[]))
    world.take(a_decision(event_id=THIRD_ID, decision_seq=3))
    world.send_due()
    assert PROBATION not in told_to(world)
    assert world.delivery(PROBATION, Channel.EMAIL, seq=3)["held"] == ["STAFF_LINK"]
    assert world.tasks()[f"RELEASE_AGENCY#01#{PROBATION}"]["st"] == "OPEN"


def test_a_link_stated_while_the_agency_was_told_nothing_holds_what_a_later_version_tells_it(
    world: World,
) -> None:
    """No delivery of the first version remembers the link: the child does."""
    linked = [{"code": "STAFF_LINK", "agency_id": PROBATION}]
    world.take(a_decision(hold_codes=linked, involved_agencies=[]))
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2))
    world.send_due()
    assert PROBATION not in told_to(world)
    assert world.delivery(PROBATION, Channel.EMAIL, seq=2)["held"] == ["STAFF_LINK"]


def test_a_recipient_that_was_released_is_told_the_newer_version_at_once(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "REFERRER_IS_FAMILY"}]))
    world.release(agency=POLICE)
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2))
    assert world.send_due() == 2
    assert world.delivery(POLICE, Channel.WEBHOOK, seq=2)["st"] == "SENT"


def test_a_recipient_released_in_a_later_version_is_not_held_by_the_one_before_it(world: World) -> None:
    """Version 1's message was replaced while it was held, and says so for ever; version 2's was released."""
    world.take(a_decision(hold_codes=[{"code": "REFERRER_IS_FAMILY"}]))
    world.take(a_decision(event_id=SECOND_ID, decision_seq=2))
    world.release(agency=POLICE)
    world.take(a_decision(event_id=THIRD_ID, decision_seq=3))
    assert world.send_due() == 2
    assert world.delivery(POLICE, Channel.WEBHOOK, seq=3)["st"] == "SENT"
