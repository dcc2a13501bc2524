"""When an acknowledgement, an answer, a reminder and what follows a decision are due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.clock import HorizonError, working_days_later
from functions.domain.due import (
    acknowledgement_due_at,
    assessment_due_at,
    challenge_stage_due_at,
    conference_due_at,
    contribution_due_at,
    decision_due_at,
    joint_update_due_at,
    measured_in_hours_due_at,
    plan_update_due_at,
    ra_due_at,
    ra_last_reminder_due_at,
    transfer_answer_due_at,
)
from schemas.clocks import ClockPolicy
from schemas.codes import Rag

LONDON = ZoneInfo("Europe/London")
POLICY = ClockPolicy()
AFTERNOON = datetime(2026, 6, 10, 15, 0, tzinfo=LONDON)
"""A Wednesday, in office hours."""
FRIDAY_NIGHT = datetime(2026, 6, 12, 22, 15, tzinfo=LONDON)
"""Monday 09:00 starts a clock that waits for the office."""
PAST_THE_HORIZON = datetime(2029, 1, 2, 12, 0, tzinfo=UTC)

days = st.dates(date(2016, 1, 2), date(2028, 8, 1))
moments = st.builds(datetime.combine, days, st.times(), st.just(UTC))
a_while = st.timedeltas(timedelta(), timedelta(days=30))

BY_WORKING_DAYS: dict[Callable[[datetime, ClockPolicy], datetime], int] = {
    acknowledgement_due_at: 1,
    transfer_answer_due_at: 1,
    challenge_stage_due_at: 5,
    joint_update_due_at: 10,
    conference_due_at: 15,
    plan_update_due_at: 30,
    assessment_due_at: 45,
}


def london(text: str) -> datetime:
    """A moment written as London's clocks show it, such as `2026-06-10 10:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def shown(moment: datetime) -> str:
    """What London's clocks show at that moment; only what is kept in UTC is shown."""
    assert moment.tzinfo is UTC
    return moment.astimezone(LONDON).strftime("%a %Y-%m-%d %H:%M")


# --- limits in working days


@pytest.mark.parametrize(
    ("due_at", "from_the_afternoon", "from_friday_night"),
    [
        (acknowledgement_due_at, "Thu 2026-06-11 15:00", "Tue 2026-06-16 09:00"),
        (transfer_answer_due_at, "Thu 2026-06-11 15:00", "Tue 2026-06-16 09:00"),
        (challenge_stage_due_at, "Wed 2026-06-17 15:00", "Mon 2026-06-22 09:00"),
        (joint_update_due_at, "Wed 2026-06-24 15:00", "Mon 2026-06-29 09:00"),
        (conference_due_at, "Wed 2026-07-01 15:00", "Mon 2026-07-06 09:00"),
        (plan_update_due_at, "Wed 2026-07-22 15:00", "Mon 2026-07-27 09:00"),
        (assessment_due_at, "Wed 2026-08-12 15:00", "Mon 2026-08-17 09:00"),
    ],
)
def test_each_is_due_so_many_working_days_after_its_start(
    due_at: Callable[[datetime, ClockPolicy], datetime], from_the_afternoon: str, from_friday_night: str
) -> None:
    assert shown(due_at(AFTERNOON, POLICY)) == from_the_afternoon
    assert shown(due_at(FRIDAY_NIGHT, POLICY)) == from_friday_night


@pytest.mark.parametrize(
    ("due_at", "start", "due"),
    [
        # Good Friday and Easter Monday are no working days, and the clocks go forward in between.
        (conference_due_at, "2026-03-27 16:00", "Tue 2026-04-21 16:00"),
        # Nor are 25 and 28 December, and the clocks went back before the office opened.
        (assessment_due_at, "2026-10-24 23:30", "Wed 2026-12-30 09:00"),
        (plan_update_due_at, "2022-08-26 10:30", "Tue 2022-10-11 10:30"),  # a bank holiday and the funeral
        (joint_update_due_at, "2023-04-28 17:00", "Wed 2023-05-17 09:00"),  # 1 May, and the Coronation's
    ],
)
def test_weeks_of_work_leave_out_every_holiday_on_the_way(
    due_at: Callable[[datetime, ClockPolicy], datetime], start: str, due: str
) -> None:
    assert shown(due_at(london(start), POLICY)) == due


