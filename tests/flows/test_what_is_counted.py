"""What the figures are counted by stands in each decision's row as codes: rows alone are reckoned with."""

from typing import Any

import pytest

from schemas.codes import AgencyType, Channel, InfoNeeded, PoliceNextStep, RiskAssessmentMode
from tests.world import Wire, World, a_decision, a_registry, a_revision, an_agency

COUNTED = (
    "referrer",
    "source_code",
    "unborn",
    "risk_assessment_mode",
    "police_recommended_next_step",
    "recommendation_followed",
    "divergence_reason",
    "info_needed_codes",
)


def counted(world: World) -> dict[str, Any]:
    """What the newest decision's row says; what it does not say is none."""
    row = [row for row in world.rows() if row["type"] == "DECISION"][-1]
    return {name: row.get(name) for name in COUNTED}


def test_the_worked_example_is_counted_by_what_it_says(world: World) -> None:
    world.take(a_decision())
    assert counted(world) == {
        "referrer": "north-police",
        "source_code": "6",
        "unborn": False,
        "risk_assessment_mode": "JOINT",
        "police_recommended_next_step": "JOINT_INVESTIGATION",
        "recommendation_followed": True,
        "divergence_reason": None,
        "info_needed_codes": [],
    }


def test_everything_that_can_be_said_is_in_the_row(world: World) -> None:
    said: Wire = {
        "source_code": "7",
        "unborn": True,
        "risk_assessment_mode": "SOCIAL_CARE_ONLY",
        "police_recommended_next_step": "STRATEGY_MEETING",
        "recommendation_followed": False,
        "divergence_reason": "THRESHOLD_NOT_MET",
        "info_needed_codes": ["OFFENDING_HISTORY", "LINK_TO_CHILD"],
    }
    world.take(a_decision(primary_outcome="S17", **said))
    assert counted(world) == {**said, "referrer": "north-police"}


@pytest.mark.parametrize("mode", RiskAssessmentMode)
def test_whether_risk_was_assessed_jointly_is_in_the_row_of_each_version(
    world: World, mode: RiskAssessmentMode
) -> None:
    world.take(a_decision(risk_assessment_mode=mode.value))
    assert counted(world)["risk_assessment_mode"] == mode
    other = next(one for one in RiskAssessmentMode if one is not mode)
    world.take(a_revision(risk_assessment_mode=other.value))
    assert counted(world)["risk_assessment_mode"] == other


@pytest.mark.parametrize("step", PoliceNextStep)
def test_every_recommendation_is_in_the_row(world: World, step: PoliceNextStep) -> None:
    world.take(a_decision(police_recommended_next_step=step.value, recommendation_followed=None))
    assert counted(world)["police_recommended_next_step"] == step
    assert "recommendation_followed" not in world.rows()[0]


def test_a_referrer_is_counted_by_the_name_it_has_in_the_registry(world: World) -> None:
    probation = an_agency("north-probation", AgencyType.PROBATION, Channel.EMAIL, aliases=("nps",))
    usual = a_registry()
    world.apply(usual.model_copy(update={"agency": (usual.agency[0], probation)}))
    world.take(a_decision(referring_agency={"agency_id": "nps", "own_ref": "PR-1"}, involved_agencies=[]))
    assert counted(world)["referrer"] == "north-probation"


def test_a_referrer_of_the_public_has_a_source_code_and_no_name(world: World) -> None:
    world.take(a_decision(referring_agency=None, source_code="1A"))
    assert (counted(world)["referrer"], counted(world)["source_code"]) == (None, "1A")


@pytest.mark.parametrize("code", InfoNeeded)
def test_every_mark_of_a_referrals_quality_is_in_the_row(world: World, code: InfoNeeded) -> None:
    world.take(a_decision(info_needed_codes=[code.value]))
    assert counted(world)["info_needed_codes"] == [code]
