"""The people of a simulated year: who reads what, who grades forms, and that no task is left for good."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.adapters.ledger.keys import grade_of
from functions.flows.acting.endpoint import why_no_test
from schemas.codes import ActReason, ReaderRole, TaskState
from tests.console.by_hand import ByHand, Item, when
from tests.simulation.history import a_year_until
from tests.simulation.year.calendar import THE_YEAR
from tests.simulation.year.county import AGREE_TO_TESTS, EVERYBODY, TYPES
from tests.simulation.year.hearing import Counts
from tests.simulation.year.hub import Hub
from tests.simulation.year.lives import Life, lives
from tests.simulation.year.readers import read_by
from tests.simulation.year.stages.order import STAGES
from tests.simulation.year.stages.rung_about import rung_about

NOW, CONTACTS = datetime(2026, 11, 18, 8, 45, tzinfo=UTC), 40
"""A Wednesday's morning, days after the forms of October were due to be graded."""
WEEKS = timedelta(days=28)
TEN, MANY = 10, 400
MONTHS = 6
"""So few contacts leave some month without a form that is complete."""


@pytest.fixture(scope="module")
def hub() -> Hub:
    return a_year_until(NOW, CONTACTS)


@pytest.fixture(scope="module")
def by_hand(hub: Hub) -> ByHand:
    return ByHand.of(hub.store, NOW)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whoever_confirms_has_a_role_that_its_agency_has(by_hand: ByHand) -> None:
    confirmed = [one for one in by_hand.messages if "ack_role" in one]
    assert confirmed
    for one in confirmed:
        assert ReaderRole(one["ack_role"]) in read_by(TYPES[one["agency"]]), one["agency"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_task_is_left_for_longer_than_people_leave_one(by_hand: ByHand) -> None:
    left = [task for task in by_hand.open_tasks() if when(task["due_at"]) < NOW - WEEKS]
    assert left == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_forms_of_each_month_are_drawn_and_graded_by_people(by_hand: ByHand) -> None:
    drawn = [one for one in by_hand.state if one["sk"].startswith("TASK#GRADE_FORM")]
    graded = [one for one in drawn if one["st"] == TaskState.DONE]
    assert len({one["about"] for one in graded}) >= MONTHS
    assert len({grade_of(one)[1] for one in graded}) > 1
    assert {one["about"] for one in drawn} - {one["about"] for one in graded} <= {"2026-10"}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_some_agencies_agree_to_test_messages_and_some_do_not(hub: Hub) -> None:
    with_a_system = {one.agency_id: why_no_test(one, None) for one in hub.directory.all() if one.url}
    assert {name for name in EVERYBODY if with_a_system.get(name) == ""} == set(AGREE_TO_TESTS)
    assert "has not agreed to test messages" in with_a_system["north-emergency"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_form_that_is_asked_for_mostly_comes_and_few_are_given_up(by_hand: ByHand) -> None:
    chased = [one for one in by_hand.state if one["sk"].startswith("TASK#CHASE_FORM")]
    given_up = [one for one in by_hand.rows if is_given_up(one)]
    assert len(given_up) * TEN < len(chased)


def is_given_up(row: Item) -> bool:
    return (row.get("task"), row.get("reason")) == ("CHASE_FORM", ActReason.NOT_NEEDED)


def test_once_somebody_rings_nine_forms_in_ten_come_whole_and_the_rest_never() -> None:
    before = [stage for stage in STAGES if stage is not rung_about]
    rung, come = 0, 0
    for life, whole in zip(lives(1, MANY, before, THE_YEAR), lives(1, MANY, STAGES, THE_YEAR), strict=True):
        if not is_whole(life):
            rung, come = rung + 1, come + is_whole(whole)
    assert 0.85 * rung < come < 0.95 * rung


def is_whole(life: Life) -> bool:
    """Whether the newest version of its form is complete."""
    forms = [Counts(*said) for said in life.said if said.event["event_type"] == "RA_FORM_METADATA"]
    return bool(forms) and max(forms, key=lambda form: int(form.event["form_version"])).is_complete
