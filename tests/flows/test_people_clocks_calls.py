"""An agency that is not told in time is rung, once, and then an alarm is raised."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import TaskKey
from functions.domain.delivery import Answer
from functions.flows.clocks.overdue import fire
from schemas.codes import AgencyType, AttemptResult, Channel, ErrorWord
from tests.flows.sweeps import (
    POLICE,
    item_of,
    recovers,
    sweep,
)
from tests.flows.untold import (
    AT_11,
    AT_14,
    CALL,
    CALM,
    GP_MAIL,
    GP_WEBHOOK,
    NEXT_TRY,
    fired,
    until,
    untold,
    untold_on_both,
    watch,
)
from tests.world import World, a_decision, a_registry, an_agency


def test_after_four_working_hours_and_not_a_moment_sooner_a_duty_worker_is_to_ring(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    untold(world, **CALM)
    until(world, AT_11 - timedelta(milliseconds=1))
    sweep(world)
    assert world.tasks() == {}
    world.now = AT_11
    caplog.clear()
    sweep(world)
    task = world.tasks()[f"{CALL}north-police"]
    told = {name: task[name] for name in ("st", "kind", "role", "child", "dver", "due_at", "agency")}
    assert told == {
        "st": "OPEN",
        "kind": "CALL_UNTOLD",
        "role": "MASH_DUTY_WORKER",
        "child": 1,
        "dver": 1,
        "due_at": at_text(AT_11 + timedelta(hours=1)),
        "agency": "north-police",
    }
    assert item_of(world, POLICE)["called_for"] == f"TASK#{CALL}north-police"
    assert watch(item_of(world, POLICE)) == ("RED_ALERT", at_text(AT_14))
    (line,) = [one.__dict__ for one in caplog.records if one.message == "TASK_OPENED"]
    assert (line["task"], line["role"], line["child"]) == ("CALL_UNTOLD", "MASH_DUTY_WORKER", 1)


def test_the_trail_says_whom_the_call_is_about_and_what_became_of_the_message(world: World) -> None:
    untold(world, **CALM)
    until(world, AT_11)
    sweep(world)
    (row,) = fired(world, "CALL")
    item = item_of(world, POLICE)
    told = {name: row[name] for name in ("task", "role", "task_agency", "agency", "state", "message_id")}
    assert told == {
        "task": "CALL_UNTOLD",
        "role": "MASH_DUTY_WORKER",
        "task_agency": "north-police",
        "agency": "north-police",
        "state": "RETRY",
        "message_id": item["message_id"],
    }
    assert row["due_at"] == at_text(AT_11 + timedelta(hours=1))
    assert "instead" not in row


URGENT: dict[str, dict[str, Any]] = {
    "an urgent outcome": {"rag": "AMBER"},
    "a red referral": CALM | {"rag": "RED"},
    "an urgent one beside it": CALM | {"additional_outcomes": ["STR"]},
}


@pytest.mark.parametrize("changes", URGENT.values(), ids=URGENT)
def test_about_what_is_urgent_or_red_after_two_hours(world: World, changes: dict[str, Any]) -> None:
    untold(world, **changes)
    began = world.now
    until(world, began + timedelta(hours=2) - timedelta(milliseconds=1))
    sweep(world)
    assert world.tasks() == {}
    world.now = began + timedelta(hours=2)
    sweep(world)
    assert world.tasks()[f"{CALL}north-police"]["st"] == "OPEN"


def test_at_night_the_emergency_duty_team_is_to_ring(world: World) -> None:
    world.now = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    untold(world)
    until(world, world.now + timedelta(hours=2))
    sweep(world)
    assert world.tasks()[f"{CALL}north-police"]["role"] == "EMERGENCY_DUTY_TEAM"


def test_nobody_is_woken_about_what_can_wait(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """What is refused for good is to be rung about at once; but at night a school or a dentist is shut."""
    world.now = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)
    refused = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_HTTP, http_status=400)
    world.police.answers = [refused]
    world.take(a_decision(involved_agencies=[], **CALM))
    sweep(world)
    sweep(world)
    task = world.tasks()[f"{CALL}north-police"]
    assert (task["role"], task["due_at"]) == ("MASH_DUTY_WORKER", "2026-11-30T10:00:00.000Z")
    until(world, datetime(2026, 11, 30, 9, 59, tzinfo=UTC))
    sweep(world)
    assert "TASK_OVERDUE" not in caplog.messages


def test_a_call_that_nobody_makes_within_the_hour_rings_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    untold(world)
    until(world, world.now + timedelta(hours=2))
    sweep(world)
    world.later(hours=1)
    assert fire(TaskKey(POLICE.pk, f"TASK#{CALL}north-police"), world.clock_desk)
    assert "TASK_OVERDUE" in caplog.messages


# --- the alarm


def test_an_hour_before_a_working_day_has_passed_an_alarm_is_raised_and_no_task(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.WEBHOOK, email=None)))
    untold(world, **CALM, referring_agency={"agency_id": "hill-school", "own_ref": "HS/204"})
    key = replace(POLICE, agency_id="hill-school")
    until(world, AT_14 - timedelta(milliseconds=1))
    sweep(world)
    tasks = world.tasks()
    assert "NOT_TOLD_IN_TIME" not in caplog.messages
    world.now = AT_14
    sweep(world)
    sweep(world)
    (row,) = fired(world, "RED_ALERT")
    assert (row["agency"], row["watch_at"], "task" in row) == ("hill-school", at_text(AT_14), False)
    assert caplog.messages.count("NOT_TOLD_IN_TIME") == 1
    call = tasks[f"{CALL}hill-school"]
    assert world.tasks() == tasks | {f"{CALL}hill-school": call | {"alerted": [""]}}
    assert watch(item_of(world, key)) == (None, None)


# --- one call, whatever the number of channels


def test_an_agency_with_two_channels_is_rung_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    untold_on_both(world, **CALM)
    until(world, AT_11)
    caplog.clear()
    sweep(world)
    assert len(fired(world, "CALL")) == 1
    assert caplog.messages.count("TASK_OPENED") == 1
    assert {watch(item_of(world, key)) for key in (GP_MAIL, GP_WEBHOOK)} == {("RED_ALERT", at_text(AT_14))}


def test_whichever_of_them_gets_through_answers_it(world: World) -> None:
    """The webhook here, whose own clock found the call open already."""
    untold_on_both(world, **CALM)
    until(world, AT_11)
    sweep(world)
    recovers(world)
    world.now = NEXT_TRY
    sweep(world)
    assert item_of(world, GP_WEBHOOK)["st"] == "SENT"
    assert world.tasks()[f"{CALL}north-gp"]["st"] == "DONE"


def test_a_fallbacks_own_clock_neither_delays_nor_repeats_the_call(world: World) -> None:
    untold(world)
    until(world, world.now + timedelta(hours=2))
    sweep(world)
    opened = world.tasks()[f"{CALL}north-police"]
    for _ in range(4):
        world.later(minutes=15)
        sweep(world)
    assert len(fired(world, "CALL")) == 1
    assert world.tasks()[f"{CALL}north-police"] == opened
