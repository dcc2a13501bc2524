"""What a decision leads to: an enquiry ends, a conference is held, an assessment is complete; or nobody says
so."""

from collections.abc import Mapping
from datetime import datetime

from schemas.codes import Outcome, PlanStatus, S47Result
from tests.simulation.year.contacts import Child
from tests.simulation.year.lives import Life, text
from tests.simulation.year.stages.decision import S47

ASSESSED = S47 | {Outcome.S17, Outcome.STR, Outcome.EMP, Outcome.ACC}
_WHEN: Mapping[str, float] = {"in time": 86, "late": 9, "never": 5}
"""Milestones are told in time, late, or by a silence."""
_RESULTS: Mapping[S47Result, float] = {
    S47Result.ICPC: 40,
    S47Result.S17_SERVICES: 35,
    S47Result.ASSESSMENT_CONTINUES: 10,
    S47Result.NO_FURTHER_ACTION: 12,
    S47Result.LEGAL_ACTION: 3,
}
_AFTER_AN_ASSESSMENT: Mapping[PlanStatus, float] = {
    PlanStatus.NONE: 55,
    PlanStatus.CIN_PLAN: 40,
    PlanStatus.EARLY_HELP_FAMILY_HELP: 5,
}
_AFTER_A_CONFERENCE: Mapping[PlanStatus, float] = {PlanStatus.CP_PLAN: 85, PlanStatus.CIN_PLAN: 15}


def followed(life: Life) -> None:
    """Each decided child's, as its newest decision needs them."""
    for child in life.contact.children:
        if child.decided is None:
            continue
        plan = child.decided.plan
        if S47 & set(child.decided.outcomes):
            plan = _enquiry(life, child, child.decided.at) or plan
        if ASSESSED & set(child.decided.outcomes):
            plan = _assessment(life, child, child.decided.at, plan)
        child.plan = plan


def _enquiry(life: Life, child: Child, since: datetime) -> PlanStatus | None:
    """The enquiry's end, and where there is one the conference; the plan that that led to."""
    draws = life.draws
    if draws.share(0.04):
        return None
    at, result = draws.days_later(since, 4, 13), draws.weighted(_RESULTS)
    life.happens(at, "MILESTONE_S47_OUTCOME", child_index=child.index, ended_at=text(at), result=result.value)
    when = draws.weighted(_WHEN)
    if result is not S47Result.ICPC or when == "never":
        return None
    held_at = draws.days_later(since, 14, 14) if when == "in time" else draws.days_later(since, 17, 24)
    plan = draws.weighted(_AFTER_A_CONFERENCE)
    life.happens(
        held_at,
        "MILESTONE_ICPC_OUTCOME",
        child_index=child.index,
        held_at=text(held_at),
        plan_status=plan.value,
    )
    child.plan_since = held_at
    return plan


def _assessment(life: Life, child: Child, since: datetime, plan: PlanStatus) -> PlanStatus:
    when = life.draws.weighted(_WHEN)
    if when == "never":
        return plan
    at = life.draws.days_later(since, *((8, 41) if when == "in time" else (47, 60)))
    led_to = plan if plan is PlanStatus.CP_PLAN else life.draws.weighted(_AFTER_AN_ASSESSMENT)
    life.happens(
        at,
        "MILESTONE_ASSESSMENT_COMPLETE",
        child_index=child.index,
        completed_at=text(at),
        plan_status=led_to.value,
    )
    child.plan_since = max(at, child.plan_since or at)
    return led_to
