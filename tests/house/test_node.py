"""Which Node CDK's library is started by: held once, asked for first of all, and told in the README."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

OLDEST = (ROOT / ".node-version").read_text(encoding="utf-8").strip()


def set_up(path: Path) -> subprocess.CompletedProcess[str]:
    """`make setup` where nothing is to be installed, and `path` has whatever Node there is."""
    make, cat = shutil.which("make"), shutil.which("cat")
    assert make
    assert cat
    stands = [word for made in (".tools", ".venv", ".emulator") for word in ("-o", f"{made}/.ready")]
    (path / "cat").symlink_to(cat)
    return subprocess.run(
        [make, *stands, "setup"],
        cwd=ROOT,
        env={**os.environ, "PATH": str(path), "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def node_that_says(version: str, path: Path) -> None:
    (path / "node").write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    (path / "node").chmod(0o755)


def test_a_machine_without_node_is_told_what_to_install(tmp_path: Path) -> None:
    ran = set_up(tmp_path)
    assert (ran.returncode, f"Node {OLDEST} or newer is needed" in ran.stdout) == (2, True)


@pytest.mark.parametrize("version", ["v18.20.4", f"v{int(OLDEST) - 1}.0.0", "nothing like it"])
def test_a_node_that_is_too_old_is_named(tmp_path: Path, version: str) -> None:
    node_that_says(version, tmp_path)
    ran = set_up(tmp_path)
    assert (ran.returncode, f"this one is {version}" in ran.stdout) == (2, True)


@pytest.mark.parametrize("version", [f"v{OLDEST}.0.0", "v22.11.0", "v24.1.0", "v100.0.0"])
def test_a_node_that_will_do_is_not_spoken_of(tmp_path: Path, version: str) -> None:
    node_that_says(version, tmp_path)
    ran = set_up(tmp_path)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_the_readme_names_the_same_node() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"`node` and `npm` \(22 or 24; from (\d+) on it works\)", readme)
    assert said == OLDEST
