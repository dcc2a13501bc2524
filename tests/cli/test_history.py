"""The year that `mash up --history` begins with: played when none is kept, or no longer fits."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from functions.cli.failure import CommandError
from functions.cli.history import KEPT_FOR, History, current_history
from functions.cli.main import cli

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
ONE = 1
A_MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("history")


@pytest.fixture(scope="module")
def played(folder: Path) -> tuple[History, Sequence[str]]:
    """The first time: what it came to, and what was said meanwhile."""
    said = list[str]()
    return current_history(ONE, datetime.now(UTC), said.append, folder), said


def made_at(history: History) -> datetime:
    return datetime.fromtimestamp(history.path.stat().st_mtime, UTC)


def test_a_year_that_nobody_has_played_is_played_up_to_now(played: tuple[History, Sequence[str]]) -> None:
    history, said = played
    assert said == ["playing a made-up year of 1 contacts, up to now; it is kept for 12 hours"]
    assert made_at(history) - timedelta(minutes=5) < history.until <= made_at(history)
    assert {agency.id for agency in history.registry.agency} > {history.down}
    assert history.bad_days == ("north-police=fails:30",)


def test_it_is_kept_for_some_hours(folder: Path, played: tuple[History, Sequence[str]]) -> None:
    kept, said = History.read(played[0].path), list[str]()
    again = current_history(ONE, made_at(kept) + KEPT_FOR - A_MINUTE, said.append, folder)
    assert (again, said) == (kept, [])


@pytest.mark.parametrize("why", ["it is too old", "the code is newer"])
def test_it_is_played_anew_when(why: str, folder: Path, played: tuple[History, Sequence[str]]) -> None:
    history, said = played[0], list[str]()
    now = made_at(history) + KEPT_FOR + A_MINUTE
    if why == "the code is newer":
        before_the_code = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
        os.utime(history.path, (before_the_code, before_the_code))
        now = made_at(history) + A_MINUTE
    current_history(ONE, now, said.append, folder)
    assert len(said) == 1
    assert datetime.now(UTC) - made_at(history) < timedelta(minutes=2)


def test_a_year_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(CommandError, match="The year was not played"):
        current_history(ONE, datetime.now(UTC), lambda _: None, tmp_path / "a-file" / "folder")


def test_a_history_has_agencies_of_its_own(tmp_path: Path) -> None:
    registry = tmp_path / "agencies.toml"
    registry.touch()
    asked = ["up", "--outputs", str(tmp_path / "outputs.json"), "--history", "--agencies", str(registry)]
    done = CliRunner().invoke(cli, asked, prog_name="mash")
    assert done.exit_code == 2
    assert "A history has agencies of its own: leave out --agencies." in done.output
