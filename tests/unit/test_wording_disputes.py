"""What is said of challenges, of a decision sent in error and of enquiries: plain, and reassuring nobody."""

from itertools import product
from typing import Any, Final

import pytest

from functions.domain.wording.message import Message, compose
from schemas.codes import (
    ChallengeResult,
    EnquiryAnswer,
    Level,
    NoticeReason,
    RaStatus,
    Role,
    Series,
)
from schemas.notice import FrozenUpdate, Pins, ToldBefore
from tests.adapters.drafts_of_disputes import (
    CHALLENGER,
    TOLD_BEFORE,
    an_answer,
    an_update,
    asked_by,
    pins_of,
)
from tests.notices import a_police_check
from tests.unit.test_wording import prose, reading_grade
from tests.unit.test_wording_readability import FLOOR, MOST_WORDS, body, reading_ease, sentences_of

CHANGES: Final = (ChallengeResult.UPHELD, ChallengeResult.REVISED)
STANDS: Final = (ChallengeResult.NOT_UPHELD, ChallengeResult.WITHDRAWN)


def a_challenge(result: ChallengeResult | None = None, *, stage: int = 1, **changes: Any) -> FrozenUpdate:
    facts = {
        "challenged_by": CHALLENGER,
        "challenge_stage": stage,
        "challenge_result": result,
        **changes.pop("facts", {}),
    }
    return an_update(Series.CHALLENGE, facts=facts, **changes)


def to_the_challenger(result: ChallengeResult | None = None, **facts: Any) -> Message:
    return compose(a_challenge(result, **facts), pins_of(Series.CHALLENGE, "school"))


def everything(status: RaStatus) -> list[tuple[FrozenUpdate, Pins]]:
    """Every message of these three sorts, to each sort of reader."""
    form: dict[str, Any] = {"police_form": a_police_check(status)}
    school, police = (pins_of(Series.CHALLENGE, reader) for reader in ("school", "police"))
    found = [(a_challenge(stage=stage, **form), school) for stage in (1, 2, 3, 4)]
    found += [(a_challenge(result, **form), school) for result in ChallengeResult]
    changed: dict[str, Any] = {"facts": {"changed_already": True}}
    found += [(a_challenge(result, **changed, **form), school) for result in CHANGES]
    to_others: list[tuple[ChallengeResult | None, dict[str, Any]]] = [
        *((result, {}) for result in (None, *ChallengeResult)),
        *((one, changed) for one in CHANGES),
    ]
    found += [
        (a_challenge(result, stage=stage, **facts, **form), police.model_copy(update={"role": role}))
        for (result, facts), stage, role in product(to_others, (1, 3), Role)
    ]
    withdrawal = an_update(Series.WITHDRAWAL, **form)
    tellings = product(Role, (TOLD_BEFORE, ToldBefore(decision_seq=1)))
    found += [
        (withdrawal, pins_of(Series.WITHDRAWAL, "general-practice", role=role, told_before=before))
        for role, before in tellings
    ]
    return [*found, *((an_answer(answer), asked_by()) for answer in EnquiryAnswer)]


@pytest.mark.parametrize("status", RaStatus)
def test_each_reads_as_easily_as_the_drafts_and_has_no_long_sentence(status: RaStatus) -> None:
    for update, reader in everything(status):
        message = compose(update, reader)
        assert reading_grade(prose(message)) <= 6, message
        assert reading_ease(body(message)) >= FLOOR[update.police_form.status], body(message)
        assert max(len(sentence.split()) for sentence in sentences_of(body(message))) <= MOST_WORDS


@pytest.mark.parametrize("stage", [2, 3, 4])
def test_each_stage_is_said_of_four(stage: int) -> None:
    assert f"On 2 December 2026 it went to stage {stage} of 4." in to_the_challenger(stage=stage).paragraphs


