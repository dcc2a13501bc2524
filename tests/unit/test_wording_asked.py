"""What each kind of reader is asked, told of the family, or told of a birth; and who reads none of it."""

from datetime import UTC, date, datetime

import pytest

from functions.domain.wording.audience import BIRTH_TYPES, WATCHES
from functions.domain.wording.message import compose
from schemas.agency import TOLD_OF_UNBORN
from schemas.codes import (
    AgencyType,
    InfoNeeded,
    LeadRole,
    Level,
    NextStep,
    NoticeReason,
    Outcome,
    ReasonCode,
    Role,
    WatchFor,
)
from schemas.notice import FrozenNotice, Pins
from tests.notices import a_duplicate, a_notice, pins
from tests.unit.test_wording import TOLD_IN_FULL, prose

YOU_LEAD = "Your agency leads the response. Call the duty number to agree the plan."
SCHOOL = pins(agency_id="hill-school", agency_type=AgencyType.SCHOOL, level=Level.OUTCOME)
OTHER_SCHOOL = SCHOOL.model_copy(update={"agency_id": "vale-school", "role": Role.INVOLVED})
DUE = date(2027, 2, 3)


@pytest.mark.parametrize(
    ("said", "contacted"),
    [
        ("We have contacted the family.", True),
        ("We have not contacted the family.", False),
        ("The decision does not say if the family was contacted. Call us if you need to know.", None),
    ],
)
def test_advice_says_whether_the_family_was_contacted_or_that_nobody_stated_it(
    said: str, *, contacted: bool | None
) -> None:
    alone = a_notice(outcome=Outcome.ADV, family_contacted=contacted)
    beside = a_notice(outcome=Outcome.S17, additional=(Outcome.ADV,), family_contacted=contacted)
    other = a_notice(outcome=Outcome.S17, family_contacted=contacted)
    assert said in compose(alone, pins()).paragraphs
    assert said in compose(beside, pins()).paragraphs
    assert "the family" not in prose(compose(other, pins(level=Level.OUTCOME)))


def _led_by(agency_id: str | None, outcome: Outcome, *steps: NextStep) -> FrozenNotice:
    return a_notice(
        outcome=outcome, leading_agency_id=agency_id, next_step_codes=steps, lead_role=LeadRole.SCHOOL_DSL
    )


@pytest.mark.parametrize("outcome", [Outcome.SAL, Outcome.EHF])
@pytest.mark.parametrize(
    "steps",
    [
        (),
        (NextStep.YOU_LEAD,),
        (NextStep.OTHER_LEADS,),
        (NextStep.YOU_LEAD, NextStep.OTHER_LEADS),
    ],
)
def test_the_named_agency_and_no_other_reads_that_it_leads(
    outcome: Outcome, steps: tuple[NextStep, ...]
) -> None:
    notice = _led_by("hill-school", outcome, *steps)
    for recipient in (SCHOOL, SCHOOL.model_copy(update={"role": Role.INVOLVED})):
        said = prose(compose(notice, recipient))
        assert said.count(YOU_LEAD) == 1
        assert "to agree who leads" not in said
        assert "leads the response (" not in said
    said = prose(compose(notice, OTHER_SCHOOL))
    assert YOU_LEAD not in said
    assert "to agree who leads" not in said


def test_another_agency_of_the_leads_type_is_not_left_to_think_that_it_is_meant() -> None:
    (step, *_) = compose(_led_by("hill-school", Outcome.SAL), OTHER_SCHOOL).next_steps
    assert step == (
        "Another agency leads the response (school safeguarding lead). Call the duty number for details."
    )
    named_without_role = _led_by("hill-school", Outcome.SAL).model_copy(update={"lead_role": None})
    (step, *_) = compose(named_without_role, OTHER_SCHOOL).next_steps
    assert step == "Another agency leads the response. Call the duty number for details."


def test_nobody_reads_both_that_they_lead_and_that_another_does() -> None:
    notice = _led_by(None, Outcome.SAL, NextStep.YOU_LEAD, NextStep.OTHER_LEADS)
    assert compose(notice, SCHOOL).next_steps[:1] == (YOU_LEAD,)
    assert len([step for step in compose(notice, SCHOOL).next_steps if "leads the response" in step]) == 1


def test_a_lead_that_only_a_step_names_is_said_for_other_outcomes_too() -> None:
    notice = _led_by("hill-school", Outcome.S17, NextStep.OTHER_LEADS)
    assert compose(notice, SCHOOL).next_steps[0] == YOU_LEAD
    assert YOU_LEAD not in compose(_led_by("hill-school", Outcome.S17), SCHOOL).next_steps


def test_early_help_names_whom_to_ask_for_below_the_level_of_plans() -> None:
    line = "The lead contact is the early help lead. To reach them, call us on 01632 960 100."
    notice = a_notice(outcome=Outcome.EHF, lead_role=LeadRole.EARLY_HELP_LEAD)
    assert line in compose(notice, SCHOOL).paragraphs
    assert prose(compose(notice, pins())).count("The lead contact is") == 1
    unnamed = notice.model_copy(update={"lead_role": None})
    assert "lead contact" not in prose(compose(unnamed, SCHOOL))


