"""What each message says, and to whom: outcomes, levels, roles, the police block, the subject."""

import re
from dataclasses import fields
from datetime import UTC, datetime
from itertools import product
from typing import Final

import pytest
from pydantic import ValidationError

from functions.domain.wording.codes import REASONS
from functions.domain.wording.message import Message, UnknownWordingError, compose
from functions.domain.wording.outcomes import FIXED, KEEP_FROM_FAMILY, LABELS, OutcomeNotHandledError
from functions.domain.wording.police_form import SENTENCES
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from schemas.codes import (
    AgencyType,
    InfoNeeded,
    LeadRole,
    Level,
    NextStep,
    NoticeReason,
    Outcome,
    PlanStatus,
    RaStatus,
    ReasonCode,
    ResponseChange,
    Role,
    SupportCode,
    WatchFor,
)
from schemas.entitlement import STATUTORY_PARTNERS
from schemas.notice import FrozenLabels, FrozenNotice
from schemas.risk_assessment import RaRule
from tests.notices import a_hub_contact, a_notice, a_police_check, pins

TOLD: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.DUP)
TOLD_IN_FULL: Final = tuple(outcome for outcome in TOLD if outcome not in FIXED)
RECIPIENTS: Final = (
    pins(),
    pins(agency_type=AgencyType.PROBATION, role=Role.INVOLVED),
    pins(agency_type=AgencyType.GP, level=Level.OUTCOME),
    pins(agency_type=AgencyType.SCHOOL, level=Level.OUTCOME, role=Role.INVOLVED),
    pins(agency_type=AgencyType.VOLUNTARY, level=Level.OUTCOME, own_ref=None),
    *(pins(level=Level.NOTICE, notice_reason=reason) for reason in NoticeReason),
    pins(level=Level.NOTICE, notice_reason=NoticeReason.WHICH_CHILD, role=Role.INVOLVED),
    pins(level=Level.NOTICE),
)


def prose(message: Message) -> str:
    """Every sentence a reader reads, each with its full stop; references and the marking are not prose."""
    sentences = (
        message.heading,
        *message.paragraphs,
        *message.needed,
        *message.why,
        message.police_form.heading,
        message.police_form.detail or "",
        message.police_form.sentence,
        *message.next_steps,
        *message.support,
        message.contact,
        message.emergency,
        message.disagree,
        *message.footer,
    )
    return " ".join(f"{sentence.rstrip('.:')}." for sentence in sentences if sentence)


def reading_grade(text: str) -> float:
    """The automated readability index: characters per word and words per sentence."""
    words = re.findall(r"[A-Za-z0-9'-]+", text)
    sentences = len(re.findall(r"[.!?](?=\s|$)", text))
    return 4.71 * sum(map(len, words)) / len(words) + 0.5 * len(words) / sentences - 21.43


@pytest.mark.parametrize("outcome", TOLD)
def test_every_message_reads_at_grade_six_or_under(outcome: Outcome) -> None:
    for recipient, status in product(RECIPIENTS, RaStatus):
        message = compose(a_notice(outcome=outcome, police_form=a_police_check(status)), recipient)
        assert reading_grade(prose(message)) <= 6, message


@pytest.mark.parametrize("outcome", TOLD)
def test_every_message_carries_the_police_sentence_of_its_status(outcome: Outcome) -> None:
    for recipient, status in product(RECIPIENTS, RaStatus):
        message = compose(a_notice(outcome=outcome, police_form=a_police_check(status)), recipient)
        assert message.police_form.sentence == SENTENCES[status]


def test_a_message_without_the_police_check_cannot_be_built() -> None:
    message = compose(a_notice(), pins())
    without = {
        field.name: getattr(message, field.name) for field in fields(message) if field.name != "police_form"
    }
    with pytest.raises(TypeError, match="police_form"):
        Message(**without)


