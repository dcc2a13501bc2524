"""The parts of a list's filters that every list has: a choice, a day."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta

from functions.console.shown.form import Checkboxes, Line, Option, Select
from functions.console.shown.parts import Link
from functions.domain.wording.uk_time import uk_day as uk_day_words

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


def further_back(since: date, until: date, address: Callable[[date], str]) -> Link | None:
    """To the same of as many days as a list may have, by the address from a day on; None where these are
    they."""
    first = until - timedelta(days=MOST_DAYS)
    if since <= first:
        return None
    return Link(text=f"Look further back, to {uk_day_words(first)}", path=address(first))
