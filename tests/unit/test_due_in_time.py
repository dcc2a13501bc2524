"""24 hours and one working day, side by side from one receipt."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.clock import hours_later, working_days_later
from functions.domain.due import (
    acknowledgement_due_at,
    decision_due_at,
    measured_in_hours_due_at,
)
from schemas.clocks import ClockPolicy
from schemas.codes import Rag

LONDON = ZoneInfo("Europe/London")
POLICY = ClockPolicy()

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
    assert measured_in_hours_due_at(received_at, POLICY) == hours
    assert decision_due_at(received_at, None, POLICY) == one_day
    assert acknowledgement_due_at(received_at, POLICY) == one_day
    decided = [decision_due_at(received_at, rag, POLICY) for rag in (Rag.RED, Rag.AMBER, Rag.GREEN)]
    assert decided == [red, one_day, three_days]


@given(moments)
def test_24_hours_are_never_longer_than_a_working_day(received: datetime) -> None:
    hours, one_day = measured_in_hours_due_at(received, POLICY), decision_due_at(received, None, POLICY)
    assert received < hours == hours_later(received, 24) <= one_day
    assert one_day == working_days_later(received, 1, POLICY)
