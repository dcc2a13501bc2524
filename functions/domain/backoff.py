"""When what was not taken is tried again."""

from datetime import datetime, timedelta

LONGEST_HINT = timedelta(hours=12)
NARROWEST_JITTER = timedelta(seconds=2)
WIDEST_JITTER = timedelta(minutes=15)
LONGEST_REST = timedelta(minutes=30)


def rest(waited: timedelta, shortest: timedelta) -> timedelta:
    """How long a message that has `waited` so far leaves alone whoever takes nothing for now from anybody.

    A tenth as long again: what waits for days is not looked at, nor put on record, each minute; and what has
    waited for minutes goes soon after the other is back.
    """
    return min(max(waited / 10, shortest), LONGEST_REST)


def not_before(delay: timedelta, *, hint: timedelta | None, now: datetime, jitter: float) -> datetime:
    """The moment before which the next attempt must not start, `delay` from `now` (delivery section 5).

    A receiver's `hint` (Retry-After) can only postpone it, by at most 12 hours. `jitter` in [0, 1) only ever
    adds: a tenth of the wait, at least 2 s and at most 15 min wide. So nothing undercuts the schedule or the
    hint.
    """
    wait = max(delay, min(hint or timedelta(), LONGEST_HINT))
    width = min(max(wait / 10, NARROWEST_JITTER), WIDEST_JITTER)
    return now + wait + width * jitter
