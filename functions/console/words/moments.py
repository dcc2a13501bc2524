"""Moments and spans as somebody at a desk says them: `Today, 6:12am`, `2 hours 33 minutes`, in UK time."""

from datetime import date, datetime, timedelta
from typing import Final

from functions.domain.clock import uk_day
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from functions.domain.wording.uk_time import uk_day as uk_day_words

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""They stand here because strftime's depend on the machine's locale."""
_A_WEEK: Final = 7


def clock_time(moment: datetime) -> str:
    """`8:45am`."""
    return uk_date_and_time(moment).rpartition(" at ")[2]


def short(moment: datetime, now: datetime) -> str:
    """`Today, 6:12am`, `Yesterday, 8:31am`, `Tuesday, 11:40am` of the last week, else the date."""
    days = (uk_day(now) - uk_day(moment)).days
    match days:
        case 0:
            day = "Today"
        case 1:
            day = "Yesterday"
        case -1:
            day = "Tomorrow"
        case _ if abs(days) < _A_WEEK and days > 0:
            day = day_name(uk_day(moment))
        case _:
            day = uk_date(moment)
    return f"{day}, {clock_time(moment)}"


def within_a_sentence(moment: datetime, now: datetime) -> str:
    """The same with words before it: `today, 6:12am`; a day of the week keeps its capital."""
    words = short(moment, now)
    return words if words.startswith(_WEEKDAYS) else words[:1].lower() + words[1:]


def lasting(span: timedelta) -> str:
    """`2 hours 33 minutes`: two units at most, never longer than it was; from a week on, days alone."""
    if span.days >= _A_WEEK:
        return counted(span.days, "day")
    minutes = max(int(span.total_seconds() // 60), 0)
    days, hours, left = minutes // (24 * 60), minutes // 60 % 24, minutes % 60
    parts = [(days, "day"), (hours, "hour"), (left, "minute")]
    told = [counted(number, noun) for number, noun in parts if number][:2]
    return " ".join(told) or "less than a minute"


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """`1 message`, `14 messages`, `no messages`."""
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def day_name(day: date) -> str:
    """`Thursday`."""
    return _WEEKDAYS[day.weekday()]


def day_and_month(day: date) -> str:
    """`24 Nov`, where a whole date has no room."""
    number, month, _ = uk_day_words(day).split()
    return f"{number} {month[:3]}"
