"""The calendar against a slow one, which walks minute by minute and has a summer time of its own."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st

from functions.domain.bank_holidays import BANK_HOLIDAYS
from functions.domain.clock import effective_start, in_office_hours, working_days_later, working_hours_later
from schemas.clocks import ClockPolicy

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEARS = range(2016, 2029)

# --- the slow calendar: of the code it knows only the days that test_bank_holidays.py checks by rule


@cache
def summer_time(year: int) -> tuple[datetime, datetime]:
    """From one last Sunday to the other, both at 01:00 UTC."""
    march, october = (
        next(day for day in (date(year, month, 31 - n) for n in range(7)) if day.isoweekday() == 7)
        for month in (3, 10)
    )
    return datetime.combine(march, time(1), UTC), datetime.combine(october, time(1), UTC)


def wall_clock(at: datetime) -> datetime:
    """What a clock on a wall in London shows; it has no zone."""
    begins, ends = summer_time(at.year)
    return at.replace(tzinfo=None) + (HOUR if begins <= at < ends else timedelta())


def when_shown(wall: datetime) -> datetime:
    """The first moment at which the wall clock shows so; for what it skips, some moment nearby."""
    nearby = [(wall - ahead).replace(tzinfo=UTC) for ahead in (HOUR, timedelta())]
    return next((at for at in nearby if wall_clock(at) == wall), nearby[-1])


def is_worked(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in BANK_HOLIDAYS


def is_open(at: datetime, policy: ClockPolicy) -> bool:
    wall = wall_clock(at)
    return policy.office_opens <= wall.strftime("%H:%M") < policy.office_closes and is_worked(wall.date())


def walked_start(at: datetime, policy: ClockPolicy) -> datetime:
    if not is_open(at, policy):
        at = at.replace(second=0, microsecond=0)
        while not is_open(at, policy):
            at += MINUTE
    return at


def walked_days(at: datetime, days: int, policy: ClockPolicy) -> datetime:
    wall = wall_clock(walked_start(at, policy))
    while days:
        wall += DAY
        days -= is_worked(wall.date())
    return when_shown(wall)


def walked_hours(at: datetime, hours: int, policy: ClockPolicy) -> datetime:
    at, left = walked_start(at, policy), hours * 60
    while left:
        left -= is_open(at, policy)
        at += MINUTE
    return at


# --- starts: any, and above all those around a holiday, a clock change, an opening and a closing

AWKWARD = sorted(
    day + n * DAY
    for day in (*BANK_HOLIDAYS, *(change.date() for year in YEARS for change in summer_time(year)))
    for n in range(-4, 3)
    if date(2016, 1, 8) < day < date(2028, 10, 1)
)
"""Among them all of each Easter and Christmas, 19 Sep 2022 and 8 May 2023, and their weekends."""

SHARP = ("00:00", "01:30", "06:45", "08:59", "08:59:59.999999", "09:00", "16:59:59.999999", "17:00", "17:01")
days = st.dates(date(2016, 1, 2), date(2028, 9, 1)) | st.sampled_from(AWKWARD)
times = st.times() | st.sampled_from([time.fromisoformat(text) for text in SHARP])
starts = st.builds(lambda day, at: when_shown(datetime.combine(day, at)), days, times)
on_the_minute = starts.map(lambda at: at.replace(second=0, microsecond=0))
policies = st.sampled_from(
    [
        ClockPolicy(),
        ClockPolicy(office_opens="08:30", office_closes="18:15"),
        ClockPolicy(office_opens="10:00", office_closes="13:05"),
    ]
)


def at(text: str) -> datetime:
    """A moment as the wall clock shows it."""
    return when_shown(datetime.fromisoformat(text))


FUNERAL, CORONATION = at("2022-09-16 17:00"), at("2023-05-05 16:59")
CHRISTMAS, EASTER = at("2026-12-24 17:00"), at("2026-04-02 16:59")
SPRING, AUTUMN = at("2026-03-29 06:45"), at("2026-10-24 23:30")
USUAL = ClockPolicy()


def test_the_awkward_days_are_those_that_were_meant() -> None:
    named = (date(2022, 9, 19), date(2023, 5, 8), date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 26))
    assert set(named) | {date(2021, 12, day) for day in range(24, 30)} <= set(AWKWARD)
    assert len(AWKWARD) > 500


@settings(max_examples=200)
@given(starts, policies)
@example(FUNERAL, USUAL)
@example(CORONATION, USUAL)
@example(CHRISTMAS, USUAL)
@example(EASTER, USUAL)
@example(SPRING, USUAL)
@example(AUTUMN, USUAL)
def test_a_clock_starts_in_the_first_open_minute(start: datetime, policy: ClockPolicy) -> None:
    assert effective_start(start, policy) == walked_start(start, policy)
    assert in_office_hours(start, policy) is is_open(start, policy)


@settings(max_examples=200)
@given(starts, st.integers(0, 60), policies)
@example(FUNERAL, 1, USUAL)
@example(CORONATION, 1, USUAL)
@example(CHRISTMAS, 3, USUAL)
@example(EASTER, 15, USUAL)
@example(SPRING, 1, USUAL)
@example(AUTUMN, 45, USUAL)
def test_working_days_are_the_days_somebody_works(start: datetime, days: int, policy: ClockPolicy) -> None:
    due = working_days_later(start, days, policy)
    assert due == walked_days(start, days, policy)
    assert is_open(due, policy)


@given(on_the_minute, st.integers(1, 12), policies)
@example(FUNERAL, 1, USUAL)
@example(CORONATION, 4, USUAL)
@example(CHRISTMAS, 9, USUAL)
@example(EASTER, 2, USUAL)
@example(SPRING, 8, USUAL)
@example(AUTUMN, 12, USUAL)
def test_working_hours_are_the_minutes_in_which_somebody_works(
    start: datetime, hours: int, policy: ClockPolicy
) -> None:
    assert working_hours_later(start, hours, policy) == walked_hours(start, hours, policy)
