"""When a failed attempt is tried again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

LONGEST_HINT = timedelta(hours=12)
NARROWEST_JITTER = timedelta(seconds=2)
WIDEST_JITTER = timedelta(minutes=15)


def next_due(
    *, attempt: int, steps: Sequence[int], hint: timedelta | None, now: datetime, jitter: float
) -> datetime | None:
    """The moment before which attempt `attempt + 1` must not start; None when the schedule is used up.

    `steps` are the delays in seconds before each attempt (delivery section 5), the first usually 0. A
    receiver's `hint` (Retry-After) can only postpone, by at most 12 hours. `jitter` in [0, 1) only ever adds:
    a tenth of the delay, at least 2 s and at most 15 min wide. So nothing undercuts the schedule or the hint.
    """
    if attempt >= len(steps):
        return None
    delay = max(timedelta(seconds=steps[attempt]), min(hint or timedelta(), LONGEST_HINT))
    width = min(max(delay / 10, NARROWEST_JITTER), WIDEST_JITTER)
    return now + delay + width * jitter
