"""Lint, format, types, contracts and spelling are part of the tests, so that one command says yes or no."""

import pytest

from tests.house.tree import run_tool

CHECKS = {
    "lint": ("ruff", "check"),
    "format": ("ruff", "format", "--check"),
    "import contracts": ("lint-imports",),
    "types": ("mypy",),
    "spelling": ("codespell",),
}


@pytest.mark.slow
@pytest.mark.parametrize("command", CHECKS.values(), ids=CHECKS.keys())
def test_the_tree_is_clean(command: tuple[str, ...]) -> None:
    ran = run_tool(*command)
    assert ran.returncode == 0, ran.stdout + ran.stderr
