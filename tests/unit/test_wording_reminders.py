"""What reminds of a silence, in words: of a plan nobody keeps up to date, of a joint case without news."""

from datetime import UTC, datetime
from itertools import product
from typing import Any, Final

import pytest

from functions.domain.wording.codes import PLAN_STATUSES
from functions.domain.wording.message import compose
from functions.domain.wording.police_form import SENTENCES
from functions.domain.wording.updates import MESSAGE_TYPES
from schemas.codes import AgencyType, Level, MessageType, NoticeReason, PlanStatus, RaStatus, Role, Series
from schemas.notice import FrozenUpdate, Pins
from tests.notices import a_duplicate, a_police_check, an_update, update_pins
from tests.unit.test_wording import prose, reading_grade
from tests.unit.test_wording_readability import FLOOR, MOST_WORDS, body, reading_ease, sentences_of

READERS: Final = {
    Series.STALE_PLAN: (AgencyType.POLICE, AgencyType.PROBATION, AgencyType.LA_SOCIAL_CARE, AgencyType.GP),
    Series.JOINT_CASE: (AgencyType.POLICE,),
}
NOTICE: Final[dict[str, Any]] = {"level": Level.NOTICE, "notice_reason": NoticeReason.PHONE_ONLY}
SINCE: Final = {Series.STALE_PLAN: "2 November 2026", Series.JOINT_CASE: "30 November 2026"}
each_reminder = pytest.mark.parametrize("series", READERS)


def messages(series: Series) -> list[tuple[FrozenUpdate, Pins]]:
    """Each reminder as each of its readers has it, with each answer of the police check."""
    levels: tuple[dict[str, Any], ...] = ({"level": Level.PLAN}, NOTICE)
    return [
        (
            an_update(series, police_form=a_police_check(status)),
            update_pins(series, agency_type=agency_type, role=role, duplicate=duplicate, **level),
        )
        for agency_type, role, duplicate, level, status in product(
            READERS[series], Role, (None, a_duplicate()), levels, RaStatus
        )
    ]


@each_reminder
def test_each_carries_the_police_sentence_and_asks_for_action(series: Series) -> None:
    for update, reader in messages(series):
        message = compose(update, reader)
        assert message.police_form.sentence == SENTENCES[update.police_form.status]
        assert message.subject.partition(" - ")[2] == "action needed"


def test_each_is_of_its_message_type() -> None:
    assert MESSAGE_TYPES[Series.STALE_PLAN] is MessageType.STALE_PLAN_REMINDER
    assert MESSAGE_TYPES[Series.JOINT_CASE] is MessageType.JOINT_CASE_REMINDER


@each_reminder
def test_each_reads_at_grade_six_or_under_and_as_easily_as_the_drafts(series: Series) -> None:
    for update, reader in messages(series):
        message = compose(update, reader)
        text = body(message)
        assert reading_grade(prose(message)) <= 6, message
        assert max(len(sentence.split()) for sentence in sentences_of(text)) <= MOST_WORDS
        assert reading_ease(text) >= FLOOR[update.police_form.status], text


@each_reminder
def test_each_says_since_when_nothing_was_heard_and_whom_to_ring(series: Series) -> None:
    message = compose(an_update(series), update_pins(series))
    assert f" on {SINCE[series]}." in message.paragraphs[0]
    assert "call the duty manager on 01632 960 100" in prose(message).replace("Call", "call")


@each_reminder
def test_nothing_was_decided_that_anybody_could_disagree_with(series: Series) -> None:
    assert {compose(*one).disagree for one in messages(series)} == {None}


@each_reminder
def test_a_notice_dates_from_the_reminder_and_not_from_what_it_reminds_of(series: Series) -> None:
    notice = compose(an_update(series), update_pins(series, **NOTICE))
    assert "It dates from 14 December 2026 at 11:21am." in notice.paragraphs[0]
    assert SINCE[series] not in prose(notice)
    assert "plan" not in prose(notice)
    assert "enquiry" not in prose(notice)


@pytest.mark.parametrize("status", PlanStatus)
def test_a_reminder_of_a_plan_says_nothing_of_what_is_in_it(status: PlanStatus) -> None:
    facts = {"plan_status": status, "lead_team_code": "ASSESSMENT_2"}
    reminded = compose(an_update(Series.STALE_PLAN, facts=facts), update_pins(Series.STALE_PLAN))
    assert reminded == compose(an_update(Series.STALE_PLAN), update_pins(Series.STALE_PLAN))
    assert PLAN_STATUSES[PlanStatus.CP_PLAN] not in prose(reminded)


def test_the_day_is_the_uks() -> None:
    late = {"happened_at": datetime(2026, 7, 1, 23, 30, tzinfo=UTC)}
    message = compose(an_update(Series.JOINT_CASE, facts=late), update_pins(Series.JOINT_CASE))
    assert "on 2 July 2026." in message.paragraphs[0]