def test_a_notice_without_the_police_check_cannot_be_frozen() -> None:
    without = a_notice().model_dump(exclude={"police_form"})
    with pytest.raises(ValidationError, match="police_form"):
        FrozenNotice.model_validate(without)


@pytest.mark.parametrize("outcome", TOLD)
def test_the_subject_is_short_plain_and_gives_nothing_away(outcome: Outcome) -> None:
    for recipient, status in product(RECIPIENTS, RaStatus):
        notice = a_notice(
            outcome=outcome, referral_ref="NS-26-7KQ4ZPABCDEF", police_form=a_police_check(status)
        )
        message = compose(notice, recipient)
        assert message.subject.isascii()
        assert len(message.subject) <= 65
        prefix, suffix = message.subject.split(" - ")
        assert prefix == "OFFICIAL-SENSITIVE: NS-26-7KQ4ZPABCDEF"
        assert suffix in {"outcome of your referral", "outcome of a referral", "there is an outcome"}
        assert message.preheader == "A message about a referral. Open it to read more."


@pytest.mark.parametrize("outcome", TOLD_IN_FULL)
def test_a_notice_reads_the_same_whatever_was_decided(outcome: Outcome) -> None:
    notice_only = pins(level=Level.NOTICE, notice_reason=NoticeReason.PHONE_ONLY)
    assert compose(a_notice(outcome=outcome), notice_only) == compose(a_notice(), notice_only)


@pytest.mark.parametrize(
    ("reason", "because"),
    [
        (NoticeReason.MAILBOX_NOT_MANAGED, "because we cannot be sure your mailbox is secure"),
        (NoticeReason.PHONE_ONLY, "because we share it by phone only"),
        (NoticeReason.WHICH_CHILD, "because we must confirm which child"),
        (None, "because we share it by phone only"),
    ],
)
def test_a_notice_says_why_the_outcome_is_not_in_it(reason: NoticeReason | None, because: str) -> None:
    message = compose(a_notice(), pins(level=Level.NOTICE, notice_reason=reason))
    (said,) = message.paragraphs
    assert said == (
        "We have made a decision about a referral you made to us."
        f" We are not putting it in this email, {because}."
    )


@pytest.mark.parametrize("outcome", sorted(FIXED))
@pytest.mark.parametrize("level", [Level.NOTICE, Level.OUTCOME, Level.PLAN])
def test_emergency_and_lado_say_their_fixed_sentence_and_nothing_else(outcome: Outcome, level: Level) -> None:
    message = compose(
        a_notice(
            outcome=outcome,
            reason_codes=(ReasonCode.HISTORIC,),
            support_codes=(SupportCode.FAMILY_HUB,),
            info_needed_codes=(InfoNeeded.GOOD_QUALITY,),
        ),
        pins(level=level),
    )
    assert message.heading == "There is an outcome for your referral"
    assert message.paragraphs == (FIXED[outcome],)
    assert message.next_steps == (
        "Do not tell the family about this enquiry unless the social worker has agreed it with you.",
    )
    assert (message.why, message.support, message.needed) == ((), (), ())


@pytest.mark.parametrize("outcome", sorted(FIXED))
def test_an_agency_that_may_not_read_the_fixed_sentence_gets_the_notice(outcome: Outcome) -> None:
    notice_only = pins(level=Level.NOTICE, notice_reason=NoticeReason.PHONE_ONLY)
    assert compose(a_notice(outcome=outcome), notice_only) == compose(a_notice(), notice_only)


def test_emergency_protection_speaks_for_the_whole_decision() -> None:
    message = compose(a_notice(additional=(Outcome.EMP,)), pins())
    assert message.paragraphs == (FIXED[Outcome.EMP],)


@pytest.mark.parametrize(
    ("primary", "additional"), [(Outcome.S47J, Outcome.LAD), (Outcome.LAD, Outcome.S47J)]
)
def test_lado_beside_another_outcome_adds_its_sentence_only(primary: Outcome, additional: Outcome) -> None:
    message = compose(a_notice(outcome=primary, additional=(additional,)), pins())
    assert message.heading == "We are starting a section 47 enquiry"
    assert FIXED[Outcome.LAD] in message.paragraphs


