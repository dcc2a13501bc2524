"""How a referral came in and was decided: each clock by itself, and nothing that no event has told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.domain.measures.decided import Decided
from functions.domain.measures.facts import Case
from functions.domain.measures.received import Check, Received
from schemas.clocks import ClockPolicy
from schemas.codes import EventType, Rag
from tests.unit.stories import AS_OF, LATER, POLICE, SCHOOL, TUESDAY, Story, hours

FRIDAY_EVENING = datetime(2026, 6, 12, 16, tzinfo=UTC)
"""17:00 in London: out of hours, so that one working day ends on Tuesday at 9."""


def came(**said: Any) -> Received:
    return Story().received(**said).case().received


def final(story: Story) -> Decided:
    decided = story.case().decided
    assert decided is not None
    return decided


# --- received


def test_an_arrival_says_when_as_what_and_from_whom() -> None:
    assert came(unborn=[1], pseudonyms={"1": "a" * 32}) == Received(
        at=TUESDAY,
        is_out_of_hours=False,
        is_duplicate=False,
        is_contact=True,
        became_referral=False,
        source_code="6",
        is_professional=True,
        pseudonym="a" * 32,
        unborn=True,
        acknowledged_in_time=False,
    )


def test_a_decision_alone_says_when_it_was_received_and_of_the_rest_nothing_is_known() -> None:
    case = Story().decided(hours(2)).case()
    assert case.received == Received(
        at=TUESDAY,
        is_out_of_hours=False,
        is_duplicate=False,
        is_contact=None,
        became_referral=False,
        source_code=None,
        is_professional=None,
        pseudonym=None,
        unborn=None,
        acknowledged_in_time=False,
    )
    assert (case.check, final(Story().decided(hours(2))).is_joint) == (None, None)


def test_a_decision_that_says_more_is_believed() -> None:
    story = Story().decided(hours(2), source_code="2A", referrer=SCHOOL, unborn=True)
    case = story.case()
    assert (case.received.source_code, case.received.is_professional) == ("2A", True)
    assert case.received.unborn is True


def test_a_referral_of_the_public_names_no_referrer() -> None:
    assert came(referrer=None, source_code="1A").is_professional is False


def test_a_contact_that_became_a_referral_is_both_in_whatever_order_it_is_heard() -> None:
    for first, second in (("CONTACT", "REFERRAL"), ("REFERRAL", "CONTACT")):
        story = Story().received(kind=first).received(hours(3), kind=second)
        assert (story.case().received.is_contact, story.case().received.became_referral) == (True, True)
        assert story.case().received.at == TUESDAY


def test_what_came_as_a_referral_is_no_contact() -> None:
    assert (came(kind="REFERRAL").is_contact, came(kind="REFERRAL").became_referral) == (False, True)


def test_each_child_of_a_referral_is_a_case_decided_or_not() -> None:
    story = Story().received(TUESDAY, 1, 2, unborn=[2]).decided(hours(2), child=3)
    one, two, three = story.facts().cases
    assert (one.received.unborn, two.received.unborn, three.received.unborn) == (False, True, None)
    assert (one.decided, two.decided, three.decided is None) == (None, None, False)


def test_the_newest_pseudonym_counts_and_no_later_event_erases_it() -> None:
    story = Story().received(pseudonyms={"1": "a" * 32}).received(pseudonyms={"1": "b" * 32}).received()
    assert story.case().received.pseudonym == "b" * 32


@pytest.mark.parametrize(
    ("at", "out"),
    [
        (datetime(2026, 6, 10, 8, tzinfo=UTC), False),
        (datetime(2026, 6, 10, 7, 59, tzinfo=UTC), True),
        (FRIDAY_EVENING, True),
        (datetime(2026, 12, 25, 11, tzinfo=UTC), True),
    ],
)
def test_office_hours_are_londons(at: datetime, *, out: bool) -> None:
    assert came(received_at=at).is_out_of_hours is out


def test_before_any_known_bank_holiday_nobody_says_that_an_office_was_open() -> None:
    assert came(received_at=datetime(2015, 6, 10, 10, tzinfo=UTC)).is_out_of_hours


def test_an_acknowledgement_counts_until_one_working_day_is_over() -> None:
    due = datetime(2026, 6, 16, 8, tzinfo=UTC)
    for at, in_time in ((due, True), (due + timedelta(seconds=1), False)):
        story = Story().received(received_at=FRIDAY_EVENING).event(EventType.ACKNOWLEDGED, acknowledged_at=at)
        assert story.case().received.acknowledged_in_time is in_time


def test_a_duplicate_is_one_until_it_is_decided_for_itself() -> None:
    story = Story().received().decided(hours(2), "DUP")
    assert (story.case().received.is_duplicate, story.case().decided) == (True, None)
    story.decided(hours(4), "NFA", dver=2)
    assert (story.case().received.is_duplicate, final(story).at) == (False, hours(4))


# --- the police check


def test_the_newest_check_of_the_child_counts() -> None:
    story = Story().received().checked("ABSENT").checked("COMPLETE", child=2)
    assert story.case().check == Check("ABSENT", frozenset(), late=False, after_decision=False)
    story.checked("INCORRECT", "RA05", late=True, after_decision=True)
    assert story.case().check == Check("INCORRECT", frozenset({"RA05"}), late=True, after_decision=True)


def unit(story: Story) -> tuple[bool, str | None]:
    check = story.case().check
    assert check is not None
    return check.has_form, check.unit


def test_the_unit_is_of_the_form_that_was_looked_at() -> None:
    story = Story().received().checked("ABSENT")
    assert unit(story) == (False, None)
    story.form(1, 1, unit="CHILD_ABUSE_UNIT").checked("INCORRECT", "RA05", form_version=1)
    assert unit(story) == (True, "CHILD_ABUSE_UNIT")
    story.form(1, unit="OLDER_AND_LATE").checked("INCORRECT", "RA05", form_version=1)
    assert unit(story) == (True, "CHILD_ABUSE_UNIT")
    story.form(2, 1, unit="RESPONSE_NORTH").checked("COMPLETE", form_version=2)
    assert unit(story) == (True, "RESPONSE_NORTH")
    story.form(3, 1).checked("COMPLETE", form_version=3)
    assert unit(story) == (True, None)
    assert unit(story.checked("UNKNOWN")) == (False, None)  # it cannot be opened any more


def test_a_childs_own_form_goes_before_another_of_the_referral_and_that_before_none() -> None:
    story = Story().received(TUESDAY, 1, 2).form(1, 1, unit="OWN").form(1, 2, unit="THE_SIBLINGS")
    for child in (1, 2, 3):
        story.checked("INCORRECT", "RA05", child=child, form_version=1)
    assert [one.check and one.check.unit for one in story.facts().cases] == ["OWN", "THE_SIBLINGS"]
    left_out = Story().received(TUESDAY, 1, 3).form(1, 1, unit="OWN").form(2, 0, unit="OF_NO_CHILD")
    left_out.form(3, 3).checked("INCORRECT", "RA05", child=3, form_version=2)  # its own is a shell
    assert [one.check and one.check.unit for one in left_out.facts().cases] == [None, "OF_NO_CHILD"]


@pytest.mark.parametrize(
    ("status", "failed", "recommends"),
    [
        ("COMPLETE", (), True),
        ("INCORRECT", ("RA05",), True),
        ("INCORRECT", ("RA16",), False),
        ("ABSENT", (), False),
    ],
)
def test_a_form_recommends_unless_it_fails_that_very_rule(
    status: str, failed: tuple[str, ...], *, recommends: bool
) -> None:
    check = Story().received().checked(status, *failed).case().check
    assert check is not None
    assert check.recommends is recommends


# --- decided


@pytest.mark.parametrize(
    ("decided_at", "in_a_day", "in_a_working_day"),
    [
        (datetime(2026, 6, 13, 16, tzinfo=UTC), True, True),
        (datetime(2026, 6, 13, 16, 0, 1, tzinfo=UTC), False, True),
        (datetime(2026, 6, 16, 8, tzinfo=UTC), False, True),
        (datetime(2026, 6, 16, 8, 0, 1, tzinfo=UTC), False, False),
    ],
)
def test_24_elapsed_hours_and_one_working_day_are_two_clocks(
    decided_at: datetime, *, in_a_day: bool, in_a_working_day: bool
) -> None:
    decided = final(Story().decided(decided_at, received_at=FRIDAY_EVENING))
    assert (decided.in_a_day, decided.in_a_working_day) == (in_a_day, in_a_working_day)


def test_what_is_not_final_stops_no_clock() -> None:
    story = Story().received().decided(hours(1), "INF")
    assert story.case().decided is None
    story.decided(hours(30), "S17", dver=2).decided(hours(40), "NFA", dver=3)
    assert (final(story).at, final(story).in_a_day, final(story).is_nfa) == (hours(30), False, True)


def test_a_transfer_stops_the_clock_once_it_is_accepted() -> None:
    waits = Story().received().decided(hours(1), "TRF")
    assert waits.case().decided is None
    assert final(Story().decided(hours(1), "TRF", transfer_accepted=True)).at == hours(1)
    assert final(Story().decided(hours(1), "TRF", additional=["S47S"])).at == hours(1)
    waits.event(EventType.TRANSFER_ACCEPTED, child=1, accepted_at=hours(5))
    assert final(waits).at == hours(5)


def test_a_decision_that_was_recorded_in_error_was_none() -> None:
    story = Story().received().decided(hours(1), "NFA")
    story.event(EventType.WITHDRAWN_IN_ERROR, hours(2), child=1, decision_seq=1, withdrawn_at=hours(2))
    assert story.case().decided is None
    assert final(story.decided(hours(3), "S17", dver=2)).at == hours(3)


@pytest.mark.parametrize(
    ("rag", "after", "in_time"),
    [("RED", 4, True), ("RED", 4.1, False), ("AMBER", 24, True), ("AMBER", 24.1, False), ("GREEN", 72, True)],
)
def test_each_colour_has_its_target(rag: str, after: float, *, in_time: bool) -> None:
    decided = final(Story().received().decided(hours(after), rag=rag))
    assert (decided.rag, decided.in_colour) == (rag, in_time)


@pytest.mark.parametrize(
    ("limits", "in_a_day", "in_a_working_day"),
    [
        ({}, False, False),
        ({"decision_measured_by_hours": 25}, True, False),
        ({"decision_measured_by_working_days": 2}, False, True),
    ],
)
def test_a_hub_that_measures_by_other_limits_counts_by_them(
    limits: dict[str, Any], *, in_a_day: bool, in_a_working_day: bool
) -> None:
    decided = Story().received().decided(hours(25)).case(replace(AS_OF, clocks=ClockPolicy(**limits))).decided
    assert decided is not None
    assert (decided.in_a_day, decided.in_a_working_day) == (in_a_day, in_a_working_day)


def test_the_most_urgent_colour_counts_until_the_clock_stops() -> None:
    story = Story().received(rag="GREEN").event(EventType.ACKNOWLEDGED, rag="RED", acknowledged_at=hours(1))
    assert final(story.decided(hours(5), rag="AMBER")).rag is Rag.RED
    assert not final(story).in_colour
    story.decided(hours(6), dver=2, rag="RED")
    assert final(Story().decided(hours(5), rag="AMBER").decided(hours(6), dver=2, rag="RED")).rag is Rag.AMBER


def test_what_nobody_graded_is_in_no_colours_time() -> None:
    assert (final(Story().decided(hours(1))).rag, final(Story().decided(hours(1))).in_colour) == (None, False)


@pytest.mark.parametrize(
    "given", [{"recommendation_given": True}, {"police_recommended_next_step": "JOINT_INVESTIGATION"}]
)
def test_how_risk_was_assessed_and_whether_the_police_were_followed_is_of_the_newest(
    given: dict[str, Any],
) -> None:
    """Rows of an older release say which step it was."""
    said = {**given, "recommendation_followed": False}
    story = Story().decided(hours(1), risk_assessment_mode="JOINT", **said)
    assert (final(story).is_joint, final(story).names_a_recommendation, final(story).followed) == (
        True,
        True,
        False,
    )
    story.decided(hours(2), dver=2, risk_assessment_mode="SOCIAL_CARE_ONLY")
    assert (final(story).is_joint, final(story).names_a_recommendation, final(story).followed) == (
        False,
        False,
        None,
    )


# --- what else a case is


def case_with(event_type: EventType, **said: Any) -> Case:
    return Story().received().decided(hours(1)).event(event_type, hours(2), child=1, **said).case()


def test_a_challenge_and_what_was_withheld_are_the_childs() -> None:
    assert case_with(EventType.CHALLENGE_RAISED, challenge_id="C1", raised_at=LATER).is_challenged
    resolved = {"challenge_id": "C1", "resolved_at": LATER, "result": "UPHELD"}
    assert not case_with(EventType.CHALLENGE_RESOLVED, **resolved).is_challenged
    withheld = case_with(EventType.WITHHELD, decision_seq=1, disclosure="WITHHELD_DETRIMENT")
    assert withheld.disclosures == {"WITHHELD_DETRIMENT"}


def test_an_outcome_is_told_in_time_until_one_working_day_after_receipt_is_over() -> None:
    for after, in_time in ((24, True), (24.5, False)):
        story = Story().received().decided(hours(2)).tried(hours(after), POLICE)
        assert story.case().told_in_a_working_day is in_time
    assert not Story().received().case().told_in_a_working_day
