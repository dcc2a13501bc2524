"""Which Node CDK's library is started by: held once, asked for first of all, and told in the README."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

(OLDEST,) = re.findall(
    r"^OLDEST_NODE := (\d+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
)
READY = (".tools", ".venv", ".emulator")


@pytest.fixture
def stands(tmp_path: Path) -> Path:
    """A copy of the Makefile where everything is installed already, and `bin` has whatever Node there is."""
    for name in ("bin", *READY):
        (tmp_path / name).mkdir()
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for lock in ROOT.glob("requirements-*.txt"):
        shutil.copy(lock, tmp_path)
    for name in READY:
        (tmp_path / name / ".ready").touch()
    return tmp_path


def set_up(folder: Path) -> subprocess.CompletedProcess[str]:
    """`make setup` there."""
    make = shutil.which("make")
    assert make
    of_this_make = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        [make, "setup"],
        cwd=folder,
        env={**of_this_make, "PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def node_that_says(version: str, path: Path) -> None:
    (path / "node").write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    (path / "node").chmod(0o755)


def test_a_machine_without_node_is_told_what_to_install(stands: Path) -> None:
    ran = set_up(stands)
    assert (ran.returncode, f"Node {OLDEST} or newer is needed" in ran.stdout) == (2, True)


@pytest.mark.parametrize("missing", READY)
def test_node_is_asked_for_before_anything_is_installed(stands: Path, missing: str) -> None:
    (stands / missing / ".ready").unlink()
    ran = set_up(stands)
    assert (ran.returncode, f"Node {OLDEST} or newer is needed" in ran.stdout) == (2, True)
    assert "set-up" not in ran.stdout


def test_no_version_manager_is_told_to_take_the_oldest() -> None:
    assert not (ROOT / ".node-version").exists()


@pytest.mark.parametrize("version", ["v18.20.4", f"v{int(OLDEST) - 1}.0.0", "nothing like it"])
def test_a_node_that_is_too_old_is_named(stands: Path, version: str) -> None:
    node_that_says(version, stands / "bin")
    ran = set_up(stands)
    assert (ran.returncode, f"this one is {version}" in ran.stdout) == (2, True)


@pytest.mark.parametrize("version", [f"v{OLDEST}.0.0", "v22.11.0", "v24.1.0", "v100.0.0"])
def test_a_node_that_will_do_is_not_spoken_of(stands: Path, version: str) -> None:
    node_that_says(version, stands / "bin")
    ran = set_up(stands)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_the_readme_names_the_same_node() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"`node` and `npm` \(22 or 24; from (\d+) on it works\)", readme)
    assert said == OLDEST
