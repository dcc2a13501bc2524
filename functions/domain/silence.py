"""Whether it has been quiet for too long: no decision in office hours, an outcome that does not arrive."""

from datetime import date, datetime, time, timedelta

from functions.domain.clock import HorizonError, is_working_day, local_moment, uk_day, working_days_later
from functions.domain.tasks import or_sooner
from schemas.clocks import ClockPolicy

_SATURDAY = 5


def is_too_silent(last_decision_at: datetime | None, now: datetime, policy: ClockPolicy) -> bool:
    """Whether no decision has come for so many hours of open office, counted from its opening at most.

    A night and a weekend silence nobody: after them the hours begin anew. None means that none came today.
    """
    today = uk_day(now)
    opens = local_moment(today, time.fromisoformat(policy.office_opens))
    closes = local_moment(today, time.fromisoformat(policy.office_closes))
    if not (_may_be_worked_on(today) and opens <= now < closes):
        return False
    since = opens if last_decision_at is None else max(opens, last_decision_at)
    return now - since >= timedelta(hours=policy.silence_hours)


def _may_be_worked_on(day: date) -> bool:
    """A weekday past the known bank holidays counts: a needless call is better than a silence that nobody
    hears."""
    try:
        return is_working_day(day)
    except HorizonError:
        return day.weekday() < _SATURDAY


def is_too_long_on_its_way(since: datetime, now: datetime, policy: ClockPolicy) -> bool:
    """Whether an agency has waited for an outcome for more than one working day."""
    return now > or_sooner(lambda: working_days_later(since, 1, policy), since)
