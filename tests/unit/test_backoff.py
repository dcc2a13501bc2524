"""When an attempt may be repeated: never before its schedule or the receiver's hint, and not for ever."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.domain.backoff import LONGEST_HINT, next_due

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
HOUR = 3600
# Delivery section 5, written out again.
PRODUCT_STEPS = (0, 10, 60, 300, 1800, *(hours * HOUR for hours in (1, 2, 4, 8, 12, 12, 12, 12, 8)))

steps = st.lists(st.integers(0, 24 * HOUR), min_size=1, max_size=14)
hints = st.none() | st.timedeltas(timedelta(-1), timedelta(days=3))
jitters = st.floats(0, 1, exclude_max=True)


def due(attempt: int, steps: tuple[int, ...] = PRODUCT_STEPS, *, jitter: float = 0, hint: float = 0) -> float:
    """Seconds until attempt `attempt + 1`."""
    moment = next_due(attempt=attempt, steps=steps, hint=timedelta(seconds=hint), now=NOW, jitter=jitter)
    assert moment is not None
    return (moment - NOW).total_seconds()


@given(steps, hints, jitters, st.data())
def test_nothing_is_due_before_its_schedule_or_its_hint(
    steps: list[int], hint: timedelta | None, jitter: float, data: st.DataObject
) -> None:
    attempt = data.draw(st.integers(1, len(steps)))
    moment = next_due(attempt=attempt, steps=steps, hint=hint, now=NOW, jitter=jitter)
    if attempt == len(steps):
        assert moment is None
        return
    assert moment is not None
    assert moment >= NOW + timedelta(seconds=steps[attempt])
    assert moment >= NOW + min(hint or timedelta(), LONGEST_HINT)


@given(steps, hints, jitters)
def test_jitter_only_adds_and_never_more_than_a_quarter_of_an_hour(
    steps: list[int], hint: timedelta | None, jitter: float
) -> None:
    def moment(jitter: float) -> datetime:
        due_at = next_due(attempt=1, steps=[0, *steps], hint=hint, now=NOW, jitter=jitter)
        assert due_at is not None
        return due_at

    added = moment(jitter) - moment(0)
    assert timedelta() <= added <= timedelta(minutes=15)


def test_jitter_is_a_tenth_of_the_delay_between_two_seconds_and_a_quarter_of_an_hour() -> None:
    half = 0.5
    assert due(1, jitter=half) == 10 + 2 * half
    assert due(3, jitter=half) == 300 + 30 * half
    assert due(9, jitter=half) == 12 * HOUR + 900 * half


def test_the_products_fourteen_attempts_take_71_hours_and_36_minutes() -> None:
    waits = [due(attempt) for attempt in range(1, 14)]
    assert waits == list(PRODUCT_STEPS[1:])
    assert sum(waits) == 71 * HOUR + 36 * 60 + 10
    assert next_due(attempt=14, steps=PRODUCT_STEPS, hint=None, now=NOW, jitter=0) is None


def test_a_hint_postpones_but_not_past_twelve_hours() -> None:
    assert due(1, hint=120) == 120
    assert due(1, hint=5) == 10
    assert due(1, hint=-600) == 10
    assert due(1, hint=90 * 24 * HOUR) == 12 * HOUR
    assert due(8, hint=60) == 8 * HOUR


def test_a_hint_does_not_revive_a_used_up_schedule() -> None:
    assert next_due(attempt=3, steps=(0, 1, 2), hint=timedelta(hours=1), now=NOW, jitter=0) is None
