"""A challenge that nobody settles is a task from its first day, which rings when its time has passed."""

from datetime import UTC, datetime

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.reading import WorkIndex
from functions.domain.life_clocks.firing import TASKS
from functions.flows.acting.done import WhichTask, done
from schemas.codes import ActReason, TaskKind, TaskRole
from tests.flows.lives import CHALLENGE, a_challenge, a_challenge_at, a_challenge_resolved
from tests.flows.silences import due_clocks
from tests.flows.sweeps import REF, rows_of
from tests.world import World, a_decision

LOOK = f"CHECK_CHALLENGE#01#{CHALLENGE}"
RAISED = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
FIRST_DUE = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)
SECOND_DUE = datetime(2026, 12, 10, 10, 0, tzinfo=UTC)
"""A week after the second stage, which was reached a day late."""
AT_STAGE_2 = a_challenge_at(2, reached_at="2026-12-03T10:00:00Z")


@pytest.fixture
def challenged(world: World) -> World:
    """Next morning an agency does not agree with what it was told; nothing else is waited for."""
    world.take(a_decision(primary_outcome="NFA", strategy_discussion_at=None, plan_status="NONE"))
    world.send_due()
    world.now = RAISED
    world.take(a_challenge())
    return world


def at(world: World, moment: datetime) -> None:
    """The sweep of that minute, twice over."""
    world.now = moment
    world.send_due()
    world.send_due()


def rung(world: World) -> list[str]:
    """What was due when each alarm about it was raised."""
    return [row["due_at"] for row in rows_of(world, "CLOCK_FIRED") if row.get("task") == "CHECK_CHALLENGE"]


def listed(world: World) -> list[str]:
    """What the manager's list has of it."""
    found = WorkIndex(world.store).of(TaskRole.MASH_MANAGER)
    return [item["sk"].removeprefix(keys.TASK_PREFIX) for item in found if CHALLENGE in item["sk"]]


def stands(world: World) -> str:
    return str(world.tasks()[LOOK]["st"])


def test_it_is_listed_once_from_its_first_day_and_rings_once_when_its_time_has_passed(
    challenged: World, caplog: pytest.LogCaptureFixture
) -> None:
    assert (listed(challenged), stands(challenged)) == ([LOOK], "OPEN")
    at(challenged, FIRST_DUE.replace(hour=9, minute=59))
    assert rung(challenged) == []
    caplog.clear()
    at(challenged, FIRST_DUE)
    assert rung(challenged) == ["2026-12-02T10:00:00.000Z"]
    assert [vars(one)["task"] for one in caplog.records if one.message == "TASK_OVERDUE"].count(
        "CHECK_CHALLENGE"
    ) == 1
    assert (listed(challenged), stands(challenged)) == ([LOOK], "OVERDUE")


def test_no_other_clock_waits_for_it(challenged: World) -> None:
    assert "clocks" not in rows_of(challenged, "LIFECYCLE")[-1]
    challenged.now = SECOND_DUE
    assert due_clocks(challenged) == []
    assert TaskKind.CHECK_CHALLENGE not in TASKS.values()


def test_the_next_stage_takes_it_off_for_a_week_and_then_it_rings_again(challenged: World) -> None:
    at(challenged, FIRST_DUE)
    challenged.now = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
    challenged.take(AT_STAGE_2)
    assert (listed(challenged), stands(challenged)) == ([LOOK], "OPEN")
    at(challenged, SECOND_DUE.replace(hour=9, minute=59))
    assert len(rung(challenged)) == 1
    at(challenged, SECOND_DUE)
    assert rung(challenged) == ["2026-12-02T10:00:00.000Z", "2026-12-10T10:00:00.000Z"]


@pytest.mark.parametrize("is_late", [False, True])
def test_its_end_takes_it_off_the_list_and_it_rings_no_more(challenged: World, is_late: bool) -> None:  # noqa: FBT001
    at(challenged, FIRST_DUE if is_late else RAISED)
    challenged.take(a_challenge_resolved("NOT_UPHELD"))
    assert (listed(challenged), stands(challenged)) == ([], "DONE")
    at(challenged, SECOND_DUE)
    assert len(rung(challenged)) == is_late


@pytest.mark.parametrize("is_late", [False, True])
def test_a_person_ends_it_and_the_next_stage_asks_anew(challenged: World, is_late: bool) -> None:  # noqa: FBT001
    at(challenged, FIRST_DUE if is_late else RAISED)
    which = WhichTask(TaskKind.CHECK_CHALLENGE, REF, about=CHALLENGE)
    done(which, challenged.order(ActReason.SORTED_OUT), challenged.act_desk)
    assert (listed(challenged), stands(challenged)) == ([], "DONE")
    at(challenged, datetime(2026, 12, 3, 10, 0, tzinfo=UTC))
    assert len(rung(challenged)) == is_late
    challenged.take(AT_STAGE_2)
    assert (listed(challenged), stands(challenged)) == ([LOOK], "OPEN")
    at(challenged, SECOND_DUE)
    assert len(rung(challenged)) == 1 + is_late


def test_a_stage_that_comes_a_fortnight_late_rings_at_once(challenged: World) -> None:
    at(challenged, FIRST_DUE)
    at(challenged, datetime(2026, 12, 17, 10, 0, tzinfo=UTC))
    challenged.take(AT_STAGE_2)
    at(challenged, challenged.now)
    assert rung(challenged) == ["2026-12-02T10:00:00.000Z", "2026-12-10T10:00:00.000Z"]
    assert stands(challenged) == "OVERDUE"
