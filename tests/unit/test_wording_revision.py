"""What a reader is told when a decision has changed: both versions, which one counts, and since when."""

from datetime import UTC, datetime
from itertools import product
from typing import Final

import pytest

from functions.domain.wording.codes import REASONS
from functions.domain.wording.message import compose
from functions.domain.wording.outcomes import FIXED, KEEP_FROM_FAMILY
from functions.domain.wording.told import outcome_told
from schemas.codes import AgencyType, Level, NextStep, NoticeReason, Outcome, ReasonCode, Role
from schemas.notice import FrozenLabels, Pins, ToldBefore
from tests.notices import a_notice, a_revised_notice, pins, revised_pins

TOLD: Final = tuple(outcome for outcome in Outcome if outcome is not Outcome.DUP)
TOLD_IN_FULL: Final = tuple(outcome for outcome in TOLD if outcome not in FIXED)
OUTCOME_BEFORE: Final = (*Outcome, None)
SHOW_COLLEAGUES: Final = "Make sure colleagues who saw the earlier message see this one."
DO_NOT_TELL: Final = (
    "Do not tell the family about this enquiry unless the social worker has agreed it with you."
)
USE_THIS: Final = "Please use this message and not the earlier one."


def opening(before: Outcome | None, now: Outcome) -> str:
    return compose(a_revised_notice(outcome=now), revised_pins(before)).paragraphs[0]


@pytest.mark.parametrize(("before", "now"), list(product(OUTCOME_BEFORE, TOLD_IN_FULL)))
def test_every_change_says_what_was_told_what_holds_now_and_which_to_use(
    before: Outcome | None, now: Outcome
) -> None:
    message = compose(a_revised_notice(outcome=now), revised_pins(before))
    said = message.paragraphs[0]
    assert said.startswith("We told you on 24 November 2026 that ")
    assert said.endswith(USE_THIS)
    assert "{" not in said
    assert ".." not in said
    assert SHOW_COLLEAGUES in message.next_steps
    assert message.subject.endswith(" - our decision has changed")
    if before not in {now, Outcome.INF} and now is not Outcome.INF:
        assert "We have looked again and changed our decision. The decision is now: " in said


@pytest.mark.parametrize("now", TOLD_IN_FULL)
def test_a_change_goes_on_with_all_that_the_new_outcomes_own_message_says(now: Outcome) -> None:
    own = compose(a_notice(outcome=now), pins())
    revised = compose(a_revised_notice(outcome=now), revised_pins())
    assert revised.paragraphs[1] in {
        "We made this decision on 26 November 2026 at 9:30am.",
        "We looked again on 26 November 2026 at 9:30am.",
    }
    assert revised.paragraphs[2:] == own.paragraphs[1:]
    assert revised.why == own.why
    assert set(own.next_steps) | {SHOW_COLLEAGUES} == set(revised.next_steps)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (Outcome.EHF, "we would offer early help"),
        (Outcome.S47J, "we would start a section 47 enquiry"),
        (Outcome.ACC, "the council would look after a child"),
        (Outcome.EMP, "immediate protective action had been taken"),
        (Outcome.LAD, "this had been passed to the designated officer"),
        (Outcome.DUP, "there was an outcome"),
        (None, "there was an outcome"),
    ],
)
def test_the_earlier_outcome_is_told_in_the_past_and_a_notice_as_an_outcome(
    before: Outcome | None, words: str
) -> None:
    assert opening(before, Outcome.NFA) == (
        f"We told you on 24 November 2026 that {words}. We have looked again and changed our decision."
        f" The decision is now: no further action by children's social care. {USE_THIS}"
    )


def test_no_two_earlier_outcomes_are_told_alike_but_the_two_enquiries() -> None:
    told = {opening(before, Outcome.NFA) for before in TOLD}
    assert len(told) == len(TOLD) - 1


