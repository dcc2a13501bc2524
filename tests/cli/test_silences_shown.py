"""`mash tasks` and `mash status` on a busy day: each silence once, whose it is, how old, and what to do."""

import json
import re

import pytest
import time_machine
from click.testing import CliRunner

from functions.adapters.ledger import keys
from functions.cli import acting, main
from functions.cli import status as status_module
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.story.tasks import wanted
from functions.story.vocabulary import TASK_NAMES
from schemas.codes import TaskKind
from tests.flows.backlog import SILENCES, a_busy_wednesday, listed
from tests.flows.heard_sources import CASES, FEED, hear
from tests.world import World

WIDTH = 80


@pytest.fixture
def busy(world: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch) -> World:
    a_busy_wednesday(world)
    for module in (main, status_module, acting):
        monkeypatch.setattr(module, "connected", lambda _where: stack)
    return world


def typed(world: World, *words: str) -> str:
    with time_machine.travel(world.now, tick=False):
        result = CliRunner().invoke(cli, words, prog_name="mash")
    assert result.exit_code == 0, result.output
    return str(result.output)


@pytest.mark.finding(26)
def test_each_silence_is_told_once_with_its_role_its_age_and_its_next_action(busy: World) -> None:
    blocks = typed(busy, "tasks").strip().split("\n\n")
    assert len(blocks) == len(SILENCES)
    for (owner, kind), silence in SILENCES.items():
        (block,) = (block for block in blocks if owner in block and _ends(owner, kind) in block)
        words = " ".join(block.split())
        assert silence.role.replace("_", " ").lower().replace("mash", "MASH") in words
        assert re.search(r"Open for \d+ (minute|hour)s?\.", words)
        assert (", late" in words) is (silence.state == "OVERDUE")
        assert "REASON is " in words


def _ends(owner: str, kind: str) -> str:
    if kind == TaskKind.RELEASE_CHILD:
        return f"mash release {owner}"
    return f"--task {kind}"


@pytest.mark.finding(26)
def test_one_screen_counts_each_silence_with_its_role_and_its_oldest(busy: World) -> None:
    lines = typed(busy, "status").splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines == [line.rstrip() for line in lines]
    for (_, kind), silence in SILENCES.items():
        (line,) = (line for line in lines if f" {TASK_NAMES[TaskKind(kind)]} " in line)
        role = silence.role.replace("_", " ").lower().replace("mash", "MASH")
        late = ", late" if silence.state == "OVERDUE" else ""
        assert re.fullmatch(rf" +1  \S.*\S +{role} +\d+ (minute|hour)s?{late}", line)


def test_a_program_reads_the_same(busy: World) -> None:
    waits = json.loads(typed(busy, "status", "--json"))["waits"]
    assert {(one["kind"], one["role"], one["open"], one["overdue"]) for one in waits} == {
        (kind, silence.role, 1, int(silence.state == "OVERDUE")) for (_, kind), silence in SILENCES.items()
    }
    tasks = json.loads(typed(busy, "tasks", "--json"))
    of_sources = {(task["source"], task["kind"], task["about"]) for task in tasks if task["source"]}
    assert of_sources == {(FEED, "CHECK_SILENCE", None), (CASES, "CHECK_GAP", "7..8")}
    assert all((task["referral_ref"] is None) is (task["source"] is not None) for task in tasks)


def test_a_task_about_a_source_ends_as_it_is_printed(busy: World) -> None:
    printed = [line.strip() for line in typed(busy, "tasks").splitlines() if " --source " in line]
    assert len(printed) == 2
    for line in printed:
        words = line.replace("REASON", "SORTED_OUT").split()[1:]
        assert "is sorted out" in typed(busy, *words)
    assert not [one for one in listed(busy) if one in ((FEED, "CHECK_SILENCE"), (CASES, "CHECK_GAP"))]


def test_what_a_sources_trail_says_is_told_in_words(busy: World) -> None:
    pk = keys.source(FEED)
    words = "find out whether this system is down: nothing at all came from it in office hours for too long"
    (asked,) = busy.store.partition("audit", pk, "E#")
    assert wanted(asked) == (
        f"For a person to do: {words}. The MASH manager must act by 25 November 2026 at 3:30pm."
    )
    busy.later(minutes=1)
    SILENCES[FEED, "CHECK_SILENCE"].answer(busy)
    hear(busy)
    _, answered = busy.store.partition("audit", pk, "E#")
    assert wanted(answered) == (f"Nobody need do it any more: {words}. What was waited for has come.")


def test_every_kind_of_task_has_a_name_that_fits_its_column() -> None:
    assert set(TASK_NAMES) == set(TaskKind)
    assert len(set(TASK_NAMES.values())) == len(TaskKind)
    assert max(map(len, TASK_NAMES.values())) < 34
