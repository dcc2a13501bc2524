"""When a failed attempt is tried again."""

from datetime import datetime, timedelta

LONGEST_HINT = timedelta(hours=12)
NARROWEST_JITTER = timedelta(seconds=2)
WIDEST_JITTER = timedelta(minutes=15)


def not_before(delay: timedelta, *, hint: timedelta | None, now: datetime, jitter: float) -> datetime:
    """The moment before which the next attempt must not start, `delay` from `now` (delivery section 5).

    A receiver's `hint` (Retry-After) can only postpone it, by at most 12 hours. `jitter` in [0, 1) only ever
    adds: a tenth of the wait, at least 2 s and at most 15 min wide. So nothing undercuts the schedule or the
    hint.
    """
    wait = max(delay, min(hint or timedelta(), LONGEST_HINT))
    width = min(max(wait / 10, NARROWEST_JITTER), WIDEST_JITTER)
    return now + wait + width * jitter
