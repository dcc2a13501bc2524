"""The removals of `python -m tests.house.mechanisms` still fit the code and the failing points' rows."""

import ast
from collections import Counter

import pytest

from tests.house.mechanisms import ROWS, broken, chosen, witnesses_of
from tests.house.removal import Removal
from tests.house.removals import REMOVALS
from tests.house.tree import ROOT

ALL = list(chosen(()))
NAMES = [f"{point} {removal.name}" for point, removal in ALL]


def test_every_failing_point_has_a_removal() -> None:
    assert list(REMOVALS) == list(ROWS)
    assert [point for point, removals in REMOVALS.items() if not removals] == []


def test_no_two_removals_of_a_point_have_one_name() -> None:
    assert [name for name, times in Counter(NAMES).items() if times > 1] == []


@pytest.mark.parametrize(("point", "removal"), ALL, ids=NAMES)
def test_what_is_removed_stands_once_in_its_file_and_leaves_code_that_can_be_read(
    point: str, removal: Removal
) -> None:
    assert (ROOT / removal.file).read_text(encoding="utf-8").count(removal.text) == 1
    ast.parse(broken(removal))


@pytest.mark.parametrize(("point", "removal"), ALL, ids=NAMES)
def test_whoever_must_notice_stands_in_the_failing_points_row(point: str, removal: Removal) -> None:
    named = [test.partition("::test_")[2] for test in witnesses_of(point, removal)]
    assert removal.noticed_by
    assert Counter(named) == Counter(removal.noticed_by)


def test_the_readme_says_how_many_there_are() -> None:
    assert f"there are {len(ALL)}." in (ROOT / "README.md").read_text(encoding="utf-8")