@pytest.mark.parametrize(
    ("asked_of", "recipient", "asked"),
    [
        ((), pins(), True),
        ((), pins(duplicate=a_duplicate()), False),
        (("north-police",), pins(), True),
        (("north-police",), pins(duplicate=a_duplicate()), True),
        (("hill-school",), pins(), False),
        (("hill-school", "north-police"), SCHOOL, True),
    ],
)
@pytest.mark.parametrize("steps", [(), (NextStep.SEND_INFO,)])
def test_information_is_asked_of_whoever_is_to_give_it(
    asked_of: tuple[str, ...], recipient: Pins, steps: tuple[NextStep, ...], *, asked: bool
) -> None:
    notice = a_notice(
        outcome=Outcome.INF,
        information_asked_of=asked_of,
        info_needed_codes=(InfoNeeded.HOUSEHOLD,),
        info_due_at=datetime(2026, 11, 25, 15, 2, tzinfo=UTC),
        next_step_codes=steps,
    )
    message = compose(notice, recipient)
    request = "Send us the information listed above by 25 November 2026 at 3:02pm."
    assert message.next_steps.count(request) == int(asked)
    assert message.needed == (("Who lives in the household.",) if asked else ())
    assert ("We have asked others for this information." in message.paragraphs) != asked


@pytest.mark.parametrize("agency_type", AgencyType)
@pytest.mark.parametrize("level", [Level.NOTICE, Level.OUTCOME, Level.PLAN])
@pytest.mark.parametrize("outcome", [Outcome.S17, Outcome.EMP])
def test_when_the_baby_is_due_is_for_health_visiting_and_midwifery_at_level_two_or_more(
    agency_type: AgencyType, level: Level, outcome: Outcome
) -> None:
    notice = a_notice(outcome=outcome, unborn=True, expected_date_of_delivery=DUE)
    said = repr(compose(notice, pins(agency_type=agency_type, level=level)))
    told = agency_type in {AgencyType.HEALTH_VISITING, AgencyType.MIDWIFERY}
    expected = told and level > Level.NOTICE and outcome is Outcome.S17
    assert ("The baby is due on 3 February 2027." in said) == expected
    assert ("3 February 2027" in said) == expected


def test_the_registry_names_the_same_two_services() -> None:
    assert BIRTH_TYPES == TOLD_OF_UNBORN


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.S47J, "whether the baby will be at risk of significant harm, with the police"),
        (Outcome.S17, "what help is needed before and after the birth."),
        (Outcome.OPN, "A case is already open for this unborn baby."),
        (Outcome.ACC, "the council will look after the baby."),
        (Outcome.CTI, "An unborn baby with a child protection plan is moving to our area."),
    ],
)
def test_before_birth_the_words_are_of_a_baby_to_those_who_know_and_of_a_child_to_others(
    outcome: Outcome, words: str
) -> None:
    notice = a_notice(outcome=outcome, unborn=True)
    knows = (pins(), pins(agency_type=AgencyType.MIDWIFERY, role=Role.INVOLVED))
    does_not = (
        pins(agency_type=AgencyType.PROBATION, role=Role.INVOLVED),
        pins(duplicate=a_duplicate()),
        pins(level=Level.NOTICE),
    )
    for recipient in knows:
        assert words in prose(compose(notice, recipient))
    for recipient in does_not:
        said = prose(compose(notice, recipient))
        assert "baby" not in said
        assert "birth" not in said


def test_before_birth_reasons_and_requests_speak_of_a_baby_too() -> None:
    notice = a_notice(
        outcome=Outcome.INF,
        unborn=True,
        reason_codes=(ReasonCode.OUT_OF_AREA,),
        info_needed_codes=(InfoNeeded.CHILD_DETAILS, InfoNeeded.LINK_TO_CHILD, InfoNeeded.HOUSEHOLD),
    )
    message = compose(notice, pins())
    assert message.why == ("The family lives in another area.",)
    assert message.needed == (
        "Details of the unborn baby.",
        "How the concern affects the unborn baby.",
        "Who lives in the household.",
    )


@pytest.mark.parametrize("watch", WatchFor)
def test_what_to_watch_for_is_for_the_two_adult_services_pregnancy_included(watch: WatchFor) -> None:
    # Both adult services stand in the health group of domain section 3, so "health only" leaves out neither.
    assert WATCHES[watch] == {AgencyType.ADULT_MENTAL_HEALTH, AgencyType.SUBSTANCE_MISUSE}


@pytest.mark.parametrize("outcome", TOLD_IN_FULL)
def test_no_message_says_where_or_when_a_discussion_or_a_placement_is(outcome: Outcome) -> None:
    when = datetime(2026, 12, 2, 13, 45, tzinfo=UTC)
    said = prose(compose(a_notice(outcome=outcome, occurred_at=when, decided_at=when), pins()))
    assert "December" not in said
    assert "1:45pm" not in said


@pytest.mark.parametrize("reason", [None, *NoticeReason])
def test_how_to_file_it_is_on_a_notice_for_any_reason(reason: NoticeReason | None) -> None:
    notice_only = {"level": Level.NOTICE, "notice_reason": reason}
    practice = compose(a_notice(), pins(agency_type=AgencyType.GP, **notice_only))
    school = compose(a_notice(), pins(agency_type=AgencyType.SCHOOL, **notice_only))
    assert "If you file this in a patient record, hide it from online access first." in practice.next_steps
    assert "Do not file this where a parent portal shows it." in school.next_steps
