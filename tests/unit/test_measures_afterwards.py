"""Holds, challenges, police closures, late messages and children who come back, by rows told by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from functions.domain.measures.across import a_year_after, addresses, followed
from functions.domain.measures.afterwards import Challenge, Closure
from functions.domain.measures.counts import month_of
from functions.domain.measures.facts import Followed, Held
from functions.domain.measures.holds import Hold, holds_of
from schemas.codes import AuditKind, EventType, Series
from tests.unit.stories import AS_OF, LATER, SCHOOL, TUESDAY, Story, hours

CHILD = {"child": 1, "task": "RELEASE_CHILD"}
ALONE = {"child": 1, "task": "RELEASE_AGENCY", "held_agency": SCHOOL}


def held(story: Story, at: datetime, *triggers: str, **said: Any) -> Story:
    """A hold of the decision that was written last."""
    cause = next((row["cause"] for row in reversed(story.said) if row["type"] == "DECISION"), "send")
    return story.row(AuditKind.HELD, at, dver=1, triggers=list(triggers), cause=cause, **said)


# --- holds


def test_a_hold_ends_when_a_person_releases_it() -> None:
    story = held(Story().decided(hours(1), "EMP"), hours(1), "EMERGENCY", **CHILD)
    hold = Hold(1, "RELEASE_CHILD", None, frozenset({"EMERGENCY"}), hours(1))
    assert holds_of(story.rows) == (hold,)
    story.row(AuditKind.RELEASED, hours(2), **ALONE, triggers=[])
    assert holds_of(story.rows) == (hold,)
    story.row(AuditKind.RELEASED, hours(3), **CHILD, triggers=["EMERGENCY"])
    assert holds_of(story.rows) == (replace(hold, ended_at=hours(3)),)
    assert story.case().triggers == {"EMERGENCY"}


def test_a_newer_decision_goes_on_with_a_hold_or_ends_it() -> None:
    story = held(Story().decided(hours(1)), hours(1), "SENSITIVE", **CHILD)
    held(story, hours(1), "STAFF_LINK", **ALONE)
    story.decided(hours(2), dver=2)
    held(story, hours(2), "RESTRICTED_RECORD", **CHILD)
    assert holds_of(story.rows) == (
        Hold(1, "RELEASE_AGENCY", SCHOOL, frozenset({"STAFF_LINK"}), hours(1), hours(2)),
        Hold(1, "RELEASE_CHILD", None, frozenset({"SENSITIVE", "RESTRICTED_RECORD"}), hours(1)),
    )
    assert story.case().triggers == {"SENSITIVE", "STAFF_LINK", "RESTRICTED_RECORD"}


@pytest.mark.parametrize(
    ("what", "ends"),
    [
        ({"series": "RA_STATUS"}, False),
        ({"nonce": "URA_REMINDER"}, False),
        ({"series": "CONTRIBUTION"}, True),
        ({"nonce": "UCONTRIBUTION"}, True),
        ({"nonce": "D1a2b3c4d"}, True),
        ({"series": "OF_ANOTHER_RELEASE"}, True),
        ({"nonce": "UOF_ANOTHER_RELEASE"}, True),
    ],
)
def test_a_newer_decision_leaves_a_hold_of_what_is_told_beside_decisions(
    what: dict[str, str], *, ends: bool
) -> None:
    story = held(Story().decided(hours(1)), hours(1), "UNVERIFIED_ADDRESS", **ALONE)
    story.row(
        AuditKind.HELD, hours(2), dver=3, triggers=["UNVERIFIED_ADDRESS"], cause="news", **ALONE, **what
    )
    story.decided(hours(3), dver=2)
    assert [one.ended_at for one in holds_of(story.rows)] == [hours(3) if ends else None]
    story.row(AuditKind.UPDATE, hours(4), child=1, dver=4, ended=[f"TASK#RELEASE_AGENCY#01#{SCHOOL}"])
    assert [one.ended_at for one in holds_of(story.rows)] == [hours(3) if ends else hours(4)]


@pytest.mark.parametrize("waits", [SCHOOL, None])
def test_a_hold_of_an_acknowledgement_outlives_a_decision_that_its_reader_is_not_told(
    waits: str | None,
) -> None:
    story = held(Story(), hours(1), "UNVERIFIED_ADDRESS", **ALONE, series="ACKNOWLEDGEMENT")
    said: dict[str, Any] = {"referrer_waits": waits} if waits else {}
    story.decided(hours(2), **said)
    assert [one.ended_at for one in holds_of(story.rows)] == [None if waits else hours(2)]


@pytest.mark.parametrize("kind", [AuditKind.SUPERSEDED, AuditKind.CANCELLED])
def test_a_newer_decision_ends_a_hold_of_which_only_the_decision_is_left(kind: AuditKind) -> None:
    story = held(Story().decided(hours(1)), hours(1), "UNVERIFIED_ADDRESS", **ALONE)
    held(story, hours(2), "UNVERIFIED_ADDRESS", **ALONE, series="PLAN")
    gone = {"agency": SCHOOL, "chan": "email", "nonce": "UPLAN"}
    story.row(kind, hours(3), child=2, dver=1, **gone)
    story.row(kind, hours(3), child=1, dver=2, **gone)
    assert [one.beside for one in holds_of(story.rows)] == [{(Series.PLAN, 1)}]
    story.row(kind, hours(3), child=1, dver=1, **gone)
    assert [one.beside for one in holds_of(story.rows)] == [frozenset()]
    story.decided(hours(4), dver=2)
    assert [one.ended_at for one in holds_of(story.rows)] == [hours(4)]


def test_a_siblings_decision_ends_no_hold() -> None:
    story = held(Story().decided(hours(1)), hours(1), "SENSITIVE", **CHILD).decided(hours(2), child=2)
    assert [one.ended_at for one in holds_of(story.rows)] == [None]


def test_a_hold_ends_with_what_it_held() -> None:
    """Withheld by an event, or stopped by a person: the row names the task that ended with it."""
    story = held(Story().decided(hours(1)), hours(1), "SENSITIVE", **CHILD)
    held(story, hours(1), "STAFF_LINK", **ALONE)
    withheld = {"child": 1, "decision_seq": 1, "disclosure": "WITHHELD_DETRIMENT", "agency_id": SCHOOL}
    story.event(EventType.WITHHELD, hours(2), **withheld, ended=[f"TASK#RELEASE_AGENCY#01#{SCHOOL}"])
    assert {one.task: one.ended_at for one in holds_of(story.rows)} == {
        "RELEASE_AGENCY": hours(2),
        "RELEASE_CHILD": None,
    }
    story.row(AuditKind.CANCELLED, hours(3), child=1, dver=1, ended=["TASK#RELEASE_CHILD#01"])
    assert [one.ended_at for one in holds_of(story.rows)] == [hours(2), hours(3)]


def test_all_holds_of_a_child_end_with_a_decision_that_was_sent_in_error() -> None:
    story = held(Story().decided(hours(1)), hours(1), "SENSITIVE", **CHILD)
    gone = {"child": 1, "decision_seq": 1, "withdrawn_at": hours(2)}
    story.event(EventType.WITHDRAWN_IN_ERROR, hours(2), **gone, stale=True)
    story.event(EventType.WITHDRAWN_IN_ERROR, hours(2), **(gone | {"child": 2}))
    assert [one.ended_at for one in holds_of(story.rows)] == [None]
    story.event(EventType.WITHDRAWN_IN_ERROR, hours(3), **gone)
    assert [one.ended_at for one in holds_of(story.rows)] == [hours(3)]


def test_what_is_held_beside_it_waits_though_a_decision_was_sent_in_error() -> None:
    story = held(Story().decided(hours(1)), hours(1), "UNVERIFIED_ADDRESS", **ALONE, series="PLAN")
    held(story, hours(1), "SENSITIVE", **CHILD)
    gone = {"child": 1, "decision_seq": 1, "withdrawn_at": hours(2)}
    story.event(EventType.WITHDRAWN_IN_ERROR, hours(2), **gone)
    assert {one.task: one.ended_at for one in holds_of(story.rows)} == {
        "RELEASE_AGENCY": None,
        "RELEASE_CHILD": hours(2),
    }


def test_the_age_of_a_hold_is_counted_while_it_is_open() -> None:
    story = held(Story().decided(hours(1)), hours(1), "SENSITIVE", **CHILD)
    assert story.facts().holds == (Held(hours(1), LATER - hours(1)),)
    story.row(AuditKind.RELEASED, hours(3), **CHILD, triggers=["SENSITIVE"])
    assert story.facts().holds == (Held(hours(1), None),)


# --- messages that are not there in time


def sent(story: Story) -> list[tuple[datetime, bool]]:
    """When each message was free to go, and whether it failed."""
    return [(one.at, one.failed) for one in story.facts().sent]


@pytest.mark.parametrize(("after", "failed"), [(25, False), (25.1, True)])
def test_a_message_has_one_working_day_to_arrive(after: float, *, failed: bool) -> None:
    assert sent(Story().decided(hours(1)).tried(hours(after))) == [(hours(1), failed)]


def test_one_that_has_not_arrived_yet_fails_when_its_day_is_over() -> None:
    story = Story().decided(hours(1))
    assert sent(story) == [(hours(1), True)]
    (earlier,) = story.facts(replace(AS_OF, now=hours(20))).sent
    assert (earlier.at, earlier.failed) == (hours(1), False)


def test_one_that_arrived_and_that_nobody_read_in_time_fails() -> None:
    story = (
        Story().decided(hours(1)).tried(hours(2)).about(AuditKind.CLOCK_FIRED, hours(9), task="CALL_UNTOLD")
    )
    assert sent(story) == [(hours(1), False)]
    story.about(AuditKind.CLOCK_FIRED, hours(30), task="CALL_UNREAD")
    assert sent(story) == [(hours(1), True)]


def test_one_that_was_replaced_before_it_arrived_is_nobodys() -> None:
    story = Story().decided(hours(1)).about(AuditKind.SUPERSEDED, hours(2), by=2)
    assert sent(story) == []
    arrived = Story().decided(hours(1)).tried(hours(2)).about(AuditKind.SUPERSEDED, hours(3), by=2)
    assert sent(arrived) == [(hours(1), False)]


def test_a_held_message_has_its_day_from_its_release_on() -> None:
    story = held(Story().decided(hours(1)), hours(1), "SENSITIVE", **CHILD)
    assert sent(story) == []
    story.row(AuditKind.RELEASED, hours(48), **CHILD, triggers=["SENSITIVE"]).tried(hours(50))
    assert sent(story) == [(hours(48), False)]


def test_a_hold_on_another_recipient_or_an_allegation_beside_holds_nothing_else() -> None:
    story = held(Story().decided(hours(1)), hours(1), "STAFF_LINK", **ALONE)
    held(story, hours(1), "LADO", child=1, task="RELEASE_ALLEGATION")
    assert sent(story.tried(hours(2))) == [(hours(1), False)]


def test_a_hold_that_began_when_it_had_arrived_changes_nothing() -> None:
    story = Story().decided(hours(1)).tried(hours(2)).decided(hours(3), dver=2)
    held(story, hours(3), "SENSITIVE", **CHILD)
    assert sent(story) == [(hours(1), False)]
    story.row(AuditKind.RELEASED, hours(9), **CHILD, triggers=["SENSITIVE"]).tried(hours(10), dver=2)
    assert sent(story) == [(hours(1), False), (hours(9), False)]


# --- challenges


def test_a_challenge_takes_from_when_it_was_raised_until_it_is_resolved() -> None:
    raised = {"child": 1, "challenge_id": "C1", "raised_at": hours(1)}
    resolved = {"child": 1, "challenge_id": "C1", "resolved_at": hours(49), "result": "UPHELD"}
    story = Story().received().event(EventType.CHALLENGE_RAISED, **raised)
    assert story.facts().challenges == ()
    story.event(EventType.CHALLENGE_RESOLVED, **resolved)
    assert story.facts().challenges == (Challenge(hours(49), "UPHELD", timedelta(hours=48)),)
    unheard = Story().received().event(EventType.CHALLENGE_RESOLVED, **resolved)
    assert unheard.facts().challenges == (Challenge(hours(49), "UPHELD", None),)


def test_what_is_said_of_a_settled_challenge_again_does_not_count() -> None:
    raised = {"child": 1, "challenge_id": "C1", "raised_at": hours(1)}
    story = Story().received().event(EventType.CHALLENGE_RAISED, **raised)
    ended = {"child": 1, "challenge_id": "C1", "resolved_at": hours(49), "result": "UPHELD"}
    story.event(EventType.CHALLENGE_RESOLVED, **ended)
    late = {"resolved_at": hours(90), "result": "NOT_UPHELD", "stale": True}
    story.event(EventType.CHALLENGE_RESOLVED, **(ended | late))
    story.event(EventType.CHALLENGE_RAISED, **(raised | {"raised_at": hours(40), "stale": True}))
    assert story.facts().challenges == (Challenge(hours(49), "UPHELD", timedelta(hours=48)),)


def test_a_challenge_that_was_resolved_before_it_was_raised_took_no_time() -> None:
    story = Story().event(EventType.CHALLENGE_RAISED, child=1, challenge_id="C1", raised_at=hours(2))
    story.event(
        EventType.CHALLENGE_RESOLVED, child=1, challenge_id="C1", resolved_at=hours(1), result="UPHELD"
    )
    assert story.facts().challenges[0].took == timedelta()


# --- police closures


def closed(*recipients: str, status: str = "CLOSED_CHARGED", **update: Any) -> Story:
    """The event's row, and its update's: of the same cause, whoever is told."""
    said = {"child": 1, "changed_at": hours(1), "cause": "ended"}
    story = Story().received()
    story.event(EventType.POLICE_INVESTIGATION_STATUS_CHANGED, hours(1), status=status, **said)
    told = {"child": 1, "dver": 1, "series": "POLICE_CASE", "cause": "ended", "recipients": list(recipients)}
    return story.row(AuditKind.UPDATE, hours(1), **{**told, **update}) if recipients or update else story


SCHOOLS, HEALTHS = f"{SCHOOL}#webhook#2#UPOLICE_CASE", "north-gp#webhook#2#UPOLICE_CASE"


def test_a_closure_is_told_when_the_last_partner_was_told() -> None:
    story = closed(SCHOOLS, HEALTHS).tried(hours(2), SCHOOL, nonce="UPOLICE_CASE")
    assert story.facts().closures == (Closure(hours(1), 2, None),)
    story.tried(hours(5), "north-gp", nonce="UPOLICE_CASE")
    assert story.facts().closures == (Closure(hours(1), 2, timedelta(hours=4)),)


def test_a_closure_that_is_kept_from_a_partner_is_not_told_to_all() -> None:
    story = closed(SCHOOLS, kept_from=["north-gp"]).tried(hours(2), SCHOOL, nonce="UPOLICE_CASE")
    assert story.facts().closures == (Closure(hours(1), 2, None),)
    assert closed(kept_from=["north-gp"]).facts().closures == (Closure(hours(1), 1, None),)


def test_a_decision_and_another_closures_update_tell_no_partner_of_this_one() -> None:
    story = closed(SCHOOLS).decided(hours(1), recipients=[f"{SCHOOL}#webhook#2"]).tried(hours(2), SCHOOL)
    assert story.facts().closures == (Closure(hours(1), 1, None),)
    assert closed(SCHOOLS, cause="another").facts().closures == (Closure(hours(1), 0, None),)
    assert closed(SCHOOLS, series="PLAN").facts().closures == (Closure(hours(1), 0, None),)


def test_an_investigation_that_is_open_has_not_ended_and_nobody_need_hear_where_none_has_a_plan() -> None:
    assert closed(SCHOOLS, status="OPEN").facts().closures == ()
    assert closed().facts().closures == (Closure(hours(1), 0, None),)


# --- events that are not taken in, or not yet


@pytest.mark.parametrize("event_type", EventType)
def test_an_event_that_waits_or_was_refused_after_it_had_waited_counts_for_nothing(
    event_type: EventType,
) -> None:
    """The row of one that was refused then has none of its fields."""
    usual = Story().received().decided(hours(1))
    refused = Story().received().decided(hours(1))
    refused.event(
        event_type, hours(2), field="child_index", refused_copy="2026-11-24/1", waited_since=hours(1)
    )
    waits = Story().received().decided(hours(1))
    waits.event(event_type, hours(2), child=1, waits_for="REFERRAL")
    assert refused.counts().cells == waits.counts().cells == usual.counts().cells


def test_what_somebody_arranged_to_withhold_before_it_was_decided_is_not_withheld() -> None:
    usual, arranged = (Story().received().decided(hours(1)) for _ in range(2))
    said = {"child": 1, "decision_seq": 1, "disclosure": "WITHHELD_DETRIMENT", "waited_since": hours(0)}
    arranged.event(EventType.WITHHELD, hours(1), **said, before_decision=True)
    assert arranged.counts().cells == usual.counts().cells


# --- children who are referred again, and addresses


def a_case(ref: str, at: datetime, outcome: str = "NFA", pseudonym: str | None = "a" * 32) -> Any:
    pseudonyms = {"1": pseudonym} if pseudonym else {}
    story = Story(ref).received(at, received_at=at, pseudonyms=pseudonyms)
    return story.decided(at + timedelta(hours=1), outcome, received_at=at).case()


MARCH = datetime(2025, 3, 3, 10, tzinfo=UTC)
DECIDED = MARCH + timedelta(hours=1)
A_YEAR_ON = datetime(2026, 3, 3, 11, tzinfo=UTC)


def came_back(*cases: Any, now: datetime = LATER) -> list[bool]:
    return [one.came_back for one in followed(cases, now) if one.is_known]


def test_another_referral_of_the_child_within_12_months_of_the_decision_is_one() -> None:
    first = a_case("NS-25-F1RST0", MARCH)
    assert followed([first], LATER) == (Followed(DECIDED, is_known=True, is_nfa=True, came_back=False),)
    assert came_back(first, a_case("NS-26-SEC0ND", A_YEAR_ON)) == [True]
    assert came_back(first, a_case("NS-26-SEC0ND", A_YEAR_ON + timedelta(seconds=1))) == [False]
    assert came_back(first, a_case("NS-25-BEF0RE", MARCH - timedelta(days=1))) == [False, True]


def test_the_same_referral_another_child_and_a_duplicate_are_none() -> None:
    first = a_case("NS-25-F1RST0", MARCH)
    again = MARCH + timedelta(days=1)
    assert came_back(first, a_case("NS-25-F1RST0", again)) == [False, False]
    assert came_back(first, a_case("NS-25-0THER0", again, pseudonym="b" * 32)) == [False, False]
    assert came_back(first, a_case("NS-25-0THER0", again, pseudonym=None)) == [False]
    assert came_back(first, a_case("NS-25-D0PL1C", again, "DUP")) == [False]


def test_before_its_12_months_are_over_nobody_says_that_a_child_did_not_come_back() -> None:
    first, again = a_case("NS-25-F1RST0", MARCH), a_case("NS-25-SEC0ND", MARCH + timedelta(days=9))
    assert came_back(first, again, now=A_YEAR_ON - timedelta(seconds=1)) == []
    assert came_back(first, again, now=A_YEAR_ON) == [True]


def test_a_duplicate_that_was_decided_before_is_followed_with_its_original_alone() -> None:
    story = (
        Story().received(pseudonyms={"1": "a" * 32}).decided(hours(1), "NFA").decided(hours(2), "DUP", dver=2)
    )
    assert followed([story.case()], LATER) == ()
    assert followed([Story().received().case()], LATER) == ()


def test_a_year_after_a_leap_day_is_the_day_before() -> None:
    assert a_year_after(datetime(2024, 2, 29, 9, tzinfo=UTC)) == datetime(2025, 2, 28, 9, tzinfo=UTC)
    assert a_year_after(datetime(2024, 2, 28, 9, tzinfo=UTC)) == datetime(2025, 2, 28, 9, tzinfo=UTC)


def test_an_address_is_stale_90_days_after_somebody_verified_it() -> None:
    days = [date(2026, 11, 24), date(2026, 8, 26), date(2026, 8, 25), None]
    found = addresses(days, "2026-11", TUESDAY)
    assert [one.is_stale for one in found] == [False, False, True, True]
    assert {one.at for one in found} == {TUESDAY}


def test_of_earlier_months_nobody_knows_which_addresses_were_stale() -> None:
    found = addresses([date(2026, 11, 24)], "2026-09", TUESDAY)
    assert [(month_of(one.at), one.is_stale) for one in found] == [
        ("2026-09", None),
        ("2026-10", None),
        ("2026-11", False),
    ]


def test_which_events_have_come_at_all_is_known() -> None:
    assert closed().facts().heard == {"REFERRAL_RECEIVED", "POLICE_INVESTIGATION_STATUS_CHANGED"}
    assert Story().decided(hours(1)).facts().heard == set()
