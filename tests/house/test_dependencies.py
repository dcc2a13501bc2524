"""What the command line and the stack on a laptop import is declared for whoever runs them."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions

import pytest

from tests.house.tree import CODE, ROOT, modules

EXTRA = "parquet"
"""The group without which the command runs, and does less."""

DECLARED_IN = ("runtime", "operator", EXTRA, "infra")
"""The groups that `make setup` installs for more than the tests; the command brings the runtime along."""

BROUGHT_BY = {"botocore": "boto3"}
"""A library that is the other's own half, released with it."""


def declared(*groups: str) -> set[str]:
    """The distributions that these dependency groups name, without extras and versions."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    return {re.split(r"[\[=]", pin)[0] for group in groups for pin in listed[group]}


def imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The top-level packages that run when these nodes do; what is for the type checker alone is not."""
    for node in nodes:
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield from imported(node.orelse)
            case ast.Import():
                yield from (alias.name.partition(".")[0] for alias in node.names)
            case ast.ImportFrom(module=str(origin), level=0):
                yield origin.partition(".")[0]
            case _:
                yield from imported(ast.iter_child_nodes(node))


def third_party(folder: str) -> set[str]:
    trees = [tree for path, tree in modules(*CODE).items() if path.startswith(f"{folder}/")]
    return set(imported(trees)) - set(sys.stdlib_module_names) - set(CODE)


@pytest.mark.parametrize("folder", ["functions/cli", "infra/local"])
def test_what_an_operator_runs_is_declared_for_operators(folder: str) -> None:
    owners, known = packages_distributions(), declared(*DECLARED_IN)
    wanted = third_party(folder)
    assert wanted
    assert not [
        package for package in wanted if not {BROUGHT_BY.get(package, package), *owners[package]} & known
    ]


LOADED_BY = """
import json, sys
from click.testing import CliRunner
from functions.cli.main import cli

said = CliRunner().invoke(cli, {typed}, prog_name="mash")
print(json.dumps([said.exit_code, sorted({{name.partition(".")[0] for name in sys.modules}})]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "is_loaded"),
    [(["export", "--help"], False), (["export", "--since", "2026-10", "--parquet"], True)],
)
def test_the_extra_is_loaded_by_whoever_asks_for_it_and_by_nobody_else(
    typed: list[str], *, is_loaded: bool
) -> None:
    extra = {package for package, owners in packages_distributions().items() if {*owners} & declared(EXTRA)}
    ran = subprocess.run(
        [sys.executable, "-c", LOADED_BY.format(typed=typed)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    code, loaded = json.loads(ran.stdout)
    assert extra
    assert (code, extra & {*loaded}) == ((2, extra) if is_loaded else (0, set()))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import rich.table", {"rich"}),
        ("from svix.webhooks import Webhook", {"svix"}),
        ("def late():\n    import click", {"click"}),
        ("try:\n    import click\nexcept ImportError:\n    pass", {"click"}),
        ("from . import click", set()),
        ("if TYPE_CHECKING:\n    import mypy_boto3_sqs\nelse:\n    import click", {"click"}),
    ],
)
def test_each_way_of_importing_is_seen(source: str, found: set[str]) -> None:
    assert set(imported([ast.parse(source)])) == found
