"""From whom a decision is withheld, by the word that the child keeps of it."""

import pytest

from functions.domain.withholding import EVERYBODY, withheld_as

SCHOOL = {"hill-school": "WITHHELD_DETRIMENT"}


@pytest.mark.parametrize(
    ("withheld", "line", "agency_id", "expected"),
    [
        ({}, None, "hill-school", None),
        (SCHOOL, None, "hill-school", "WITHHELD_DETRIMENT"),
        (SCHOOL, None, "hill-nurse", None),
        (SCHOOL, "PLAN", "hill-school", None),
        ({EVERYBODY: "WITHHELD_NOT_FACILITATIVE"}, None, "hill-nurse", "WITHHELD_NOT_FACILITATIVE"),
        ({**SCHOOL, EVERYBODY: "WITHHELD_NOT_FACILITATIVE"}, None, "hill-school", "WITHHELD_DETRIMENT"),
    ],
)
def test_a_decision_is_withheld_from_one_agency_or_from_all(
    withheld: dict[str, str], line: str | None, agency_id: str, expected: str | None
) -> None:
    assert withheld_as({"withheld": withheld}, line, agency_id) == expected
    assert withheld_as({}, line, agency_id) is None
