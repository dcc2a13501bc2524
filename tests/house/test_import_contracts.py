"""The import contracts are alive: each catches a bad import planted in a copy of the tree."""

import shutil
from pathlib import Path

import pytest

from tests.house.tree import CODE, ROOT, run_tool

PLANTED = {
    "Rings": ("functions/domain/planted.py", "import functions.adapters.aws"),
    "Infra sees only settings": ("infra/planted.py", "import functions.domain.record"),
    "Pure core": ("schemas/planted.py", "import boto3"),
    "No CDK in the Lambda": ("functions/flows/planted.py", "import aws_cdk"),
    "Handlers do not know each other": (
        "functions/handlers/planted.py",
        "import functions.handlers.also_planted",
    ),
}


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
