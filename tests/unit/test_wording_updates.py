"""What is told after a decision, in words: each result and plan status, to each sort of reader, easy to
read."""

from itertools import product
from typing import Any, Final

import pytest

from functions.domain.wording import UPDATE_TEMPLATE_VERSION, template_version
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.message import Message, compose
from functions.domain.wording.police_form import SENTENCES
from functions.domain.wording.updates import MESSAGE_TYPES
from functions.domain.wording.updates.after_decision import NO_FINDING
from functions.domain.wording.updates.milestones import ENQUIRY_RESULTS
from functions.domain.wording.updates.names import SUBJECTS, numbered
from schemas.codes import (
    AgencyType,
    LeadRole,
    Level,
    MessageType,
    NextStep,
    NoticeReason,
    PlanStatus,
    RaStatus,
    Role,
    S47Result,
    Series,
)
from schemas.notice import FrozenLabels, FrozenUpdate, Pins
from tests.notices import a_duplicate, a_hub_contact, a_police_check, an_update, update_pins
from tests.unit.test_wording import prose, reading_grade
from tests.unit.test_wording_readability import FLOOR, MOST_WORDS, body, reading_ease, sentences_of

SERIES: Final = {
    Series.ASSESSMENT: MessageType.MILESTONE_UPDATE,
    Series.ENQUIRY: MessageType.MILESTONE_UPDATE,
    Series.CONFERENCE: MessageType.MILESTONE_UPDATE,
    Series.TRANSFER: MessageType.MILESTONE_UPDATE,
    Series.PLAN: MessageType.PLAN_STATUS_UPDATE,
    Series.POLICE_CASE: MessageType.POLICE_INVESTIGATION_UPDATE,
    Series.CLOSED: MessageType.CASE_CLOSED_UPDATE,
}
SAY_THE_PLAN: Final = (Series.ASSESSMENT, Series.CONFERENCE, Series.PLAN)
STATUSES: Final = {
    PlanStatus.NONE: "There is no plan now.",
    PlanStatus.EARLY_HELP_FAMILY_HELP: "The plan now: early help or Family Help.",
    PlanStatus.CIN_PLAN: "The plan now: child in need plan.",
    PlanStatus.CP_ENQUIRY: "The status now: child protection enquiry.",
    PlanStatus.CP_PLAN: "The plan now: child protection plan.",
    PlanStatus.LOOKED_AFTER: "The status now: looked after child.",
    PlanStatus.PRE_PROCEEDINGS: "The status now: pre-proceedings.",
    PlanStatus.NOT_DISCLOSED: "We do not say in this message if there is a plan.",
}
CONTACT: Final = (
    "The lead contact is the lead child protection practitioner, Assessment Team 2."
    " To reach them, call us on 01632 960 100."
)
NOTICE: Final[dict[str, Any]] = {"level": Level.NOTICE, "notice_reason": NoticeReason.PHONE_ONLY}
INVOLVED: Final = "We are telling you because your agency is involved."


def variants(series: Series) -> list[dict[str, Any]]:
    """What the series can say."""
    if series is Series.ENQUIRY:
        return [{"enquiry_result": result} for result in S47Result]
    if series in SAY_THE_PLAN:
        return [{"plan_status": status} for status in PlanStatus]
    return [{}]


def readers(series: Series) -> list[Pins]:
    """Each sort of reader whom the series reaches, told of their own referral or of one like theirs."""
    levels = {
        AgencyType.POLICE: (Level.NOTICE, Level.PLAN),
        AgencyType.PROBATION: (Level.NOTICE, Level.PLAN),
        AgencyType.GP: (Level.NOTICE, Level.OUTCOME),
        AgencyType.SCHOOL: (Level.NOTICE, Level.OUTCOME),
    }
    found = []
    for agency_type, role, duplicate in product(levels, Role, (None, a_duplicate())):
        for level in levels[agency_type]:
            if series is Series.PLAN and level is Level.OUTCOME:
                continue  # a notice is all that those have
            who = NOTICE if level is Level.NOTICE else {"level": level}
            found.append(update_pins(series, agency_type=agency_type, role=role, duplicate=duplicate, **who))
    return found


def messages(series: Series) -> list[tuple[FrozenUpdate, Pins]]:
    """Everything that the series can say to anybody, with each answer of the police check."""
    return [
        (an_update(series, facts=facts, police_form=a_police_check(status)), reader)
        for facts, reader, status in product(variants(series), readers(series), RaStatus)
    ]


