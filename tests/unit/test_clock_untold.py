"""By when an agency that nothing has reached, or that has not read it, is rung; and when an alarm says so."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.clock import HorizonError, hours_later, working_days_later, working_hours_later
from functions.domain.due import URGENT, red_alert_due_at, unread_call_due_at, untold_call_due_at
from schemas.clocks import ClockPolicy
from schemas.codes import Outcome, Rag

LONDON = ZoneInfo("Europe/London")
POLICY = ClockPolicy()
AFTERNOON = datetime(2026, 6, 10, 15, 0, tzinfo=LONDON)
"""A Wednesday: four working hours end on Thursday at 11:00, a working day at 15:00."""
FRIDAY_NIGHT = datetime(2026, 6, 12, 22, 15, tzinfo=LONDON)
"""Monday 09:00 starts a clock that waits for the office."""
PAST_THE_HORIZON = datetime(2029, 1, 2, 12, 0, tzinfo=UTC)
NOT_URGENT = sorted(set(Outcome) - URGENT)

days = st.dates(date(2016, 1, 2), date(2028, 10, 1))
moments = st.builds(datetime.combine, days, st.times(), st.just(UTC))
outcomes = st.sets(st.sampled_from(Outcome), min_size=1, max_size=4)
not_red = st.sampled_from([None, Rag.AMBER, Rag.GREEN])


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=LONDON)


# --- untold


@pytest.mark.parametrize("outcome", NOT_URGENT)
@pytest.mark.parametrize("rag", [None, Rag.AMBER, Rag.GREEN])
def test_an_agency_that_is_not_told_is_rung_after_four_working_hours(
    outcome: Outcome, rag: Rag | None
) -> None:
    assert untold_call_due_at([outcome], rag, AFTERNOON, POLICY) == at(11, 11)
    assert untold_call_due_at([outcome], rag, FRIDAY_NIGHT, POLICY) == at(15, 13)


@pytest.mark.parametrize("outcome", sorted(URGENT))
@pytest.mark.parametrize("rag", [None, *Rag])
def test_about_what_is_urgent_after_two_elapsed_hours_day_and_night(
    outcome: Outcome, rag: Rag | None
) -> None:
    assert untold_call_due_at([outcome], rag, AFTERNOON, POLICY) == at(10, 17)
    assert untold_call_due_at([Outcome.NFA, outcome], rag, FRIDAY_NIGHT, POLICY) == at(13, 0, 15)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_about_a_red_referral_after_two_elapsed_hours_whatever_was_decided(outcome: Outcome) -> None:
    assert untold_call_due_at([outcome], Rag.RED, AFTERNOON, POLICY) == at(10, 17)
    assert untold_call_due_at([outcome], Rag.RED, FRIDAY_NIGHT, POLICY) == at(13, 0, 15)


def test_a_hub_may_agree_when_whoever_is_not_told_is_rung() -> None:
    policy = ClockPolicy(untold_call_within_working_hours=9, untold_call_within_hours_if_urgent=1)
    assert untold_call_due_at([Outcome.S17], None, AFTERNOON, policy) == at(11, 16)
    assert untold_call_due_at([Outcome.EMP], None, AFTERNOON, policy) == at(10, 16)


@given(outcomes, st.sampled_from([None, *Rag]), moments)
def test_what_is_urgent_or_red_is_never_rung_about_later(
    decided: Collection[Outcome], rag: Rag | None, since: datetime
) -> None:
    as_decided = untold_call_due_at(decided, rag, since, POLICY)
    urgently = untold_call_due_at([*decided, Outcome.STR], rag, since, POLICY)
    red = untold_call_due_at(decided, Rag.RED, since, POLICY)
    assert since < urgently == red == hours_later(since, 2) <= as_decided


@given(st.sets(st.sampled_from(NOT_URGENT), min_size=1), not_red, moments)
def test_what_is_neither_waits_for_the_office(
    decided: set[Outcome], rag: Rag | None, since: datetime
) -> None:
    assert untold_call_due_at(decided, rag, since, POLICY) == working_hours_later(since, 4, POLICY)


# --- red alert


def test_an_alarm_says_so_an_hour_before_one_working_day_ends() -> None:
    assert red_alert_due_at(AFTERNOON, POLICY) == at(11, 14)
    assert red_alert_due_at(FRIDAY_NIGHT, POLICY) == at(16, 8)


def test_a_hub_may_agree_how_long_before_it_ends() -> None:
    policy = ClockPolicy(untold_alert_hours_before_working_day=3)
    assert red_alert_due_at(AFTERNOON, policy) == at(11, 12)


@given(moments)
def test_the_alarm_comes_before_the_working_day_is_over_and_after_the_call(since: datetime) -> None:
    alarm = red_alert_due_at(since, POLICY)
    assert alarm == working_days_later(since, 1, POLICY) - timedelta(hours=1)
    assert untold_call_due_at([Outcome.S17], None, since, POLICY) < alarm


# --- unread


@pytest.mark.parametrize("outcome", NOT_URGENT)
def test_an_agency_that_has_not_read_it_is_rung_after_a_working_day(outcome: Outcome) -> None:
    assert unread_call_due_at([outcome], AFTERNOON, POLICY) == at(11, 15)
    assert unread_call_due_at([outcome], FRIDAY_NIGHT, POLICY) == at(16, 9)


@pytest.mark.parametrize("outcome", sorted(URGENT))
def test_one_that_has_not_read_what_is_urgent_after_four_elapsed_hours(outcome: Outcome) -> None:
    assert unread_call_due_at([outcome], AFTERNOON, POLICY) == at(10, 19)
    assert unread_call_due_at([Outcome.S17, outcome], FRIDAY_NIGHT, POLICY) == at(13, 2, 15)


def test_a_hub_may_agree_when_whoever_has_not_read_is_rung() -> None:
    policy = ClockPolicy(unread_call_within_working_days=2, unread_call_within_hours_if_urgent=1)
    assert unread_call_due_at([Outcome.S17], AFTERNOON, policy) == at(12, 15)
    assert unread_call_due_at([Outcome.EMP], AFTERNOON, policy) == at(10, 16)


# --- the ends of the calendar, and changes of the clock


def test_urgent_calls_need_no_holidays_and_so_have_no_horizon() -> None:
    in_two, in_four = (PAST_THE_HORIZON + timedelta(hours=hours) for hours in (2, 4))
    assert untold_call_due_at([Outcome.EMP], None, PAST_THE_HORIZON, POLICY) == in_two
    assert untold_call_due_at([Outcome.NFA], Rag.RED, PAST_THE_HORIZON, POLICY) == in_two
    assert unread_call_due_at([Outcome.EMP], PAST_THE_HORIZON, POLICY) == in_four


def test_every_other_of_these_clocks_raises_past_the_horizon() -> None:
    with pytest.raises(HorizonError):
        untold_call_due_at([Outcome.LAD], Rag.AMBER, PAST_THE_HORIZON, POLICY)
    with pytest.raises(HorizonError):
        red_alert_due_at(PAST_THE_HORIZON, POLICY)
    with pytest.raises(HorizonError):
        unread_call_due_at([Outcome.LAD], PAST_THE_HORIZON, POLICY)


def test_elapsed_limits_run_through_the_night_on_which_the_clocks_go_back() -> None:
    since = datetime(2026, 10, 25, 0, 30, tzinfo=LONDON)
    assert untold_call_due_at([Outcome.EMP], None, since, POLICY) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert unread_call_due_at([Outcome.EMP], since, POLICY) == datetime(2026, 10, 25, 3, 30, tzinfo=UTC)


def test_every_one_of_these_due_times_is_told_in_utc() -> None:
    told = [
        untold_call_due_at([Outcome.EMP], None, AFTERNOON, POLICY),
        untold_call_due_at([Outcome.S17], None, AFTERNOON, POLICY),
        red_alert_due_at(AFTERNOON, POLICY),
        unread_call_due_at([Outcome.EMP], AFTERNOON, POLICY),
        unread_call_due_at([Outcome.S17], AFTERNOON, POLICY),
    ]
    assert {moment.tzinfo for moment in told} == {UTC}
