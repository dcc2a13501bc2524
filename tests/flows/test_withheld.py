"""What somebody decided not to tell: stopped as far as it has not left, and told to nobody later."""

from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.store import Item
from functions.domain.clock import uk_day
from functions.domain.delivery import Answer
from functions.flows.releasing.order import NotReleasableError
from functions.flows.updates.audience import told_of_the_decision
from schemas.codes import AgencyType, AttemptResult, Channel
from tests.flows.accounts import reckoned
from tests.flows.lives import a_release, a_withholding
from tests.flows.sweeps import DOWN, REF, rows_of, sweep_for
from tests.world import (
    World,
    a_decision,
    a_duplicate,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
)

SENSITIVE = {"code": "SENSITIVE", "agency_id": None}


def held(world: World, **changes: Any) -> None:
    """The worked example, held for everybody."""
    world.take(a_decision(**{"hold_codes": [SENSITIVE], **changes}))


def last(world: World) -> Item:
    return rows_of(world, "LIFECYCLE")[-1]


def child(world: World) -> Item:
    item = world.store.get("state", keys.referral(REF), keys.child(1))
    assert item is not None
    return item


def test_what_is_withheld_from_all_is_stopped_with_the_reason_and_nobody_need_release_it(
    world: World,
) -> None:
    held(world)
    world.take(a_withholding())
    row = last(world)
    assert (row["disclosure"], row["decided_by"], row["rationale_ref"]) == (
        "WITHHELD_DETRIMENT",
        "MASH_MANAGER",
        "RAT-2026-0042",
    )
    assert row["ended"] == ["TASK#RELEASE_CHILD#01"]
    stopped = rows_of(world, "CANCELLED")
    assert {one["agency"] for one in stopped} == {"north-police", "north-probation"}
    assert {(one["reason"], one["actor"]) for one in stopped} == {
        ("WITHHELD_DETRIMENT", "mash.case-system:MASH_MANAGER")
    }
    assert all(task["st"] == "DONE" for task in world.tasks().values())
    assert world.send_due() == 0
    with pytest.raises(NotReleasableError):
        world.release()


def test_what_is_withheld_from_one_agency_is_stopped_for_it_alone(world: World) -> None:
    held(world)
    world.take(a_withholding(agency_id="north-probation"))
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "OPEN"
    world.release()
    world.send_due()
    assert (len(world.police.sent), world.mailbox.mails) == (1, [])
    assert not any(name.startswith("CHECK_WITHHELD") for name in world.tasks())


def test_a_hold_on_one_agency_ends_with_what_is_withheld_from_it(world: World) -> None:
    held(world, hold_codes=[{"code": "STAFF_LINK", "agency_id": "north-probation"}])
    world.take(a_withholding(agency_id="north-probation", disclosure="WITHHELD_NOT_FACILITATIVE"))
    assert last(world)["ended"] == ["TASK#RELEASE_AGENCY#01#north-probation"]
    assert world.tasks()["RELEASE_AGENCY#01#north-probation"]["st"] == "DONE"
    world.send_due()
    assert (len(world.police.sent), world.mailbox.mails) == (1, [])


def test_what_waits_for_its_turn_is_withheld_as_well(world: World) -> None:
    held(world, hold_codes=[])
    world.take(a_withholding(agency_id="north-police"))
    world.send_due()
    assert world.police.sent == []
    assert world.delivery("north-police", Channel.WEBHOOK)["st"] == "CANCELLED"
    assert "CHECK_WITHHELD#01#north-police" not in world.tasks()


def test_what_is_on_its_way_goes_no_further_and_somebody_looks_whether_it_arrived(world: World) -> None:
    held(world, hold_codes=[])
    world.police.answers = [DOWN]
    world.police.while_sending = lambda: (
        world.take(a_withholding(agency_id="north-police")) if not rows_of(world, "LIFECYCLE") else None
    )
    world.send_due()
    assert last(world)["may_have_left"] is True
    assert world.tasks()["CHECK_WITHHELD#01#north-police"]["role"] == "MASH_MANAGER"
    world.police.sent.clear()
    world.later(minutes=1)
    world.send_due()
    assert world.police.sent == []
    assert world.delivery("north-police", Channel.WEBHOOK)["st"] == "CANCELLED"
    assert rows_of(world, "CANCELLED")[-1]["reason"] == "WITHHELD_DETRIMENT"


def test_what_has_left_cannot_be_withheld_and_the_manager_learns_it(world: World) -> None:
    held(world, hold_codes=[])
    world.send_due()
    world.take(a_withholding())
    assert last(world)["may_have_left"] is True
    assert world.tasks()["CHECK_WITHHELD#01"]["role"] == "MASH_MANAGER"


def test_nobody_is_rung_any_more_about_what_left_and_is_withheld(world: World) -> None:
    held(world, hold_codes=[])
    world.send_due()
    world.take(a_withholding())
    sweep_for(world, timedelta(days=2), timedelta(hours=1))
    assert [name for name in world.tasks() if name.startswith("CALL")] == []


def test_an_allegation_alone_can_be_withheld(world: World) -> None:
    held(world, hold_codes=[], additional_outcomes=["LAD"])
    world.take(a_withholding())
    assert last(world)["ended"] == ["TASK#RELEASE_ALLEGATION#01"]
    assert world.send_due() == 2
    with pytest.raises(NotReleasableError):
        world.release(allegation=True)


def test_an_allegation_that_is_released_later_is_not_for_whom_it_was_withheld_from(world: World) -> None:
    held(world, hold_codes=[], additional_outcomes=["LAD"])
    world.take(a_withholding(agency_id="north-police"))
    world.take(a_release("AGREED_WITH_DESIGNATED_OFFICER"))
    (released,) = rows_of(world, "RELEASED")
    assert released["recipients"] == [], "an agency involved is not told of one either"


