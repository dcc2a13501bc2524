"""Whether it has been quiet for too long: no decision in office hours, nothing from a source, an outcome that
does not arrive."""

from datetime import date, datetime, time, timedelta

from functions.domain.clock import (
    HorizonError,
    is_working_day,
    local_moment,
    uk_day,
    working_days_later,
    working_hours_later,
)
from functions.domain.tasks import or_sooner
from schemas.clocks import ClockPolicy

_SATURDAY = 5


def is_too_silent(last_decision_at: datetime | None, now: datetime, policy: ClockPolicy) -> bool:
    """Whether no decision has come for so many hours of open office, counted from its opening at most.

    A night and a weekend silence nobody: after them the hours begin anew. None means that none came today.
    """
    if not _may_be_open(now, policy):
        return False
    opens = local_moment(uk_day(now), time.fromisoformat(policy.office_opens))
    since = opens if last_decision_at is None else max(opens, last_decision_at)
    return now - since >= timedelta(hours=policy.silence_hours)


def is_source_silent(since: datetime, now: datetime, policy: ClockPolicy) -> bool:
    """Whether nothing at all came from a source since then, for so many hours of open office.

    Unlike decisions, which a quiet day may do without, the hours go on where the office closed; but nobody is
    asked to look before it opens.
    """
    silent_at = or_sooner(lambda: working_hours_later(since, policy.silent_source_hours, policy), since)
    return _may_be_open(now, policy) and now >= silent_at


def _may_be_open(now: datetime, policy: ClockPolicy) -> bool:
    today = uk_day(now)
    opens = local_moment(today, time.fromisoformat(policy.office_opens))
    closes = local_moment(today, time.fromisoformat(policy.office_closes))
    return _may_be_worked_on(today) and opens <= now < closes


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
