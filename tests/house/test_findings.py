"""Each of the inspection letter's 39 findings: the tests that are marked as its proof, or the issue that
brings one."""

import ast
from functools import cache
from typing import Final

import pytest

from tests.house.finding_marks import Mark, marks
from tests.house.tree import modules

FINDINGS: Final[dict[int, tuple[str, str]]] = {
    1: ("not routinely shared with partners", "outcome for every professional referral"),
    2: ("not routinely shared by children's social care", "fan-out to involved agencies"),
    3: ("unaware of what current plans are in place", "plan status and lead contact"),
    4: ("not correctly completed by the police or was absent", "RA01-22, five statuses"),
    5: ("completed by police in the MASH when a child is referred", "policy ALL"),
    6: ("mitigated following the initial police response", "RA15, RA20, dip-sample"),
    7: ("they do not direct what ... should be the next steps", "RA16, divergence reason"),
    8: ("only undertaken by children's social care", "risk_assessment_mode, K10"),
    9: ("does not take place unless and until", "contribution request at ACK, Red and Amber"),
    10: ("closed without informing partner agencies", "inbound closure to live-plan partners"),
    11: ("delay within investigations", "no-update reminder, joint cases"),
    12: ("should have been considered this did not take place", "S47S against JOINT advice flagged"),
    13: ("does not have a shared multi-agency data set", "K1-K17 export"),
    14: ("59% ... within 24 hours in March 2017 to 80% in May 2017", "K4 beside K5, trend"),
    15: ("timeliness of out of hour's referrals", "hours split, EDS receipt"),
    16: ("level and extent of demand", "volume and K8 per unit"),
    17: ("Offending history information is often missing", "OFFENDING_HISTORY flag"),
    18: ("Referrals focus on adult behaviour", "LINK_TO_CHILD flag"),
    19: ("quality of initial referral information", "registry aliases NPS, CRC"),
    20: ("pathways are not well understood", "pathway text in dentist acknowledgement"),
    21: ("only 26% of expectant mothers", "unborn subject, health visitor and midwife, K16"),
    22: ("when adults disengage", "watch-for codes"),
    23: ("do not routinely use chronologies", "per-child outcome timeline"),
    24: ("families who are moving", "TRF acceptance loop"),
    25: ("lack of evidence of challenge", "challenge events, K13"),
    26: ("lack of management oversight", "worklist: overdue, held, undelivered, RA failing"),
    27: ("escalation by health practitioners", "challenge open to all"),
    28: ("visible to frontline staff on police systems", "flag-ready webhook, occurrence ref"),
    29: ("the voice of the child is captured", "RA06-08; never voice content"),
    30: ("do not always communicate in a timely way", "several health recipients"),
    31: ("shared case management system with the YOS", "no duplicate in-system"),
    32: ("insufficient auditing of practice", "per-agency audit export"),
    33: ("often lost among other complex factors", "RA10 apart from RA11"),
    34: ("Plans are not regularly updated", "stale-plan reminder"),
    35: ("unique identity of a child", "per-child decisions"),
    36: ("other agencies such as adult services", "agency by configuration"),
    37: ("provide the required information", "positive feedback"),
    38: ("a qualitative assessment of professional practice", "dip-sample"),
    39: ("written statement of proposed action", "evidence pack, KPI per finding"),
}
"""Each row's number, how its quote begins, and what the product must do about it."""

LATER: Final[dict[int, str]] = {
    32: "the audit export",
    39: "the evidence pack",
}
"""Rows that nothing proves yet, each with the issue that will."""

PARTLY: Final[dict[int, tuple[str, str]]] = {}
"""Rows whose marks prove the rest; this part of the product comes with that issue."""


@cache
def all_marks() -> tuple[Mark, ...]:
    return tuple(marks(modules("tests")))


@pytest.mark.parametrize("row", FINDINGS)
def test_a_finding_has_a_marked_test_or_an_issue_that_brings_one(row: int) -> None:
    proofs = [mark.on for mark in all_marks() if mark.row == row and mark.is_run]
    assert bool(proofs) is (row not in LATER), (FINDINGS[row], proofs)


def test_every_mark_names_a_finding_by_its_number() -> None:
    assert [mark for mark in all_marks() if mark.row not in FINDINGS] == []


def test_every_mark_stands_on_a_test_that_is_run() -> None:
    assert [mark for mark in all_marks() if not mark.is_run] == []


def test_the_rows_are_the_letters_and_what_is_for_later_says_in_which_issue() -> None:
    assert list(FINDINGS) == list(range(1, 40))
    assert LATER.keys() | PARTLY.keys() <= FINDINGS.keys()
    assert not LATER.keys() & PARTLY.keys()
    assert all(LATER.values())
    assert [row for row, (part, issue) in PARTLY.items() if part not in FINDINGS[row][1] or not issue] == []


