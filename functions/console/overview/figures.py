"""The overview's figures, from the live counters alone: one read of 91 days, whatever has come in."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from functions.domain.clock import is_working_day, local_moment, uk_day, working_days_later
from functions.domain.measures.catalogue import MEASURES, OUTCOME, STATUS
from functions.domain.measures.counts import ALL, Cell, Counts
from functions.domain.measures.outcome_told import TOLD
from functions.domain.measures.populations import (
    DECIDED,
    PROFESSIONAL_DECIDED,
    PROFESSIONAL_RECEIVED,
)
from functions.story.figures import WORDS
from schemas.clocks import ClockPolicy
from schemas.codes import Outcome, RaStatus

_MIDNIGHT = time()
WEEKS = 12
DAYS = 7 * (WEEKS + 1)
"""So many days are counted: what is older and still open is a task."""
TARGET = 95
"""Per cent told within a working day (console section 2)."""
_COUNT = {f"{one.k}.{one.name}": one.count for one in MEASURES}
BY_NOTICE = _COUNT["K1b.told_by_notice_only"]
BY_OUTCOME = _COUNT["K11.outcome"]
TOLD_IN_TIME, FORM_STATUS = _COUNT["K2.told_in_1_working_day"], _COUNT["K8.ra_status"]
TOLD_IN_TIME_WORDS = WORDS["K2", "told_in_1_working_day"]
"""What it is called wherever it stands: two figures are of telling, and the other runs from the decision."""
OUTSTANDING = (RaStatus.INCORRECT, RaStatus.ABSENT, RaStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class PartOfWhole:
    """So many of so many."""

    part: int
    whole: int

    @property
    def per_cent(self) -> float | None:
        """To a whole number, for words alone; never rounded up to the target or to 100. None of nothing."""
        if not self.whole:
            return None
        exact, rounded = 100 * self.part, round(100 * self.part / self.whole)
        is_too_much = any(exact < goal * self.whole and rounded >= goal for goal in (TARGET, 100))
        return rounded - 1 if is_too_much else rounded

    @property
    def against_target(self) -> int:
        """How many hundredths of one it lies above the target, or below: nought is the target itself."""
        return 100 * self.part - TARGET * self.whole


@dataclass(frozen=True, slots=True)
class Figures:
    """What the overview counts, as of one moment."""

    counts: Counts
    now: datetime
    clocks: ClockPolicy

    @property
    def today(self) -> date:
        return uk_day(self.now)

    @property
    def not_told(self) -> int:
        """Children decided on, whose referrer the outcome has not reached; a notice is not the outcome."""
        days = self.days
        return self._sum(PROFESSIONAL_DECIDED.name, days) - self._sum(TOLD, days)

    @property
    def by_notice(self) -> int:
        """Of those, the ones of which a notice has arrived."""
        return self._sum(BY_NOTICE, self.days)

    @property
    def forms_outstanding(self) -> int:
        """Children whose police form the newest check does not find complete."""
        return sum(self._sum(FORM_STATUS, self.days, STATUS.part(status)) for status in OUTSTANDING)

    @property
    def days(self) -> Sequence[date]:
        return days_back(self.now)

    def outcomes(self) -> dict[Outcome, int]:
        """Of this week's decisions, how many have which newest outcome; none that nobody has."""
        days = {day.isoformat() for day in _week(monday_of(self.today))}
        found: Counter[Outcome] = Counter()
        for cell, count in self.counts.cells.items():
            if cell.name == BY_OUTCOME and cell.period in days and cell.part:
                found[Outcome(cell.part.removeprefix(OUTCOME.part("")))] += count
        return dict(found)

    def decided(self, day: date) -> int:
        return self._sum(DECIDED.name, [day])

    def told_in_time(self, monday: date) -> PartOfWhole:
        """Of those received in a week, as far as the working day that there is for each is over."""
        days = [day for day in _week(monday) if self._is_over(day)]
        return PartOfWhole(self._sum(TOLD_IN_TIME, days), self._sum(PROFESSIONAL_RECEIVED.name, days))

    def _is_over(self, received: date) -> bool:
        """Whether everything that was received on that day had its working day."""
        last = local_moment(received + timedelta(days=1), _MIDNIGHT) - timedelta(seconds=1)
        return working_days_later(last, 1, self.clocks) < self.now

    def _sum(self, name: str, days: Iterable[date], part: str = ALL) -> int:
        return sum(self.counts[Cell(day.isoformat(), name, part)] for day in days)


def days_back(now: datetime) -> Sequence[date]:
    """Today and every day before it that is counted."""
    return [uk_day(now) - timedelta(days=back) for back in range(DAYS)]


def monday_of(day: date) -> date:
    """The week's first day."""
    return day - timedelta(days=day.weekday())


def working_week(monday: date) -> list[date]:
    """Its days from Monday to Friday on which people work."""
    return [day for day in _week(monday)[:5] if is_working_day(day)]


def _week(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]
