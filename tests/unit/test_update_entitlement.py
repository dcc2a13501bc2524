"""How much of an update an agency may be told."""

import pytest

from functions.domain.entitlement import Entitlement
from functions.domain.series import UNTIL_DECIDED
from functions.domain.updates import before_the_decision, beside_the_decision, of_no_outcome
from schemas.codes import AgencyType, Level, NoticeReason, Series
from schemas.entitlement import PUBLIC

OF_THE_PLAN = {Series.PLAN, Series.STALE_PLAN}
AFTER = sorted(set(Series) - UNTIL_DECIDED)


@pytest.mark.parametrize("agency_type", PUBLIC)
def test_no_machine_tells_the_public_anything(agency_type: AgencyType) -> None:
    assert before_the_decision(agency_type, mailbox_managed=True) == Entitlement(Level.NOTHING)
    assert of_no_outcome(agency_type, Entitlement(Level.PLAN)) == Entitlement(Level.NOTHING)


@pytest.mark.parametrize("agency_type", sorted(set(AgencyType) - PUBLIC))
@pytest.mark.parametrize("level", Level)
def test_what_says_nothing_of_the_child_is_for_everybody_else_as_brief_of_the_form_as_the_decision(
    agency_type: AgencyType, level: Level
) -> None:
    told = of_no_outcome(agency_type, Entitlement(level))
    in_brief = Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)
    assert told == (Entitlement(Level.OUTCOME) if level > Level.NOTICE else in_brief)


@pytest.mark.parametrize("reason", NoticeReason)
def test_it_keeps_the_reason_why_the_decision_was_a_notice(reason: NoticeReason) -> None:
    noticed = Entitlement(Level.NOTICE, reason)
    assert of_no_outcome(AgencyType.POLICE, noticed) == noticed


def test_before_the_decision_a_mailbox_must_be_one_that_may_hear_of_a_referral() -> None:
    asked = before_the_decision(AgencyType.SCHOOL, mailbox_managed=True)
    noticed = before_the_decision(AgencyType.SCHOOL, mailbox_managed=False)
    assert asked == Entitlement(Level.OUTCOME)
    assert noticed == Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)


@pytest.mark.parametrize("managed", [True, False])
def test_a_childminder_is_asked_by_phone_alone(*, managed: bool) -> None:
    told = before_the_decision(AgencyType.CHILDMINDER, mailbox_managed=managed)
    assert told == Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)


@pytest.mark.parametrize("series", AFTER)
@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("reason", [None, *NoticeReason])
def test_an_update_never_tells_more_than_the_decision_did(
    series: Series, level: Level, reason: NoticeReason | None
) -> None:
    told = beside_the_decision(series, Entitlement(level, reason))
    assert told.level <= level
    assert (told.level is Level.NOTHING) is (level is Level.NOTHING)


@pytest.mark.parametrize("series", AFTER)
def test_a_fixed_sentence_is_followed_by_notices_alone(series: Series) -> None:
    assert beside_the_decision(series, Entitlement(Level.NOTICE)) == Entitlement(
        Level.NOTICE, NoticeReason.PHONE_ONLY
    )


@pytest.mark.parametrize("reason", NoticeReason)
def test_a_notice_keeps_the_reason_why_it_is_one(reason: NoticeReason) -> None:
    told = beside_the_decision(Series.ENQUIRY, Entitlement(Level.NOTICE, reason))
    assert told == Entitlement(Level.NOTICE, reason)


@pytest.mark.parametrize("series", AFTER)
def test_only_statutory_partners_read_a_plans_status(series: Series) -> None:
    told = beside_the_decision(series, Entitlement(Level.OUTCOME))
    assert (told == Entitlement(Level.OUTCOME)) is (series not in OF_THE_PLAN)
    assert beside_the_decision(series, Entitlement(Level.PLAN)) == Entitlement(Level.PLAN)
