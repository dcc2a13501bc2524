"""What a decision needs: which clocks its outcomes begin, a revision ends and a withdrawal undoes."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.domain.life_clocks.clock import Which
from functions.domain.life_clocks.decided import ASSESSED
from functions.domain.life_clocks.known import KnownChild
from functions.domain.plans import is_kept_up_to_date, is_live
from schemas.codes import ClockEnd, ClockKind, Outcome, PlanStatus
from tests.unit.waits import (
    ASSESSMENT,
    CONFERENCE,
    DECIDE,
    DECIDED,
    JOINT,
    OF_PROBATION,
    PLAN,
    RECEIVED,
    TO_SOUTHSHIRE,
    TRANSFER,
    Story,
    acknowledged,
    at,
    decided,
    happens,
    received,
    revised,
)

DISCUSSED = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
IN_45_DAYS = at(29, 9, 40, month=1, year=2027)
IN_15_DAYS = at(15, 14, 30)
IN_10_DAYS = at(8, 15, 2)
IN_30_DAYS = at(8, 15, 2, month=1, year=2027)
TO_SOUTH = {"receiving_la": "SOUTHSHIRE"}
OF_OUTCOMES = {ASSESSMENT, CONFERENCE, JOINT, TO_SOUTHSHIRE, TRANSFER}


def needs(outcome: Outcome) -> dict[Which, datetime]:
    """What its decision begins, and until when."""
    found = {ASSESSMENT: IN_45_DAYS} if outcome in ASSESSED else {}
    if outcome in {Outcome.S47S, Outcome.S47J}:
        found[CONFERENCE] = IN_15_DAYS
    if outcome is Outcome.S47J:
        found[JOINT] = IN_10_DAYS
    if outcome is Outcome.TRF:
        found[TO_SOUTHSHIRE] = at(25, 15, 2, month=11)
    return found


def says(outcome: Outcome, seq: int = 1) -> object:
    """A decision for that outcome alone, with all that it must say."""
    others = {"duplicate_of": "NS-26-0THER1"} if outcome is Outcome.DUP else TO_SOUTH
    return decided(outcome, **others) if seq == 1 else revised(seq, outcome, **others)


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_begins_what_it_needs_and_no_more(outcome: Outcome) -> None:
    running = Story().hear(received(), says(outcome)).running()
    assert {which: running[which] for which in OF_OUTCOMES & running.keys()} == needs(outcome)


def test_they_count_from_the_receipt_the_discussion_and_the_decision() -> None:
    clocks = Story().hear(decided("S47J", plan_status="CP_PLAN")).clocks
    since = {which: clocks[which].since for which in (ASSESSMENT, CONFERENCE, JOINT, PLAN)}
    assert since == {ASSESSMENT: RECEIVED, CONFERENCE: DISCUSSED, JOINT: DECIDED, PLAN: DECIDED}


def test_an_assessment_counts_from_the_first_receipt_that_is_known() -> None:
    story = Story().hear(received(received_at="2026-11-24T09:10:00Z"), decided("S17"))
    assert story.running()[ASSESSMENT] == at(29, 9, 10, month=1, year=2027)


def test_each_outcome_of_several_counts() -> None:
    running = Story().hear(decided("S17", additional_outcomes=["TRF"], **TO_SOUTH)).running()
    assert {ASSESSMENT, TO_SOUTHSHIRE} <= set(running)


@pytest.mark.parametrize("before", Outcome)
@pytest.mark.parametrize("after", [Outcome.NFA, Outcome.S17, Outcome.S47J, Outcome.DUP, Outcome.TRF])
def test_a_revision_ends_what_it_needs_no_more_and_keeps_what_it_still_does(
    before: Outcome, after: Outcome
) -> None:
    story = Story().hear(received(), says(before), says(after, 2))
    left = {which for which in needs(before) if which not in needs(after)}
    assert {which for which in OF_OUTCOMES if which in story.running()} == set(needs(after))
    assert {story.ended()[which] for which in left} <= {ClockEnd.REVISED}


def test_a_revision_restarts_neither_the_assessment_nor_the_same_conference() -> None:
    story = Story().hear(decided("S47S"), revised(2, "S47J"))
    assert (story.running()[ASSESSMENT], story.running()[CONFERENCE]) == (IN_45_DAYS, IN_15_DAYS)


def test_another_strategy_discussion_is_another_conference() -> None:
    later = revised(2, "S47S", strategy_discussion_at="2026-11-26T10:00:00Z")
    story = Story().hear(decided("S47S")).fire(CONFERENCE).hear(later)
    assert story.running()[CONFERENCE] == at(17, 10)


def test_a_revision_that_does_not_repeat_the_discussion_keeps_its_conference() -> None:
    story = Story().hear(decided("S47S"), revised(2, "S47S", strategy_discussion_at=None))
    assert story.running()[CONFERENCE] == IN_15_DAYS


def test_without_a_discussion_nobody_can_say_when_a_conference_is_due() -> None:
    assert CONFERENCE not in Story().hear(decided("S47S", strategy_discussion_at=None)).clocks


@pytest.mark.parametrize("which", [ASSESSMENT, CONFERENCE])
def test_what_was_answered_or_has_fired_is_not_waited_for_again(which: Which) -> None:
    told = {ASSESSMENT: "milestone-assessment-complete", CONFERENCE: "milestone-icpc-outcome"}
    answered = Story().hear(decided("S47S"), happens(told[which]), revised(2, "S47J"))
    assert answered.ended()[which] is ClockEnd.ANSWERED
    fired = Story().hear(decided("S47S")).fire(which).hear(revised(2, "S47J"))
    assert fired.ended()[which] is ClockEnd.FIRED


@pytest.mark.parametrize("which", [ASSESSMENT, CONFERENCE, JOINT])
def test_what_a_revision_ended_begins_again_with_one_that_needs_it(which: Which) -> None:
    story = Story().hear(decided("S47J"), revised(2, "NFA"), revised(3, "S47J"))
    assert which in story.running()


def test_what_had_fired_is_no_longer_needed_either() -> None:
    story = Story().hear(decided("S47J")).fire(ASSESSMENT, CONFERENCE).hear(revised(2, "NFA"))
    assert {story.ended()[which] for which in (ASSESSMENT, CONFERENCE, JOINT)} == {ClockEnd.REVISED}


def test_a_version_is_news_of_a_joint_case() -> None:
    story = Story().hear(decided("S47J"), revised(2, "S47J"))
    assert story.running()[JOINT] == at(8, 16, 2)


# --- a transfer


def test_a_transfer_that_is_said_again_does_not_wait_longer() -> None:
    story = Story().hear(decided("TRF", **TO_SOUTH), revised(2, "TRF", **TO_SOUTH))
    assert story.running()[TO_SOUTHSHIRE] == at(25, 15, 2, month=11)
    story.fire(TO_SOUTHSHIRE).hear(revised(3, "TRF", **TO_SOUTH))
    assert story.ended()[TO_SOUTHSHIRE] is ClockEnd.FIRED


def test_another_authority_is_another_answer() -> None:
    story = Story().hear(decided("TRF", **TO_SOUTH), revised(2, "TRF", receiving_la="EASTSHIRE"))
    to_east = Which(ClockKind.TRANSFER, 1, "EASTSHIRE")
    assert story.running()[to_east] == at(25, 16, 2, month=11)
    assert story.ended()[TO_SOUTHSHIRE] is ClockEnd.REVISED


def test_an_acceptance_ends_the_transfers_clock_and_the_decisions() -> None:
    pending = decided("TRF", agencies_contributing=[], **TO_SOUTH)
    story = Story().hear(received(), acknowledged("north-probation"), pending)
    assert {DECIDE, OF_PROBATION, TO_SOUTHSHIRE} <= set(story.running())
    story.hear(happens("transfer-accepted"))
    answered = {which: story.ended()[which] for which in (DECIDE, OF_PROBATION, TO_SOUTHSHIRE)}
    assert set(answered.values()) == {ClockEnd.ANSWERED}


def test_so_it_does_after_they_fired() -> None:
    story = Story().hear(received(), decided("TRF", **TO_SOUTH)).fire(DECIDE, TO_SOUTHSHIRE)
    story.hear(happens("transfer-accepted"))
    assert (story.ended()[DECIDE], story.ended()[TO_SOUTHSHIRE]) == (ClockEnd.ANSWERED, ClockEnd.ANSWERED)


def test_an_acceptance_stays_one_where_a_later_version_does_not_repeat_it() -> None:
    story = Story().hear(received(), decided("TRF", **TO_SOUTH), happens("transfer-accepted"))
    story.hear(revised(2, "TRF", **TO_SOUTH))
    assert (story.ended()[DECIDE], story.ended()[TO_SOUTHSHIRE]) == (ClockEnd.ANSWERED, ClockEnd.ANSWERED)


def test_a_version_that_says_that_it_was_accepted_answers_both() -> None:
    story = Story().hear(received(), decided("TRF", **TO_SOUTH))
    story.hear(revised(2, "TRF", transfer_accepted=True, **TO_SOUTH))
    assert (story.ended()[DECIDE], story.ended()[TO_SOUTHSHIRE]) == (ClockEnd.ANSWERED, ClockEnd.ANSWERED)


def test_an_acceptance_of_what_is_no_transfer_any_more_decides_nothing() -> None:
    story = Story().hear(received(), decided("INF"), happens("transfer-accepted"))
    assert DECIDE in story.running()


def test_an_acceptance_by_another_authority_than_was_asked_settles_nothing() -> None:
    story = Story().hear(received(), decided("TRF", receiving_la="EASTSHIRE"), happens("transfer-accepted"))
    assert {DECIDE, Which(ClockKind.TRANSFER, 1, "EASTSHIRE")} <= set(story.running())


def test_where_no_authority_was_named_any_acceptance_counts() -> None:
    story = Story().hear(received(), decided("TRF", receiving_la=None), happens("transfer-accepted"))
    assert (story.ended()[DECIDE], story.ended()[TRANSFER]) == (ClockEnd.ANSWERED, ClockEnd.ANSWERED)


# --- the plan that a decision names


@pytest.mark.parametrize("status", PlanStatus)
def test_a_plan_is_to_be_kept_up_to_date_and_nothing_else(status: PlanStatus) -> None:
    story = Story().hear(decided("S17", plan_status=status.value))
    others = {PlanStatus.NONE, PlanStatus.CP_ENQUIRY, PlanStatus.NOT_DISCLOSED}
    assert (PLAN in story.running()) is is_kept_up_to_date(status) is (status not in others)
    assert is_live(status) or not is_kept_up_to_date(status)


def test_a_duplicates_plan_is_its_originals() -> None:
    copy = decided("DUP", duplicate_of="NS-26-0THER1", plan_status="CP_PLAN")
    assert PLAN not in Story().hear(copy).clocks


def test_a_decision_updates_the_plan_or_ends_it() -> None:
    story = Story().hear(decided("S17", plan_status="CIN_PLAN"))
    assert story.running()[PLAN] == IN_30_DAYS
    story.hear(revised(2, "S17", plan_status="CP_PLAN"))
    assert story.running()[PLAN] == at(8, 16, 2, month=1, year=2027)
    assert story.hear(revised(3, "NFA")).ended()[PLAN] is ClockEnd.ANSWERED


# --- withdrawn in error


def test_a_version_withdrawn_in_error_leaves_the_child_to_be_decided_again() -> None:
    story = Story().hear(received(), decided("S47J", plan_status="CP_PLAN"))
    story.hear(happens("withdrawn-in-error", decision_seq=1))
    assert story.running() == {DECIDE: at(24, 13, 40, month=11)}
    ends = {story.ended()[which] for which in (ASSESSMENT, CONFERENCE, JOINT, PLAN)}
    assert ends == {ClockEnd.REVISED}
    story.hear(revised(2, "S47J", plan_status="CP_PLAN"))
    assert {ASSESSMENT, CONFERENCE, JOINT, PLAN} <= set(story.running())
    assert story.ended()[DECIDE] is ClockEnd.ANSWERED


def test_an_older_version_withdrawn_changes_nothing() -> None:
    story = Story().hear(received(), decided("NFA"), revised(2, "S17"))
    before = dict(story.clocks)
    assert story.hear(happens("withdrawn-in-error", decision_seq=1)).clocks == before


def test_of_a_child_that_nobody_knows_nothing_is_withdrawn() -> None:
    assert Story().hear(happens("withdrawn-in-error", decision_seq=1)).clocks == {}


def test_a_plan_that_has_changed_since_is_not_as_the_decision_has_it() -> None:
    changed_since = KnownChild(newest=1, plan_changed_at=DECIDED + timedelta(days=1))
    story = Story(children={1: changed_since}).hear(revised(2, "S47J", plan_status="CP_PLAN"))
    assert PLAN not in story.clocks
    changed_before = KnownChild(newest=1, plan_changed_at=RECEIVED)
    story = Story(children={1: changed_before}).hear(revised(2, "S47J", plan_status="CP_PLAN"))
    assert PLAN in story.running()
