"""The import contracts are alive: each catches a bad import planted in a copy of the tree."""

import shutil
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import CODE, ROOT, run_tool

PLANTED = {
    "Rings": ("functions/domain/planted.py", "import functions.adapters.aws"),
    "Flows: what is planned does not know who asked": (
        "functions/flows/planning/planted.py",
        "import functions.flows.sending.send",
    ),
    "Infra sees only settings": ("infra/planted.py", "import functions.domain.record"),
    "Console: a screen knows those below it alone": (
        "functions/console/agencies/planted.py",
        "import functions.console.messages.page",
    ),
    "Pure core": ("schemas/planted.py", "import boto3"),
    "No CDK in the Lambda": ("functions/flows/planted.py", "import aws_cdk"),
    "Handlers do not know each other": (
        "functions/handlers/planted.py",
        "import functions.handlers.also_planted",
    ),
}


UPWARD = {
    "functions/story/planted.py": "import functions.console.routes",
    "functions/cli/planted.py": "import functions.console.routes",
    "functions/console/planted.py": "import functions.cli.main",
    "functions/flows/planted.py": "import functions.story.telling",
}
"""Between the rings, what no other contract says."""


@pytest.fixture
def copied_tree(tmp_path: Path) -> Path:
    for folder in CODE:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "functions/handlers/also_planted.py").write_text('"""Planted."""\n')
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("contract", PLANTED)
def test_a_planted_import_is_caught(copied_tree: Path, contract: str) -> None:
    place, statement = PLANTED[contract]
    (copied_tree / place).write_text(f'"""Planted."""\n\n{statement}\n')
    ran = run_tool("lint-imports", "--no-cache", cwd=copied_tree)
    assert ran.returncode != 0
    assert f"{contract} BROKEN" in ran.stdout
    assert place.removesuffix(".py").replace("/", ".") in ran.stdout


@pytest.mark.slow
def test_each_wall_between_the_rings_stands(copied_tree: Path) -> None:
    for place, statement in UPWARD.items():
        (copied_tree / place).write_text(f'"""Planted."""\n\n{statement}\n')
    said = run_tool("lint-imports", "--no-cache", cwd=copied_tree).stdout
    assert [one for one in UPWARD if one.removesuffix(".py").replace("/", ".") not in said] == []


def test_each_contract_has_its_planted_import() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {one["name"] for one in contracts} == PLANTED.keys()
