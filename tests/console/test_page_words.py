"""What acts and the trail say is said on pages without commands, and with agencies' names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.console.words.on_a_page import on_a_page
from functions.flows.acting.order import NotPossibleError
from functions.story.telling import NOT_OURS, sentence
from functions.story.troubles import PARKED, TRIED
from schemas.codes import AuditKind
from tests.cli.test_story import ROWS

FLOWS = Path(__file__).parents[2] / "functions" / "flows"
REFUSALS = {"NotPossibleError", "NotReleasableError", "OrderRefusedError"}
A_COMMAND = re.compile(r"`mash|--[a-z]")


def refusals() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(FLOWS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                yield f"{path.name}:{node.lineno}", node


def words_in(node: ast.AST) -> str:
    parts = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    return " ".join(one for one in parts if isinstance(one, str))


@pytest.mark.parametrize(
    ("at", "refusal"), list(refusals()), ids=lambda it: it if isinstance(it, str) else ""
)
def test_a_refusal_that_names_a_command_says_something_else_on_a_page(at: str, refusal: ast.Call) -> None:
    named = {keyword.arg: keyword.value for keyword in refusal.keywords}
    told = " ".join(words_in(argument) for argument in refusal.args)
    on_page = named.get("on_a_page")
    assert on_page or not A_COMMAND.search(told), at
    assert on_page is None or not A_COMMAND.search(words_in(on_page)), at


def test_a_refusal_that_names_none_says_the_same_on_a_page() -> None:
    assert NotPossibleError("It is due already.").on_a_page == "It is due already."


@pytest.mark.parametrize(
    "words",
    [*(one.now for one in TRIED.values()), *(one.now for one in PARKED.values()), NOT_OURS],
)
def test_no_advice_of_the_trails_names_a_command_on_a_page(words: str) -> None:
    assert "`" not in on_a_page(words, {})
    assert "mash" not in on_a_page(words, {}).lower()


def test_a_programs_code_does_not_stand_beside_its_words_and_a_persons_does() -> None:
    row = {"type": "DECISION", **ROWS[AuditKind.DECISION][0]}
    more = {"info_needed_codes": ["OFFENDING_HISTORY"], "divergences": ["CALLED_FOLLOWED_AND_IS_NOT"]}
    said = on_a_page(sentence({**row, **more}), {})
    assert "Of the referral itself: offending history. Beside what the police recommend: " in said
    assert said.endswith("it is said to be followed, and the outcome is another.")
    assert "(S47J)" in said


def test_an_agency_is_called_by_its_name_and_no_other_one_is() -> None:
    names = {"north-police": "North Police", "north-police-cctv": "North CCTV"}
    said = "north-police-cctv and north-police, not north-police-desk, nor far-north-police"
    assert on_a_page(said, names) == (
        "North CCTV and North Police, not north-police-desk, nor far-north-police"
    )
