"""What the figures are counted by stands in each decision's row as codes: rows alone are reckoned with."""

from typing import Any

import pytest

from functions.adapters.ledger.keys import DeliveryKey
from functions.flows.planning.notices import opened
from schemas.codes import AgencyType, Channel, InfoNeeded, PoliceNextStep, ReasonCode, RiskAssessmentMode
from tests.world import BOTH, Wire, World, a_decision, a_registry, a_revision, an_agency

COUNTED = (
    "referrer",
    "source_code",
    "unborn",
    "risk_assessment_mode",
    "recommendation_given",
    "recommendation_followed",
    "divergence_reason",
    "info_needed_codes",
    "reason_left_to_team",
)
DECIDED = DeliveryKey("NS-26-7KQ4ZP", 1, 1, "", Channel.EMAIL)


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
        "recommendation_given": True,
        "recommendation_followed": True,
        "divergence_reason": None,
        "info_needed_codes": [],
        "reason_left_to_team": None,
    }


def test_everything_that_can_be_said_is_in_the_row(world: World) -> None:
    said: Wire = {
        "source_code": "7",
        "unborn": True,
        "risk_assessment_mode": "SOCIAL_CARE_ONLY",
        "recommendation_followed": False,
        "divergence_reason": "THRESHOLD_NOT_MET",
        "info_needed_codes": ["OFFENDING_HISTORY", "LINK_TO_CHILD"],
    }
    left = {"reason_codes": ["HISTORIC", "OTHER_SEE_TEAM"]}
    step = {"police_recommended_next_step": "STRATEGY_MEETING"}
    world.take(a_decision(primary_outcome="S17", **step, **left, **said))
    assert counted(world) == {
        **said,
        "referrer": "north-police",
        "recommendation_given": True,
        "reason_left_to_team": True,
    }


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
def test_that_something_was_recommended_is_in_the_row_and_what_it_was_is_sealed(
    world: World, step: PoliceNextStep
) -> None:
    world.take(a_decision(police_recommended_next_step=step.value, recommendation_followed=None))
    assert counted(world)["recommendation_given"] is True
    assert "recommendation_followed" not in world.rows()[0]
    assert step not in str([{**row, "divergences": None} for row in world.rows()])
    known = world.intake_desk.intake.referral("NS-26-7KQ4ZP")
    notice = opened(known, DECIDED.notice_sk, world.intake_desk.key_for(known.pk)[0])
    assert notice is not None
    assert notice.police_recommended_next_step is step


@pytest.mark.parametrize("reason", ReasonCode)
def test_whether_a_reason_is_to_be_rung_for_is_in_the_row_and_which_others_there_are_is_sealed(
    world: World, reason: ReasonCode
) -> None:
    world.take(a_decision(primary_outcome="NFA", strategy_discussion_at=None, reason_codes=[reason.value]))
    left = True if reason is ReasonCode.OTHER_SEE_TEAM else None
    assert counted(world)["reason_left_to_team"] is left
    assert reason not in str(world.rows())


@pytest.mark.parametrize("step", PoliceNextStep)
def test_what_the_police_recommend_is_told_to_nobody(world: World, step: PoliceNextStep) -> None:
    probation = an_agency("north-probation", AgencyType.PROBATION, *BOTH)
    world.apply(a_registry().model_copy(update={"agency": (a_registry().agency[0], probation)}))
    world.take(a_decision(police_recommended_next_step=step.value))
    assert world.send_due() == 3
    sent = [body.decode() for door in world.doors.values() for _, body in door.sent]
    assert [one for one in sent if f'"{step}"' in one or "recommend" in one] == []


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
