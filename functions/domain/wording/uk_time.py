"""Moments as people in the UK read them: dates and times on messages are local, what we keep is UTC."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_LONDON: Final = ZoneInfo("Europe/London")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def uk_date(moment: datetime) -> str:
    """`24 November 2026`; month names stand here because strftime's depend on the machine's locale."""
    return uk_day(moment.astimezone(_LONDON))


def uk_day(day: date) -> str:
    """A calendar day, which has no time zone, in the same form."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def uk_date_and_time(moment: datetime) -> str:
    """`25 November 2026 at 3:02pm`."""
    local = moment.astimezone(_LONDON)
    half = "am" if local.hour < 12 else "pm"  # noqa: PLR2004
    return f"{uk_date(moment)} at {local.hour % 12 or 12}:{local.minute:02d}{half}"
