"""Working days and office hours: the domain's own table, clock changes, holidays, both ends of the data."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.bank_holidays import BANK_HOLIDAYS, FIRST_DAY, HORIZON
from functions.domain.clock import (
    HorizonError,
    effective_start,
    holidays_end_soon,
    hours_later,
    in_office_hours,
    is_working_day,
    local_moment,
    uk_day,
    working_days_later,
)
from schemas.clocks import ClockPolicy

LONDON = ZoneInfo("Europe/London")
POLICY = ClockPolicy()
DAY = timedelta(days=1)


def london(text: str) -> datetime:
    """A moment written as London's clocks show it, such as `2026-06-10 10:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def shown(moment: datetime) -> str:
    """What London's clocks show at that moment; only what is kept in UTC is shown."""
    assert moment.tzinfo is UTC
    return moment.astimezone(LONDON).strftime("%a %Y-%m-%d %H:%M %Z")


TABLE = """
|Received (local)|Effective start|1 WD due|3 WD due|Red 4 h|24 h|
|-|-|-|-|-|-|
|Wed 10 Jun 2026 10:30|same|Thu 11 Jun 10:30|Mon 15 Jun 10:30|14:30|Thu 10:30|
|Fri 12 Jun 2026 17:00|Mon 15 Jun 09:00|Tue 16 Jun 09:00|Thu 18 Jun 09:00|21:00|Sat 17:00|
|Thu 24 Dec 2026 16:00|same|Tue 29 Dec 16:00|Thu 31 Dec 16:00|20:00|Fri 16:00|
|Sat 24 Oct 2026 23:30 BST|Mon 26 Oct 09:00|Tue 27 Oct 09:00|Thu 29 Oct 09:00|Sun 02:30 GMT|Sun 22:30 GMT|
|Fri 16 Sep 2022 15:00 (19 Sep one-off holiday)|same|Tue 20 Sep 15:00|Thu 22 Sep 15:00|19:00|Sat 15:00|
"""
"""Domain section 5, word for word."""

ROWS = [row.strip("|").split("|") for row in TABLE.strip().splitlines()[2:]]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_domains_table_holds_in_every_row_and_column(row: list[str]) -> None:
    weekday, *said = row[0].split()[:5]
    received_at = datetime.strptime(" ".join(said), "%d %b %Y %H:%M").replace(tzinfo=LONDON)
    zone = " %Z" if "BST" in row[0] else ""

    def on(moment: datetime) -> str:
        return moment.astimezone(LONDON).strftime("%a %d %b %H:%M")

    def at(moment: datetime) -> str:
        assert moment - received_at <= DAY  # so a weekday alone says which
        local = moment.astimezone(LONDON)
        return local.strftime(("" if local.date() == received_at.date() else "%a ") + "%H:%M" + zone)

    started_at = effective_start(received_at, POLICY)
    assert [
        received_at.strftime("%a"),
        "same" if started_at == received_at else on(started_at),
        on(working_days_later(received_at, 1, POLICY)),
        on(working_days_later(received_at, 3, POLICY)),
        at(hours_later(received_at, 4)),
        at(hours_later(received_at, 24)),
    ] == [weekday, *row[1:]]


@pytest.mark.parametrize(
    ("moment", "within"),
    [
        ("2026-06-10 08:59:59.999999", False),
        ("2026-06-10 09:00", True),
        ("2026-06-10 16:59:59.999999", True),
        ("2026-06-10 17:00", False),
        ("2026-06-13 12:00", False),  # Saturday
        ("2026-06-14 12:00", False),  # Sunday
        ("2026-12-25 12:00", False),
        ("2026-12-28 12:00", False),  # the substitute of Boxing Day, a Saturday
        ("2026-12-24 16:59", True),  # a council may have closed by now; the clock has not
    ],
)
def test_office_hours_begin_at_opening_and_end_before_closing(
    moment: str,
    within: bool,  # noqa: FBT001
) -> None:
    assert in_office_hours(london(moment), POLICY) is within


