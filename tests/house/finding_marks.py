"""Every mark `finding(row)` as the tests' own source has it: on what it stands, and whether that is run."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Test: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Nodes: TypeAlias = Sequence[ast.AST]

GIVES_UP = frozenset({"skip", "skipif", "xfail", "importorskip"})
"""As a mark or as a call: whoever says one of these may end without having proved anything."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`row` is None where the mark does not name one row by its number; `on` is a test, or else a line."""

    row: int | None
    on: str
    is_run: bool


def marks(modules: Mapping[str, ast.Module]) -> list[Mark]:
    """All of them, by module. One that stands where pytest collects no test is of a test that is not run."""
    return [mark for path, tree in modules.items() for mark in _in_module(path, tree)]


def _in_module(path: str, tree: ast.Module) -> Iterator[Mark]:
    seen = set[int]()
    is_collected = path.rsplit("/", 1)[-1].startswith("test_")
    is_imported = not any(map(_gives_up, _done_at_import(tree.body)))
    for test, around in _tests(tree.body, _pytestmark(tree.body)) if is_collected else ():
        said = [*around, *_named_in(around, tree.body)]
        is_run = is_imported and not any(map(_gives_up, (*said, *test.body)))
        for found in _findings(said):
            seen.add(id(found))
            yield Mark(_row(said, found), f"{path}::{test.name}", is_run)
    for found in _findings(tree.body):
        if id(found) not in seen:
            yield Mark(_row(tree.body, found), f"{path}:{found.lineno}", is_run=False)


def _tests(body: Sequence[ast.stmt], around: Nodes) -> Iterator[tuple[Test, Nodes]]:
    """Each test with what marks it: its module, its class, itself, the cases of its parameters."""
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from _tests(node.body, (*around, *node.decorator_list, *_pytestmark(node.body)))
        elif isinstance(node, Test) and node.name.startswith("test_"):
            yield node, (*around, *node.decorator_list)


def _assigned(body: Sequence[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((name, node.value) for target in targets if (name := _name(target)))


def _pytestmark(body: Sequence[ast.stmt]) -> list[ast.expr]:
    """What a module or a class says of all its tests."""
    return [value for name, value in _assigned(body) if name == "pytestmark"]


def _named_in(nodes: Nodes, body: Sequence[ast.stmt]) -> list[ast.expr]:
    """What the module assigned to the names in these: a list of cases, a mark under a name of its own."""
    names = {node.id for node in _within(nodes) if isinstance(node, ast.Name)}
    return [value for name, value in _assigned(body) if name in names]


def _done_at_import(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    for node in body:
        if isinstance(node, ast.Expr | ast.If | ast.Try):
            yield node
    yield from (value.func for _, value in _assigned(body) if isinstance(value, ast.Call))


def _findings(nodes: Nodes) -> Iterator[ast.Attribute]:
    """`pytest.mark.finding`, or `mark.finding`, wherever it stands in these."""
    for node in _within(nodes):
        if isinstance(node, ast.Attribute) and node.attr == "finding" and _name(node.value) == "mark":
            yield node


def _row(nodes: Nodes, mark: ast.Attribute) -> int | None:
    """The one number that the mark is called with."""
    for node in _within(nodes):
        if isinstance(node, ast.Call) and node.func is mark and not node.keywords:
            match node.args:
                case [ast.Constant(value=int() as row)]:
                    return row
    return None


def _gives_up(node: ast.AST) -> bool:
    return any(_name(part) in GIVES_UP for part in ast.walk(node))


def _within(nodes: Nodes) -> Iterator[ast.AST]:
    return (part for node in nodes for part in ast.walk(node))


def _name(node: ast.AST) -> str | None:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return None