@pytest.mark.parametrize("outcome", [outcome for outcome in TOLD_IN_FULL if outcome is not Outcome.S47J])
def test_an_additional_outcome_is_named_too(outcome: Outcome) -> None:
    alone = compose(a_notice(), pins())
    both = compose(a_notice(additional=(outcome,)), pins())
    assert both.heading == alone.heading
    assert any(
        line.startswith("We have also decided: ") for line in set(both.paragraphs) - set(alone.paragraphs)
    )


def test_a_duplicate_has_no_words_of_its_own() -> None:
    with pytest.raises(OutcomeNotHandledError):
        compose(a_notice(outcome=Outcome.DUP), pins())


def test_another_releases_wording_is_refused_not_guessed() -> None:
    with pytest.raises(UnknownWordingError):
        compose(a_notice(labels_version="0"), pins())


def test_every_outcome_has_a_label() -> None:
    assert set(LABELS) == set(Outcome)


@pytest.mark.parametrize("outcome", TOLD)
def test_the_family_is_not_told_of_an_enquiry(outcome: Outcome) -> None:
    warning = "Do not tell the family about this enquiry unless the social worker has agreed it with you."
    steps = compose(a_notice(outcome=outcome), pins(level=Level.OUTCOME)).next_steps
    assert (warning in steps) == (outcome in KEEP_FROM_FAMILY)
    notice_only = pins(level=Level.NOTICE, notice_reason=NoticeReason.PHONE_ONLY)
    assert warning not in compose(a_notice(outcome=outcome), notice_only).next_steps


@pytest.mark.parametrize("level", [Level.NOTICE, Level.OUTCOME])
@pytest.mark.parametrize(
    ("agency_type", "step"),
    [
        (AgencyType.GP, "If you file this in a patient record, hide it from online access first."),
        (AgencyType.MIDWIFERY, "If you file this in a patient record, hide it from online access first."),
        (AgencyType.SCHOOL, "Do not file this where a parent portal shows it."),
        (AgencyType.EARLY_YEARS, "Do not file this where a parent portal shows it."),
    ],
)
def test_where_parents_could_read_it_every_message_says_how_to_file_it(
    agency_type: AgencyType, step: str, level: Level
) -> None:
    assert step in compose(a_notice(), pins(agency_type=agency_type, level=level)).next_steps
    assert step not in compose(a_notice(), pins()).next_steps


def test_a_filing_step_coded_for_all_reaches_only_those_it_is_for() -> None:
    notice = a_notice(next_step_codes=(NextStep.NOT_ON_PORTAL, NextStep.HIDE_ONLINE))
    assert len(compose(notice, pins()).next_steps) == 1  # DO_NOT_TELL_FAMILY


def test_no_step_is_said_twice() -> None:
    notice = a_notice(next_step_codes=(NextStep.DO_NOT_TELL_FAMILY, NextStep.TELL_US_CHANGES))
    assert compose(notice, pins()).next_steps == (
        "Do not tell the family about this enquiry unless the social worker has agreed it with you.",
        "Tell us straight away if anything changes.",
    )


@pytest.mark.parametrize("outcome", TOLD_IN_FULL)
def test_level_three_adds_the_plan_and_who_leads_and_level_two_has_neither(outcome: Outcome) -> None:
    plan = (
        "The status now: child protection enquiry."
        " The lead contact is the duty social worker, Assessment Team 2."
        " To reach them, call us on 01632 960 100."
    )
    assert plan in compose(a_notice(outcome=outcome), pins(level=Level.PLAN)).paragraphs
    below = prose(compose(a_notice(outcome=outcome), pins(level=Level.OUTCOME)))
    assert "The status now" not in below
    assert "Assessment Team 2" not in below


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (PlanStatus.NONE, "There is no plan now."),
        (PlanStatus.NOT_DISCLOSED, "We do not say in this message if there is a plan."),
    ],
)
def test_where_there_is_no_plan_to_tell_a_sentence_says_so(status: PlanStatus, words: str) -> None:
    told = compose(a_notice(plan_status=status), pins())
    assert [line for line in told.paragraphs if line.startswith(f"{words} The lead contact is ")]


