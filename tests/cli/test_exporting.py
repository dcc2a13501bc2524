"""`mash export`: files for others, whole only once the trail knows who took what away."""

import csv
import io
import json
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from functions.adapters.errors import RetryError
from functions.adapters.ledger.keys import read_by
from functions.cli import exporting as module
from functions.cli.exporting import written
from functions.cli.failure import CommandError
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.domain.measures import dictionary
from functions.domain.measures.published import COLUMNS, SPREADSHEET
from tests.cli.busy_tables import CannotWrite
from tests.cli.typed import ME, of_kind
from tests.notices import a_hub_contact
from tests.world import MORNING, World, a_decision, a_receipt

NOVEMBER, OCTOBER = "2026-11", "2026-10"
CSV, MARKDOWN, JSON = f"figures-{OCTOBER}-to-{NOVEMBER}.csv", "data-dictionary.md", "data-dictionary.json"


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


def months(folder: Path, since: str = OCTOBER, until: str = NOVEMBER) -> tuple[str, ...]:
    return ("--since", since, "--until", until, "--folder", str(folder))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_three_files_are_written_the_figures_and_what_they_mean(
    decided: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = mash(hub, monkeypatch, *months(tmp_path))
    assert answer.exit_code == 0, answer.output
    assert files(tmp_path) == sorted((CSV, MARKDOWN, JSON))
    assert (tmp_path / MARKDOWN).read_text(encoding="utf-8") == dictionary.as_markdown()
    assert json.loads((tmp_path / JSON).read_text(encoding="utf-8")) == dictionary.as_plain()
    assert "1 of 1 referrals read" in answer.stderr
    assert answer.stdout.splitlines()[1:] == [f"  {tmp_path / name}" for name in (CSV, MARKDOWN, JSON)]


def test_the_table_has_each_month_and_opens_in_a_spreadsheet(
    decided: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mash(hub, monkeypatch, *months(tmp_path))
    raw = (tmp_path / CSV).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    head, *rows = list(csv.reader(io.StringIO(raw.decode(SPREADSHEET), newline="")))
    assert tuple(head) == COLUMNS
    assert {row[0] for row in rows} == {OCTOBER, NOVEMBER}
    assert {row[1] for row in rows} == {a_hub_contact().hub_name}
    assert not any("NS-26" in cell for row in rows for cell in row)


def test_who_took_what_away_is_a_row_of_theirs(
    decided: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = mash(hub, monkeypatch, "--json", *months(tmp_path))
    told = json.loads(answer.stdout)
    (row,) = of_kind(decided, "EXPORT")
    assert (row["pk"], row["actor"], row["purpose"]) == (read_by(MORNING, ME), ME, "SHARED_DATA_SET")
    assert (row["since"], row["until"]) == (OCTOBER, NOVEMBER)
    assert row["sha256"] == told["sha256"] == sha256((tmp_path / CSV).read_bytes()).hexdigest()
    assert row["rows"] == told["rows"] == len((tmp_path / CSV).read_text("utf-8-sig").splitlines()) - 1
    assert told["files"] == [str(tmp_path / name) for name in (CSV, MARKDOWN, JSON)]
    assert of_kind(decided, "QUERY") == []


def test_no_file_is_whole_before_the_trail_knows(decided: World, hub: Outputs, tmp_path: Path) -> None:
    unwritable = CannotWrite.model_validate(hub.model_dump())
    with pytest.raises(RetryError):
        written(unwritable, OCTOBER, NOVEMBER, tmp_path)
    assert files(tmp_path) == []
    assert of_kind(decided, "EXPORT") == []


def test_what_was_exported_before_stays_until_the_new_one_is_whole(
    decided: World, hub: Outputs, tmp_path: Path
) -> None:
    written(hub, OCTOBER, NOVEMBER, tmp_path)
    before = (tmp_path / CSV).read_bytes()
    with pytest.raises(RetryError):
        written(CannotWrite.model_validate(hub.model_dump()), OCTOBER, NOVEMBER, tmp_path)
    assert (tmp_path / CSV).read_bytes() == before
    written(hub, OCTOBER, NOVEMBER, tmp_path)
    assert files(tmp_path) == sorted((CSV, MARKDOWN, JSON))


def test_a_folder_that_cannot_be_written_to_is_named_and_nothing_is_on_record(
    decided: World, hub: Outputs, tmp_path: Path
) -> None:
    (blocked := tmp_path / "a file").write_text("", encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be written"):
        written(hub, OCTOBER, NOVEMBER, blocked / "below")
    assert of_kind(decided, "EXPORT") == []


def test_months_in_the_wrong_order_are_refused(
    world: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer = mash(hub, monkeypatch, *months(tmp_path, NOVEMBER, OCTOBER))
    assert answer.exit_code == 2
    assert "--since is after --until" in answer.output
    assert of_kind(world, "EXPORT") == []


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_a_month_to_come_is_refused(
    world: World, hub: Outputs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, option: str
) -> None:
    wrong = [*months(tmp_path)]
    wrong[wrong.index(option) + 1] = "2026-12"
    answer = mash(hub, monkeypatch, *wrong)
    assert answer.exit_code == 2
    assert f"Invalid value for '{option}': 2026-12 has not begun: it is 2026-11 in the UK." in answer.output
    assert files(tmp_path) == []
