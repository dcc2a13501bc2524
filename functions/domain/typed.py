"""What people type into a cell, a field or an address, as what it means; None or nothing where it is none."""

import re
from datetime import date, time

_BEFORE_ALL_THIS = 2000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]([0-5][0-9]))?")


def day_typed(text: str) -> date | None:
    """A day as an address says it; None of what is no day, or none that anything here happened on."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year > _BEFORE_ALL_THIS else None


def number_typed(text: str) -> int | None:
    """A whole number as an address or a form says it; None of what is none, or longer than any of ours: of
    thousands of digits Python makes no number."""
    return int(text) if _NUMBER.fullmatch(text) else None


def time_typed(text: str) -> time | None:
    """A time of day as people type it, on the 24-hour clock: `9:05` or `14.30`, its seconds or not."""
    found = _TIME.fullmatch(text)
    return time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def id_typed(text: str) -> str:
    """An id as an address says it, which goes on record; nothing of what somebody typed in words."""
    return text if _ID.fullmatch(text) else ""
