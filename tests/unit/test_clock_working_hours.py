"""Working hours: what does not fit into a day goes on in the next, over nights, weekends and holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.bank_holidays import HORIZON
from functions.domain.clock import (
    HorizonError,
    effective_start,
    hours_later,
    in_office_hours,
    is_working_day,
    working_hours_later,
)
from schemas.clocks import ClockPolicy

LONDON = ZoneInfo("Europe/London")
POLICY = ClockPolicy()
DAY = timedelta(days=1)
A_MOMENT = timedelta(microseconds=1)

AWKWARD = [date(2026, 3, 27), date(2026, 4, 2), date(2026, 10, 23), date(2026, 12, 24), date(2027, 12, 31)]
"""Both clock changes, Easter, Christmas and New Year are some days after these."""
days = st.dates(date(2016, 1, 2), date(2028, 10, 1))
days |= st.sampled_from([day + n * DAY for day in AWKWARD for n in range(6)])
starts = st.builds(datetime.combine, days, st.times(), st.just(UTC))
some_hours = st.integers(1, 72)
policies = st.sampled_from(
    [
        POLICY,
        ClockPolicy(office_opens="08:30"),
        ClockPolicy(office_opens="00:00", office_closes="23:59"),
        ClockPolicy(office_opens="07:05", office_closes="09:10"),
    ]
)


def london(text: str) -> datetime:
    """A moment written as London's clocks show it, such as `2026-06-10 10:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def shown(moment: datetime) -> str:
    """What London's clocks show at that moment; only what is kept in UTC is shown."""
    assert moment.tzinfo is UTC
    return moment.astimezone(LONDON).strftime("%a %Y-%m-%d %H:%M:%S %Z")


def open_between(start: datetime, end: datetime, policy: ClockPolicy) -> timedelta:
    """How long the office was open, added up day by day; no arithmetic of the function's own."""
    opens, closes = map(time.fromisoformat, (policy.office_opens, policy.office_closes))
    day, total = start.astimezone(LONDON).date(), timedelta()
    while day <= end.astimezone(LONDON).date():
        if is_working_day(day):
            first = max(start, datetime.combine(day, opens, LONDON).astimezone(UTC))
            last = min(end, datetime.combine(day, closes, LONDON).astimezone(UTC))
            total += max(last - first, timedelta())
        day += DAY
    return total


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        # Within one day.
        ("2026-06-10 09:00", 4, "Wed 2026-06-10 13:00:00 BST"),
        ("2026-06-10 12:59:59", 4, "Wed 2026-06-10 16:59:59 BST"),
        ("2026-06-10 09:00", 8, "Wed 2026-06-10 17:00:00 BST"),
        # 17:00 sharp is still that day when a wait ends, and the next when one begins.
        ("2026-06-10 13:00", 4, "Wed 2026-06-10 17:00:00 BST"),
        ("2026-06-10 13:00:01", 4, "Thu 2026-06-11 09:00:01 BST"),
        ("2026-06-10 17:00", 4, "Thu 2026-06-11 13:00:00 BST"),
        ("2026-06-10 16:59:59", 4, "Thu 2026-06-11 12:59:59 BST"),
        # Before opening, on a working day and on another.
        ("2026-06-10 08:59:59", 4, "Wed 2026-06-10 13:00:00 BST"),
        ("2026-06-13 03:00", 4, "Mon 2026-06-15 13:00:00 BST"),
        # Over a night, a weekend, several nights.
        ("2026-06-10 15:30", 4, "Thu 2026-06-11 11:30:00 BST"),
        ("2026-06-12 15:30", 4, "Mon 2026-06-15 11:30:00 BST"),
        ("2026-06-12 17:00", 4, "Mon 2026-06-15 13:00:00 BST"),
        ("2026-06-10 15:00", 20, "Mon 2026-06-15 11:00:00 BST"),
        # Both clock changes: the office keeps its local hours.
        ("2026-03-27 15:00", 4, "Mon 2026-03-30 11:00:00 BST"),
        ("2026-10-23 15:00", 4, "Mon 2026-10-26 11:00:00 GMT"),
        ("2026-10-25 01:30", 4, "Mon 2026-10-26 13:00:00 GMT"),
        # Bank holidays.
        ("2026-04-02 16:00", 4, "Tue 2026-04-07 12:00:00 BST"),
        ("2026-12-24 16:00", 4, "Tue 2026-12-29 12:00:00 GMT"),
        ("2026-12-25 12:00", 4, "Tue 2026-12-29 13:00:00 GMT"),
        ("2026-12-31 14:00", 4, "Mon 2027-01-04 10:00:00 GMT"),
    ],
)
def test_working_hours_pass_only_while_the_office_is_open(start: str, hours: int, due: str) -> None:
    assert shown(working_hours_later(london(start), hours, POLICY)) == due


