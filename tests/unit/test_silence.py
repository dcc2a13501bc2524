"""Silence is heard in office hours, and only then; an outcome may be on its way for a working day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.clock import in_office_hours
from functions.domain.silence import is_too_long_on_its_way, is_too_silent
from schemas.clocks import ClockPolicy

POLICY = ClockPolicy()
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("last", "now", "silent"),
    [
        # Tue 24 Nov 2026, winter
        ("2026-11-24T10:00:00Z", "2026-11-24T11:59:59Z", False),
        ("2026-11-24T10:00:00Z", "2026-11-24T12:00:00Z", True),
        ("2026-11-24T14:59:59Z", "2026-11-24T16:59:59Z", True),
        ("2026-11-24T15:00:00Z", "2026-11-24T17:00:00Z", False),  # the office has closed
        # None yet today: from the opening on
        (None, "2026-11-24T10:59:59Z", False),
        (None, "2026-11-24T11:00:00Z", True),
        (None, "2026-11-24T08:59:59Z", False),
        # One before the office opened counts from its opening
        ("2026-11-24T07:00:00Z", "2026-11-24T10:59:59Z", False),
        ("2026-11-24T07:00:00Z", "2026-11-24T11:00:00Z", True),
        # Summer: the office opens at 08:00 UTC
        (None, "2026-06-10T09:59:59Z", False),
        (None, "2026-06-10T10:00:00Z", True),
        # Saturday, Boxing Day's substitute, a bank holiday on a Friday
        (None, "2026-11-28T12:00:00Z", False),
        (None, "2026-12-28T12:00:00Z", False),
        (None, "2026-12-25T12:00:00Z", False),
        (None, "2026-12-29T12:00:00Z", True),
        # Past the last known bank holiday: a weekday counts, a Sunday does not
        (None, "2032-03-02T12:00:00Z", True),
        (None, "2032-03-07T12:00:00Z", False),
    ],
)
def test_silence_is_two_hours_of_open_office_without_a_decision(
    last: str | None, now: str, *, silent: bool
) -> None:
    assert is_too_silent(at(last) if last else None, at(now), POLICY) is silent


def test_a_hub_may_be_more_patient() -> None:
    patient, now = ClockPolicy(silence_hours=4), at("2026-11-24T12:59:59Z")
    assert is_too_silent(None, now, POLICY)
    assert not is_too_silent(None, now, patient)
    assert is_too_silent(None, now + timedelta(seconds=1), patient)


def test_a_hub_may_keep_other_hours() -> None:
    early = ClockPolicy(office_opens="08:00", office_closes="20:00")
    assert is_too_silent(None, at("2026-11-24T10:00:00Z"), early)
    assert is_too_silent(at("2026-11-24T17:30:00Z"), at("2026-11-24T19:30:00Z"), early)


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: JANUARY + timedelta(minutes=minutes)),
    st.integers(0, 48 * 60),
)
def test_nobody_is_called_out_of_hours_nor_within_two_hours_of_a_decision(now: datetime, ago: int) -> None:
    silent = is_too_silent(now - timedelta(minutes=ago), now, POLICY)
    assert silent <= (in_office_hours(now, POLICY) and ago >= 120)


@pytest.mark.parametrize(
    ("since", "now", "too_long"),
    [
        ("2026-11-24T10:30:00Z", "2026-11-25T10:30:00Z", False),
        ("2026-11-24T10:30:00Z", "2026-11-25T10:30:01Z", True),
        ("2026-11-27T16:00:00Z", "2026-11-30T15:59:59Z", False),  # a weekend between
        ("2026-11-27T16:00:00Z", "2026-11-30T16:00:01Z", True),
        ("2026-12-24T16:00:00Z", "2026-12-29T16:00:00Z", False),  # Christmas between
        ("2032-03-02T12:00:00Z", "2032-03-03T12:00:00Z", False),  # past the calendar: a day at most
        ("2032-03-02T12:00:00Z", "2032-03-03T12:00:01Z", True),
    ],
)
def test_an_outcome_may_be_on_its_way_for_a_working_day(since: str, now: str, *, too_long: bool) -> None:
    assert is_too_long_on_its_way(at(since), at(now), POLICY) is too_long