# --- how marks are read


def read(source: str, path: str = "tests/unit/test_a.py") -> list[tuple[int | None, str, bool]]:
    """The marks of one module, without its folder."""
    found = marks({path: ast.parse(source.replace("MARK", "pytest.mark.finding"))})
    return [(mark.row, mark.on.rsplit("/", 1)[-1], mark.is_run) for mark in found]


A_TEST = "def test_a(): assert True"


@pytest.mark.parametrize(
    "source",
    [
        f"@MARK(7)\n{A_TEST}",
        f"@pytest.mark.slow\n@MARK(7)\nasync {A_TEST}",
        f"from pytest import mark\n@mark.finding(7)\n{A_TEST}",
        f"pytestmark = MARK(7)\n{A_TEST}",
        f"pytestmark: list = [pytest.mark.slow, MARK(7)]\n{A_TEST}",
        f"@pytest.mark.parametrize('a', [1, pytest.param(2, marks=MARK(7))])\n{A_TEST}",
        f"CASES = [pytest.param(2, marks=[MARK(7)])]\n@pytest.mark.parametrize('a', CASES)\n{A_TEST}",
        f"proves = MARK(7)\n@proves\n{A_TEST}",
        f"@MARK(7)\nclass TestIt:\n    {A_TEST}",
        f"class TestIt:\n    pytestmark = MARK(7)\n    {A_TEST}",
        f"class TestIt:\n    class TestMore:\n        @MARK(7)\n        {A_TEST}",
    ],
)
def test_a_mark_is_found_wherever_it_may_stand(source: str) -> None:
    assert read(source) == [(7, "test_a.py::test_a", True)]


def test_a_test_may_prove_several_findings_and_a_module_marks_all_its_tests() -> None:
    assert read(f"@MARK(7)\n@MARK(8)\n{A_TEST}") == [
        (7, "test_a.py::test_a", True),
        (8, "test_a.py::test_a", True),
    ]
    both = f"pytestmark = MARK(7)\n{A_TEST}\n{A_TEST.replace('_a', '_b')}"
    assert [on for _, on, _ in read(both)] == ["test_a.py::test_a", "test_a.py::test_b"]


@pytest.mark.parametrize("mark", ["MARK", "MARK()", "MARK('7')", "MARK(7, 8)", "MARK(row=7)", "MARK(SEVEN)"])
def test_a_mark_that_names_no_single_row_is_one_of_no_finding(mark: str) -> None:
    assert [row for row, _, _ in read(f"@{mark}\n{A_TEST}")] == [None]


@pytest.mark.parametrize(
    "source",
    [
        f"@pytest.mark.skip\n@MARK(7)\n{A_TEST}",
        f"@MARK(7)\n@pytest.mark.skipif(True, reason='')\n{A_TEST}",
        f"@MARK(7)\n@pytest.mark.xfail(strict=True)\n{A_TEST}",
        f"@pytest.mark.skip\n@MARK(7)\nclass TestIt:\n    {A_TEST}",
        f"pytestmark = [pytest.mark.skip]\n@MARK(7)\n{A_TEST}",
        f"@pytest.mark.parametrize('a', [pytest.param(2, marks=[pytest.mark.xfail, MARK(7)])])\n{A_TEST}",
        f"A = [pytest.param(2, marks=pytest.mark.skip)]\n@MARK(7)\n@mark.parametrize('a', A)\n{A_TEST}",
        "@MARK(7)\ndef test_a():\n    if not here():\n        pytest.skip('not here')",
        "@MARK(7)\ndef test_a():\n    pytest.importorskip('that')",
        f"pytest.skip(allow_module_level=True)\n@MARK(7)\n{A_TEST}",
        f"if not here():\n    pytest.skip(allow_module_level=True)\n@MARK(7)\n{A_TEST}",
        f"that = pytest.importorskip('that')\n@MARK(7)\n{A_TEST}",
    ],
)
def test_a_test_that_may_give_up_proves_nothing(source: str) -> None:
    assert read(source) == [(7, "test_a.py::test_a", False)]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("@MARK(7)\ndef world(): pass", "tests/unit/test_a.py"),
        ("@MARK(7)\ndef given_a_test(): pass", "tests/unit/test_a.py"),
        (f"@MARK(7)\nclass Story:\n    {A_TEST}", "tests/unit/test_a.py"),
        (f"proves = MARK(7)\n{A_TEST}", "tests/unit/test_a.py"),
        (f"@MARK(7)\n{A_TEST}", "tests/unit/crashes.py"),
    ],
)
def test_a_mark_on_what_is_no_test_of_the_suite_proves_nothing(source: str, path: str) -> None:
    assert [(row, is_run) for row, _, is_run in read(source, path)] == [(7, False)]
