"""What the sender of a duplicate reads: their own referral by its own reference, and the one decision."""

from collections.abc import Callable

import pytest

from functions.domain.wording.message import compose
from functions.domain.wording.own_referral import OwnReferral, own_referral
from functions.domain.wording.told import told
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
)
from schemas.notice import FrozenNotice, Pins
from tests.notices import a_duplicate, a_notice, a_revised_notice, pins, revised_pins
from tests.unit.test_wording import TOLD, prose

OTHERS = "NS-26-7KQ4ZP"


@pytest.mark.parametrize("outcome", TOLD)
@pytest.mark.parametrize("level", [Level.NOTICE, Level.OUTCOME, Level.PLAN])
@pytest.mark.parametrize("role", Role)
def test_a_duplicates_reader_reads_their_own_reference_child_and_date_and_never_the_others(
    outcome: Outcome, level: Level, role: Role
) -> None:
    for notice, recipient in ((a_notice, pins), (a_revised_notice, revised_pins)):
        message = compose(notice(outcome=outcome), recipient(level=level, role=role, duplicate=a_duplicate()))
        assert message.references.referral == "NS-26-0DUPL8"
        assert message.references.child == 2
        assert message.subject.startswith("OFFICIAL-SENSITIVE: NS-26-0DUPL8 - ")
        assert OTHERS not in repr(message)


def test_the_opening_has_the_day_on_which_their_own_referral_arrived() -> None:
    first = compose(a_notice(), pins(duplicate=a_duplicate())).paragraphs[0]
    assert first == (
        "You made a referral to us on 25 November 2026."
        " We have more than one referral about the same concern. We looked at them as one."
        " We have decided that your referral needs a section 47 enquiry."
    )


def test_one_decision_for_two_referrals_is_explained_when_it_changes_too() -> None:
    told = compose(a_revised_notice(), revised_pins(duplicate=a_duplicate())).paragraphs
    assert told[1:3] == (
        "We have more than one referral about the same concern. We looked at them as one.",
        "We made this decision on 26 November 2026 at 9:30am.",
    )


@pytest.mark.parametrize("recipient", [pins, revised_pins])
def test_one_sentence_names_the_other_referral_to_whoever_knows_it(recipient: Callable[..., Pins]) -> None:
    message = compose(a_notice(), recipient(duplicate=a_duplicate(knows_original=True)))
    (named,) = (line for line in message.paragraphs if OTHERS in line)
    assert f"You also know of referral {OTHERS}, which is about the same concern. We looked at the" in named
    assert message.references.referral == "NS-26-0DUPL8"


@pytest.mark.parametrize("outcome", TOLD)
def test_a_notice_never_mentions_the_other_referral(outcome: Outcome) -> None:
    recipient = pins(
        level=Level.NOTICE,
        notice_reason=NoticeReason.PHONE_ONLY,
        duplicate=a_duplicate(knows_original=True),
    )
    message = compose(a_notice(outcome=outcome), recipient)
    assert OTHERS not in repr(message)
    assert "more than one referral" not in prose(message)
    assert told(a_notice(outcome=outcome), recipient).original_ref is None


def test_the_clock_of_an_assessment_is_that_of_the_first_referral() -> None:
    line = "We aim to finish it within 45 working days of the first referral."
    assert line in compose(a_notice(outcome=Outcome.S17), pins(duplicate=a_duplicate())).paragraphs


def _said_of_the_first_referral() -> FrozenNotice:
    return a_notice(
        outcome=Outcome.NFA,
        reason_codes=(ReasonCode.INFO_ONLY_NOTIFICATION, ReasonCode.HISTORIC),
        info_needed_codes=(InfoNeeded.GOOD_QUALITY,),
    )


def test_what_is_said_of_the_first_referral_is_not_said_to_the_sender_of_the_second() -> None:
    first = prose(compose(_said_of_the_first_referral(), pins()))
    second = prose(compose(_said_of_the_first_referral(), pins(duplicate=a_duplicate())))
    for sentence in ("You sent this for information", "Thank you. Your referral gave us the information"):
        assert sentence in first
        assert sentence not in second


def test_the_sender_of_a_duplicate_is_not_taken_for_the_lead_by_their_type() -> None:
    notice = a_notice(
        outcome=Outcome.SAL, next_step_codes=(NextStep.YOU_LEAD,), lead_role=LeadRole.SCHOOL_DSL
    )
    school = pins(agency_type=AgencyType.SCHOOL, level=Level.OUTCOME)
    assert compose(notice, school).next_steps[0].startswith("Your agency leads")
    second = compose(notice, school.model_copy(update={"duplicate": a_duplicate()}))
    assert second.next_steps[0].startswith("A school leads the response (school safeguarding lead).")


def test_information_about_the_first_referral_is_not_asked_of_the_sender_of_the_second() -> None:
    notice = a_notice(outcome=Outcome.INF, info_needed_codes=(InfoNeeded.HOUSEHOLD,))
    message = compose(notice, pins(duplicate=a_duplicate()))
    assert message.needed == ()
    assert "We have asked others for this information." in message.paragraphs
    assert not [step for step in message.next_steps if step.startswith("Send us")]


def test_without_a_duplicate_the_referral_is_the_one_decided() -> None:
    notice = a_notice()
    assert own_referral(notice, pins()) == OwnReferral(
        ref=notice.referral_ref, child_index=notice.child_index, received_at=notice.received_at
    )
