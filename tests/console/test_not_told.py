"""The task about those whom no message may tell says who they are, and how to reach each."""

from collections.abc import Iterator

import pytest

from functions.console.worklist.not_told import not_told
from functions.flows.acting.done import WhichTask, done
from schemas.codes import ActReason, TaskKind
from tests.console.council import VIEWER
from tests.console.office import Office
from tests.console.test_work_item import the_task
from tests.flows.lives import REF, an_enquiry_that_ended
from tests.world import World, a_decision, a_world, change_agency

PROBATION = "north-probation"


@pytest.fixture
def world() -> Iterator[World]:
    """Probation has no channel: it was rung about the decision, and must hear what followed it."""
    with a_world() as one:
        change_agency(one, PROBATION, channels=[])
        one.take(a_decision())
        rung = WhichTask(TaskKind.CALL_AGENCY, REF, agency_id=PROBATION)
        done(rung, one.order(ActReason.TOLD_BY_PHONE), one.act_desk)
        one.take(an_enquiry_that_ended())
        yield one


def page_of_the_task(world: World) -> str:
    browser = Office.of(world).signed_in(VIEWER)
    return browser.get(the_task(browser, TaskKind.CHECK_NOT_TOLD)).text()


def test_they_are_named_with_the_number_of_their_desk(world: World) -> None:
    change_agency(world, PROBATION, phone="01632 960 302")
    text = page_of_the_task(world)
    assert "Who may have no message North Probation 01632 960 302 See North Probation" in text
    assert "North Police" not in text


def test_without_a_number_the_page_says_that_there_is_none(world: World) -> None:
    said = "Who may have no message North Probation No telephone number in the registry See North Probation"
    assert said in page_of_the_task(world)


def test_one_that_is_not_in_the_registry_is_named_as_the_entry_has_it(world: World) -> None:
    (task,) = [one for one in world.tasks().values() if one["kind"] == TaskKind.CHECK_NOT_TOLD]
    (fact,) = not_told(task, world.rows(), {})
    assert (fact.label, fact.text, fact.link) == (PROBATION, "Not in the registry", None)


@pytest.mark.parametrize(
    "other", [{"child": 2}, {"dver": 2}, {"about": "PLAN"}, {"opened_at": "2026-11-24T15:02:31.000Z"}]
)
def test_of_a_task_that_another_entry_opened_nobody_is_named(world: World, other: dict[str, object]) -> None:
    """Whether it says of nobody, or stands further back than is looked at."""
    (task,) = [one for one in world.tasks().values() if one["kind"] == TaskKind.CHECK_NOT_TOLD]
    assert not_told(task, world.rows(), {})
    assert not_told({**task, **other}, world.rows(), {}) == ()


def test_the_page_of_another_task_names_nobody() -> None:
    with a_world() as one:
        one.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
        browser = Office.of(one).signed_in(VIEWER)
        assert "Who may have no message" not in browser.get(the_task(browser)).text()