@pytest.mark.parametrize("status", sorted(set(PlanStatus) - {PlanStatus.NONE, PlanStatus.NOT_DISCLOSED}))
def test_what_is_not_a_plan_is_not_called_one(status: PlanStatus) -> None:
    called = "status" if status in {"CP_ENQUIRY", "LOOKED_AFTER", "PRE_PROCEEDINGS"} else "plan"
    (line,) = (
        line for line in compose(a_notice(plan_status=status), pins()).paragraphs if "lead contact" in line
    )
    assert line.startswith(f"The {called} now: ")


def test_a_plan_without_a_named_lead_names_the_duty_manager() -> None:
    notice = a_notice(plan_status=PlanStatus.NOT_DISCLOSED, lead_role=None, labels=FrozenLabels())
    assert (
        "We do not say in this message if there is a plan. The lead contact is the duty manager."
        " To reach them, call us on 01632 960 100."
    ) in compose(notice, pins()).paragraphs


def test_the_police_lead_is_offered_to_statutory_partners_and_not_to_the_police() -> None:
    line = "To reach the police lead, call the duty manager on 01632 960 100."
    partner = pins(agency_type=AgencyType.PROBATION)
    school = pins(agency_type=AgencyType.SCHOOL, level=Level.OUTCOME)
    assert line in compose(a_notice(), partner).paragraphs
    assert line not in compose(a_notice(), pins()).paragraphs
    assert line not in compose(a_notice(), school).paragraphs


@pytest.mark.parametrize("agency_type", AgencyType)
def test_only_the_police_read_rules_and_only_partners_the_exact_status(agency_type: AgencyType) -> None:
    check = a_police_check(
        RaStatus.INCORRECT, failed_rules=(RaRule.RA10, RaRule.RA15), advisory_rules=(RaRule.RA14,)
    )
    detail = compose(a_notice(police_form=check), pins(agency_type=agency_type)).police_form.detail
    if agency_type is AgencyType.POLICE:
        expected: str | None = (
            "Police risk-assessment form: INCORRECT. Rules not met: RA10 (neglect questions not answered in"
            " full), RA15 (first action not recorded in full). Quality flags: RA14 (no reason for the risk"
            " grade)."
        )
    elif agency_type in STATUTORY_PARTNERS:
        expected = "Police risk-assessment form: not correctly completed."
    else:
        expected = None
    assert detail == expected


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        (RaStatus.COMPLETE, "COMPLETE. Rules not met: none. Quality flags: none."),
        (RaStatus.ABSENT, "ABSENT."),
        (RaStatus.NOT_REQUIRED, "NOT_REQUIRED."),
        (RaStatus.UNKNOWN, "UNKNOWN."),
    ],
)
def test_the_police_read_of_rules_only_where_a_form_was_judged(status: RaStatus, detail: str) -> None:
    block = compose(a_notice(police_form=a_police_check(status)), pins()).police_form
    assert block.detail == f"Police risk-assessment form: {detail}"


def test_the_heading_names_the_status_only_where_no_detail_follows() -> None:
    absent = a_notice(police_form=a_police_check(RaStatus.ABSENT))
    school = pins(agency_type=AgencyType.SCHOOL, level=Level.OUTCOME)
    assert compose(absent, pins()).police_form.heading == "Police risk-assessment form"
    assert compose(absent, school).police_form.heading == "Police risk-assessment form: not yet complete"


