"""`mash tasks` in a terminal: by when, who, what, whom to ring, and the command that ends each task."""

import shlex
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from functions.adapters.ledger.store import Item
from functions.cli import acting, main
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.cli.releasing import task_as_json, tasks
from functions.cli.task_lines import command, reasons, task_lines
from functions.domain.by_hand import TO_END
from schemas.codes import ActReason, ReleaseReason, TaskKind, TaskRole
from tests.cli.typed import REF
from tests.world import Wire, World, a_decision

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
THIRD_ID = "9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e"
FOURTH_ID = "0a6e5d1c-3b2f-4c7d-8e9a-1f2b3c4d5e6f"
TASK: dict[str, Any] = {
    "pk": f"R#{REF}", "kind": "CALL_UNTOLD", "child": 2, "agency": "north-police", "st": "OPEN",
    "role": "MASH_DUTY_WORKER", "due_at": "2026-11-24T16:02:30.000Z",
    "opened_at": "2026-11-24T12:00:00.000Z",
}  # fmt: skip
BEFORE = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
OF_POLICE = {"pk": "G#north-police", "child": 0, "role": "DIRECTORY_OWNER"}
OF_ALL = {"pk": "K#decisions", "child": 0, "role": "MASH_MANAGER", "kind": "CHECK_REASONS", "about": "14..96"}
OF_THE_FEED = {"pk": "S#police.ra-feed", "child": 0, "role": "MASH_MANAGER"}


def lines(*found: Item, now: datetime = BEFORE, known: dict[str, str] | None = None) -> list[str]:
    return [line.plain for line in task_lines(found, now, known or {})]


def test_a_call_says_by_when_who_what_whom_to_ring_and_what_ends_it() -> None:
    assert lines(TASK, known={"north-police": "01632 960 301"}) == [
        f"24 November 2026 at 4:02pm  MASH duty worker  {REF}, child 2",
        "   Call the agency: nothing shows that a message has reached it (north-police).",
        "   Open for 3 hours.",
        "   Ring north-police: 01632 960 301.",
        f"   mash done {REF} --task CALL_UNTOLD --child 2 --agency north-police --reason REASON",
        "   REASON is TOLD_BY_PHONE (it was told by telephone) or NOT_NEEDED (nobody need",
        "   do it any more).",
        "",
    ]


def test_what_two_managers_are_to_look_at_says_whose_it_is_and_what_ends_it() -> None:
    about = {"role": "POLICE_MASH_SUPERVISOR", "about": "POLICE_MASH_SUPERVISOR"}
    task = {name: value for name, value in TASK.items() if name != "agency"}
    heading, what, age, ends, *reason = lines(task | about | {"kind": "CHECK_DIVERGENCE"})
    assert heading == f"24 November 2026 at 4:02pm  police MASH supervisor  {REF}, child 2"
    assert what == "   Look at where the decision parts from what the police recommend, and why."
    assert age == "   Open for 3 hours."
    assert ends == (
        f"   mash done {REF} --task CHECK_DIVERGENCE --child 2 --about POLICE_MASH_SUPERVISOR --reason REASON"
    )
    assert " ".join(" ".join(reason).split()) == (
        "REASON is DECISION_STANDS (the decision stands, and the case says why), SORTED_OUT (it is sorted "
        "out) or NOT_NEEDED (nobody need do it any more)."
    )


def test_where_the_registry_has_no_number_that_is_said() -> None:
    assert "   Ring north-police: no number in the registry." in lines(TASK)
    assert not [line for line in lines(TASK | {"kind": "RELEASE_AGENCY"}) if "Ring" in line]


@pytest.mark.parametrize(
    ("kind", "about", "words"),
    [
        (
            "CHECK_SILENCE",
            None,
            "Find out whether this system is down: nothing at all came from it in office hours for too long.",
        ),
        ("CHECK_GAP", "7..9", "Have this system send again what never came: numbers 7 to 9."),
        ("CHECK_GAP", "7..7", "Have this system send again what never came: number 7."),
        (
            "CHECK_RESTART",
            "4182..1",
            "Find out whether this system lost events when it began its numbers anew: 1 came after 4182.",
        ),
    ],
)
def test_what_is_asked_about_a_system_names_it_and_its_numbers(
    kind: str, about: str | None, words: str
) -> None:
    task = {name: value for name, value in TASK.items() if name != "agency"} | OF_THE_FEED
    shown = lines(task | {"kind": kind} | ({"about": about} if about else {}))
    assert shown[0] == "24 November 2026 at 4:02pm  MASH manager  police.ra-feed"
    assert " ".join(" ".join(shown).split()).find(f"{words} Open for 3 hours.") > 0


