"""A form that is complete after the decision was told: partners who act on it hear it once, and the MASH
reads it."""

from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger.reading import WorkIndex
from schemas.codes import AgencyType, Channel, TaskRole
from tests.flows.chases import DUE, a_beat, a_force, a_form, at, chasing, mailed, posted, with_force
from tests.flows.sweeps import rows_of
from tests.world import MORNING, World, a_decision, a_revision, an_agency, an_event_id

SCHOOL = {"agency_id": "hill-school", "own_ref": "HS/204", "holds_plan_role": False}


@pytest.fixture
def decided(world: World) -> World:
    """Told without its form: the police's enquiry, to probation and a school."""
    return told(world)


def told(world: World, **changes: Any) -> World:
    registry = with_force(a_force())
    school = an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL)
    chasing(world).apply(registry.model_copy(update={"agency": (*registry.agency, school)}))
    world.now = MORNING
    a_beat(world)
    involved = [*a_decision()["involved_agencies"], SCHOOL]
    world.take(a_decision(involved_agencies=involved, **changes))
    return at(world, MORNING)


def complete(world: World, version: int = 2) -> World:
    """The form is complete an hour later."""
    world.later(hours=1)
    a_form(world, version)
    return at(world, world.now + timedelta(minutes=1))


def test_statutory_partners_that_were_told_hear_that_the_form_is_complete_and_others_do_not(
    decided: World,
) -> None:
    complete(decided)
    ((agency, text),) = mailed(decided, "RA_STATUS_UPDATE")
    assert agency == "north-probation"
    assert "the police risk-assessment form was not complete. It is now." in text
    (to_police,) = posted(decided, "RA_STATUS_UPDATE")
    assert to_police["own_ref"] == "43261124/0917"


@pytest.mark.parametrize("outcome", ["STR", "S47S", "S17"])
def test_of_each_outcome_that_partners_act_on(world: World, outcome: str) -> None:
    complete(told(world, primary_outcome=outcome))
    assert [agency for agency, _ in mailed(world, "RA_STATUS_UPDATE")] == ["north-probation"]


def test_of_another_outcome_the_police_alone_hear(world: World) -> None:
    complete(told(world, primary_outcome="EHF", strategy_discussion_at=None))
    assert mailed(world, "RA_STATUS_UPDATE") == []
    assert len(posted(world, "RA_STATUS_UPDATE")) == 1


def test_partners_hear_it_once_whatever_forms_still_come(decided: World) -> None:
    complete(decided)
    decided.later(hours=1)
    a_form(decided, 3, complete=False)
    at(decided, decided.now + timedelta(minutes=1))
    complete(decided, 4)
    assert len(mailed(decided, "RA_STATUS_UPDATE")) == 1
    assert len(posted(decided, "RA_STATUS_UPDATE")) == 2


def test_those_who_were_told_with_a_complete_form_hear_nothing_more(world: World) -> None:
    chasing(world).now = MORNING
    a_form(world, 1)
    world.take(a_decision())
    at(world, MORNING)
    complete(world)
    assert (mailed(world, "RA_STATUS_UPDATE"), posted(world, "RA_STATUS_UPDATE")) == ([], [])
    assert "READ_LATE_FORM#01" not in world.tasks()


def test_the_mash_has_to_read_what_came_after_its_decision(decided: World) -> None:
    complete(decided)
    assert "READ_LATE_FORM" in [task["kind"] for task in WorkIndex(decided.store).of(TaskRole.MASH_MANAGER)]


def test_a_partner_that_is_held_hears_nothing_of_the_form(world: World) -> None:
    hold = {"code": "STAFF_LINK", "agency_id": "north-probation"}
    complete(told(world, hold_codes=[hold]))
    assert mailed(world, "RA_STATUS_UPDATE") == []
    assert "CHECK_NOT_TOLD#01#RA_STATUS" not in world.tasks()


def test_a_newer_decision_that_was_told_with_the_form_needs_no_word_of_it(decided: World) -> None:
    decided.later(hours=1)
    a_form(decided, 2)
    decided.take(a_revision(event_id=an_event_id("revised"), source_seq=None))
    at(decided, decided.now + timedelta(minutes=1))
    assert mailed(decided, "RA_STATUS_UPDATE") == []


def test_the_row_says_whom_it_is_for_and_that_the_form_is_complete(decided: World) -> None:
    complete(decided)
    (row,) = [row for row in rows_of(decided, "UPDATE") if row["series"] == "RA_STATUS"]
    assert (row["ra"], row["recipients"]) == (
        "COMPLETE",
        ["north-police#webhook#2#URA_STATUS", "north-probation#email#3#URA_STATUS"],
    )
    assert decided.now > DUE