@pytest.mark.parametrize(
    "recipient",
    [
        revised_pins(told_before=None),
        revised_pins(told_before=ToldBefore(decision_seq=1, outcome=Outcome.EHF, told_at=None)),
        revised_pins(told_before=ToldBefore(decision_seq=1, outcome=None, told_at=None)),
    ],
)
def test_where_nobody_knows_what_arrived_only_that_is_said(recipient: Pins) -> None:
    assert compose(a_revised_notice(), recipient).paragraphs[0] == (
        "An earlier message from us may have reached you. We have looked again and changed our decision."
        f" The decision is now: section 47 enquiry. {USE_THIS}"
    )


def test_a_change_that_keeps_the_outcome_says_so() -> None:
    message = compose(a_revised_notice(outcome=Outcome.EHF), revised_pins(Outcome.EHF))
    assert message.heading == "Parts of our decision have changed"
    assert message.paragraphs[0] == (
        "We told you on 24 November 2026 that we would offer early help. We have looked again and changed"
        f" parts of our decision. The outcome is still: early help. {USE_THIS}"
    )


@pytest.mark.parametrize(
    ("before", "now", "named"),
    [
        (Outcome.S47S, Outcome.S47J, "section 47 enquiry with the police"),
        (Outcome.S47J, Outcome.S47S, "section 47 enquiry by social care alone"),
        (Outcome.EHF, Outcome.S47J, "section 47 enquiry"),
        (Outcome.S47J, Outcome.S47J, "section 47 enquiry"),
    ],
)
def test_the_two_enquiries_are_named_apart_only_where_one_becomes_the_other(
    before: Outcome, now: Outcome, named: str
) -> None:
    assert f": {named}. Please" in opening(before, now)


def test_a_decision_made_at_last_is_not_called_another_one() -> None:
    message = compose(a_revised_notice(outcome=Outcome.EHF), revised_pins(Outcome.INF))
    assert message.heading == "We have now made a decision"
    assert message.paragraphs[0] == (
        "We told you on 24 November 2026 that we needed to know more before we could decide."
        f" We have now made our decision. The decision is: early help. {USE_THIS}"
    )


@pytest.mark.parametrize(
    ("before", "heading", "words"),
    [
        (
            Outcome.EHF,
            "Our decision has changed",
            "We have looked again. Our earlier decision no longer stands.",
        ),
        (Outcome.INF, "We still need to know more", "We have looked again. We still need to know more"),
    ],
)
def test_a_decision_taken_back_is_not_called_a_new_one(before: Outcome, heading: str, words: str) -> None:
    message = compose(a_revised_notice(outcome=Outcome.INF), revised_pins(before))
    assert message.heading == heading
    assert words in message.paragraphs[0]
    assert "The decision is" not in message.paragraphs[0]
    assert message.paragraphs[1] == "We looked again on 26 November 2026 at 9:30am."


@pytest.mark.parametrize(
    ("told_at", "when"),
    [
        (datetime(2026, 11, 26, 8, 5, tzinfo=UTC), "26 November 2026 at 8:05am"),
        (datetime(2026, 11, 25, 23, 59, tzinfo=UTC), "25 November 2026"),
    ],
)
def test_two_messages_of_one_day_are_told_apart_by_the_clock(told_at: datetime, when: str) -> None:
    before = ToldBefore(decision_seq=1, outcome=Outcome.EHF, told_at=told_at)
    said = compose(a_revised_notice(), revised_pins(told_before=before)).paragraphs
    assert said[0].startswith(f"We told you on {when} that")
    assert said[1] == "We made this decision on 26 November 2026 at 9:30am."


def test_the_new_outcome_has_the_hubs_own_label() -> None:
    labels = FrozenLabels(outcomes={Outcome.EHF: "Family Help."})
    message = compose(a_revised_notice(outcome=Outcome.EHF, labels=labels), revised_pins(Outcome.NFA))
    assert "The decision is now: Family Help. Please" in message.paragraphs[0]


