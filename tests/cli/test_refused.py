"""`mash refused`: what was refused on a day is listed without what was in it, and its copy sent again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.adapters import aws
from functions.cli.bus import read_entries
from functions.cli.main import cli
from tests.cli.deployments import deployed
from tests.cli.typed import ME, of_kind
from tests.flows.lives import an_acknowledgement
from tests.world import World, a_decision, a_receipt

NOTHING = {"MASH_OUTPUTS": "", "MASH_DEPLOYED": ""}


@pytest.fixture
def file(world: World, tmp_path: Path) -> Path:
    aws.s3.cache_clear()
    names = {"audit_table_name": "audit", "state_table_name": "state", "keys_table_name": "keys"}
    return deployed(tmp_path, data_key_arn=world.kms_key, rejected_bucket_name=world.bucket, **names)


@pytest.fixture
def refusing(world: World) -> World:
    """Two events are refused, one of them from nobody registered, and one is taken in."""
    world.take(a_decision(decided_at="yesterday"), bus_id="bus-0001")
    world.take(a_decision(source="mash.stranger", decided_at="yesterday"), bus_id="bus-0002")
    world.take(a_decision(), bus_id="bus-0003")
    return world


def mash(file: Path, *arguments: str) -> Result:
    command = ["refused", *arguments, "--deployed", str(file)]
    return CliRunner().invoke(cli, command, prog_name="mash", env=NOTHING)


def listed(file: Path, *arguments: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(mash(file, "--json", *arguments).output)
    return found


def test_what_was_refused_is_listed_by_arrival_field_and_reason(refusing: World, file: Path) -> None:
    assert [(one["cause"], one["actor"], one["field"]) for one in listed(file)] == [
        ("bus-0001", "mash.case-system", "decided_at"),
        ("bus-0002", "unknown", "source"),
    ]
    assert [one["cause"] for one in listed(file, "--source", "unknown")] == ["bus-0002"]
    assert listed(file, "--day", "2026-11-23") == []


def test_in_words_it_says_what_to_do_and_nothing_of_what_was_in_it(refusing: World, file: Path) -> None:
    words = " ".join(mash(file).output.split())
    assert "field decided_at" in words
    assert "yesterday" not in words
    assert mash(file, "--day", "2026-11-23").output == "Nothing was refused.\n"


def test_asking_is_a_row_of_the_askers(refusing: World, file: Path) -> None:
    mash(file)
    (row,) = of_kind(refusing, "QUERY")
    assert (row["actor"], row["asked"], row["rows"]) == (ME, "refused events", 2)


def test_a_kept_copy_is_fetched_for_its_readers_eyes_and_sent_as_the_event_that_it_was(
    refusing: World, file: Path, tmp_path: Path
) -> None:
    first, *_ = listed(file)
    copy = tmp_path / "copy.json"
    assert mash(file, "--fetch", first["kept_as"], "--to", str(copy)).exit_code == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    assert of_kind(refusing, "QUERY")[-1]["asked"] == f"refused event {first['kept_as']}"
    (entry,) = read_entries(copy)
    assert entry.detail == json.loads(entry.text) == a_decision(decided_at="yesterday")
    assert (entry.detail_type, entry.fits_the_bus) == ("DECIDED", True)


def test_what_is_not_kept_any_more_and_a_file_that_is_there_are_said(
    refusing: World, file: Path, tmp_path: Path
) -> None:
    answer = mash(file, "--fetch", "2026-11-01/none", "--to", str(tmp_path / "new"))
    assert (answer.exit_code, "copies are gone after 14 days" in answer.output) == (1, True)
    (kept,) = {one["kept_as"] for one in listed(file, "--source", "unknown")}
    answer = mash(file, "--fetch", kept, "--to", str(file))
    assert (answer.exit_code, "cannot be written" in answer.output) == (1, True)


@pytest.mark.parametrize("alone", [("--fetch", "a"), ("--to", "b")])
def test_a_copy_and_its_file_are_named_together(file: Path, alone: tuple[str, str]) -> None:
    assert mash(file, *alone).exit_code == 2


def test_what_waited_for_its_referral_and_turned_out_wrong_is_listed_too(
    world: World, file: Path, tmp_path: Path
) -> None:
    """Its row stands in its referral's trail; it was counted when it came, and no day counts it again."""
    early = an_acknowledgement("nobody-knows")
    world.take(early, bus_id="bus-0001")
    world.take(a_receipt(), bus_id="bus-0002")
    (one,) = listed(file)
    assert (one["cause"], one["actor"]) == (early["event_id"], "mash.case-system")
    assert (one["field"], one["reason"]) == ("asked_to_contribute.0.agency_id", "UNKNOWN_AGENCY")
    assert one["at"] == of_kind(world, "LIFECYCLE")[-1]["at"]
    words = " ".join(mash(file).output.split())
    assert "It had waited since 24 November 2026" in words
    copy = tmp_path / "copy.json"
    assert mash(file, "--fetch", one["kept_as"], "--to", str(copy)).exit_code == 0
    (entry,) = read_entries(copy)
    assert json.loads(entry.text)["event_id"] == early["event_id"]
    assert entry.fits_the_bus
    assert listed(file, "--source", "unknown") == listed(file, "--day", "2026-11-23") == []
