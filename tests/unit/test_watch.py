"""The people's clock beside a delivery: which stage follows which, and when it is reached."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.bank_holidays import HORIZON
from functions.domain.due import URGENT, red_alert_due_at, unread_call_due_at, untold_call_due_at
from functions.domain.watch import Clock, Urgency, after_stage, at_once, told
from schemas.clocks import ClockPolicy
from schemas.codes import Outcome, Rag, Watch

POLICY = ClockPolicy()
SINCE = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
"""A Tuesday afternoon."""
NEXT_DAY = SINCE + timedelta(days=1)
CALM = Urgency((Outcome.S17,), Rag.AMBER)
LAST_DAY = datetime(HORIZON.year, HORIZON.month, HORIZON.day, 16, 0, tzinfo=UTC)
OTHERS = sorted(set(Outcome) - URGENT)


def test_after_the_fallback_somebody_rings_when_four_working_hours_have_passed() -> None:
    at_11 = NEXT_DAY.replace(hour=11)
    assert after_stage(Watch.FALLBACK, SINCE, CALM, POLICY) == Clock(Watch.CALL, at_11)


def test_after_the_call_an_alarm_is_raised_an_hour_before_a_working_day_has_passed() -> None:
    alarm = Clock(Watch.RED_ALERT, NEXT_DAY - timedelta(hours=1))
    assert after_stage(Watch.CALL, SINCE, CALM, POLICY) == alarm
    assert after_stage(Watch.CALL, SINCE, Urgency((Outcome.EMP,), Rag.RED), POLICY) == alarm


@pytest.mark.parametrize("last", [Watch.RED_ALERT, Watch.UNREAD])
def test_after_the_alarm_and_after_the_call_to_who_has_not_read_nothing_follows(last: Watch) -> None:
    assert after_stage(last, SINCE, CALM, POLICY) is None


URGENCIES = {
    "not urgent": ((Outcome.NFA,), None, False),
    "an allegation": ((Outcome.LAD,), Rag.GREEN, False),
    "red": ((Outcome.NFA,), Rag.RED, True),
    "urgent": ((Outcome.EMP,), Rag.AMBER, True),
    "urgent in an additional outcome": ((Outcome.S17, Outcome.EHF, Outcome.STR), None, True),
}


@pytest.mark.parametrize(("outcomes", "rag", "hastened"), URGENCIES.values(), ids=URGENCIES)
def test_red_or_an_urgent_outcome_wherever_it_stands_hastens_the_call(
    *, outcomes: tuple[Outcome, ...], rag: Rag | None, hastened: bool
) -> None:
    clock = after_stage(Watch.FALLBACK, SINCE, Urgency(outcomes, rag), POLICY)
    assert clock is not None
    assert (clock.due_at == SINCE + timedelta(hours=2)) is hastened


@pytest.mark.parametrize(("outcomes", "rag"), list(product(Outcome, [None, *Rag])))
def test_the_call_is_due_by_what_was_decided_and_its_colour(outcomes: Outcome, rag: Rag | None) -> None:
    clock = after_stage(Watch.FALLBACK, SINCE, Urgency((outcomes,), rag), POLICY)
    assert clock == Clock(Watch.CALL, untold_call_due_at((outcomes,), rag, SINCE, POLICY))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_what_has_arrived_must_be_read_in_a_working_day_or_four_hours_if_urgent(outcome: Outcome) -> None:
    due_at = SINCE + timedelta(hours=4) if outcome in URGENT else NEXT_DAY
    assert told(SINCE, Urgency((outcome,), None), POLICY) == Clock(Watch.UNREAD, due_at)
    assert told(SINCE, Urgency((Outcome.NFA, outcome), None), POLICY) == Clock(Watch.UNREAD, due_at)


@pytest.mark.parametrize("outcome", OTHERS)
def test_a_red_referral_alone_hastens_no_call_to_who_was_told(outcome: Outcome) -> None:
    assert told(SINCE, Urgency((outcome,), Rag.RED), POLICY).due_at == NEXT_DAY


def test_what_will_not_go_by_itself_calls_for_somebody_at_once() -> None:
    assert at_once(SINCE) == Clock(Watch.CALL, SINCE)


@given(
    st.datetimes(datetime(2016, 1, 2), datetime(2028, 10, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sets(st.sampled_from(Outcome), min_size=1),
    st.sampled_from([None, *Rag]),
    st.integers(1, 20),
)
def test_each_stage_has_the_hubs_own_limit(
    since: datetime, outcomes: set[Outcome], rag: Rag | None, limit: int
) -> None:
    policy = ClockPolicy(
        untold_call_within_working_hours=limit,
        untold_call_within_hours_if_urgent=limit,
        untold_alert_hours_before_working_day=limit,
        unread_call_within_hours_if_urgent=limit,
        unread_call_within_working_days=limit,
    )
    urgency = Urgency(outcomes, rag)
    call, alarm = (after_stage(stage, since, urgency, policy) for stage in (Watch.FALLBACK, Watch.CALL))
    assert call == Clock(Watch.CALL, untold_call_due_at(outcomes, rag, since, policy))
    assert alarm == Clock(Watch.RED_ALERT, red_alert_due_at(since, policy))
    assert told(since, urgency, policy).due_at == unread_call_due_at(outcomes, since, policy)


def test_when_the_calendar_has_ended_no_stage_is_later_than_a_day() -> None:
    a_day_on = LAST_DAY + timedelta(days=1)
    assert after_stage(Watch.FALLBACK, LAST_DAY, CALM, POLICY) == Clock(Watch.CALL, a_day_on)
    assert after_stage(Watch.CALL, LAST_DAY, CALM, POLICY) == Clock(Watch.RED_ALERT, a_day_on)
    assert told(LAST_DAY, CALM, POLICY) == Clock(Watch.UNREAD, a_day_on)


@pytest.mark.parametrize("outcome", Outcome)
def test_somebody_rings_day_and_night_about_what_is_urgent_or_red(outcome: Outcome) -> None:
    assert Urgency((outcome,), Rag.AMBER).cannot_wait is (outcome in URGENT)
    assert Urgency((outcome,), Rag.RED).cannot_wait