def test_a_notice_drops_the_police_detail_and_keeps_the_sentence() -> None:
    block = compose(a_notice(), pins(level=Level.NOTICE)).police_form
    assert block.detail is None
    assert block.sentence == SENTENCES[RaStatus.COMPLETE]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.NFA, True),
        (Outcome.ADV, True),
        (Outcome.SAL, True),
        (Outcome.EHF, True),
        (Outcome.PVF, True),
        (Outcome.S17, False),
        (Outcome.S47J, False),
    ],
)
def test_a_missing_reason_is_said_to_be_asked_for_where_one_is_expected(
    outcome: Outcome, *, expected: bool
) -> None:
    why = compose(a_notice(outcome=outcome, reason_codes=()), pins()).why
    assert why == (("Call the duty team for the reason.",) if expected else ())


@pytest.mark.parametrize(
    ("primary", "additional", "expected"),
    [
        (Outcome.S17, Outcome.EHF, False),
        (Outcome.EHF, Outcome.S17, True),
        (Outcome.LAD, Outcome.NFA, True),
    ],
)
def test_only_the_main_outcome_asks_for_a_reason(
    primary: Outcome, additional: Outcome, *, expected: bool
) -> None:
    why = compose(a_notice(outcome=primary, additional=(additional,)), pins()).why
    assert why == (("Call the duty team for the reason.",) if expected else ())


@pytest.mark.parametrize(
    "reason",
    [
        ReasonCode.INFO_ONLY_NOTIFICATION,
        ReasonCode.NEED_MET_BY_EXISTING_SERVICE,
        ReasonCode.INSUFFICIENT_INFO_AFTER_CHASE,
    ],
)
def test_a_reason_that_speaks_to_the_referrer_is_for_nobody_else(reason: ReasonCode) -> None:
    involved = pins(role=Role.INVOLVED, level=Level.OUTCOME)
    alone = a_notice(outcome=Outcome.NFA, reason_codes=(reason,))
    beside = a_notice(outcome=Outcome.NFA, reason_codes=(reason, ReasonCode.BELOW_THRESHOLD_L2))
    assert compose(alone, pins()).why == (REASONS[reason],)
    assert compose(alone, involved).why == (REASONS[ReasonCode.OTHER_SEE_TEAM],)
    assert compose(beside, involved).why == (REASONS[ReasonCode.BELOW_THRESHOLD_L2],)
    assert compose(a_notice(reason_codes=(reason,)), involved).why == ()


@pytest.mark.parametrize("outcome", [Outcome.NFA, Outcome.ADV])
@pytest.mark.parametrize("steps", [(), (NextStep.REFER_AGAIN,)])
def test_below_the_threshold_is_no_finding_and_no_end(outcome: Outcome, steps: tuple[NextStep, ...]) -> None:
    said = prose(compose(a_notice(outcome=outcome, next_step_codes=steps), pins()))
    assert "It is not a finding that there is no concern." in said
    assert ("You can refer again" in said) != ("Refer again if you have new concerns" in said)


@pytest.mark.parametrize("steps", [(), (NextStep.STRATEGY_MEETING_JOIN,)])
def test_a_strategy_discussion_says_once_how_to_take_part(steps: tuple[NextStep, ...]) -> None:
    message = compose(a_notice(outcome=Outcome.STR, next_step_codes=steps), pins())
    assert prose(message).lower().count("take part") == 1


@pytest.mark.parametrize("outcome", TOLD_IN_FULL)
def test_missing_support_is_offered_by_phone_where_it_is_expected(outcome: Outcome) -> None:
    support = compose(a_notice(outcome=outcome, support_codes=()), pins()).support
    assert support == (("Call us about support.",) if outcome in {Outcome.NFA, Outcome.ADV} else ())