def test_who_made_the_same_referral_is_not_told_instead(world: World) -> None:
    held(world, hold_codes=[])
    world.take(a_withholding(agency_id="north-probation"))
    mine = {"agency_id": "north-probation", "own_ref": "PR-90001"}
    world.take(a_duplicate(referring_agency=mine, source_code="7", involved_agencies=[]))
    world.send_due()
    assert world.mailbox.mails == []
    assert any(name.startswith("CHECK_DUPLICATE") for name in world.tasks())


def test_whom_it_is_withheld_from_hears_nothing_that_follows_by_a_machine(world: World) -> None:
    held(world, hold_codes=[])
    world.send_due()
    world.take(a_withholding(agency_id="north-probation"))
    told = told_of_the_decision(Intake(world.store, world.chain).referral(REF), 1, world.directory)
    assert ([one.agency_id for one in told.recipients], told.kept_from) == (
        ["north-police"],
        ("north-probation",),
    )


def test_the_calls_by_which_it_would_have_been_told_are_made_no_more(world: World) -> None:
    held(world, referring_agency=None, involved_agencies=[])
    assert child(world)["calls"] == ["CALL_REFERRER||"]
    world.take(a_withholding())
    assert child(world)["calls"] == []
    assert [name for name in world.tasks() if name.startswith("CALL")] == []


def test_an_open_call_to_the_agency_ends_and_another_ones_stays(world: World) -> None:
    both = (an_agency(name, AgencyType.SCHOOL_NURSING) for name in ("hill-nurse", "hill-ward"))
    world.apply(a_registry(*both))
    involved = [
        {"agency_id": one, "own_ref": "SN-1001", "holds_plan_role": False}
        for one in ("hill-nurse", "hill-ward")
    ]
    held(world, hold_codes=[], involved_agencies=involved)
    calls = {name for name in world.tasks() if name.startswith("CALL_AGENCY")}
    assert calls == {"CALL_AGENCY#01#hill-nurse", "CALL_AGENCY#01#hill-ward"}
    world.take(a_withholding(agency_id="hill-nurse"))
    assert {name: world.tasks()[name]["st"] for name in calls} == {
        "CALL_AGENCY#01#hill-nurse": "DONE",
        "CALL_AGENCY#01#hill-ward": "OPEN",
    }


@pytest.mark.parametrize(
    ("holds", "agency_id", "looked"),
    [
        ([SENSITIVE], None, False),
        ([], None, True),
        ([{"code": "STAFF_LINK", "agency_id": "north-probation"}], "north-probation", False),
        ([SENSITIVE], "north-probation", True),
    ],
)
def test_what_is_withheld_in_part_stays_held_and_somebody_looks_where_it_is_not(
    world: World, holds: list[dict[str, Any]], agency_id: str | None, *, looked: bool
) -> None:
    held(world, hold_codes=holds)
    before = {name: task["st"] for name, task in world.tasks().items()}
    world.take(a_withholding(disclosure="PARTIAL", agency_id=agency_id))
    assert ("not_held" in last(world)) is looked
    assert rows_of(world, "CANCELLED") == []
    assert {name: task["st"] for name, task in world.tasks().items() if name in before} == before
    assert any(name.startswith("CHECK_WITHHELD") for name in world.tasks()) is looked


def test_what_was_withheld_of_an_older_version_stops_nothing_of_the_newer_one(world: World) -> None:
    held(world, hold_codes=[])
    world.take(a_revision())
    world.take(a_withholding())
    assert last(world)["stale"] is True
    assert "CHECK_WITHHELD#01" in world.tasks()
    assert world.send_due() == 2


def test_a_newer_decision_is_told_unless_that_is_withheld_as_well(world: World) -> None:
    held(world, hold_codes=[])
    world.take(a_withholding())
    world.take(a_revision())
    assert "withheld" not in child(world)
    assert world.send_due() == 2


def test_what_is_withheld_of_what_nobody_knows_yet_waits_for_it(world: World) -> None:
    world.take(a_receipt())
    world.take(a_withholding())
    assert last(world)["waits_for"] == "DECISION"
    held(world)
    assert "waited_since" in last(world)
    assert world.delivery("north-police", Channel.WEBHOOK)["st"] == "CANCELLED"


def test_the_same_withholding_again_is_a_duplicate_and_a_second_one_stops_nothing_more(world: World) -> None:
    held(world)
    for _ in range(2):
        world.take(a_withholding())
    assert world.kinds()[-1] == "EVENT_DUPLICATE"
    world.take(a_withholding(withheld_at="2026-11-24T15:45:00Z"))
    assert len(rows_of(world, "CANCELLED")) == 2
    assert "ended" not in last(world)


@pytest.mark.parametrize("agency_id", [None, "north-probation"])
@pytest.mark.parametrize("holds", [[], [SENSITIVE], [{"code": "STAFF_LINK", "agency_id": "north-probation"}]])
def test_both_accounts_of_the_day_agree(
    world: World, agency_id: str | None, holds: list[dict[str, Any]]
) -> None:
    for door in world.doors.values():
        door.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1", response_sha256="0" * 64)
    held(world, hold_codes=holds)
    world.take(a_withholding(agency_id=agency_id))
    world.send_due()
    assert reckoned(world).findings == ()


def test_nor_is_it_an_outcome_that_nobody_looks_after_once_its_clock_has_run_out(world: World) -> None:
    for door in world.doors.values():
        door.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1", response_sha256="0" * 64)
    day = uk_day(world.now)
    held(world, hold_codes=[])
    world.send_due()
    world.take(a_withholding())
    sweep_for(world, timedelta(days=2), timedelta(hours=1))
    assert reckoned(world, day).findings == ()
