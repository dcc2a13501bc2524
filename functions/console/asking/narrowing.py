"""The parts of a list's filters that every list has: a choice, a day."""

from collections.abc import Collection, Mapping
from datetime import date

from functions.console.shown.form import Checkboxes, Line, Option, Select

DAY_HINT = "Year-month-day"
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