def test_office_hours_are_the_hubs() -> None:
    early, late = ClockPolicy(office_opens="08:30"), ClockPolicy(office_closes="20:00")
    received_at = london("2026-06-10 08:30")
    assert in_office_hours(received_at, early)
    assert not in_office_hours(received_at, late)
    assert in_office_hours(london("2026-06-10 19:59"), late)


@pytest.mark.parametrize(
    ("received", "started"),
    [
        ("2026-06-10 00:00", "Wed 2026-06-10 09:00 BST"),  # early on a working day: that day
        ("2026-06-10 08:59", "Wed 2026-06-10 09:00 BST"),
        ("2026-06-10 16:59", "Wed 2026-06-10 16:59 BST"),
        ("2026-06-10 17:00", "Thu 2026-06-11 09:00 BST"),
        ("2026-06-12 17:00", "Mon 2026-06-15 09:00 BST"),
        ("2026-06-13 03:00", "Mon 2026-06-15 09:00 BST"),  # early on a Saturday
        ("2026-12-28 08:00", "Tue 2026-12-29 09:00 GMT"),  # early on a holiday
        ("2026-12-31 17:00", "Mon 2027-01-04 09:00 GMT"),
    ],
)
def test_a_clock_starts_at_once_or_when_the_office_next_opens(received: str, started: str) -> None:
    assert shown(effective_start(london(received), POLICY)) == started


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # Spring: the hour from 01:00 to 02:00 on Sun 29 Mar 2026 did not exist.
        ("2026-03-27 10:30", 1, "Mon 2026-03-30 10:30 BST"),
        ("2026-03-27 17:00", 1, "Tue 2026-03-31 09:00 BST"),
        ("2026-03-29 00:59:59", 1, "Tue 2026-03-31 09:00 BST"),
        ("2026-03-29 02:00", 1, "Tue 2026-03-31 09:00 BST"),
        # Autumn: the one on Sun 25 Oct 2026 came twice.
        ("2026-10-23 10:30", 1, "Mon 2026-10-26 10:30 GMT"),
        ("2026-10-23 16:59:59", 3, "Wed 2026-10-28 16:59 GMT"),
        ("2026-10-25 00:30", 1, "Tue 2026-10-27 09:00 GMT"),
        # Easter, and the clocks go forward in between.
        ("2027-03-25 16:00", 1, "Tue 2027-03-30 16:00 BST"),
        ("2026-04-02 16:59", 1, "Tue 2026-04-07 16:59 BST"),
        ("2026-04-02 17:00", 1, "Wed 2026-04-08 09:00 BST"),
        # Christmas and New Year, wherever the weekend falls.
        ("2026-12-24 17:00", 3, "Mon 2027-01-04 09:00 GMT"),
        ("2021-12-24 16:00", 1, "Wed 2021-12-29 16:00 GMT"),
        ("2021-12-31 16:00", 1, "Tue 2022-01-04 16:00 GMT"),
        ("2022-12-23 16:00", 1, "Wed 2022-12-28 16:00 GMT"),
        ("2027-12-24 16:00", 1, "Wed 2027-12-29 16:00 GMT"),
        ("2027-12-31 16:00", 1, "Tue 2028-01-04 16:00 GMT"),
        # Days moved and added.
        ("2020-05-01 10:00", 1, "Mon 2020-05-04 10:00 BST"),
        ("2020-05-07 10:00", 1, "Mon 2020-05-11 10:00 BST"),
        ("2022-05-27 10:00", 1, "Mon 2022-05-30 10:00 BST"),
        ("2022-06-01 10:00", 1, "Mon 2022-06-06 10:00 BST"),
        ("2023-05-05 10:00", 1, "Tue 2023-05-09 10:00 BST"),
    ],
)
def test_a_due_time_keeps_its_local_time_over_clock_changes_and_holidays(
    start: str, days: int, due: str
) -> None:
    assert shown(working_days_later(london(start), days, POLICY)) == due


