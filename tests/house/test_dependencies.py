"""What the command line and the stack on a laptop import is declared for whoever runs them."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions

import pytest

from tests.house.tree import CODE, ROOT, modules

DECLARED_IN = ("runtime", "operator", "infra")
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