@pytest.mark.parametrize("result", [None, *STANDS])
def test_the_decision_stands_unless_it_is_to_change(result: ChallengeResult | None) -> None:
    assert any("Our decision stands" in one for one in to_the_challenger(result).paragraphs)


@pytest.mark.parametrize("result", CHANGES)
@pytest.mark.parametrize("reader", ["school", "police", "general-practice"])
def test_a_decision_that_is_to_change_is_not_relied_on(result: ChallengeResult, reader: str) -> None:
    message = compose(a_challenge(result), pins_of(Series.CHALLENGE, reader))
    assert message.paragraphs[-1] == "Do not rely on the earlier message until then."
    assert "We will send you the changed decision." in message.paragraphs[-2]
    assert "Keep working with the family in your own role." in message.next_steps


@pytest.mark.parametrize("result", CHANGES)
def test_one_that_changed_already_is_relied_on(result: ChallengeResult) -> None:
    message = to_the_challenger(result, facts={"changed_already": True})
    assert "Do not rely" not in prose(message)
    assert "Use the newest decision that we sent you." in message.next_steps


def test_a_challenge_names_the_way_on_and_what_was_withdrawn_does_not() -> None:
    assert to_the_challenger().disagree is not None
    assert compose(an_update(Series.WITHDRAWAL), pins_of(Series.WITHDRAWAL, "police")).disagree is None
    assert compose(an_answer(EnquiryAnswer.NOTHING_TO_SHARE), asked_by()).disagree is None


def test_what_was_sent_in_error_is_known_by_when_it_was_told() -> None:
    message = compose(an_update(Series.WITHDRAWAL), pins_of(Series.WITHDRAWAL, "police"))
    told, newer = message.paragraphs
    assert told.startswith("On 24 November 2026 at 3:03pm we told you a decision about your referral.")
    assert told.endswith("It was sent in error. Do not act on it.")
    assert newer == "If you have a newer decision for this child from us, that one counts."
    assert message.next_steps[0] == "Delete the earlier message and any copy of it."


@pytest.mark.parametrize("before", [None, ToldBefore(decision_seq=1)])
def test_where_nobody_knows_whether_it_arrived_by_when_it_was_withdrawn(before: ToldBefore | None) -> None:
    reader = pins_of(Series.WITHDRAWAL, "police", told_before=before)
    opening, _ = compose(an_update(Series.WITHDRAWAL), reader).paragraphs
    assert "before 2 December 2026 at 11:20am, and you may have it." in opening


def test_an_enquiry_is_called_one_and_is_about_no_child() -> None:
    message = compose(an_answer(EnquiryAnswer.KNOWN_CALL_US), asked_by(own_ref=None))
    assert message.subject.endswith(" - answer to your enquiry")
    assert (message.references.child, message.references.yours) == (None, "none given")


def test_that_nothing_is_shared_is_no_finding() -> None:
    message = compose(an_answer(EnquiryAnswer.NOTHING_TO_SHARE), asked_by())
    assert "This is not a finding that there is no concern." in message.paragraphs
    assert "If you are worried about a child, make a referral to us." in message.next_steps


def test_a_notice_of_an_answer_does_not_say_which() -> None:
    reader = asked_by(level=Level.NOTICE, notice_reason=NoticeReason.MAILBOX_NOT_MANAGED)
    known, nothing = (compose(an_answer(answer), reader) for answer in EnquiryAnswer)
    assert known == nothing
    assert known.heading == "There is news about your enquiry"


@pytest.mark.parametrize("result", [None, *STANDS])
def test_to_the_others_the_decision_stands_as_well_and_nobody_is_named(
    result: ChallengeResult | None,
) -> None:
    message = compose(a_challenge(result), pins_of(Series.CHALLENGE, "police"))
    assert any("Our decision stands" in one for one in message.paragraphs)
    assert message.paragraphs[0].startswith("We told you a decision about your referral, and an agency ")
    assert "Your challenge" not in prose(message)