@pytest.mark.parametrize("before", OUTCOME_BEFORE)
@pytest.mark.parametrize("now", TOLD)
@pytest.mark.parametrize("role", Role)
def test_a_revised_notice_says_that_it_changed_and_nothing_of_either_version(
    before: Outcome | None, now: Outcome, role: Role
) -> None:
    recipient = revised_pins(before, level=Level.NOTICE, notice_reason=NoticeReason.PHONE_ONLY, role=role)
    message = compose(a_revised_notice(outcome=now), recipient)
    assert message == compose(a_revised_notice(), recipient.model_copy(update={"told_before": None}))
    assert message.heading == "Our decision has changed"
    referral = "a referral you made to us" if role is Role.REFERRER else "a referral"
    assert message.paragraphs == (
        (
            f"We have changed our decision about {referral}."
            " We are not putting it in this email, because we share it by phone only."
        ),
        "We changed it on 26 November 2026 at 9:30am. Any earlier message from us about it is out of date.",
    )
    assert message.next_steps[2:] == (SHOW_COLLEAGUES,)
    assert message.subject == "OFFICIAL-SENSITIVE: NS-26-7KQ4ZP - our decision has changed"


@pytest.mark.parametrize("now", sorted(FIXED))
@pytest.mark.parametrize("before", OUTCOME_BEFORE)
def test_the_fixed_sentences_stay_alone_when_revised(now: Outcome, before: Outcome | None) -> None:
    message = compose(a_revised_notice(outcome=now), revised_pins(before, level=Level.NOTICE))
    assert message.paragraphs == (FIXED[now],)
    assert message.heading == "Our decision has changed"
    assert message.next_steps == (DO_NOT_TELL, SHOW_COLLEAGUES)


@pytest.mark.parametrize(
    "reason",
    [
        ReasonCode.NEW_INFORMATION,
        ReasonCode.MANAGER_REVIEW,
        ReasonCode.CHALLENGE_UPHELD,
        ReasonCode.RECORDED_IN_ERROR,
    ],
)
def test_why_it_changed_is_said_to_those_who_were_told_before(reason: ReasonCode) -> None:
    notice = a_revised_notice(reason_codes=(reason, ReasonCode.HISTORIC))
    assert compose(notice, revised_pins()).why == (REASONS[reason], REASONS[ReasonCode.HISTORIC])
    assert compose(notice, pins()).why == (REASONS[ReasonCode.HISTORIC],)


@pytest.mark.parametrize("before", TOLD)
def test_an_enquiry_named_once_more_is_still_kept_from_the_family(before: Outcome) -> None:
    steps = compose(a_revised_notice(outcome=Outcome.NFA), revised_pins(before)).next_steps
    assert (DO_NOT_TELL in steps) == (before in KEEP_FROM_FAMILY)


def test_only_a_changed_decision_asks_to_show_colleagues_and_it_asks_once() -> None:
    notice = a_revised_notice(next_step_codes=(NextStep.SHOW_COLLEAGUES, NextStep.TELL_US_CHANGES))
    assert SHOW_COLLEAGUES not in compose(notice, pins()).next_steps
    assert compose(notice, revised_pins()).next_steps.count(SHOW_COLLEAGUES) == 1


@pytest.mark.parametrize(
    ("outcome", "additional", "level", "told"),
    [
        (Outcome.EHF, (), Level.OUTCOME, Outcome.EHF),
        (Outcome.EHF, (), Level.NOTICE, None),
        (Outcome.LAD, (Outcome.S17,), Level.PLAN, Outcome.S17),
        (Outcome.S47J, (Outcome.EMP,), Level.NOTICE, Outcome.EMP),
        (Outcome.LAD, (), Level.NOTICE, Outcome.LAD),
    ],
)
def test_what_a_message_named_is_what_a_later_one_repeats(
    outcome: Outcome, additional: tuple[Outcome, ...], level: Level, told: Outcome | None
) -> None:
    notice = a_notice(outcome=outcome, additional=additional)
    assert outcome_told(notice, pins(level=level, agency_type=AgencyType.GP)) is told