def said(series: Series, *, level: Level = Level.PLAN, role: Role = Role.REFERRER, **facts: Any) -> Message:
    return compose(an_update(series, facts=facts), update_pins(series, level=level, role=role))


@pytest.mark.parametrize("series", SERIES)
def test_every_update_is_of_its_message_type_and_carries_the_police_sentence(series: Series) -> None:
    assert MESSAGE_TYPES[series] is SERIES[series]
    for update, reader in messages(series):
        sentence = compose(update, reader).police_form.sentence
        assert sentence == SENTENCES[update.police_form.status]


@pytest.mark.parametrize("series", SERIES)
def test_every_update_reads_as_easily_as_the_drafts(series: Series) -> None:
    """The draft that was agreed may be as hard as it is, where the police's exact words shorten it."""
    for update, reader in messages(series):
        is_agreed = update.facts.enquiry_result is S47Result.S17_SERVICES and reader.role is Role.REFERRER
        text = body(compose(update, reader))
        assert is_agreed or reading_ease(text) >= FLOOR[update.police_form.status], text


@pytest.mark.parametrize("series", SERIES)
def test_every_update_reads_at_grade_six_or_under_and_has_no_long_sentence(series: Series) -> None:
    for update, reader in messages(series):
        message = compose(update, reader)
        assert reading_grade(prose(message)) <= 6, message
        assert max(len(sentence.split()) for sentence in sentences_of(body(message))) <= MOST_WORDS


@pytest.mark.parametrize("series", SERIES)
def test_a_subject_says_that_there_is_an_update_and_not_of_what(series: Series) -> None:
    for update, reader in messages(series):
        suffix = f"update on {'your' if reader.role is Role.REFERRER else 'a'} referral"
        assert compose(update, reader).subject.partition(" - ")[2] == suffix


@pytest.mark.parametrize("series", SERIES)
def test_a_notice_reads_the_same_whatever_happened(series: Series) -> None:
    for role in Role:
        seen = {
            compose(an_update(series, facts=facts), update_pins(Series.ENQUIRY, role=role, **NOTICE))
            for facts in variants(series)
        }
        assert seen == {compose(an_update(Series.ENQUIRY), update_pins(Series.ENQUIRY, role=role, **NOTICE))}


@pytest.mark.parametrize("result", S47Result)
def test_each_result_of_an_enquiry_is_said_in_its_words(result: S47Result) -> None:
    message = said(Series.ENQUIRY, level=Level.OUTCOME, enquiry_result=result)
    assert message.heading == "The section 47 enquiry has ended"
    assert message.paragraphs == (
        "The section 47 enquiry that followed your referral ended on 14 December 2026.",
    )
    assert message.why == (ENQUIRY_RESULTS[result],)


def test_each_result_has_words_of_its_own() -> None:
    assert set(ENQUIRY_RESULTS) == set(S47Result)
    assert len(set(ENQUIRY_RESULTS.values())) == len(S47Result)


def test_no_further_action_after_an_enquiry_reassures_nobody() -> None:
    assert NO_FINDING in ENQUIRY_RESULTS[S47Result.NO_FURTHER_ACTION]
    assert "on the information available" in ENQUIRY_RESULTS[S47Result.NO_FURTHER_ACTION]


def test_a_conference_asks_for_a_report_and_legal_action_is_kept_from_the_family() -> None:
    conference = said(Series.ENQUIRY, enquiry_result=S47Result.ICPC).next_steps
    legal = said(Series.ENQUIRY, enquiry_result=S47Result.LEGAL_ACTION).next_steps
    assert conference[0] == NEXT_STEPS[NextStep.REPORT_OR_CONFERENCE]
    assert legal[0] == "Do not tell the family about it unless we have agreed that with you."
    assert NEXT_STEPS[NextStep.NOTHING_MORE] not in {*conference, *legal}


@pytest.mark.parametrize("status", PlanStatus)
@pytest.mark.parametrize("series", [Series.ASSESSMENT, Series.CONFERENCE])
def test_what_a_milestone_led_to_is_read_by_those_who_read_plans(series: Series, status: PlanStatus) -> None:
    _, *led_to = said(series, plan_status=status).paragraphs
    assert led_to == [STATUSES[status], *([NO_FINDING] if status is PlanStatus.NONE else [])]
    below = said(series, level=Level.OUTCOME, plan_status=status)
    assert len(below.paragraphs) == 1
    assert below.next_steps[0] == "To hear what it led to, call the duty manager on 01632 960 100."
    assert below == said(series, level=Level.OUTCOME)


