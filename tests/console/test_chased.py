"""The chase for a police form on a referral's page: a reminder is no delay, and the warning keeps to the
form's own time and to what was sent."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from functions.domain.delivery import Answer
from schemas.codes import AttemptResult, ErrorWord
from tests.console.office import Office
from tests.console.test_referral import PATH, titles
from tests.flows.chases import CAME, DUE, ESCALATED, LAST, a_beat, a_form, at, chasing
from tests.world import World, a_receipt, a_registry, a_world

FIRST = "Police reminder 1 of 3 by this service"
OVERDUE = "Police risk assessment became overdue: reminder 2 of 3 by this service"
THIRD = "Police reminder 3 of 3 by this service"
PASSED_ON = "Police form passed to the MASH manager by this service"
WARNED = "The police risk assessment is overdue."


@pytest.fixture
def world() -> Iterator[World]:
    """A RED referral has come, and its form is due four hours later."""
    with a_world() as one:
        chasing(one).take(a_receipt())
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def through(world: World, *moments: datetime) -> None:
    for moment in moments:
        at(world, moment)
        a_beat(world)


def text(office: Office) -> str:
    return office.signed_in().get(PATH).text()


def steps(office: Office) -> list[str]:
    """The chase's entries, the oldest first."""
    shown = titles(office.signed_in().get(PATH))
    return [one for one in reversed(shown) if one in (FIRST, OVERDUE, THIRD, PASSED_ON)]


def bad_ones(office: Office) -> list[str]:
    """What is marked as gone wrong, or late."""
    items = office.signed_in().get(PATH).body.split('<li class="mo-timeline__item')[1:]
    bad = (item for item in items if item.startswith(" mo-timeline__item--bad"))
    return [
        " ".join(re.sub("<[^>]+>", "", item.partition("</h3>")[0].partition(">")[2]).split()) for item in bad
    ]


def test_the_reminder_at_receipt_is_no_delay(office: Office, world: World) -> None:
    through(world, CAME, DUE - timedelta(minutes=1))
    assert steps(office) == [FIRST]
    assert "overdue" not in text(office)
    assert bad_ones(office) == []


def test_it_becomes_overdue_when_it_is_due_and_each_later_step_says_what_it_did(
    office: Office, world: World
) -> None:
    through(world, CAME, DUE, LAST, ESCALATED)
    assert steps(office) == [FIRST, OVERDUE, THIRD, PASSED_ON]
    assert [one for one in bad_ones(office) if one in steps(office)] == [PASSED_ON, THIRD, OVERDUE]


def test_the_warning_has_the_last_reminder_that_was_sent_and_not_the_step_that_sends_none(
    office: Office, world: World
) -> None:
    through(world, CAME, DUE)
    assert f"{WARNED} The police were last reminded on 24 November 2026 at 1:40pm." in text(office)
    through(world, LAST, ESCALATED)
    assert f"{WARNED} The police were last reminded on 25 November 2026 at 1:40pm." in text(office)


def test_a_reminder_that_failed_reminded_nobody(office: Office, world: World) -> None:
    through(world, CAME)
    world.police.answers = [Answer(AttemptResult.FAILED, retryable=True, error=ErrorWord.E_TIMEOUT)]
    through(world, DUE)
    assert f"{WARNED} The police were last reminded on 24 November 2026 at 9:41am." in text(office)


def test_where_no_force_is_known_nobody_was_reminded(office: Office, world: World) -> None:
    world.apply(a_registry())
    through(world, CAME, DUE)
    assert f"{WARNED} No reminder has been sent to the police." in text(office)


def test_a_form_that_came_is_warned_of_no_more(office: Office, world: World) -> None:
    through(world, CAME, DUE)
    a_form(world)
    through(world, DUE + timedelta(hours=1))
    assert WARNED not in text(office)
