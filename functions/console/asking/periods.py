"""A report's period: a month, a quarter, or from one month to another, as an address says it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from functions.domain.measures.counts import first_day, month_of, months_between
from functions.domain.wording.uk_time import uk_day as uk_day_words

MOST_MONTHS = 12
"""Of one report, and how far back one may be asked for."""


@dataclass(frozen=True, slots=True)
class Period:
    """Some months in a row, at least one of them and none that has not begun."""

    months: Sequence[str]

    @property
    def since(self) -> str:
        return self.months[0]

    @property
    def until(self) -> str:
        return self.months[-1]

    @property
    def words(self) -> str:
        """`July to September 2026`; `December 2025 to February 2026`."""
        first, last = month_words(self.since), month_words(self.until)
        if first == last:
            return last
        month, year = first.split()
        return f"{month if last.endswith(year) else first} to {last}"


def month_words(month: str) -> str:
    """`September 2026`."""
    return uk_day_words(first_day(month)).partition(" ")[2]


def begun_months(now: datetime) -> Sequence[str]:
    """The month that goes on and those before it that may be asked for, the newest first."""
    this = month_of(now)
    return months_between(_back(this, MOST_MONTHS - 1), this)[::-1]


def quarters(now: datetime) -> Iterator[tuple[str, Sequence[str]]]:
    """Quarters whose first month can be asked for, newest first; months not begun are left out."""
    found = [(name, tuple(months)) for name, months in groupby(begun_months(now)[::-1], _quarter_of)]
    yield from [(name, months) for name, months in found if months[0] == _months_of(name)[0]][::-1]


def choices(now: datetime) -> Mapping[str, str]:
    """What may be chosen: quarters, then months."""
    of_quarters = {name: Period(months).words for name, months in quarters(now)}
    return {**of_quarters, **{month: month_words(month) for month in begun_months(now)}}


def usual(now: datetime) -> str:
    """The newest quarter that is over: what a board meets about."""
    return next(name for name, months in quarters(now) if month_of(now) not in months)


def asked(chosen: str, since: str, until: str, now: datetime) -> Period:
    """What was asked for, as far as it may be; the usual one where that is nothing."""
    months = begun_months(now)[::-1]
    if since in months and until in months and since <= until:
        return Period(months_between(since, until))
    if chosen in months:
        return Period((chosen,))
    return Period(dict(quarters(now)).get(chosen) or dict(quarters(now))[usual(now)])


def last_year(period: Period) -> Sequence[str]:
    """The 12 months of which its newest is the last."""
    return months_between(_back(period.until, MOST_MONTHS - 1), period.until)


def _quarter_of(month: str) -> str:
    day = first_day(month)
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _months_of(quarter: str) -> Sequence[str]:
    year, number = quarter.split("-Q")
    first = 3 * int(number) - 2
    return months_between(f"{year}-{first:02d}", f"{year}-{first + 2:02d}")


def _back(month: str, many: int) -> str:
    day = first_day(month)
    number = day.year * 12 + day.month - 1 - many
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
