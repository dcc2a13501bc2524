"""Each code of a decision, one at a time, read as its sentence by a reader whom it is for."""

import pytest

from functions.domain.wording.codes import INFO_NEEDED, LEAD_ROLES, REASONS, SUPPORT
from functions.domain.wording.message import compose
from schemas.codes import AgencyType, InfoNeeded, LeadRole, Level, NextStep, Outcome, ReasonCode, SupportCode
from tests.notices import a_notice, a_revised_notice, pins, revised_pins

FILED_BY = {NextStep.HIDE_ONLINE: AgencyType.GP, NextStep.NOT_ON_PORTAL: AgencyType.SCHOOL}
BEGINS = {
    NextStep.YOU_LEAD: "Your agency leads the response.",
    NextStep.OTHER_LEADS: "One agency leads the response.",
    NextStep.SEND_INFO: "Send us the information",
    NextStep.EARLY_HELP_CONTACT: "The early help team will contact the family",
    NextStep.HIDE_ONLINE: "If you file this in a patient record",
    NextStep.NOT_ON_PORTAL: "Do not file this where a parent portal",
    NextStep.CONTACT_WITHIN_1_WORKING_DAY: "A social worker will contact you",
    NextStep.REPORT_OR_CONFERENCE: "We may ask you for a report",
    NextStep.STRATEGY_MEETING_JOIN: "We are arranging a strategy meeting.",
    NextStep.DO_NOT_TELL_FAMILY: "Do not tell the family",
    NextStep.TELL_US_CHANGES: "Tell us straight away",
    NextStep.MAY_JOIN_SUPPORT_MEETING: "They may ask you to join",
    NextStep.KEEP_WORKING: "Keep working with the family",
    NextStep.REFER_AGAIN: "Refer again if you have new concerns",
    NextStep.SHOW_COLLEAGUES: "Make sure colleagues who saw the earlier message",
    NextStep.NOTHING_MORE: "You do not need to reply.",
    NextStep.KEEP_RECORDS: "Keep your records in line",
}


@pytest.mark.parametrize("reason", ReasonCode)
def test_a_reason_is_read_in_its_words_by_a_referrer_told_before(reason: ReasonCode) -> None:
    notice = a_revised_notice(outcome=Outcome.NFA, reason_codes=(reason,))
    assert compose(notice, revised_pins()).why == (REASONS[reason],)


@pytest.mark.parametrize("code", SupportCode)
def test_a_service_is_offered_by_its_name_to_a_statutory_referrer(code: SupportCode) -> None:
    first, *_ = compose(a_notice(outcome=Outcome.NFA, support_codes=(code,)), pins()).support
    assert first == f"{SUPPORT[code]}."


@pytest.mark.parametrize("step", NextStep)
def test_a_step_is_asked_once_of_whoever_it_is_for(step: NextStep) -> None:
    """The police lead where they are named, an earlier message's reader shows colleagues, and so on."""
    notice = a_revised_notice(
        outcome=Outcome.S17,
        next_step_codes=(step,),
        lead_role=None,
        leading_agency_id="north-police" if step is NextStep.YOU_LEAD else None,
    )
    reader = revised_pins(agency_type=FILED_BY.get(step, AgencyType.POLICE), level=Level.OUTCOME)
    steps = compose(notice, reader).next_steps
    assert len([said for said in steps if said.startswith(BEGINS[step])]) == 1


@pytest.mark.parametrize("code", sorted(set(InfoNeeded) - {InfoNeeded.GOOD_QUALITY}))
def test_what_is_needed_is_asked_for_in_its_words(code: InfoNeeded) -> None:
    notice = a_notice(outcome=Outcome.INF, info_needed_codes=(code,))
    assert compose(notice, pins()).needed == (INFO_NEEDED[code],)


@pytest.mark.parametrize("role", LeadRole)
def test_who_leads_is_named_by_role_and_team_to_a_statutory_partner(role: LeadRole) -> None:
    said = compose(a_notice(outcome=Outcome.S17, lead_role=role), pins()).paragraphs
    contact = f"The lead contact is the {LEAD_ROLES[role]}, Assessment Team 2."
    assert [line for line in said if contact in line]
