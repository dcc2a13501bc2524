"""Rules of the house that no linter knows: names, lengths, words that must not be committed."""

import ast
import re
from itertools import chain
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.house.tree import CODE, ROOT, modules, tracked_files

# Written so that this file does not contain what it looks for.
FORBIDDEN = {
    "a package registry's host": r"py[p]i\.org|pythonhoste[d]\.|registry\.npmj[s]|de[b]\.debian",
    "a path of somebody's machine": r"(?<![\w.])/(?:home|root|Users|work|farm)/(?=[\w.])",
    "something left for later": r"\b(?:TOD[O]|FIXM[E]|XX[X])\b|NotImplemente[d]Error",
    "a mock where a fake belongs": r"Magic[M]ock|import unittest\.moc[k]|from unittest import moc[k]",
    "a key": r"AKI[A][0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KE[Y]",
}
PNG = b"\x89PNG\r\n"
VAGUE_MODULE = re.compile(r"utils?|helpers?|common|managers?|misc|base")
VAGUE_CLASS = re.compile(r"Abstract[A-Z]\w*|I[A-Z][a-z]\w*|\w+(?:Manager|Helper|Util)")


def lines_of(path: Path) -> list[str]:
    """A picture has none: its bytes spell anything by chance."""
    content = path.read_bytes()
    return [] if content.startswith(PNG) else content.decode(errors="replace").splitlines()


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_contains(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in tracked_files()
        for number, line in enumerate(lines_of(path), 1)
        if pattern.search(line)
    ]
    assert not found


def test_no_module_has_a_vague_name() -> None:
    stems = {path: path.rsplit("/", 1)[-1].removesuffix(".py") for path in modules(*CODE, "tests")}
    vague = [path for path, stem in stems.items() if VAGUE_MODULE.fullmatch(stem)]
    assert set(vague) <= {"schemas/base.py"}


def test_no_class_has_a_vague_name() -> None:
    classes = [
        node.name
        for tree in modules(*CODE).values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    assert not [name for name in classes if VAGUE_CLASS.fullmatch(name)]


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    silent = [path for path, tree in modules(*CODE, "tests").items() if not ast.get_docstring(tree)]
    assert not silent


def test_tests_are_sentences() -> None:
    names = [
        node.name
        for tree in modules("tests").values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert not [name for name in names if name.count("_") < 3]


def test_functions_are_short() -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for tree in modules("functions").values()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert median(lengths) < 10
    assert quantiles(lengths, n=10)[-1] < 35


def test_handlers_are_short() -> None:
    handlers = [path for path in modules("functions") if path.startswith("functions/handlers/")]
    long = [path for path in handlers if len((ROOT / path).read_text(encoding="utf-8").splitlines()) > 80]
    assert not long


def test_every_pin_is_in_a_lock() -> None:
    pins = re.findall(
        r'^ +"([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^"]+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE
    )
    locked = set(
        chain.from_iterable(
            re.findall(r"^([a-z0-9._-]+)==([^ ;\\]+)", path.read_text(), re.MULTILINE)
            for path in ROOT.glob("requirements-*.txt")
        )
    )
    assert pins
    assert not set(pins) - locked, "run: make lock"
