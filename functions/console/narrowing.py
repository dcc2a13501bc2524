"""The parts of a list's filters that every list has: a choice, a day."""

import re
from collections.abc import Collection, Mapping
from datetime import date, time

from functions.console.shown.form import Checkboxes, Line, Option, Select

DAY_HINT = "Year-month-day"
_BEFORE_ALL_THIS = 2000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?:[:.]([0-5][0-9]))?")
MOST_DAYS = 366
"""Of one list: more is for the reports."""


def select(name: str, question: str, words: Mapping[str, str], chosen: str) -> Select:
    """Any of these, or all of them."""
    every = Option(value="", text="Any", is_chosen=not chosen)
    options = (Option(value=value, text=text, is_chosen=value == chosen) for value, text in words.items())
    return Select(name=name, question=question, options=(every, *options))


def checkboxes(name: str, question: str, words: Mapping[str, str], chosen: Collection[str]) -> Checkboxes:
    """Some of these; none of them is all."""
    options = (Option(value=value, text=text, is_chosen=value in chosen) for value, text in words.items())
    return Checkboxes(name=name, question=question, options=tuple(options))


def day_field(name: str, question: str, day: date) -> Line:
    """A day, as an address spells it."""
    return Line(name=name, question=question, value=day.isoformat(), hint=DAY_HINT, width=10)


def day_asked(text: str) -> date | None:
    """A day as an address says it; None of what is no day, or none that anything here happened on."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year > _BEFORE_ALL_THIS else None


def number_asked(text: str) -> int | None:
    """A whole number as an address or a form says it; None of what is none, or longer than any of ours: of
    thousands of digits Python makes no number."""
    return int(text) if _NUMBER.fullmatch(text) else None


def time_asked(text: str) -> time | None:
    """A time of day as people type it, on the 24-hour clock: `9:05` or `14.30`, its seconds or not."""
    found = _TIME.fullmatch(text)
    return time(int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def id_asked(text: str) -> str:
    """An id as an address says it, which goes on record; nothing of what somebody typed in words."""
    return text if _ID.fullmatch(text) else ""