def test_from_christmas_to_the_second_of_january_there_are_three_working_days() -> None:
    days = [date(2026, 12, 25) + n * DAY for n in range(9)]
    assert [day.day for day in days if is_working_day(day)] == [29, 30, 31]
    a_year_on = [date(2021, 12, 25) + n * DAY for n in range(9)]
    assert [day.day for day in a_year_on if is_working_day(day)] == [29, 30, 31]


def test_both_passes_of_a_repeated_hour_are_out_of_hours_and_start_together() -> None:
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert first.astimezone(LONDON).time() == second.astimezone(LONDON).time() == time(1, 30)
    assert effective_start(first, POLICY) == effective_start(second, POLICY) == london("2026-10-26 09:00")


@pytest.mark.parametrize(
    ("start", "later"),
    [
        ("2026-10-24 23:30", "Sun 2026-10-25 02:30 GMT"),
        ("2026-03-28 23:30", "Sun 2026-03-29 04:30 BST"),
        ("2026-06-10 22:00", "Thu 2026-06-11 02:00 BST"),
    ],
)
def test_elapsed_hours_take_no_notice_of_the_wall_clock(start: str, later: str) -> None:
    assert shown(hours_later(london(start), 4)) == later
    # Written in London time, where adding a timedelta would move the clock's hands and not the time.
    assert hours_later(london(start).astimezone(LONDON), 4) == hours_later(london(start), 4)


def test_the_clocks_change_only_when_nothing_falls_due() -> None:
    days = [FIRST_DAY + n * DAY for n in range((HORIZON - FIRST_DAY).days)]
    offsets = {day: datetime.combine(day, time(), LONDON).utcoffset() for day in (*days, HORIZON)}
    changes = [day for day in days if offsets[day] != offsets[day + DAY]]
    assert len(changes) == 2 * (HORIZON.year - FIRST_DAY.year + 1)
    assert not [day for day in changes if is_working_day(day)]


def test_of_a_time_shown_twice_the_first_counts_and_a_skipped_one_is_an_hour_later() -> None:
    assert local_moment(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert shown(local_moment(date(2026, 3, 29), time(1, 30))) == "Sun 2026-03-29 02:30 BST"


@pytest.mark.parametrize("day", [FIRST_DAY - DAY, HORIZON + DAY, date(2029, 1, 6)])
def test_outside_the_holiday_data_nothing_is_a_working_day_or_not(day: date) -> None:
    with pytest.raises(HorizonError, match=r"horizon, 2028-12-31; ship newer data"):
        is_working_day(day)
    with pytest.raises(HorizonError, match=str(day)):
        in_office_hours(datetime.combine(day, time(12), LONDON), POLICY)


def test_a_clock_that_would_run_past_the_horizon_raises_and_names_it() -> None:
    last = london("2028-12-29 16:00")
    assert working_days_later(last - DAY, 1, POLICY) == last
    with pytest.raises(HorizonError, match="2029-01-01"):
        working_days_later(last, 1, POLICY)
    with pytest.raises(HorizonError, match="2029-01-01"):
        effective_start(london("2028-12-29 17:00"), POLICY)
    with pytest.raises(HorizonError, match="2015-12-31"):
        effective_start(london("2015-12-31 23:59"), POLICY)
    assert shown(effective_start(london("2016-01-01 00:00"), POLICY)) == "Mon 2016-01-04 09:00 GMT"


# --- for any start, any number of days, any office hours ---

CLOCK_CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2019, 10, 27)]
AWKWARD = sorted(
    day + n * DAY
    for day in (*CLOCK_CHANGES, *(day for day in BANK_HOLIDAYS if FIRST_DAY.year < day.year < HORIZON.year))
    for n in range(-2, 3)
)
days_of_all_years = st.dates(date(2016, 1, 2), date(2028, 10, 1))
starts = st.builds(datetime.combine, days_of_all_years | st.sampled_from(AWKWARD), st.times(), st.just(UTC))
few_days = st.integers(0, 20)
clock_times = st.builds(
    lambda hour, minute: f"{hour:02d}:{minute:02d}", st.integers(0, 23), st.integers(0, 59)
)
policies = st.just(POLICY) | st.lists(clock_times, min_size=2, max_size=2, unique=True).map(
    lambda times: ClockPolicy(office_opens=min(times), office_closes=max(times))
)


