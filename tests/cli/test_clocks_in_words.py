"""What was waited for and did not come: its row in words, its task on the list, and what ends that."""

import shlex
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner

from functions.cli import acting, main
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.cli.releasing import tasks
from functions.domain.life_clocks.firing import TASKS
from functions.story.telling import sentence
from functions.story.vocabulary import CLOCK_WORDS, TASK_WORDS
from schemas.codes import ClockKind, TaskKind, TaskRole
from tests.flows.lives import an_acknowledgement
from tests.flows.silences import fire_due
from tests.world import World, a_decision, a_receipt, an_event_id

FIRED: dict[str, Any] = {
    "type": "CLOCK_FIRED",
    "clock": "CONTRIBUTE",
    "child": 1,
    "since": "2026-11-24T10:00:00.000Z",
    "task": "CHASE_CONTRIBUTION",
    "task_agency": "north-probation",
    "role": "MASH_DUTY_WORKER",
    "due_at": "2026-11-25T12:00:00.000Z",
}


def test_a_clock_that_fired_says_what_had_not_come_since_when_and_whose_it_is() -> None:
    assert sentence(FIRED) == (
        "The agency's answer for child 1 had not come in time. Waited for since 24 November 2026 at 10:00am. "
        "For a person to do: ask the agency again for what it knows: it has not answered "
        "(north-probation). The MASH duty worker must act by 25 November 2026 at 12:00pm."
    )


def test_one_of_the_whole_referral_names_no_child() -> None:
    row = {**FIRED, "clock": "ACKNOWLEDGE", "task": "ACKNOWLEDGE_LATE", "child": 0, "task_agency": None}
    assert sentence(row).startswith("The acknowledgement had not come in time.")


def test_one_that_fired_into_nothing_asks_nobody() -> None:
    row = {
        "type": "CLOCK_FIRED",
        "clock": "DECIDE",
        "child": 2,
        "since": FIRED["since"],
        "ended_by": "ANSWERED",
    }
    assert sentence(row) == (
        "The decision for child 2 had been settled when its time came: nobody need do anything."
    )


@pytest.mark.parametrize("kind", ClockKind)
def test_every_clock_and_its_task_have_words(kind: ClockKind) -> None:
    said = sentence({**FIRED, "clock": kind.value, "task": TASKS[kind].value, "task_agency": None})
    assert CLOCK_WORDS[kind][1:] in said
    assert TASK_WORDS[TASKS[kind]] in said
    assert len(set(CLOCK_WORDS.values())) == len(ClockKind)


@pytest.fixture
def late(world: World) -> World:
    """Nothing has come: no acknowledgement, no decision, no answer of an agency or another authority, no news
    for months; and an event whose referral never came."""
    world.take(a_receipt())
    transfer = {"primary_outcome": "TRF", "receiving_la": "SOUTHSHIRE", "transfer_accepted": False}
    other = {"referral_ref": "NS-26-0THER0", "strategy_discussion_at": None, "plan_status": "CIN_PLAN"}
    world.take(a_decision(event_id=an_event_id("transfer"), **other, **transfer))
    world.take(a_decision(event_id=an_event_id("joint"), referral_ref="NS-26-J01NT0"))
    world.take(an_acknowledgement("north-probation", referral_ref="NS-26-ASKED0", event_id=an_event_id("a")))
    world.take(a_receipt(ref="NS-26-ASKED0"))
    world.take(an_acknowledgement(referral_ref="NS-26-EARLY0", event_id=an_event_id("b")))
    world.later(days=100)
    fire_due(world)
    return world


def test_what_was_missed_is_on_the_list_and_ends_as_it_is_printed(
    late: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (acting, main):
        monkeypatch.setattr(module, "connected", lambda _outputs: stack)
    with time_machine.travel(late.now + timedelta(minutes=1), tick=False):
        waiting = [task for task in tasks(stack, list(TaskRole)) if task["kind"] in TASKS.values()]
        # The police are chased for their form by a story of its own.
        assert {task["kind"] for task in waiting} == set(TASKS.values()) - {TaskKind.CHASE_FORM}
        printed = CliRunner().invoke(cli, ["tasks"], prog_name="mash").output
        commands = [
            line.strip()
            for line in printed.splitlines()
            if line.startswith("   mash done") and line.split("--task ")[1].split()[0] in TASKS.values()
        ]
        assert len(commands) == len(waiting)
        for words in commands:
            _, *arguments = shlex.split(words.replace("REASON", "SORTED_OUT"))
            ended = CliRunner().invoke(cli, arguments, prog_name="mash")
            assert ended.exit_code == 0, ended.output
        assert [task for task in tasks(stack, list(TaskRole)) if task["kind"] in TASKS.values()] == []
