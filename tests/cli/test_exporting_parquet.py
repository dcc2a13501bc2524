"""`mash export --parquet`: one file more, whole and on record as the CSV is, and no need of the extra for
whoever does not ask for one."""

import json
import sys
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

import pytest
from click.testing import CliRunner, Result

from functions.adapters.errors import RetryError
from functions.cli import exporting as module
from functions.cli.exporting import written
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.cli.parquet import as_parquet
from functions.domain.measures.published import SPREADSHEET
from tests.cli.busy_tables import CannotWrite
from tests.cli.parquet_rows import as_in_csv, in_csv, rows_of
from tests.cli.typed import of_kind
from tests.notices import a_hub_contact
from tests.world import World, a_decision, a_receipt

NOVEMBER, OCTOBER = "2026-11", "2026-10"
CSV = f"figures-{OCTOBER}-to-{NOVEMBER}.csv"
PARQUET = f"figures-{OCTOBER}-to-{NOVEMBER}.parquet"
MONTHS = ("--since", OCTOBER, "--until", NOVEMBER)


@pytest.fixture
def hub(stack: Outputs) -> Outputs:
    return stack.model_copy(update={"hub": a_hub_contact().model_dump_json()})


@pytest.fixture
def decided(world: World) -> World:
    world.take(a_receipt())
    world.take(a_decision())
    return world


def mash(stack: Outputs, patch: pytest.MonkeyPatch, *arguments: str) -> Result:
    patch.setattr(module, "connected", lambda _: stack)
    return CliRunner().invoke(cli, ["export", *arguments], prog_name="mash")


def test_both_files_of_one_export_say_the_same_cell_by_cell(
    decided: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = mash(hub, monkeypatch, *MONTHS, "--folder", str(tmp_path), "--parquet")
    assert answer.exit_code == 0, answer.output
    assert "1 of 1 referrals read" in answer.stderr
    assert answer.stdout.splitlines()[1:3] == [f"  {tmp_path / name}" for name in (CSV, PARQUET)]
    csv_rows = in_csv((tmp_path / CSV).read_bytes().decode(SPREADSHEET))
    assert [as_in_csv(row) for row in rows_of((tmp_path / PARQUET).read_bytes())] == csv_rows
    assert S_IMODE((tmp_path / PARQUET).stat().st_mode) == S_IMODE((tmp_path / CSV).stat().st_mode)


def test_the_trail_has_the_hash_of_each_file_that_was_taken_away(
    decided: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = mash(hub, monkeypatch, *MONTHS, "--folder", str(tmp_path), "--parquet", "--json")
    told = json.loads(answer.stdout)
    (row,) = of_kind(decided, "EXPORT")
    assert row["sha256"] == told["sha256"] == sha256((tmp_path / CSV).read_bytes()).hexdigest()
    of_parquet = sha256((tmp_path / PARQUET).read_bytes()).hexdigest()
    assert row["parquet_sha256"] == told["parquet_sha256"] == of_parquet
    assert str(tmp_path / PARQUET) in told["files"]


def test_of_an_export_without_parquet_nothing_speaks_of_any(
    decided: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = mash(hub, monkeypatch, *MONTHS, "--folder", str(tmp_path), "--json")
    (row,) = of_kind(decided, "EXPORT")
    assert "parquet_sha256" not in row
    assert "parquet" not in answer.stdout
    assert not (tmp_path / PARQUET).exists()


def test_no_parquet_is_whole_before_the_trail_knows(decided: World, hub: Outputs, tmp_path: Path) -> None:
    with pytest.raises(RetryError):
        written(CannotWrite.model_validate(hub.model_dump()), OCTOBER, NOVEMBER, tmp_path, as_parquet)
    assert list(tmp_path.iterdir()) == []


def test_no_parquet_of_an_earlier_export_stands_beside_a_newer_csv(
    decided: World, hub: Outputs, tmp_path: Path
) -> None:
    written(hub, OCTOBER, NOVEMBER, tmp_path, as_parquet)
    written(hub, OCTOBER, OCTOBER, tmp_path)
    assert (tmp_path / PARQUET).exists()
    with pytest.raises(RetryError):
        written(CannotWrite.model_validate(hub.model_dump()), OCTOBER, NOVEMBER, tmp_path)
    assert (tmp_path / PARQUET).exists()
    written(hub, OCTOBER, NOVEMBER, tmp_path)
    assert not (tmp_path / PARQUET).exists()


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where requirements-parquet.txt was not installed."""
    for name in ("arro3", "arro3.core", "arro3.io"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "functions.cli.parquet")


def test_without_the_extra_one_line_says_how_to_install_it_and_nothing_is_done(
    without_the_extra: None, decided: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    answer = mash(hub, monkeypatch, *MONTHS, "--folder", str(folder), "--parquet")
    assert answer.exit_code == 2
    assert answer.output.splitlines()[-1] == (
        "Error: Invalid value for '--parquet': it needs an extra that is not installed: run `make setup`, or "
        "`pip install --require-hashes -r requirements-parquet.txt`."
    )
    assert "referrals read" not in answer.output
    assert not folder.exists()
    assert of_kind(decided, "EXPORT") == []


def test_without_the_extra_a_program_is_told_which_option_to_leave_out(
    without_the_extra: None, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = mash(hub, monkeypatch, *MONTHS, "--folder", str(tmp_path), "--parquet", "--json")
    assert (answer.exit_code, json.loads(answer.stdout)["error"]["field"]) == (2, "parquet")


def test_without_the_extra_the_csv_is_as_ever(
    without_the_extra: None, decided: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = mash(hub, monkeypatch, *MONTHS, "--folder", str(tmp_path))
    assert answer.exit_code == 0
    assert (tmp_path / CSV).exists()
