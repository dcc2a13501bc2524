"""What follows a decision: which word ends or renews which clock, in whatever order the words come."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from functions.domain.bank_holidays import HORIZON
from functions.domain.life_clocks.clock import Which
from functions.domain.life_clocks.moves import after, given_up, kept
from schemas.codes import ClockEnd, ClockKind, EventType, InvestigationStatus, PlanStatus, S47Result
from tests.lifecycle_events import NAMES, an_event, read
from tests.unit.waits import (
    ASSESSMENT,
    CONFERENCE,
    DECIDE,
    JOINT,
    PLAN,
    POLICY,
    RECEIVED,
    TO_SOUTHSHIRE,
    Story,
    acknowledged,
    at,
    decided,
    happens,
    received,
    revised,
)

AFTER = at(7, 12)
AFTER_TEXT = "2026-12-07T12:00:00Z"
IN_30_DAYS = at(21, 12, month=1, year=2027)
IN_10_DAYS = at(21, 12)
IN_5_DAYS = at(14, 12)


def joint_case() -> Story:
    return Story().hear(received(), decided("S47J", plan_status="CIN_PLAN"))


def says_of_the_plan(name: str, status: str) -> Any:
    """One of the three events that say what the plan is now."""
    moment = {
        "milestone-assessment-complete": "completed_at",
        "milestone-icpc-outcome": "held_at",
        "plan-status-changed": "changed_at",
    }
    return happens(name, plan_status=status, **{moment[name]: AFTER_TEXT})


of_the_plan = pytest.mark.parametrize(
    "name", ["milestone-assessment-complete", "milestone-icpc-outcome", "plan-status-changed"]
)


def test_a_milestone_ends_the_clock_that_waited_for_it() -> None:
    story = joint_case().hear(happens("milestone-assessment-complete"))
    assert story.ended()[ASSESSMENT] is ClockEnd.ANSWERED
    story.hear(happens("milestone-icpc-outcome"))
    assert story.ended()[CONFERENCE] is ClockEnd.ANSWERED


@pytest.mark.parametrize("which", [ASSESSMENT, CONFERENCE])
def test_so_it_does_after_it_fired(which: Which) -> None:
    told = {ASSESSMENT: "milestone-assessment-complete", CONFERENCE: "milestone-icpc-outcome"}
    assert joint_case().fire(which).hear(happens(told[which])).ended()[which] is ClockEnd.ANSWERED


@of_the_plan
@pytest.mark.parametrize("status", ["CP_PLAN", "LOOKED_AFTER"])
def test_each_word_of_a_live_plan_renews_its_clock(name: str, status: str) -> None:
    story = joint_case().hear(says_of_the_plan(name, status))
    assert (story.running()[PLAN], story.clocks[PLAN].since) == (IN_30_DAYS, AFTER)


@of_the_plan
@pytest.mark.parametrize("status", [PlanStatus.NONE, PlanStatus.CP_ENQUIRY, PlanStatus.NOT_DISCLOSED])
def test_a_plan_that_lives_no_more_is_not_waited_for(name: str, status: PlanStatus) -> None:
    story = joint_case().hear(says_of_the_plan(name, status))
    assert story.ended()[PLAN] is ClockEnd.ANSWERED


def test_a_plan_that_begins_later_has_its_clock_from_then() -> None:
    story = Story().hear(received(), decided("S17"), says_of_the_plan("plan-status-changed", "CIN_PLAN"))
    assert story.running()[PLAN] == IN_30_DAYS


WORDS = (
    ("plan-status-changed", {"plan_status": "CP_PLAN", "changed_at": "2026-12-01T12:00:00Z"}),
    ("plan-status-changed", {"plan_status": "NONE", "changed_at": "2026-12-03T12:00:00Z"}),
    ("plan-status-changed", {"plan_status": "CIN_PLAN", "changed_at": AFTER_TEXT}),
)


@pytest.mark.parametrize("order", list(permutations(WORDS)), ids=range(6))
def test_of_a_plan_the_last_word_counts_in_whatever_order_they_come(order: Any) -> None:
    story = joint_case().hear(*(happens(name, **said) for name, said in order))
    assert story.running()[PLAN] == IN_30_DAYS


@pytest.mark.parametrize("order", list(permutations(WORDS[:2])), ids=range(2))
def test_an_ended_plan_stays_so_when_an_older_word_comes_late(order: Any) -> None:
    story = joint_case().hear(*(happens(name, **said) for name, said in order))
    assert story.ended()[PLAN] is ClockEnd.ANSWERED


# --- enquiry and police


@pytest.mark.parametrize("result", S47Result)
def test_an_enquiry_that_leads_to_no_conference_ends_the_wait_for_one(result: S47Result) -> None:
    story = joint_case().hear(happens("milestone-s47-outcome", result=result, ended_at=AFTER_TEXT))
    if result is S47Result.ICPC:
        assert CONFERENCE in story.running()
    else:
        assert story.ended()[CONFERENCE] is ClockEnd.ANSWERED
    assert story.running()[JOINT] == IN_10_DAYS


def test_an_enquirys_end_is_no_news_of_a_case_that_is_not_joint() -> None:
    story = Story().hear(received(), decided("S47S"), happens("milestone-s47-outcome", ended_at=AFTER_TEXT))
    assert JOINT not in story.clocks


@pytest.mark.parametrize("status", InvestigationStatus)
def test_news_of_the_police_renews_a_joint_cases_clock_or_ends_it(status: InvestigationStatus) -> None:
    word = happens("police-investigation-status-changed", status=status, changed_at=AFTER_TEXT)
    story = joint_case().hear(word)
    if status is InvestigationStatus.OPEN:
        assert story.running()[JOINT] == IN_10_DAYS
    else:
        assert story.ended()[JOINT] is ClockEnd.ANSWERED


def test_an_investigation_that_is_opened_again_is_waited_for_again() -> None:
    closed = {"status": "CLOSED_OTHER", "changed_at": "2026-12-02T12:00:00Z"}
    story = joint_case().hear(happens("police-investigation-status-changed", **closed))
    opened = {"status": "OPEN", "changed_at": AFTER_TEXT}
    assert story.hear(happens("police-investigation-status-changed", **opened)).running()[JOINT] == IN_10_DAYS


def test_an_investigation_beside_another_outcome_has_no_such_clock() -> None:
    opened = happens("police-investigation-status-changed", status="OPEN")
    assert JOINT not in Story().hear(decided("S17"), opened).clocks


def test_news_older_than_the_decision_neither_renews_nor_ends() -> None:
    before = {"changed_at": "2026-11-24T12:00:00Z"}
    story = joint_case()
    running = story.running()[JOINT]
    story.hear(happens("police-investigation-status-changed", status="OPEN", **before))
    story.hear(happens("police-investigation-status-changed", status="CLOSED_OTHER", **before))
    assert story.running()[JOINT] == running


# --- the case is closed


def test_a_closed_case_ends_what_belongs_to_it_and_settles_nothing_else() -> None:
    story = Story().hear(received(), decided("S47J", plan_status="CP_PLAN"))
    story.hear(happens("case-closed", closed_at=AFTER_TEXT))
    assert {story.ended()[which] for which in (ASSESSMENT, CONFERENCE, JOINT, PLAN)} == {ClockEnd.CLOSED}
    undecided = Story().hear(received(), decided("TRF", receiving_la="SOUTHSHIRE"))
    undecided.hear(happens("case-closed", closed_at=AFTER_TEXT))
    assert {DECIDE, TO_SOUTHSHIRE} <= set(undecided.running())


def test_what_had_fired_is_closed_as_well() -> None:
    story = joint_case().fire(ASSESSMENT).hear(happens("case-closed", closed_at=AFTER_TEXT))
    assert story.ended()[ASSESSMENT] is ClockEnd.CLOSED


def test_a_word_from_before_the_closing_that_comes_late_opens_nothing() -> None:
    story = joint_case().hear(happens("case-closed", closed_at=AFTER_TEXT))
    before = {"plan_status": "CP_PLAN", "changed_at": "2026-12-01T12:00:00Z"}
    assert story.hear(happens("plan-status-changed", **before)).ended()[PLAN] is ClockEnd.CLOSED


def test_a_case_that_is_opened_again_has_its_clocks_again() -> None:
    story = joint_case().hear(happens("case-closed", closed_at="2026-11-24T15:30:00Z"))
    story.hear(revised(2, "S47J", plan_status="CP_PLAN"))
    assert {ASSESSMENT, CONFERENCE, JOINT, PLAN} <= set(story.running())


def test_one_that_was_opened_again_is_not_closed_by_an_older_closing() -> None:
    again = happens("plan-status-changed", plan_status="CP_PLAN", changed_at=AFTER_TEXT)
    story = joint_case().hear(again, happens("case-closed", closed_at="2026-12-01T12:00:00Z"))
    assert PLAN in story.running()


# --- every other event


SILENT = (
    "ra-status-changed",
    "released",
    "withheld",
    "phone-confirmed",
    "probation-enquiry",
    "challenge-raised",
    "challenge-stage",
    "challenge-resolved",
)


@pytest.mark.parametrize("name", SILENT)
def test_other_events_move_no_clock(name: str) -> None:
    """A probation enquiry is no referral, a released hold decides nothing, a challenge is a task at once."""
    story = Story().hear(received(), acknowledged("north-probation"), decided("INF"))
    before = dict(story.clocks)
    assert story.hear(read(name, an_event(name))).clocks == before


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_knows_is_ended_by_no_event(name: str) -> None:
    for clock in after(read(name, an_event(name)), Story().known, POLICY):
        assert clock.runs


def test_every_type_of_event_was_thought_of() -> None:
    of_the_form = {EventType.RA_FORM_METADATA, EventType.RA_FEED_HEARTBEAT}
    other = {EventType.REFERRAL_RECEIVED, EventType.DECIDED, EventType.DECISION_REVISED, *of_the_form}
    told = {read(name, an_event(name)).event_type for name in NAMES}
    stages = {EventType.CHALLENGE_STAGE_3, EventType.CHALLENGE_STAGE_4}
    assert told | other | stages == set(EventType)


# --- what comes before its time


@pytest.mark.parametrize(("name", "child"), [("acknowledged", 0), ("case-closed", 1)])
def test_an_event_that_waits_is_looked_for_after_a_working_day(name: str, child: int) -> None:
    event, story = read(name, an_event(name)), Story()
    (clock,) = kept(event, RECEIVED, story.known, POLICY)
    assert clock.which == Which(ClockKind.EARLY, child, str(event.event_id))
    assert (clock.since, clock.due_at) == (RECEIVED, at(25, 9, 40, month=11))
    story.clocks[clock.which] = clock
    assert kept(event, AFTER, story.known, POLICY) == []
    (ended,) = [one for one in after(event, story.known, POLICY) if one.which == clock.which]
    assert ended.end is ClockEnd.ANSWERED
    (refused,) = given_up(event, story.known)
    assert refused.end is ClockEnd.ANSWERED
    story.clocks[clock.which] = ended
    assert given_up(event, story.known) == []


def test_past_the_last_known_holiday_a_clock_has_as_many_days_as_working_days() -> None:
    """Sooner than those could be, and never each day anew."""
    late = datetime(HORIZON.year + 1, 1, 2, 12, 0, tzinfo=UTC)
    moment = late.isoformat().replace("+00:00", "Z")
    story = Story().hear(received(received_at=moment, rag="AMBER"))
    assert set(story.running().values()) == {late + timedelta(days=1)}
    times = {"received_at": moment, "decided_at": moment, "strategy_discussion_at": moment}
    story.hear(decided("S47J", additional_outcomes=["TRF"], plan_status="CP_PLAN", **times))
    days = {ASSESSMENT: 45, CONFERENCE: 15, PLAN: 30, JOINT: 10}
    assert {which: story.running()[which] for which in days} == {
        which: late + timedelta(days=number) for which, number in days.items()
    }
    assert story.running()[Which(ClockKind.TRANSFER, 1)] == late + timedelta(days=1)
    story.fire(PLAN, JOINT, now=late + timedelta(days=40))
    assert story.running()[PLAN] == late + timedelta(days=70)
    assert story.running()[JOINT] == late + timedelta(days=50)