@pytest.mark.parametrize(
    ("agency_type", "role", "named"),
    [
        (AgencyType.POLICE, Role.REFERRER, True),
        (AgencyType.PROBATION, Role.INVOLVED, False),
        (AgencyType.SCHOOL, Role.REFERRER, False),
        (AgencyType.GP, Role.INVOLVED, False),
    ],
)
def test_support_that_says_something_about_a_parent_is_for_statutory_referrers(
    agency_type: AgencyType, role: Role, *, named: bool
) -> None:
    notice = a_notice(support_codes=(SupportCode.FAMILY_HUB, SupportCode.DOMESTIC_ABUSE_SERVICE))
    support = compose(notice, pins(agency_type=agency_type, role=role)).support
    if named:
        assert support == ("Family hub.", "Domestic abuse service.", "Call us for their contact details.")
    else:
        assert support == ("Family hub.", "Call us about support.")


@pytest.mark.parametrize("agency_type", AgencyType)
def test_what_to_watch_for_goes_to_adult_services_only(agency_type: AgencyType) -> None:
    notice = a_notice(watch_for_codes=tuple(WatchFor))
    steps = compose(notice, pins(agency_type=agency_type, level=Level.OUTCOME)).next_steps
    watched = [step for step in steps if step.startswith("Call us the same day if ")]
    adult_service = agency_type in {AgencyType.ADULT_MENTAL_HEALTH, AgencyType.SUBSTANCE_MISUSE}
    assert len(watched) == (len(WatchFor) if adult_service else 0)


@pytest.mark.parametrize(
    ("agency_type", "role", "lead_role", "leads"),
    [
        (AgencyType.SCHOOL, Role.REFERRER, LeadRole.SCHOOL_DSL, True),
        (AgencyType.POLICE, Role.REFERRER, LeadRole.SCHOOL_DSL, False),
        (AgencyType.POLICE, Role.REFERRER, LeadRole.DUTY_SW, False),
        (AgencyType.SCHOOL, Role.INVOLVED, LeadRole.SCHOOL_DSL, False),
        (AgencyType.SCHOOL, Role.REFERRER, None, False),
        (AgencyType.SCHOOL, Role.INVOLVED, None, False),
    ],
)
def test_your_agency_leads_is_said_only_to_the_agency_that_leads(
    agency_type: AgencyType, role: Role, lead_role: LeadRole | None, *, leads: bool
) -> None:
    notice = a_notice(outcome=Outcome.SAL, next_step_codes=(NextStep.YOU_LEAD,), lead_role=lead_role)
    first = compose(notice, pins(agency_type=agency_type, role=role, level=Level.OUTCOME)).next_steps[0]
    assert first.startswith("Your agency leads the response.") == leads


@pytest.mark.parametrize("step", [NextStep.YOU_LEAD, NextStep.OTHER_LEADS])
@pytest.mark.parametrize(
    ("agency_type", "lead_role", "said"),
    [
        (
            AgencyType.GP,
            LeadRole.HEALTH_LEAD,
            "A health service leads the response (health lead). Call the duty number to agree who leads.",
        ),
        (
            AgencyType.SCHOOL,
            LeadRole.HEALTH_LEAD,
            "A health service leads the response (health lead). Call the duty number for details.",
        ),
        (AgencyType.GP, None, "One agency leads the response. Call the duty number to agree who leads."),
    ],
)
def test_an_agency_that_may_be_the_one_that_leads_is_asked_to_agree_it_by_phone(
    step: NextStep, agency_type: AgencyType, lead_role: LeadRole | None, said: str
) -> None:
    notice = a_notice(outcome=Outcome.SAL, next_step_codes=(step,), lead_role=lead_role)
    involved = pins(agency_type=agency_type, role=Role.INVOLVED, level=Level.OUTCOME)
    assert compose(notice, involved).next_steps[0] == said


def test_a_single_agency_response_says_who_leads_even_where_no_step_does() -> None:
    notice = a_notice(outcome=Outcome.SAL, lead_role=LeadRole.SCHOOL_DSL)
    told = compose(notice, pins(level=Level.OUTCOME)).next_steps
    assert "A school leads the response (school safeguarding lead). Call the duty number for details." in told