@given(st.sampled_from(sorted(BY_WORKING_DAYS, key=BY_WORKING_DAYS.__getitem__)), moments, a_while)
def test_each_counts_working_days_and_a_later_start_is_never_due_earlier(
    due_at: Callable[[datetime, ClockPolicy], datetime], start: datetime, later: timedelta
) -> None:
    assert due_at(start, POLICY) == working_days_later(start, BY_WORKING_DAYS[due_at], POLICY)
    assert start < due_at(start, POLICY) <= due_at(start + later, POLICY)


@pytest.mark.parametrize("due_at", BY_WORKING_DAYS)
def test_each_raises_past_the_horizon(due_at: Callable[[datetime, ClockPolicy], datetime]) -> None:
    with pytest.raises(HorizonError):
        due_at(PAST_THE_HORIZON, POLICY)


# --- what agencies are asked for before a decision


@pytest.mark.parametrize(
    ("rag", "from_the_afternoon", "from_friday_night"),
    [
        (Rag.RED, "Wed 2026-06-10 17:00", "Sat 2026-06-13 00:15"),
        (Rag.AMBER, "Thu 2026-06-11 11:00", "Mon 2026-06-15 13:00"),
        (Rag.GREEN, "Thu 2026-06-11 11:00", "Mon 2026-06-15 13:00"),
        (None, "Thu 2026-06-11 11:00", "Mon 2026-06-15 13:00"),
    ],
)
def test_a_contribution_is_due_in_two_hours_if_red_else_in_four_of_open_office(
    rag: Rag | None, from_the_afternoon: str, from_friday_night: str
) -> None:
    assert shown(contribution_due_at(AFTERNOON, rag, POLICY)) == from_the_afternoon
    assert shown(contribution_due_at(FRIDAY_NIGHT, rag, POLICY)) == from_friday_night


@given(moments, st.sampled_from(Rag))
def test_an_agency_that_is_asked_at_receipt_contributes_before_the_decision_is_due(
    received: datetime, rag: Rag
) -> None:
    assert received < contribution_due_at(received, rag, POLICY) < decision_due_at(received, rag, POLICY)


def test_only_a_red_contribution_needs_no_holidays() -> None:
    two_hours_on = PAST_THE_HORIZON + timedelta(hours=2)
    assert contribution_due_at(PAST_THE_HORIZON, Rag.RED, POLICY) == two_hours_on
    with pytest.raises(HorizonError):
        contribution_due_at(PAST_THE_HORIZON, Rag.AMBER, POLICY)


# --- reminders of the police form


@pytest.mark.parametrize(
    ("rag", "last"), [(Rag.RED, "Tue 2026-06-16 09:00"), (Rag.AMBER, "Wed 2026-06-17 09:00")]
)
def test_the_police_are_reminded_for_the_last_time_a_working_day_after_it_was_due(
    rag: Rag, last: str
) -> None:
    due_at = ra_due_at(FRIDAY_NIGHT, rag, None, POLICY)
    assert shown(ra_last_reminder_due_at(due_at, POLICY)) == last


def test_a_reminder_past_the_horizon_raises() -> None:
    with pytest.raises(HorizonError):
        ra_last_reminder_due_at(PAST_THE_HORIZON, POLICY)


# --- for every one of them

written_in = st.sampled_from(["UTC", "Europe/London", "Asia/Tokyo", "America/St_Johns"])


@given(moments, written_in)
def test_the_zone_a_start_was_written_in_changes_nothing_and_all_is_told_in_utc(
    start: datetime, zone: str
) -> None:
    def all_of(at: datetime) -> list[datetime]:
        return [
            *(due_at(at, POLICY) for due_at in BY_WORKING_DAYS),
            *(contribution_due_at(at, rag, POLICY) for rag in Rag),
            ra_last_reminder_due_at(at, POLICY),
            measured_in_hours_due_at(at, POLICY),
            decision_due_at(at, None, POLICY),
        ]

    written = all_of(start.astimezone(ZoneInfo(zone)))
    assert written == all_of(start)
    assert {moment.tzinfo for moment in written} == {UTC}
