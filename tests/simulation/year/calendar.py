"""Which days a simulated year has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from functions.domain.clock import local_moment, working_days_later
from schemas.clocks import ClockPolicy

FOLLOWED = timedelta(days=100)
"""How long after the year's end its lives go on: an assessment's 45 working days, and what may come late."""
_VERIFIED_AFTER_DAYS = (78, 156, 250, 327, 405)
"""Once too late, so that for some days messages wait for that."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The year that begins on one day, in UK time."""

    first_day: date

    @property
    def last_day(self) -> date:
        """The last of its 365 days."""
        return self.first_day + timedelta(days=364)

    @property
    def begins(self) -> datetime:
        """The first moment of it."""
        return local_moment(self.first_day, time())

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return local_moment(self.last_day + timedelta(days=1), time())

    @property
    def followed_until(self) -> datetime:
        """When nobody looks any more at what became of its contacts."""
        return self.ends + FOLLOWED

    @property
    def sampled_at(self) -> Mapping[str, datetime]:
        """When the police forms of each month are drawn: on the third working day after it."""
        days = (self.first_day + timedelta(days=day) for day in range(365))
        months = sorted({(day.year, day.month) for day in days})
        return {f"{year}-{month:02d}": _third_day_after(year, month) for year, month in months}

    @property
    def verified_at(self) -> tuple[datetime, ...]:
        """When every mailbox is verified anew."""
        days = (self.first_day + timedelta(days=days) for days in _VERIFIED_AFTER_DAYS)
        return tuple(datetime.combine(day, time(10), self.begins.tzinfo) for day in days)


def _third_day_after(year: int, month: int) -> datetime:
    first = date(year + month // 12, month % 12 + 1, 1)
    return working_days_later(local_moment(first, time(10)), 3, ClockPolicy())


THE_YEAR = Calendar(date(2026, 4, 1))
"""Two Easters, a Christmas, and the clocks changed twice: in March on Easter Sunday itself."""
