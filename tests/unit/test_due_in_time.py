"""24 hours and one working day, side by side from one receipt, and how people read such a due time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.clock import hours_later, working_days_later
from functions.domain.due import (
    acknowledgement_due_at,
    decision_due_at,
    in_time,
    is_close_of_next_working_day,
)
from schemas.clocks import ClockPolicy
from schemas.codes import Rag

LONDON = ZoneInfo("Europe/London")
POLICY = ClockPolicy()
FRIDAY_NIGHT = datetime(2026, 6, 12, 22, 15, tzinfo=LONDON)

days = st.dates(date(2016, 1, 2), date(2028, 10, 1))
moments = st.builds(datetime.combine, days, st.times(), st.just(UTC))


def london(text: str) -> datetime:
    """A moment written as London's clocks show it, such as `2026-06-10 10:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


RECEIPTS = [
    # Domain section 5: received, 1 working day, 3 working days, Red, 24 hours.
    "2026-06-10 10:30|2026-06-11 10:30|2026-06-15 10:30|2026-06-10 14:30|2026-06-11 10:30",
    "2026-06-12 17:00|2026-06-16 09:00|2026-06-18 09:00|2026-06-12 21:00|2026-06-13 17:00",
    "2026-12-24 16:00|2026-12-29 16:00|2026-12-31 16:00|2026-12-24 20:00|2026-12-25 16:00",
    "2026-10-24 23:30|2026-10-27 09:00|2026-10-29 09:00|2026-10-25 02:30|2026-10-25 22:30",
    "2022-09-16 15:00|2022-09-20 15:00|2022-09-22 15:00|2022-09-16 19:00|2022-09-17 15:00",
]


@pytest.mark.parametrize("row", RECEIPTS)
def test_every_clock_of_a_receipt_is_as_the_domains_table_says(row: str) -> None:
    received_at, one_day, three_days, red, hours = map(london, row.split("|"))
    told = in_time(received_at, None, POLICY)
    assert (told.hours_due_at, told.working_days_due_at) == (hours, one_day)
    assert acknowledgement_due_at(received_at, POLICY) == one_day
    decided = [decision_due_at(received_at, rag, POLICY) for rag in (Rag.RED, Rag.AMBER, Rag.GREEN)]
    assert decided == [red, one_day, three_days]


@pytest.mark.parametrize(
    ("decided", "within_hours", "within_working_days"),
    [
        ("2026-06-12 18:00", True, True),
        ("2026-06-13 17:00", True, True),  # 24 hours to the moment
        ("2026-06-13 17:00:00.000001", False, True),
        ("2026-06-16 09:00", False, True),  # one working day to the moment
        ("2026-06-16 09:00:00.000001", False, False),
    ],
)
def test_a_decision_is_in_time_by_each_clock_for_itself(
    *, decided: str, within_hours: bool, within_working_days: bool
) -> None:
    decided_at = london(decided)
    told = in_time(london("2026-06-12 17:00"), decided_at, POLICY)
    assert (told.within_hours, told.within_working_days) == (within_hours, within_working_days)
    assert told.decided_at == decided_at


def test_what_is_not_decided_is_neither_in_time_nor_late() -> None:
    told = in_time(FRIDAY_NIGHT, None, POLICY)
    assert (told.decided_at, told.within_hours, told.within_working_days) == (None, None, None)


def test_what_is_told_of_one_receipt_is_one_value() -> None:
    assert len({in_time(FRIDAY_NIGHT, None, POLICY), in_time(FRIDAY_NIGHT, None, POLICY)}) == 1


@given(moments, st.none() | moments)
def test_24_hours_are_never_longer_than_a_working_day(received: datetime, decided: datetime | None) -> None:
    told = in_time(received, decided, POLICY)
    assert received < told.hours_due_at == hours_later(received, 24) <= told.working_days_due_at
    assert told.working_days_due_at == working_days_later(received, 1, POLICY)
    assert not (told.within_hours and not told.within_working_days)


# --- how a due time at opening is put


@pytest.mark.parametrize(
    ("received", "due", "so_put"),
    [
        ("2026-06-12 17:00", "2026-06-16 09:00", True),  # the domain's Friday
        ("2026-06-11 20:00", "2026-06-15 09:00", True),  # Friday's close
        ("2026-06-13 03:00", "2026-06-16 09:00", True),  # early on a Saturday
        ("2026-10-24 23:30", "2026-10-27 09:00", True),
        ("2026-12-28 08:00", "2026-12-30 09:00", True),  # early on a holiday
        ("2026-06-15 07:00", "2026-06-16 09:00", False),  # today's close: the next working day is tomorrow
        ("2026-06-15 09:00", "2026-06-16 09:00", False),
        ("2026-06-12 16:59", "2026-06-15 16:59", False),
        ("2026-06-12 17:00", "2026-06-18 09:00", False),  # three working days
        ("2026-06-12 17:00", "2026-06-13 17:00", False),  # 24 hours
    ],
)
def test_a_due_time_at_opening_is_the_close_of_the_next_working_day_if_that_is_unmistakable(
    *, received: str, due: str, so_put: bool
) -> None:
    assert is_close_of_next_working_day(london(received), london(due), POLICY) is so_put