def test_working_hours_are_the_hubs_own() -> None:
    early, late = ClockPolicy(office_opens="08:00"), ClockPolicy(office_closes="20:00")
    assert shown(working_hours_later(london("2026-06-10 08:00"), 4, early)).endswith("12:00:00 BST")
    assert shown(working_hours_later(london("2026-06-10 15:30"), 4, late)).endswith("19:30:00 BST")
    short = ClockPolicy(office_opens="09:00", office_closes="10:30")
    due = working_hours_later(london("2026-06-10 10:00"), 4, short)
    assert shown(due) == "Mon 2026-06-15 09:30:00 BST"


@given(starts, some_hours, policies)
def test_just_so_many_hours_of_open_office_pass_and_not_a_moment_more(
    start: datetime, hours: int, policy: ClockPolicy
) -> None:
    due = working_hours_later(start, hours, policy)
    assert open_between(start, due, policy) == timedelta(hours=hours)
    assert open_between(start, due - A_MOMENT, policy) < timedelta(hours=hours)


@given(starts, some_hours, policies)
def test_a_working_hour_is_never_shorter_than_an_hour(
    start: datetime, hours: int, policy: ClockPolicy
) -> None:
    assert (
        working_hours_later(start, hours, policy)
        >= hours_later(effective_start(start, policy), hours)
        >= hours_later(start, hours)
    )


@given(starts, some_hours, policies)
def test_within_one_open_day_working_hours_are_elapsed_hours(
    start: datetime, hours: int, policy: ClockPolicy
) -> None:
    begun = effective_start(start, policy)
    closes = time.fromisoformat(policy.office_closes)
    closed_at = datetime.combine(begun.astimezone(LONDON).date(), closes, LONDON)
    fits = hours_later(begun, hours) <= closed_at
    assert (working_hours_later(start, hours, policy) == hours_later(begun, hours)) is fits


@given(starts, some_hours, policies)
def test_a_wait_ends_while_somebody_is_there_or_just_as_they_leave(
    start: datetime, hours: int, policy: ClockPolicy
) -> None:
    due = working_hours_later(start, hours, policy)
    assert in_office_hours(due - A_MOMENT, policy)


@given(starts, some_hours, some_hours, policies)
def test_working_hours_add_up(start: datetime, some: int, more: int, policy: ClockPolicy) -> None:
    in_two_steps = working_hours_later(working_hours_later(start, some, policy), more, policy)
    assert working_hours_later(start, some + more, policy) == in_two_steps


@given(starts, st.timedeltas(timedelta(), timedelta(days=4)), some_hours, policies)
def test_a_wait_that_begins_later_never_ends_earlier(
    start: datetime, later: timedelta, hours: int, policy: ClockPolicy
) -> None:
    assert working_hours_later(start, hours, policy) <= working_hours_later(start + later, hours, policy)


@given(starts, some_hours, st.sampled_from(["Europe/London", "Asia/Tokyo", "America/St_Johns"]))
def test_the_zone_a_start_was_written_in_changes_nothing(start: datetime, hours: int, zone: str) -> None:
    written = start.astimezone(ZoneInfo(zone))
    assert working_hours_later(written, hours, POLICY) == working_hours_later(start, hours, POLICY)


def test_a_wait_that_would_run_past_the_horizon_raises_and_names_the_day() -> None:
    last = london("2028-12-29 14:00")
    assert date(2028, 12, 31) == HORIZON
    assert shown(working_hours_later(last, 3, POLICY)) == "Fri 2028-12-29 17:00:00 GMT"
    with pytest.raises(HorizonError, match="2029-01-01"):
        working_hours_later(last, 4, POLICY)
    with pytest.raises(HorizonError, match="2029-01-01"):
        working_hours_later(london("2028-12-29 17:00"), 1, POLICY)
