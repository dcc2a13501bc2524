"""The chase for the police form, rendered: whole against its goldens, and what no byte of it may say."""

from itertools import product

import pytest

from functions.domain.wording.outcomes import FIXED, words_for
from functions.domain.wording.police_form import SENTENCES
from schemas.codes import AgencyType, Level, NoticeReason, Outcome, RaStatus, Series
from schemas.risk_assessment import RaRule
from tests.adapters.drafts_police_form import GOLDEN, in_files, reminder, settled
from tests.adapters.test_render_after_decision import both_ways

FILES = in_files()
AWAITED = (RaStatus.ABSENT, RaStatus.INCORRECT, RaStatus.UNKNOWN)


@pytest.mark.parametrize("name", sorted(FILES))
def test_each_reads_whole_as_its_golden(name: str) -> None:
    assert FILES[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_every_golden_belongs_to_a_draft() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == FILES.keys()


@pytest.mark.parametrize(("number", "status"), list(product((1, 2, 3), AWAITED)))
def test_a_reminder_says_how_the_form_stands_and_no_outcome(number: int, status: RaStatus) -> None:
    for level in (Level.NOTICE, Level.OUTCOME):
        reason = NoticeReason.MAILBOX_NOT_MANAGED if level is Level.NOTICE else None
        text, posted = both_ways(*reminder(number, status, level=level, notice_reason=reason))
        assert SENTENCES[status] in text
        assert posted["data"]["police_form"]["sentence"] == SENTENCES[status]
        assert "disagree" not in text
        for outcome in set(Outcome) - {Outcome.DUP, *FIXED}:
            assert words_for(outcome).heading not in text


def test_a_notice_of_a_reminder_asks_for_a_call_by_no_time_that_has_passed() -> None:
    notice = {"level": Level.NOTICE, "notice_reason": NoticeReason.MAILBOX_NOT_MANAGED}
    text, _ = both_ways(*reminder(2, RaStatus.ABSENT, **notice))
    assert "Call the MASH on 01632 960 100 and give the reference above." in text


def test_each_says_which_reminder_it_is_and_when_the_next_goes_to_whom() -> None:
    said = [both_ways(*reminder(number, RaStatus.ABSENT))[0] for number in (1, 2, 3)]
    assert "This is reminder 1 of 3. Reminder 2 goes on 24 November 2026 at 1:40pm." in said[0]
    assert "Reminder 3 goes to the role your force named for this on 25 November 2026 at 1:40pm." in said[1]
    assert "This is reminder 3 of 3. If the form is still not complete, a MASH manager will call" in said[2]


def test_until_the_form_is_due_it_says_when_and_afterwards_when_it_was() -> None:
    before, after = (both_ways(*reminder(number, RaStatus.ABSENT))[0] for number in (1, 2))
    assert "It is due on 24 November 2026 at 1:40pm." in before
    assert "It was due on 24 November 2026 at 1:40pm." in after


def test_what_was_not_said_of_its_times_is_left_out() -> None:
    update, pins = reminder(1, RaStatus.ABSENT)
    facts = update.facts.model_copy(update={"due_at": None, "next_reminder_at": None})
    text, _ = both_ways(update.model_copy(update={"facts": facts}), pins)
    assert "for this referral. It has not reached us." in text
    assert "This is reminder 1 of 3. POLICE" in text


def test_the_rules_are_the_polices_alone() -> None:
    rules = [rule.value for rule in RaRule]
    _, to_police = both_ways(*reminder(1, RaStatus.INCORRECT))
    assert to_police["data"]["police_form"]["failed_rules"] == ["RA10", "RA15"]
    for agency_type in (AgencyType.PROBATION, AgencyType.ACUTE_HOSPITAL, AgencyType.LA_SOCIAL_CARE):
        update, _ = reminder(1, RaStatus.INCORRECT)
        update = update.model_copy(update={"series": Series.RA_STATUS})
        _, pins = settled(RaStatus.COMPLETE, agency_type=agency_type)
        text, posted = both_ways(update, pins)
        assert not [rule for rule in rules if rule in text or rule in str(posted)]


def test_partners_read_that_it_was_not_complete_and_is_now_and_that_the_decision_stands() -> None:
    text, _ = both_ways(*settled(RaStatus.COMPLETE, agency_type=AgencyType.PROBATION))
    assert (
        "When we told you our decision, the police risk-assessment form was not complete. It is now." in text
    )
    assert "Our decision stays as it is until we tell you of a change." in text
    assert "This does not mean the risk is low." in text