def test_a_request_for_information_lists_it_and_says_by_when() -> None:
    needed = (InfoNeeded.HOUSEHOLD, InfoNeeded.GOOD_QUALITY)
    due_at = datetime(2026, 11, 25, 15, 2, tzinfo=UTC)
    message = compose(a_notice(outcome=Outcome.INF, info_needed_codes=needed, info_due_at=due_at), pins())
    assert message.needed == ("Who lives in the household.",)
    assert "Send us the information listed above by 25 November 2026 at 3:02pm." in message.next_steps
    assert "Thank you. Your referral gave us the information we needed." in message.paragraphs


def test_a_request_that_lists_nothing_says_whom_to_ask() -> None:
    notice = a_notice(outcome=Outcome.INF, next_step_codes=(NextStep.SEND_INFO,))
    message = compose(notice, pins())
    assert message.needed == ("Call the duty manager to ask what we need.",)
    assert message.next_steps == ("Send us the information listed above as soon as you can.",)


def test_a_graded_referral_is_not_a_request_for_information() -> None:
    assert compose(a_notice(info_needed_codes=(InfoNeeded.CHRONOLOGY,)), pins()).needed == ()


@pytest.mark.parametrize("change", ResponseChange)
def test_an_open_case_says_what_changes(change: ResponseChange) -> None:
    without = compose(a_notice(outcome=Outcome.OPN), pins()).paragraphs
    told = compose(a_notice(outcome=Outcome.OPN, response_change=change), pins()).paragraphs
    assert len(told) == len(without) + 1


def test_early_help_adds_that_nobody_needs_to_wait_for_it() -> None:
    notice = a_notice(outcome=Outcome.EHF, next_step_codes=(NextStep.REFER_AGAIN,))
    (step,) = compose(notice, pins()).next_steps
    assert step == (
        "Refer again if you have new concerns or if things do not improve."
        " You do not need to wait for early help to finish."
    )


def test_the_police_are_told_to_act_and_others_to_call_999() -> None:
    assert compose(a_notice(), pins()).emergency == (
        "If a child is in immediate danger, act now. Do not use this email."
    )
    assert compose(a_notice(), pins(agency_type=AgencyType.GP)).emergency == (
        "If a child is in immediate danger, call 999. Do not use this email."
    )


def test_nobody_reads_replies_only_where_no_mailbox_takes_them() -> None:
    line = "Do not reply: nobody reads this mailbox."
    assert line not in prose(compose(a_notice(), pins()))
    assert line in prose(compose(a_notice(contact=a_hub_contact(reply_to=None)), pins()))


@pytest.mark.parametrize("outcome", TOLD)
def test_every_message_gives_the_duty_number_and_the_way_to_disagree(outcome: Outcome) -> None:
    for recipient in RECIPIENTS:
        message = compose(a_notice(outcome=outcome), recipient)
        assert "01632 960 100" in message.contact
        assert message.disagree is not None
        assert message.disagree.startswith(
            "If you disagree with this decision, talk to the duty manager first."
        )
        assert message.escalation_url == "https://safeguarding.northshire.example/disagree"


def test_an_own_reference_stays_on_its_line() -> None:
    message = compose(a_notice(), pins(own_ref="A1\r\nPOLICE RISK-ASSESSMENT FORM"))
    assert message.references.yours == "A1 POLICE RISK-ASSESSMENT FORM"


def test_dates_are_those_of_a_clock_in_the_uk() -> None:
    assert uk_date(datetime(2026, 6, 10, 23, 30, tzinfo=UTC)) == "11 June 2026"
    assert uk_date(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == "24 November 2026"
    assert uk_date_and_time(datetime(2026, 11, 25, 0, 5, tzinfo=UTC)) == "25 November 2026 at 12:05am"
