"""A receiver's Retry-After, in whatever words: nothing is due earlier than it, or the schedule, asks."""

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.adapters.webhook import read_answer
from functions.domain.backoff import LONGEST_HINT, WIDEST_JITTER
from functions.domain.delivery import Schedule, after
from schemas.codes import Channel

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
STEP = timedelta(seconds=10)
SCHEDULE = Schedule(steps=(0, 10, 60), refused_steps=(0, 300, 1500))

jitters = st.floats(0, 1, exclude_max=True)
spaces = st.text(" \t", max_size=3)


def due_after(text: str, jitter: float = 0) -> datetime:
    """When the second attempt is due after a 503 with this header."""
    response = httpx.Response(503, headers=[(b"retry-after", text.encode("latin-1"))], content=b"")
    answer = read_answer(_streamed(response), time.monotonic() + 60, NOW)
    then = after(
        answer,
        channel=Channel.WEBHOOK,
        attempt=1,
        refusals=0,
        waited=timedelta(),
        schedule=SCHEDULE,
        now=NOW,
        jitter=jitter,
    )
    assert then.due_at is not None
    return then.due_at


def _streamed(response: httpx.Response) -> httpx.Response:
    """As it comes from a connection: not read yet."""
    return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(b""))


def is_fair(due: datetime, hint: timedelta) -> bool:
    """Neither before the schedule nor before the hint, of which twelve hours count, and not for ever."""
    wanted = max(STEP, min(hint, LONGEST_HINT))
    return NOW + wanted <= due <= NOW + wanted + WIDEST_JITTER


@given(st.integers(0, 10**12), st.integers(0, 20), spaces, spaces, jitters)
@example(1200, 9, "", "", 0.0)
@example(10**400, 0, "", "", 0.0)
@example(10**4999, 0, "", "", 0.0)
def test_seconds_count_however_they_are_written(
    number: int, zeros: int, before: str, behind: str, jitter: float
) -> None:
    written = "0" * zeros + _digits(number)
    hint = timedelta(seconds=min(number, 10**8))
    assert is_fair(due_after(f"{before}{written}{behind}", jitter), hint)


def _digits(number: int) -> str:
    """Past Python's own limit on the digits of a number, a power of ten is written out."""
    return str(number) if number < 10**4000 else "1" + "0" * 4999


@given(
    st.timedeltas(timedelta(), LONGEST_HINT) | st.timedeltas(timedelta(days=-30), timedelta(days=30)), jitters
)
def test_a_date_counts_and_one_that_is_over_asks_for_nothing(hint: timedelta, jitter: float) -> None:
    moment = (NOW + hint).replace(microsecond=0)
    due = due_after(format_datetime(moment, usegmt=True), jitter)
    assert is_fair(due, max(moment - NOW, timedelta()))


@pytest.mark.parametrize(
    "text",
    ["inf", "-inf", "nan", "infinity", "1e400", "1e9", "-5", "-" + "9" * 400, "+120", "1_000", "1.5", "0x10"],
)
def test_what_is_neither_seconds_nor_a_date_leaves_the_schedule(text: str) -> None:
    assert due_after(text) == NOW + STEP


@given(
    st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=60),
    jitters,
)
def test_nothing_that_a_header_may_hold_breaks_the_schedule(text: str, jitter: float) -> None:
    assert NOW + STEP <= due_after(text, jitter) <= NOW + LONGEST_HINT + WIDEST_JITTER