@given(starts, few_days, policies)
def test_a_due_time_is_in_office_hours_at_the_starts_own_local_time(
    start: datetime, days: int, policy: ClockPolicy
) -> None:
    due = working_days_later(start, days, policy)
    local, begun = due.astimezone(LONDON), start.astimezone(LONDON).time()
    assert due.tzinfo is UTC
    assert is_working_day(local.date())
    assert in_office_hours(due, policy)
    assert local.time() == (
        begun if in_office_hours(start, policy) else time.fromisoformat(policy.office_opens)
    )


@given(starts, few_days, policies)
def test_between_start_and_due_lie_just_so_many_working_days(
    start: datetime, days: int, policy: ClockPolicy
) -> None:
    begun = effective_start(start, policy).astimezone(LONDON).date()
    due = working_days_later(start, days, policy).astimezone(LONDON).date()
    after = [begun + n * DAY for n in range(1, (due - begun).days + 1)]
    assert sum(map(is_working_day, after)) == days


@given(starts, few_days, policies)
def test_nothing_is_due_before_it_started(start: datetime, days: int, policy: ClockPolicy) -> None:
    assert start <= effective_start(start, policy) <= working_days_later(start, days, policy)


@given(starts)
def test_no_office_hour_passes_before_a_clock_starts(start: datetime) -> None:
    begun = effective_start(start, POLICY)
    assert in_office_hours(begun, POLICY)
    hours = int((begun - start) / timedelta(hours=1))
    assert not [n for n in range(1, hours) if in_office_hours(start + timedelta(hours=n), POLICY)]
    assert begun == start or not in_office_hours(start, POLICY)


@given(starts, few_days, policies)
def test_more_days_are_due_later(start: datetime, days: int, policy: ClockPolicy) -> None:
    assert working_days_later(start, days, policy) < working_days_later(start, days + 1, policy)


@given(starts, starts, few_days, policies)
def test_a_later_start_is_never_due_earlier(
    one: datetime, other: datetime, days: int, policy: ClockPolicy
) -> None:
    first, second = sorted((one, other))
    assert working_days_later(first, days, policy) <= working_days_later(second, days, policy)


@given(starts, st.timedeltas(timedelta(), timedelta(days=4)), few_days)
def test_nor_is_one_a_little_later(start: datetime, more: timedelta, days: int) -> None:
    assert working_days_later(start, days, POLICY) <= working_days_later(start + more, days, POLICY)


@given(starts, few_days, few_days, policies)
def test_days_add_up(start: datetime, some: int, more: int, policy: ClockPolicy) -> None:
    in_two_steps = working_days_later(working_days_later(start, some, policy), more, policy)
    assert working_days_later(start, some + more, policy) == in_two_steps


@given(starts, few_days, st.sampled_from(["Europe/London", "Asia/Tokyo", "America/St_Johns", "UTC"]))
def test_the_zone_a_moment_was_written_in_changes_nothing(start: datetime, days: int, zone: str) -> None:
    written = start.astimezone(ZoneInfo(zone))
    assert written.astimezone(UTC) == start
    assert working_days_later(written, days, POLICY) == working_days_later(start, days, POLICY)
    assert effective_start(written, POLICY) == effective_start(start, POLICY)
    assert hours_later(written, 4) == start + timedelta(hours=4)
    assert {effective_start(written, POLICY).tzinfo, hours_later(written, 4).tzinfo} == {UTC}


@pytest.mark.parametrize(("day", "soon"), [(date(2028, 9, 2), False), (date(2028, 9, 3), True)])
def test_a_calendar_that_ends_within_four_months_says_so(*, day: date, soon: bool) -> None:
    assert holidays_end_soon(datetime.combine(day, time(12), UTC)) is soon


def test_the_day_in_the_uk_is_not_the_day_in_utc_on_a_summer_night() -> None:
    assert uk_day(datetime(2026, 6, 10, 23, 30, tzinfo=UTC)) == date(2026, 6, 11)
