"""`mash status`: one screen says what came in, who is told, what waits and what is late, in few calls."""

import json
import re
from datetime import timedelta
from typing import Any

import boto3
import pytest
import time_machine
from click.testing import CliRunner, Result

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.parts import open_task
from functions.adapters.ledger.records import OpenedTask
from functions.cli import status as status_module
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.cli.status_lines import PAUSED
from functions.domain.delivery import Answer
from functions.domain.tasks import Task, endpoint_task, untold_task
from functions.flows.reconciling.keep_account import keep_account
from schemas.clocks import ClockPolicy
from schemas.codes import AttemptResult, Channel, PauseCause, TaskKind, TaskRole
from tests.cli.busy_tables import CannotWrite
from tests.cli.conftest import clear_clients
from tests.cli.typed import BUSY, ME, POLICE, REF, of_kind
from tests.flows.accounts import always, desk
from tests.flows.lives import an_acknowledgement
from tests.house.tree import ROOT
from tests.stage_tables import on_moto
from tests.world import MORNING, World, a_decision, a_receipt, an_event_id


@pytest.fixture
def world(world: World) -> World:
    """Everybody answers with a proof of having taken what was sent."""
    for door in world.doors.values():
        door.otherwise = Answer(AttemptResult.SUCCESS, provider_id="ses-1", response_sha256="0" * 64)
    return world


