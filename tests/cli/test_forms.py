"""`mash forms` on a stack of tables: forms are taken in, children judged again, and nothing twice."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from click.testing import CliRunner, Result

from functions.cli.bus import Bus
from functions.cli.forms import command
from functions.cli.forms.command import MOST_AT_ONCE, sent
from functions.cli.main import cli
from functions.cli.way_in import WayIn
from tests.cli.spreadsheets import as_csv, read, spelled, written
from tests.forms import (
    REFERRAL,
    a_complete_form_event,
    a_toddlers_form_event,
    an_incorrect_form_event,
)
from tests.world import World, a_decision, a_world, wrapped

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_sqs import SQSClient

NOTHING = {"MASH_OUTPUTS": "", "MASH_DEPLOYED": ""}


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        yield one


class StraightIn:
    """A bus whose every event the intake takes in at once; `lost` ones it takes and never hands on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.calls: list[int] = []
        self.lost: set[str] = set()

    def put_events(self, *, Entries: list[dict[str, str]]) -> Any:  # noqa: N803 - AWS's own word
        self.calls.append(len(Entries))
        return {"FailedEntryCount": 0, "Entries": [{"EventId": self._take(entry)} for entry in Entries]}

    def _take(self, entry: dict[str, str]) -> str:
        bus_id, event = f"bus-{self.world.serial()}", json.loads(entry["Detail"])
        if event["form_id"] not in self.lost:
            self.world.take_raw(wrapped(event, bus_id, entry["DetailType"]))
        return bus_id


@pytest.fixture
def events(world: World) -> StraightIn:
    return StraightIn(world)


@pytest.fixture
def way_in(world: World, events: StraightIn) -> WayIn:
    queue = cast("SQSClient", None)  # what the contract has read always fits the bus
    bus = Bus(cast("EventBridgeClient", events), queue, bus_name="bus", intake_queue_url="queue")
    return WayIn(bus, world.store)


