"""How much of an update an agency may have: as of its decision, less of a plan, and a notice of its own
plan."""

import pytest

from functions.domain.entitlement import Entitlement
from functions.domain.plans import is_live
from functions.domain.release import told_together
from functions.domain.series import moment_of, newest_in
from functions.domain.updates import beside_the_decision
from schemas.codes import Level, NoticeReason, Outcome, PlanStatus, Series

NOTICE = Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)
TO_ALL_IN_THE_PLAN = (Series.PLAN, Series.POLICE_CASE, Series.CLOSED)
MILESTONES = (Series.ASSESSMENT, Series.ENQUIRY, Series.CONFERENCE, Series.TRANSFER)


@pytest.mark.parametrize("series", [*MILESTONES, Series.POLICE_CASE, Series.CLOSED])
@pytest.mark.parametrize("level", [Level.NOTHING, Level.OUTCOME, Level.PLAN])
def test_an_update_is_told_as_far_as_its_decision(series: Series, level: Level) -> None:
    assert beside_the_decision(series, Entitlement(level)) == Entitlement(level)


@pytest.mark.parametrize(("level", "told"), [(Level.OUTCOME, NOTICE), (Level.PLAN, Entitlement(Level.PLAN))])
def test_of_a_plan_only_those_who_read_plans_read(level: Level, told: Entitlement) -> None:
    assert beside_the_decision(Series.PLAN, Entitlement(level)) == told


@pytest.mark.parametrize("series", [*MILESTONES, *TO_ALL_IN_THE_PLAN])
def test_a_notice_stays_one_and_keeps_its_reason(series: Series) -> None:
    which_child = Entitlement(Level.NOTICE, NoticeReason.WHICH_CHILD)
    assert beside_the_decision(series, which_child) == which_child
    assert beside_the_decision(series, Entitlement(Level.NOTICE)) == NOTICE


@pytest.mark.parametrize("series", [*MILESTONES, *TO_ALL_IN_THE_PLAN])
def test_a_part_in_the_plan_is_a_notice_of_what_changes_around_it(series: Series) -> None:
    nothing = Entitlement(Level.NOTHING)
    told = NOTICE if series in TO_ALL_IN_THE_PLAN else nothing
    assert beside_the_decision(series, nothing, has_a_part=True) == told


@pytest.mark.parametrize("status", PlanStatus)
def test_a_plan_is_live_unless_there_is_none(status: PlanStatus) -> None:
    assert is_live(status) == (status is not PlanStatus.NONE)


@pytest.mark.parametrize(
    ("outcomes", "together"),
    [
        ((Outcome.S47J, Outcome.LAD), (Outcome.S47J,)),
        ((Outcome.LAD, Outcome.S17, Outcome.ACC), (Outcome.S17, Outcome.ACC)),
        ((Outcome.LAD,), (Outcome.LAD,)),
        ((Outcome.EMP, Outcome.S47S), (Outcome.EMP, Outcome.S47S)),
    ],
)
def test_an_allegation_beside_others_is_told_by_itself(
    outcomes: tuple[Outcome, ...], together: tuple[Outcome, ...]
) -> None:
    assert told_together(outcomes) == together


def test_a_child_keeps_a_number_and_a_moment_for_each_series() -> None:
    assert (newest_in(Series.PLAN), moment_of(Series.PLAN)) == ("newest_PLAN", "at_PLAN")