@pytest.fixture
def told_status(stack: Outputs, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One look, as somebody types it."""
    monkeypatch.setattr(status_module, "connected", lambda _where: stack)

    def look(*options: str) -> Result:
        return CliRunner().invoke(cli, ["status", *options], prog_name="mash")

    return look


def screen(look: Any) -> list[str]:
    result = look()
    assert result.exit_code == 0, result.output
    return [str(line) for line in result.output.splitlines()]


def said(look: Any, label: str) -> str:
    """The whole of one entry, on one line."""
    lines = screen(look)
    (start,) = (number for number, line in enumerate(lines) if line.startswith(f"{label} "))
    rest = iter(lines[start + 1 :])
    more = []
    for line in rest:
        if not line.startswith(" " * 15):
            break
        more.append(line.strip())
    return " ".join([lines[start][15:], *more])


def program(look: Any) -> dict[str, Any]:
    return dict(json.loads(look("--json").output))


# --- a quiet stage


def test_a_quiet_stage_fits_a_small_terminal_and_has_no_colour(world: World, told_status: Any) -> None:
    keep_account(desk(world), always)
    lines = screen(told_status)
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100
    assert not re.search(r"\x1b|[^\x20-\x7e]", "".join(lines))
    assert lines[-1] == "Nothing waits for a person."
    assert lines == [line.rstrip() for line in lines]


def test_a_stage_of_which_nothing_is_known_says_so_and_never_nought(world: World, told_status: Any) -> None:
    assert said(told_status, "Told") == "not counted yet today: `mash reconcile` counts now"
    assert said(told_status, "Account") == "no day has its statement yet"
    assert said(told_status, "On their way") == "nothing: all that may go has gone"
    assert said(told_status, "Clocks") == "none is late"
    assert said(told_status, "Endpoints") == "all are sent to"


# --- what came in, who is told


def test_what_came_in_today_is_counted_by_what_it_was(world: World, told_status: Any) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement())
    world.take(a_decision())
    world.take(a_decision())
    world.take(a_decision(event_id=an_event_id("wrong"), primary_outcome="NONSENSE"))
    assert said(told_status, "Came in today").startswith(
        "1 decision, 0 police forms, 2 other events, 0 heart"
    )
    assert said(told_status, "Came in today").endswith("; 1 refused, 1 came again, 0 out of date")
    assert program(told_status)["came_in"] == {
        "decisions": 1, "police_forms": 0, "refused": 1, "duplicate": 1, "stale": 0, "beside_decisions": 2,
        "heartbeats": 0,
    }  # fmt: skip


def test_what_came_yesterday_is_not_todays(world: World, told_status: Any) -> None:
    world.take(a_decision())
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        assert program(told_status)["came_in"]["decisions"] == 0


def test_who_is_told_is_what_was_counted_last_and_says_when(world: World, told_status: Any) -> None:
    world.take(a_decision())
    world.take(a_decision(referral_ref="NS-26-HELD00", event_id=an_event_id("held"), primary_outcome="EMP"))
    world.send_due()
    world.later(minutes=2)
    keep_account(desk(world), always)
    world.take(a_decision(referral_ref="NS-26-LATER0", event_id=an_event_id("later")))
    with time_machine.travel(world.now, tick=False):
        assert said(told_status, "Told") == (
            "1 told, 1 held, 0 open, 0 with nobody to tell, of 2 events by 3:04pm"
        )
        counted = program(told_status)
    assert (counted["counted"]["told"], counted["counted_at"]) == (1, "2026-11-24T15:04:30.000Z")


def test_what_the_tables_disagree_about_is_named_beside(world: World, told_status: Any) -> None:
    world.take(a_decision())
    key = DeliveryKey(REF, 1, 1, POLICE, Channel.WEBHOOK)
    world.store.client.delete_item(TableName="state", Key={"pk": {"S": key.pk}, "sk": {"S": key.sk}})
    world.later(minutes=2)
    keep_account(desk(world), always)
    assert "1 difference: infra/runbooks/reconciliation.md" in said(told_status, "Told")


def test_the_last_days_statement_is_repeated(world: World, told_status: Any) -> None:
    world.take(a_decision())
    world.send_due()
    world.later(days=1)
    keep_account(desk(world), always)
    with time_machine.travel(world.now, tick=False):
        assert said(told_status, "Account") == "2026-11-24: 1 decisions in, 1 accounted for, 0 differences"
        assert program(told_status)["statement"] == {
            "day": "2026-11-24", "decisions": 1, "accounted": 1, "differences": 0,
        }  # fmt: skip


# --- what is on its way, what is late


def test_what_is_still_tried_is_on_its_way_and_says_for_how_long(world: World, told_status: Any) -> None:
    world.take(a_decision(involved_agencies=[]))
    world.police.answers = [BUSY]
    world.send_due()
    with time_machine.travel(MORNING + timedelta(minutes=3), tick=False):
        assert said(told_status, "On their way") == "1 message, the oldest for 3 minutes"
        assert program(told_status)["on_their_way_since"] == "2026-11-24T15:02:30.000Z"


@pytest.mark.parametrize(
    ("minutes", "words"), [(119, "119 minutes"), (120, "2 hours"), (47 * 60, "47 hours"), (48 * 60, "2 days")]
)
def test_a_long_wait_is_told_in_hours_and_days(
    world: World, told_status: Any, minutes: int, words: str
) -> None:
    world.take(a_decision(involved_agencies=[]))
    with time_machine.travel(MORNING + timedelta(minutes=minutes), tick=False):
        assert said(told_status, "On their way").endswith(f"the oldest for {words}")


def test_a_clock_that_nobody_looked_at_is_late_and_one_that_runs_is_not(
    world: World, told_status: Any
) -> None:
    world.take(
        a_decision(involved_agencies=[])
    )  # a message, and the chase for its form, due at once; its people's clock in 30 minutes
    with time_machine.travel(MORNING + timedelta(minutes=5, seconds=-1), tick=False):
        assert said(told_status, "Clocks") == "none is late"
    with time_machine.travel(MORNING + timedelta(minutes=6), tick=False):
        assert said(told_status, "Clocks").startswith(
            "2 clocks not looked at in time, the first for 6 minutes"
        )
    with time_machine.travel(MORNING + timedelta(minutes=36), tick=False):
        assert program(told_status)["late_clocks"] == 3
        assert program(told_status)["late_clocks_since"] == "2026-11-24T15:02:29.000Z"


# --- what waits for a person


@pytest.fixture
def waiting(world: World) -> World:
    """A hold that is an hour's, and a call that is a day's."""
    world.take(a_decision(referral_ref="NS-26-HELD00", event_id=an_event_id("held"), primary_outcome="EMP"))
    world.later(minutes=1)
    nobody: dict[str, Any] = {"referring_agency": None, "involved_agencies": [], "primary_outcome": "NFA"}
    world.take(a_decision(referral_ref="NS-26-2PUB5K", event_id=an_event_id("public"), **nobody))
    return world


def test_the_worklist_is_counted_by_role_with_its_oldest_and_what_is_overdue(
    waiting: World, told_status: Any
) -> None:
    assert said(told_status, "Waits").startswith("2 tasks, the oldest since 24 November 2026 at 3:02pm")
    assert "MASH manager 1; MASH duty worker 1; emergency duty team 0" in said(told_status, "Waits")
    with time_machine.travel(MORNING + timedelta(minutes=61), tick=False):
        assert said(told_status, "Waits").startswith("2 tasks, 1 late, ")
        assert "MASH manager 1, 1 late; " in said(told_status, "Waits")
        tasks = program(told_status)["tasks"]
    assert tasks["MASH_MANAGER"] == {"open": 1, "overdue": 1}
    assert set(tasks) == set(TaskRole)


def test_the_most_urgent_come_first_each_with_the_command_that_ends_it(
    waiting: World, told_status: Any
) -> None:
    lines = screen(told_status)
    first, second = (number for number, line in enumerate(lines) if "NS-26-" in line and " at " in line)
    assert lines[first] == "  24 November 2026 at 4:02pm  MASH manager  NS-26-HELD00, child 1"
    assert lines[first + 2] == "    mash release NS-26-HELD00 --child 1 --reason REASON"
    assert "NS-26-2PUB5K" in lines[second]
    assert program(told_status)["urgent"][0]["command"] == "mash release NS-26-HELD00 --child 1"


def test_five_are_named_and_all_are_counted(world: World, told_status: Any) -> None:
    for number in range(7):
        held = a_decision(
            referral_ref=f"NS-26-{number:06d}", event_id=an_event_id(number), primary_outcome="EMP"
        )
        world.take(held)
    assert len(program(told_status)["urgent"]) == 5
    assert said(told_status, "Waits").startswith("7 tasks")
    lines = screen(told_status)
    assert sum("mash release" in line for line in lines) == 5
    assert max(map(len, lines)) <= 100


def test_a_long_command_goes_over_lines_that_a_shell_reads_as_one(world: World, told_status: Any) -> None:
    agency = "northshire-adult-mental-health-and-care"
    world.take(a_decision())
    task = untold_task(
        TaskKind.CALL_UNTOLD, agency, MORNING, ClockPolicy(), cannot_wait=False, about="CONTRIBUTION"
    )
    add_task(world, task)
    lines = screen(told_status)
    assert max(map(len, lines)) <= 100
    typed = "\n".join(lines).replace("\\\n", "")
    assert " ".join(typed.split()).endswith(
        f"mash done {REF} --task CALL_UNTOLD --child 1 --agency {agency} --about CONTRIBUTION --reason REASON"
    )


def add_task(world: World, task: Task) -> None:
    world.store.write([open_task(world.store, f"R#{REF}", OpenedTask(1, 1, task), world.now)])


# --- endpoints


def test_an_endpoint_that_is_paused_or_failing_is_named(world: World, told_status: Any) -> None:
    world.take(a_decision())
    world.health.pause(POLICE, PauseCause.BY_HAND, by="mash-manager", now=world.now, reason="MAINTENANCE")
    assert said(told_status, "Endpoints") == (
        "north-police paused by a person since 24 November 2026 at 3:02pm"
    )
    assert program(told_status)["endpoints_at_rest"] == [
        {
            "agency_id": POLICE, "paused": "BY_HAND", "paused_at": "2026-11-24T15:02:30.000Z",
            "tried_again_at": None,
        }
    ]  # fmt: skip


def test_an_endpoint_that_fails_says_when_it_is_tried_again(world: World, told_status: Any) -> None:
    until = MORNING + timedelta(minutes=2)
    task = endpoint_task(MORNING, ClockPolicy())
    assert world.health.open(POLICE, until=until, task=task, now=world.now)
    assert said(told_status, "Endpoints") == "north-police fails, tried again after 3:04pm"
    (at_rest,) = program(told_status)["endpoints_at_rest"]
    assert (at_rest["paused"], at_rest["tried_again_at"]) == (None, "2026-11-24T15:04:30.000Z")


@pytest.mark.parametrize("cause", PauseCause)
def test_every_cause_of_a_pause_has_its_words(cause: PauseCause) -> None:
    assert PAUSED[cause].startswith("paused")


# --- the look itself


def test_each_look_is_on_record_before_it_is_shown(world: World, told_status: Any) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    told_status()
    told_status("--json")
    rows = of_kind(world, "QUERY")
    assert [(row["asked"], row["rows"], row["actor"]) for row in rows] == [("status", 1, ME)] * 2
    assert len({row["cause"] for row in rows}) == 2


def test_a_look_that_cannot_be_recorded_shows_nothing(
    world: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    del world
    monkeypatch.setattr(
        status_module, "connected", lambda _where: CannotWrite.model_validate(stack.model_dump())
    )
    result = CliRunner().invoke(cli, ["status"], prog_name="mash")
    assert result.exit_code != 0
    assert "Came in today" not in result.output


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, world: World) -> list[str]:
    """Every operation that the tables are asked for, by whoever asks."""
    found: list[str] = []
    session = boto3.Session()
    session.events.register("before-parameter-build.dynamodb", lambda model, **_: found.append(model.name))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
    del world
    return found


@pytest.mark.parametrize("make_store", [on_moto], ids=["as boto3 counts them"])
def test_it_takes_as_many_calls_for_many_referrals_as_for_one_and_the_readme_says_how_many(
    world: World, told_status: Any, calls: list[str]
) -> None:
    clear_clients()
    world.take(a_decision())
    world.later(days=1)
    keep_account(desk(world), always)  # so that a day has its statement, and another its counts
    numbers = set()
    for number in range(3):
        world.take(a_decision(referral_ref=f"NS-26-{number:06d}", event_id=an_event_id(number)))
        calls.clear()
        with time_machine.travel(world.now, tick=False):
            assert said(told_status, "Account").startswith("2026-11-24: ")
        numbers.add((len(calls), calls.count("TransactWriteItems")))
    ((all_of_them, writes),) = numbers
    assert writes == 1
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{all_of_them - writes} reads" in readme.partition("`mash status")[2].partition("|\n")[0]
