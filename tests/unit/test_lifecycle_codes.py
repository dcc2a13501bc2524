"""The closed vocabularies of the lifecycle events: every code of a list, and none beside it."""

import pytest

from functions.domain.refusals import Refusal
from schemas.codes import RefusalReason
from tests.lifecycle_events import an_event, read, refused

CODES: list[tuple[str, str, set[str]]] = [
    (
        "milestone-s47-outcome",
        "result",
        {
            "ICPC",
            "S17_SERVICES",
            "ASSESSMENT_CONTINUES",
            "OTHER_AGENCY_MONITORS",
            "LEGAL_ACTION",
            "SHORT_BREAK",
            "NO_FURTHER_ACTION",
            "OTHER",
        },
    ),
    (
        "police-investigation-status-changed",
        "status",
        {"OPEN", "CLOSED_CHARGED", "CLOSED_NO_FURTHER_ACTION", "CLOSED_OTHER"},
    ),
    ("challenge-resolved", "result", {"UPHELD", "REVISED", "WITHDRAWN", "NOT_UPHELD"}),
    ("withheld", "disclosure", {"PARTIAL", "WITHHELD_DETRIMENT", "WITHHELD_NOT_FACILITATIVE"}),
    ("probation-enquiry", "answer", {"KNOWN_CALL_US", "NOTHING_TO_SHARE"}),
]


@pytest.mark.parametrize(("name", "field", "codes"), CODES, ids=[f"{one[0]} {one[1]}" for one in CODES])
def test_each_code_of_the_list_is_read(name: str, field: str, codes: set[str]) -> None:
    assert {getattr(read(name, an_event(name, **{field: code})), field).value for code in codes} == codes


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("acknowledged", "rag"),
        ("milestone-assessment-complete", "plan_status"),
        ("milestone-s47-outcome", "result"),
        ("milestone-icpc-outcome", "plan_status"),
        ("plan-status-changed", "plan_status"),
        ("plan-status-changed", "lead_role"),
        ("police-investigation-status-changed", "status"),
        ("ra-status-changed", "statement"),
        ("challenge-resolved", "result"),
        ("released", "reason"),
        ("released", "released_by"),
        ("withheld", "disclosure"),
        ("withheld", "decided_by"),
        ("phone-confirmed", "reader_role"),
        ("probation-enquiry", "answer"),
    ],
)
@pytest.mark.parametrize("code", ["BECAUSE", "", "no_further_action", 1])
def test_a_code_that_no_list_has_is_refused(name: str, field: str, code: object) -> None:
    assert refused(name, an_event(name, **{field: code})) == Refusal(field, RefusalReason.UNKNOWN_CODE)
