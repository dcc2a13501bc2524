"""Gaps in a decision: each is named, and a decision without gaps names none."""

from typing import Any

import pytest

from functions.domain.quality import gaps
from schemas.codes import Outcome, QualityFlag
from schemas.decision import Decided
from tests.world import a_decision


def gaps_of(**changes: Any) -> set[QualityFlag]:
    """The flags of a decision that has nothing the outcome could ask for, but what a test gives."""
    bare: dict[str, Any] = {
        "primary_outcome": "S17",
        "reason_codes": (),
        "support_codes": (),
        "strategy_discussion_at": None,
        "response_change": None,
        "receiving_la": None,
    }
    if changes.get("primary_outcome") is Outcome.DUP:
        bare["duplicate_of"] = "NS-26-0RIG1N"
    decision = Decided.model_validate(a_decision(**{**bare, **changes}), strict=False)
    return set(gaps(decision))


# Domain section 2: R = a reason is expected, S = support is expected; and what an outcome carries.
EXPECTED = {
    Outcome.NFA: {QualityFlag.REASON_MISSING, QualityFlag.SUPPORT_MISSING},
    Outcome.ADV: {QualityFlag.REASON_MISSING, QualityFlag.SUPPORT_MISSING},
    Outcome.SAL: {QualityFlag.REASON_MISSING},
    Outcome.EHF: {QualityFlag.REASON_MISSING},
    Outcome.PVF: {QualityFlag.REASON_MISSING},
    Outcome.S47S: {QualityFlag.STRATEGY_DISCUSSION_MISSING},
    Outcome.S47J: {QualityFlag.STRATEGY_DISCUSSION_MISSING},
    Outcome.OPN: {QualityFlag.RESPONSE_CHANGE_MISSING},
    Outcome.TRF: {QualityFlag.RECEIVING_LA_MISSING},
}
FILLED = {
    "reason_codes": ("BELOW_THRESHOLD_L2",),
    "support_codes": ("FAMILY_HUB",),
    "strategy_discussion_at": "2026-11-24T14:30:00Z",
    "response_change": "REVIEW",
    "receiving_la": "WESTSHIRE",
}


@pytest.mark.parametrize("outcome", Outcome)
def test_an_outcomes_gaps_are_those_of_the_domain_and_close_when_filled(outcome: Outcome) -> None:
    assert gaps_of(primary_outcome=outcome) == EXPECTED.get(outcome, set())
    assert gaps_of(primary_outcome=outcome, **FILLED) == set()


def test_an_additional_outcome_asks_for_its_own() -> None:
    assert gaps_of(additional_outcomes=("NFA", "TRF")) == EXPECTED[Outcome.NFA] | EXPECTED[Outcome.TRF]


@pytest.mark.parametrize(
    ("followed", "reason", "flagged"),
    [
        (False, None, True),
        (False, "THRESHOLD_NOT_MET", False),
        (True, None, False),
        (None, None, False),
    ],
)
def test_not_following_the_police_without_saying_why_is_flagged(
    *, followed: bool | None, reason: str | None, flagged: bool
) -> None:
    found = gaps_of(recommendation_followed=followed, divergence_reason=reason)
    assert found == ({QualityFlag.DIVERGENCE_REASON_MISSING} if flagged else set())