def test_what_is_asked_about_all_decisions_says_how_many_of_how_many_and_names_none() -> None:
    task = {name: value for name, value in TASK.items() if name != "agency"} | OF_ALL
    shown = lines(task)
    assert shown[0] == "24 November 2026 at 4:02pm  MASH manager  all decisions"
    said = (
        "Find out why so many decisions give no reason of their own, and see that they do: 14 of 96 in four "
        "weeks. Open for 3 hours."
    )
    assert said in " ".join(" ".join(shown).split())
    plain = task_as_json(task | {"sk": "TASK#CHECK_REASONS#00#14..96"})
    assert (plain["referral_ref"], plain["agency_id"], plain["source"]) == (None, None, None)
    assert (plain["kind"], plain["about"]) == ("CHECK_REASONS", "14..96")


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_of_task_has_its_command_and_only_reasons_that_it_takes(kind: TaskKind) -> None:
    own = OF_POLICE if kind.startswith("MEND") else {}
    words = command(TASK | {"kind": kind.value} | own)
    assert words.startswith("mash done " if kind in TO_END else f"mash release {REF} --child 2")
    agreed = (ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER,)
    taken = {**TO_END, TaskKind.RELEASE_ALLEGATION: agreed}.get(kind, tuple(ReleaseReason))
    every = {*ActReason, *ReleaseReason}
    assert {code for code in every if f"{code} (" in reasons(kind)} == set(taken)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ({"kind": "MEND_ADDRESS", **OF_POLICE}, "mash done --task MEND_ADDRESS --agency north-police"),
        (
            {"kind": "CALL_AGENCY", "about": "NS-26-D0PL1C#01"},
            f"mash done {REF} --task CALL_AGENCY --child 2 --agency north-police --about NS-26-D0PL1C",
        ),
        ({"kind": "RELEASE_AGENCY"}, f"mash release {REF} --child 2 --agency north-police"),
        ({"kind": "CHECK_SILENCE", **OF_THE_FEED}, "mash done --task CHECK_SILENCE --source police.ra-feed"),
        (OF_ALL, "mash done --task CHECK_REASONS"),
        (
            {"kind": "CHECK_GAP", "about": "7..9", **OF_THE_FEED},
            "mash done --task CHECK_GAP --source police.ra-feed --about 7..9",
        ),
    ],
)
def test_a_command_means_this_very_task(task: dict[str, Any], words: str) -> None:
    assert command(TASK | task) == words


def test_no_command_is_broken_over_two_lines() -> None:
    long = lines(TASK | {"agency": "northshire-adult-mental-health-and-wellbeing"})
    (whole,) = (line for line in long if "mash done" in line)
    assert whole.endswith("--reason REASON")
    assert len(whole) > 80
    assert max(len(line) for line in long if "mash done" not in line) <= 80


def test_a_task_is_called_late_whether_its_clock_has_fired_or_not() -> None:
    after = datetime(2026, 11, 24, 16, 2, 30, tzinfo=UTC) + timedelta(seconds=1)
    assert "late" not in lines(TASK)[0]
    assert "4:02pm, late  MASH" in lines(TASK, now=after)[0]
    assert "late" in lines(TASK | {"st": "OVERDUE"})[0]


@pytest.fixture
def waiting(world: World) -> World:
    """Every sort of hold, a call to a referrer, and what two managers are to look at."""
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}], additional_outcomes=["LAD"]))
    family = [{"code": "REFERRER_IS_FAMILY"}]
    world.take(a_decision(event_id=SECOND_ID, child_index=2, primary_outcome="S17", hold_codes=family))
    nobody: Wire = {"referring_agency": None, "involved_agencies": []}
    world.take(a_decision(event_id=THIRD_ID, referral_ref="NS-26-2PUB5K", primary_outcome="NFA", **nobody))
    alone: Wire = {"primary_outcome": "S47S", "police_recommended_next_step": "JOINT_INVESTIGATION"}
    world.take(a_decision(event_id=FOURTH_ID, referral_ref="NS-26-3J01NT", **alone))
    return world


def test_what_is_listed_ends_its_task_as_it_is_printed(
    waiting: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acting, "connected", lambda _outputs: stack)
    monkeypatch.setattr(main, "connected", lambda _outputs: stack)
    open_ones = tasks(stack, list(TaskRole))
    assert {task["kind"] for task in open_ones} == {
        "RELEASE_CHILD", "RELEASE_AGENCY", "RELEASE_ALLEGATION", "CALL_REFERRER", "CHECK_DIVERGENCE"
    }  # fmt: skip
    printed = CliRunner().invoke(cli, ["tasks"], prog_name="mash").output
    commands = [line.strip() for line in printed.splitlines() if line.startswith("   mash ")]
    assert len(commands) == len(open_ones) == printed.count("REASON is ")
    for words in sorted(commands):
        for_a_hold = "AGREED_WITH_DESIGNATED_OFFICER" if "--allegation" in words else "SAFE_TO_TELL"
        of_a_task = "DECISION_STANDS" if "CHECK_DIVERGENCE" in words else "TOLD_BY_PHONE"
        reason = of_a_task if " done " in words else for_a_hold
        _, *arguments = shlex.split(words.replace("REASON", reason))
        done = CliRunner().invoke(cli, arguments, prog_name="mash")
        assert done.exit_code == 0, done.output
    assert tasks(stack, list(TaskRole)) == []