class Mash:
    """`mash forms` as somebody types it, on this way in."""

    def __init__(self, folder: Path, way_in: WayIn, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        patch.setattr(command, "_way_in", lambda _where: way_in)

    def __call__(self, content: str | bytes, *options: str) -> Result:
        path = written(self.folder, content)
        arguments = ["forms", str(path), *options]
        return CliRunner().invoke(cli, arguments, prog_name="mash", env=NOTHING)


@pytest.fixture
def mash(tmp_path: Path, way_in: WayIn, monkeypatch: pytest.MonkeyPatch) -> Mash:
    return Mash(tmp_path, way_in, monkeypatch)


COMPLETE = as_csv(spelled(a_complete_form_event()))


# --- taken in


def test_a_form_of_a_file_is_kept_and_its_child_judged_again(world: World, mash: Mash) -> None:
    world.take(a_decision())
    assert world.all_children() == {1: "UNKNOWN"}
    answer = mash(COMPLETE)
    assert answer.output == "line 2: police form recorded, for child 1\n1 form sent.\n"
    assert answer.exit_code == 0
    assert world.kinds() == ["DECISION", "RA_CHECK", "RA_FORM", "RA_CHECK"]
    assert world.all_children() == {1: "COMPLETE"}
    form = world.rows()[2]
    assert (form["form_source"], form["form_version"], form["children"]) == ("CSV", 2, [1])


def test_the_same_file_again_is_a_duplicate_and_judges_nobody_again(world: World, mash: Mash) -> None:
    world.take(a_decision())
    mash(COMPLETE)
    again = mash(COMPLETE.replace(",", ";").replace("\n", "\r\n"))
    assert again.output == "line 2: a duplicate: recorded, nothing is sent\n1 form sent.\n"
    assert again.exit_code == 0
    assert world.kinds() == ["DECISION", "RA_CHECK", "RA_FORM", "RA_CHECK", "EVENT_DUPLICATE"]


def test_siblings_on_two_rows_are_one_form(world: World, mash: Mash) -> None:
    answer = mash(as_csv(spelled(a_toddlers_form_event())))
    assert answer.output == "line 2: police form recorded, for children 1 and 2\n1 form sent.\n"
    assert world.kinds() == ["RA_FORM"]
    assert world.rows()[0]["newest_for"] == [1, 2]


def test_a_later_version_takes_the_place_of_an_earlier_one(world: World, mash: Mash) -> None:
    world.take(a_decision())
    mash(as_csv(spelled(an_incorrect_form_event(form_version=1))))
    assert world.all_children() == {1: "INCORRECT"}
    mash(COMPLETE)
    assert world.all_children() == {1: "COMPLETE"}


def test_whoever_mends_a_form_and_not_its_version_is_told_that_it_does_not_count(
    world: World, mash: Mash
) -> None:
    world.take(a_decision())
    mash(as_csv(spelled(an_incorrect_form_event(form_version=2))))
    answer = mash(COMPLETE)
    assert answer.output.splitlines()[0] == (
        "line 2: police form recorded, for child 1; not newer than the one kept for child 1"
    )
    assert world.all_children() == {1: "INCORRECT"}


def test_a_form_that_names_no_referral_is_kept_and_said_to_be_linked_to_none(
    world: World, mash: Mash
) -> None:
    answer = mash(as_csv(spelled(a_complete_form_event(referral_ref=None))))
    assert answer.output.splitlines()[0] == (
        "line 2: police form recorded, for child 1; linked to no referral"
    )
    assert world.rows(REFERRAL) == []


# --- good forms beside others


def two_good_and_one_wrong() -> str:
    rows = [
        {**spelled(a_complete_form_event(form_id=f"NP-RA-{number}"))[0], **changes}
        for number, changes in enumerate(({}, {"seen": "PERHAPS"}, {}))
    ]
    return as_csv(rows)


def test_the_good_forms_go_and_the_others_are_named(world: World, mash: Mash) -> None:
    answer = mash(two_good_and_one_wrong())
    assert [line.partition(". ")[0] for line in answer.output.splitlines()] == [
        "line 3, column seen: unknown code (UNKNOWN_CODE)",
        "line 2: police form recorded, for child 1",
        "line 4: police form recorded, for child 1; not newer than the one kept for child 1",
        "2 forms sent; 1 form not, for the faults above.",
    ]
    assert answer.exit_code == 3
    assert world.kinds() == ["RA_FORM", "RA_FORM"]


def test_a_program_reads_verdicts_and_errors_of_one_object(mash: Mash) -> None:
    answer = mash(two_good_and_one_wrong(), "--json")
    told = json.loads(answer.stdout)
    assert [(form["entry"], form["verdict"], form["bucket"]) for form in told["forms"]] == [
        ("line 2", "RA_FORM", "recorded"),
        ("line 4", "RA_FORM", "recorded"),
    ]
    advice = "Write one of YES, NO. Whether the officer saw the child."
    assert told["errors"] == [{"line": 3, "column": "seen", "reason": "UNKNOWN_CODE", "advice": advice}]
    assert (told["absent_columns"], answer.exit_code) == ([], 3)


def test_a_dry_run_sends_nothing_and_says_what_would_be_sent(events: StraightIn, mash: Mash) -> None:
    content = two_good_and_one_wrong()
    answer, plain = mash(content, "--dry-run"), mash(content, "--dry-run", "--json")
    assert answer.output.splitlines()[-1] == (
        "2 forms could be sent; 1 form not, for the faults above. Nothing was sent."
    )
    told = json.loads(plain.stdout)
    assert [(form["entry"], form["referral_ref"]) for form in told["forms"]] == [
        ("line 2", REFERRAL),
        ("line 4", REFERRAL),
    ]
    assert (answer.exit_code, plain.exit_code, events.calls) == (3, 3, [])
    assert mash(COMPLETE, "--dry-run").exit_code == 0


def test_the_id_that_a_dry_run_names_is_the_one_that_is_sent(mash: Mash) -> None:
    (planned,) = json.loads(mash(COMPLETE, "--dry-run", "--json").stdout)["forms"]
    (came,) = json.loads(mash(COMPLETE, "--json").stdout)["forms"]
    assert came["event_id"] == planned["event_id"]


def test_a_file_that_is_not_understood_sends_nothing_and_exits_with_1(events: StraightIn, mash: Mash) -> None:
    content = as_csv([*spelled(a_complete_form_event()), {"child_index": "2"}])
    answer, plain = mash(content), mash(content, "--json")
    assert "line 3, column form_id: missing (MISSING)." in answer.stdout
    assert answer.stderr == "Error: Nothing was sent: mend the file first.\n"
    assert [error["column"] for error in json.loads(plain.stdout)["errors"]] == ["form_id", "form_version"]
    assert (answer.exit_code, plain.exit_code, events.calls) == (1, 1, [])


def test_without_one_good_form_no_stack_is_asked(tmp_path: Path) -> None:
    path = written(tmp_path, COMPLETE.replace("ATTENDED", "PHONE"))
    answer = CliRunner().invoke(cli, ["forms", str(path), "--outputs", str(tmp_path / "none")], env=NOTHING)
    assert answer.exit_code == 3
    assert answer.output.splitlines()[-1] == "0 forms sent; 1 form not, for the faults above."


# --- many of them


def test_a_long_file_goes_part_by_part_and_each_form_has_its_verdict(
    tmp_path: Path, way_in: WayIn, events: StraightIn
) -> None:
    forms = (
        a_complete_form_event(form_id=f"NP-RA-{number}", referral_ref=f"NS-26-{number:06d}")
        for number in range(MOST_AT_ONCE + 3)
    )
    found = read(tmp_path, as_csv([row for form in forms for row in spelled(form)]))
    came = sent(found.entries, way_in, within_seconds=0)
    assert [verdict.bucket for verdict in came] == ["recorded"] * (MOST_AT_ONCE + 3)
    assert events.calls == [10] * 5 + [3]


def test_a_form_whose_row_does_not_come_in_time_has_no_verdict_yet(events: StraightIn, mash: Mash) -> None:
    events.lost = {"NP-RA-000417"}
    answer = mash(COMPLETE, "--wait", "0")
    assert "but not in the trail yet" in answer.output
    assert answer.exit_code == 4


def test_a_run_that_was_cut_short_is_run_again_and_takes_nothing_twice(
    tmp_path: Path, world: World, way_in: WayIn
) -> None:
    found = read(tmp_path, two_good_and_one_wrong())
    sent(found.entries[:1], way_in, within_seconds=0)
    again = sent(found.entries, way_in, within_seconds=0)
    assert [verdict.bucket for verdict in again] == ["duplicate", "recorded"]
    assert world.kinds() == ["RA_FORM", "EVENT_DUPLICATE", "RA_FORM"]
