"""When an attempt may be repeated: never before its schedule or the receiver's hint, and not for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.backoff import LONGEST_HINT, WIDEST_JITTER, not_before, rest
from functions.domain.delivery import Answer, Schedule, after
from schemas.codes import AttemptResult, Channel, DeliveryState, ErrorWord

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
HOUR = 3600
# Delivery section 5, written out again.
PRODUCT = Schedule(
    steps=(0, 10, 60, 300, 1800, *(hours * HOUR for hours in (1, 2, 4, 8, 12, 12, 12, 12, 8))),
    refused_steps=(0, 300, 1500),
)

delays = st.timedeltas(timedelta(), timedelta(hours=24))
hints = st.none() | st.timedeltas(timedelta(days=-1), timedelta(days=3)) | st.just(timedelta.max)
jitters = st.floats(0, 1, exclude_max=True)


def seconds(delay: float, *, hint: float | None = None, jitter: float = 0) -> float:
    """How long the next attempt waits."""
    told = None if hint is None else timedelta(seconds=hint)
    return (not_before(timedelta(seconds=delay), hint=told, now=NOW, jitter=jitter) - NOW).total_seconds()


@given(delays, hints, jitters)
def test_nothing_is_due_before_its_schedule_or_its_hint(
    delay: timedelta, hint: timedelta | None, jitter: float
) -> None:
    moment = not_before(delay, hint=hint, now=NOW, jitter=jitter)
    assert moment >= NOW + delay
    assert moment >= NOW + min(hint or timedelta(), LONGEST_HINT)


@given(delays, hints, jitters)
def test_no_hint_postpones_past_its_longest_and_the_jitter(
    delay: timedelta, hint: timedelta | None, jitter: float
) -> None:
    moment = not_before(delay, hint=hint, now=NOW, jitter=jitter)
    assert moment <= NOW + max(delay, LONGEST_HINT) + WIDEST_JITTER


@given(delays, hints, jitters)
def test_jitter_only_adds_and_never_more_than_a_quarter_of_an_hour(
    delay: timedelta, hint: timedelta | None, jitter: float
) -> None:
    without = not_before(delay, hint=hint, now=NOW, jitter=0)
    added = not_before(delay, hint=hint, now=NOW, jitter=jitter) - without
    assert timedelta() <= added <= timedelta(minutes=15)


def test_jitter_is_a_tenth_of_the_delay_between_two_seconds_and_a_quarter_of_an_hour() -> None:
    half = 0.5
    assert seconds(10, jitter=half) == 10 + 2 * half
    assert seconds(300, jitter=half) == 300 + 30 * half
    assert seconds(12 * HOUR, jitter=half) == 12 * HOUR + 900 * half


@pytest.mark.parametrize(
    ("delay", "hint", "wait"),
    [
        (10, None, 10),
        (10, 120, 120),
        (10, 5, 10),
        (10, -600, 10),
        (10, 0, 10),
        (10, 90 * 24 * HOUR, 12 * HOUR),
        (8 * HOUR, 60, 8 * HOUR),
        (24 * HOUR, 12 * HOUR, 24 * HOUR),
    ],
)
def test_a_hint_postpones_but_not_past_twelve_hours(delay: int, hint: int | None, wait: int) -> None:
    assert seconds(delay, hint=hint) == wait


def failed(attempt: int, hint: timedelta | None = None, jitter: float = 0) -> datetime | None:
    """When the attempt after number `attempt` is due, if there is one."""
    answer = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503, hint=hint)
    then = after(
        answer,
        channel=Channel.WEBHOOK,
        attempt=attempt,
        refusals=0,
        waited=timedelta(),
        schedule=PRODUCT,
        now=NOW,
        jitter=jitter,
    )
    assert then.state is (DeliveryState.FAILED if then.due_at is None else DeliveryState.RETRY)
    return then.due_at


def test_the_products_fourteen_attempts_take_71_hours_and_36_minutes() -> None:
    waits = [due - NOW for attempt in range(1, 14) if (due := failed(attempt))]
    assert [wait.total_seconds() for wait in waits] == list(PRODUCT.steps[1:])
    assert sum(waits, timedelta()) == timedelta(hours=71, minutes=36, seconds=10)
    assert failed(14) is None


@given(st.integers(1, 13), hints, jitters)
def test_no_attempt_of_the_schedule_undercuts_its_step_or_the_hint(
    attempt: int, hint: timedelta | None, jitter: float
) -> None:
    due = failed(attempt, hint, jitter)
    assert due is not None
    assert due >= NOW + timedelta(seconds=PRODUCT.steps[attempt])
    assert due >= NOW + min(hint or timedelta(), LONGEST_HINT)


def test_a_hint_does_not_revive_a_used_up_schedule() -> None:
    assert failed(14, timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("waited", "rests"),
    [
        (timedelta(0), timedelta(seconds=60)),
        (timedelta(minutes=10), timedelta(seconds=60)),
        (timedelta(minutes=20), timedelta(minutes=2)),
        (timedelta(hours=5), timedelta(minutes=30)),
        (timedelta(hours=72), timedelta(minutes=30)),
    ],
)
def test_what_has_waited_long_is_looked_at_seldom_and_at_least_each_half_hour(
    waited: timedelta, rests: timedelta
) -> None:
    assert rest(waited, timedelta(seconds=60)) == rests
