"""When a police form, a release, a call and a decision are due, by each hub's policy."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.clock import HorizonError, hours_later, working_days_later
from functions.domain.due import URGENT, call_due_at, decision_due_at, ra_due_at, release_due_at
from schemas.clocks import ClockPolicy
from schemas.codes import Outcome, Rag

LONDON = ZoneInfo("Europe/London")
POLICY = ClockPolicy()
FRIDAY_NIGHT = datetime(2026, 6, 12, 22, 15, tzinfo=LONDON)
NEXT_OFFICE_DAY_ON = datetime(2026, 6, 16, 9, 0, tzinfo=LONDON)
"""One working day after it: Monday 09:00 starts the clock, Tuesday 09:00 ends it."""
PAST_THE_HORIZON = datetime(2029, 1, 2, 12, 0, tzinfo=UTC)

in_utc = st.datetimes(datetime(2016, 1, 2), datetime(2028, 11, 1), timezones=st.just(UTC))  # noqa: DTZ001
moments = in_utc | in_utc.map(lambda moment: moment.astimezone(LONDON))
rags = st.sampled_from([None, *Rag])
policies = st.builds(
    ClockPolicy,
    ra_due_hours_if_red=st.integers(1, 72),
    ra_due_working_days=st.integers(1, 20),
    release_within_hours_if_urgent=st.integers(1, 72),
    release_within_working_days=st.integers(1, 20),
)


@pytest.mark.parametrize(
    ("rag", "due"),
    [
        (Rag.RED, FRIDAY_NIGHT + timedelta(hours=4)),
        (Rag.AMBER, NEXT_OFFICE_DAY_ON),
        (Rag.GREEN, NEXT_OFFICE_DAY_ON),
        (None, NEXT_OFFICE_DAY_ON),
    ],
)
def test_a_police_form_is_due_in_four_hours_if_red_else_in_a_working_day(
    rag: Rag | None, due: datetime
) -> None:
    assert ra_due_at(FRIDAY_NIGHT, rag, None, POLICY) == due
    a_minute = timedelta(minutes=1)
    assert ra_due_at(FRIDAY_NIGHT, rag, due - a_minute, POLICY) == due - a_minute
    assert ra_due_at(FRIDAY_NIGHT, rag, due + a_minute, POLICY) == due


@given(moments, rags, moments, policies)
def test_a_police_form_is_never_due_after_the_decision(
    received_at: datetime, rag: Rag | None, decided_at: datetime, policy: ClockPolicy
) -> None:
    undecided, decided = (ra_due_at(received_at, rag, at, policy) for at in (None, decided_at))
    assert decided == min(undecided, decided_at)
    assert (undecided.tzinfo, decided.tzinfo) == (UTC, UTC)


def test_urgent_are_the_outcomes_that_cannot_wait_for_the_office() -> None:
    assert set(URGENT) == {Outcome.EMP, Outcome.STR, Outcome.S47S, Outcome.S47J}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_urgent_hold_is_due_in_an_hour_day_and_night_others_in_a_working_day(outcome: Outcome) -> None:
    due = FRIDAY_NIGHT + timedelta(hours=1) if outcome in URGENT else NEXT_OFFICE_DAY_ON
    assert release_due_at({outcome}, FRIDAY_NIGHT, POLICY) == due
    assert release_due_at((Outcome.LAD, outcome), FRIDAY_NIGHT, POLICY) == due


@given(st.sets(st.sampled_from(Outcome)), moments, policies)
def test_one_urgent_outcome_hastens_the_release_of_all(
    outcomes: set[Outcome], held_at: datetime, policy: ClockPolicy
) -> None:
    urgent = hours_later(held_at, policy.release_within_hours_if_urgent)
    others = working_days_later(held_at, policy.release_within_working_days, policy)
    assert release_due_at(outcomes, held_at, policy) == (urgent if outcomes & URGENT else others)


def test_a_call_is_due_in_a_working_day() -> None:
    assert call_due_at(FRIDAY_NIGHT, POLICY) == NEXT_OFFICE_DAY_ON
    patient = ClockPolicy(call_within_working_days=2)
    assert call_due_at(FRIDAY_NIGHT, patient) == NEXT_OFFICE_DAY_ON + timedelta(days=1)


@pytest.mark.parametrize(
    ("rag", "due"),
    [
        (Rag.RED, FRIDAY_NIGHT + timedelta(hours=4)),
        (Rag.AMBER, NEXT_OFFICE_DAY_ON),
        (Rag.GREEN, NEXT_OFFICE_DAY_ON + timedelta(days=2)),
    ],
)
def test_a_decision_is_due_by_its_colour(rag: Rag, due: datetime) -> None:
    assert decision_due_at(FRIDAY_NIGHT, rag, POLICY) == due


def test_an_upgrade_is_due_from_the_original_receipt() -> None:
    before, after = (decision_due_at(FRIDAY_NIGHT, rag, POLICY) for rag in (Rag.AMBER, Rag.RED))
    assert after - FRIDAY_NIGHT == timedelta(hours=4)
    assert after < before


def test_a_hub_may_agree_on_other_limits() -> None:
    policy = ClockPolicy(
        ra_due_hours_if_red=2,
        ra_due_working_days=2,
        release_within_hours_if_urgent=3,
        release_within_working_days=2,
        decision_within_hours_if_red=24,
        decision_within_working_days_if_amber=2,
        decision_within_working_days_if_green=5,
    )
    a_day_on = NEXT_OFFICE_DAY_ON + timedelta(days=1)
    assert ra_due_at(FRIDAY_NIGHT, Rag.RED, None, policy) == FRIDAY_NIGHT + timedelta(hours=2)
    assert ra_due_at(FRIDAY_NIGHT, Rag.GREEN, None, policy) == a_day_on
    assert release_due_at([Outcome.EMP], FRIDAY_NIGHT, policy) == FRIDAY_NIGHT + timedelta(hours=3)
    assert release_due_at([Outcome.NFA], FRIDAY_NIGHT, policy) == a_day_on
    assert decision_due_at(FRIDAY_NIGHT, Rag.RED, policy) == FRIDAY_NIGHT + timedelta(days=1)
    assert decision_due_at(FRIDAY_NIGHT, Rag.AMBER, policy) == a_day_on
    assert decision_due_at(FRIDAY_NIGHT, Rag.GREEN, policy) == datetime(2026, 6, 22, 9, 0, tzinfo=LONDON)


@pytest.mark.parametrize("hours_after_midnight", range(24))
def test_elapsed_limits_run_through_both_clock_changes(hours_after_midnight: int) -> None:
    for sunday in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        received_at = (sunday + timedelta(hours=hours_after_midnight)).astimezone(LONDON)
        due = received_at.astimezone(UTC) + timedelta(hours=4)
        assert decision_due_at(received_at, Rag.RED, POLICY) == due
        assert ra_due_at(received_at, Rag.RED, None, POLICY) == due
        assert release_due_at([Outcome.S47J], received_at, POLICY) == due - timedelta(hours=3)


def test_urgent_clocks_need_no_holidays_and_so_have_no_horizon() -> None:
    in_an_hour, in_four = (PAST_THE_HORIZON + timedelta(hours=hours) for hours in (1, 4))
    assert release_due_at([Outcome.EMP], PAST_THE_HORIZON, POLICY) == in_an_hour
    assert ra_due_at(PAST_THE_HORIZON, Rag.RED, None, POLICY) == in_four
    assert decision_due_at(PAST_THE_HORIZON, Rag.RED, POLICY) == in_four


@pytest.mark.parametrize("rag", [Rag.AMBER, Rag.GREEN])
def test_every_clock_of_working_days_raises_past_the_horizon(rag: Rag) -> None:
    with pytest.raises(HorizonError):
        decision_due_at(PAST_THE_HORIZON, rag, POLICY)
    with pytest.raises(HorizonError):
        ra_due_at(PAST_THE_HORIZON, rag, PAST_THE_HORIZON, POLICY)
    with pytest.raises(HorizonError):
        release_due_at([Outcome.LAD], PAST_THE_HORIZON, POLICY)
    with pytest.raises(HorizonError):
        call_due_at(PAST_THE_HORIZON, POLICY)