@pytest.mark.parametrize("status", PlanStatus)
def test_a_change_of_plan_says_its_status_and_its_lead_contact(status: PlanStatus) -> None:
    message = said(Series.PLAN, plan_status=status)
    changed, plan, *rest = message.paragraphs
    assert changed == "The plan status or lead contact linked to your referral changed on 14 December 2026."
    assert plan == f"{STATUSES[status]} {CONTACT}"
    assert rest == ([NO_FINDING] if status is PlanStatus.NONE else [])
    assert (NEXT_STEPS[NextStep.REFER_AGAIN] in message.next_steps) == (status is PlanStatus.NONE)


def test_a_plan_without_a_named_lead_names_the_duty_manager() -> None:
    update = an_update(Series.PLAN, facts={"lead_role": None}, labels=FrozenLabels())
    _, plan = compose(update, update_pins(Series.PLAN)).paragraphs
    assert "The lead contact is the duty manager." in plan


@pytest.mark.parametrize("role", LeadRole)
def test_each_role_can_be_named_as_the_lead(role: LeadRole) -> None:
    _, plan = said(Series.PLAN, lead_role=role).paragraphs
    assert plan.count("The lead contact is the ") == 1


def test_that_an_investigation_has_ended_says_nothing_of_how() -> None:
    message = said(Series.POLICE_CASE)
    told = prose(message).lower()
    assert message.heading == "A police investigation has ended"
    assert "A police investigation linked to your referral ended on 14 December 2026." in message.paragraphs
    assert not [word for word in ("charge", "no further action", "court", "arrest") if word in told]
    assert "It does not mean that the risk is low." in message.paragraphs[1]
    assert "Leave it to the police to tell the family." in message.next_steps


def test_a_closed_case_is_no_finding_and_its_plan_has_ended_for_those_who_read_plans() -> None:
    opening = "We closed the case that followed your referral on 14 December 2026."
    assert said(Series.CLOSED).paragraphs == (opening, STATUSES[PlanStatus.NONE], NO_FINDING)
    assert said(Series.CLOSED, level=Level.OUTCOME).paragraphs == (opening, NO_FINDING)
    assert NEXT_STEPS[NextStep.REFER_AGAIN] in said(Series.CLOSED).next_steps


def test_a_transfer_names_the_council_by_the_hubs_own_words_and_no_other() -> None:
    listed, unlisted = (
        compose(an_update(Series.TRANSFER, labels=labels), update_pins(Series.TRANSFER))
        for labels in (FrozenLabels(receiving_la="Southshire Council."), FrozenLabels())
    )
    assert listed.paragraphs[0] == (
        "Southshire Council accepted the transfer of your referral on 14 December 2026."
    )
    assert unlisted.paragraphs[0].startswith("The other council accepted the transfer of your referral")
    assert listed.next_steps[0].startswith("If you have new concerns, tell Southshire Council.")
    assert "SOUTHSHIRE" not in prose(unlisted)


@pytest.mark.parametrize("series", SERIES)
def test_an_agency_that_is_involved_reads_why_it_is_told_and_of_nobodys_referral(series: Series) -> None:
    message = said(series, role=Role.INVOLVED)
    assert message.paragraphs[0].startswith(f"{INVOLVED} ")
    assert message.paragraphs[0].endswith(" on 14 December 2026.")
    assert "your referral" not in prose(message)


@pytest.mark.parametrize("series", SERIES)
def test_every_update_names_the_way_to_disagree(series: Series) -> None:
    contact = a_hub_contact(duty_phone="01632 960 111")
    message = compose(an_update(series, contact=contact), update_pins(series))
    assert message.disagree is not None
    assert "01632 960 111" in message.contact


@pytest.mark.parametrize("series", Series)
def test_a_message_beside_decisions_is_of_a_template_of_its_own_and_named_by_its_subject(
    series: Series,
) -> None:
    assert template_version(series) == UPDATE_TEMPLATE_VERSION != template_version(None)
    assert numbered(series, 2) == f"about {SUBJECTS[series]}, number 2"
    assert numbered(None, 2) == "version 2"


def test_no_two_series_have_one_subject() -> None:
    assert len(set(SUBJECTS.values())) == len(SUBJECTS) == len(Series)
