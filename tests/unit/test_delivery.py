"""What each answer makes of a delivery, for every result and channel (delivery section 5)."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.domain.delivery import (
    LEASE,
    PAUSED,
    QUARANTINE,
    QUOTA_SPENT,
    REFUSES_US,
    SEND_DEADLINE,
    THROTTLED,
    TURNED_AWAY,
    Answer,
    Next,
    Schedule,
    after,
    message_id,
)
from schemas.codes import AttemptResult, Channel, DeliveryState, ErrorWord, PauseCause

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
SCHEDULE = Schedule(steps=(0, 10, 60, 3600, 7200), refused_steps=(0, 300, 1500))
LAST = len(SCHEDULE.steps)
S, F, U = AttemptResult.SUCCESS, AttemptResult.FAILED, AttemptResult.UNKNOWN
SENT, RETRY, FAILED = DeliveryState.SENT, DeliveryState.RETRY, DeliveryState.FAILED
EMAILS = [Channel.EMAIL, Channel.FALLBACK]


def in_(**much: float) -> datetime:
    return NOW + timedelta(**much)


def leads_to(
    answer: Answer,
    channel: Channel = Channel.WEBHOOK,
    *,
    attempt: int = 1,
    refusals: int = 0,
    waited: timedelta = timedelta(),
    jitter: float = 0,
) -> Next:
    return after(
        answer,
        channel=channel,
        attempt=attempt,
        refusals=refusals,
        waited=waited,
        schedule=SCHEDULE,
        now=NOW,
        jitter=jitter,
    )


def http(status: int, hint: timedelta | None = None) -> Answer:
    return Answer(F, error=ErrorWord.E_HTTP, http_status=status, hint=hint)


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("attempt", [1, LAST])
@pytest.mark.parametrize("refusals", [0, 3])
def test_a_success_is_sent_and_never_due_again(channel: Channel, attempt: int, refusals: int) -> None:
    assert leads_to(Answer(S), channel, attempt=attempt, refusals=refusals) == Next(SENT, None)


# --- retried on the schedule

ON_THE_SCHEDULE = {
    **{str(status): http(status) for status in (408, 425, 429, 500, 502, 503, 504, 599)},
    **{str(status): http(status) for status in (300, 301, 302, 303, 307, 308)},
    **{str(status): http(status) for status in (400, 402, 405, 406, 409, 411, 413, 415, 418, 422, 451)},
    "no connection": Answer(F, error=ErrorWord.E_CONNECTION),
    "no such name": Answer(F, error=ErrorWord.E_DNS),
    "not connected in time": Answer(F, error=ErrorWord.E_TIMEOUT),
    "too large": Answer(F, error=ErrorWord.E_TOO_LARGE),
    "cut off": Answer(U, error=ErrorWord.E_CONNECTION),
    "no answer in time": Answer(U, error=ErrorWord.E_TIMEOUT),
}


@pytest.mark.parametrize("answer", ON_THE_SCHEDULE.values(), ids=ON_THE_SCHEDULE)
@pytest.mark.parametrize("attempt", range(1, LAST))
def test_a_webhook_that_was_not_taken_is_tried_again_by_the_next_step(answer: Answer, attempt: int) -> None:
    then = leads_to(answer, attempt=attempt)
    assert then == Next(RETRY, in_(seconds=SCHEDULE.steps[attempt]))


@pytest.mark.parametrize("answer", ON_THE_SCHEDULE.values(), ids=ON_THE_SCHEDULE)
@pytest.mark.parametrize("attempt", [LAST, LAST + 1])
def test_the_last_attempt_of_a_webhook_that_is_not_taken_fails_it(answer: Answer, attempt: int) -> None:
    assert leads_to(answer, attempt=attempt) == Next(FAILED, None)


@pytest.mark.parametrize("answer", ON_THE_SCHEDULE.values(), ids=ON_THE_SCHEDULE)
def test_any_other_answer_ends_a_row_of_refusals(answer: Answer) -> None:
    """They are counted in a row: an endpoint that came to life in between starts again with three."""
    assert leads_to(answer, attempt=3, refusals=2) == Next(RETRY, in_(seconds=SCHEDULE.steps[3]))


@pytest.mark.parametrize("channel", EMAILS)
@pytest.mark.parametrize("attempt", range(1, LAST))
def test_an_email_that_was_not_taken_is_tried_again_by_the_next_step(channel: Channel, attempt: int) -> None:
    then = leads_to(Answer(F, error=ErrorWord.E_PROVIDER), channel, attempt=attempt)
    assert then == Next(RETRY, in_(seconds=SCHEDULE.steps[attempt]))


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("attempt", [1, LAST])
def test_what_will_never_be_taken_is_not_tried_again(channel: Channel, attempt: int) -> None:
    answer = Answer(F, retryable=False, error=ErrorWord.E_PROVIDER)
    assert leads_to(answer, channel, attempt=attempt) == Next(FAILED, None)


# --- the receiver's hint


@pytest.mark.parametrize("status", [301, 400, 408, 425, 429, 500, 503])
def test_a_receivers_hint_postpones_the_next_try(status: int) -> None:
    assert leads_to(http(status, hint=timedelta(hours=1))).due_at == in_(hours=1)
    assert leads_to(http(status, hint=timedelta(seconds=9))).due_at == in_(seconds=10)


def test_a_hint_postpones_a_refused_try_and_a_paused_one_too() -> None:
    four_hours = timedelta(hours=4)
    assert leads_to(http(403, hint=four_hours)).due_at == in_(hours=4)
    assert leads_to(http(410, hint=four_hours)).due_at == in_(hours=4)


def test_jitter_only_adds_to_it() -> None:
    answer = http(503, hint=timedelta(seconds=100))
    assert leads_to(answer, jitter=0.5).due_at == in_(seconds=100 + 10 * 0.5)
    assert leads_to(http(401), jitter=0.5).due_at == in_(seconds=300 + 30 * 0.5)
    assert leads_to(http(410), jitter=0.5).due_at == in_(hours=1, minutes=3)


answers = st.builds(
    Answer,
    result=st.sampled_from([F, U]),
    retryable=st.booleans(),
    error=st.sampled_from([None, *ErrorWord]),
    hint=st.none() | st.timedeltas(timedelta(), timedelta(days=3)),
    http_status=st.none() | st.integers(300, 599),
)


@given(
    answers,
    st.sampled_from(Channel),
    st.integers(1, LAST),
    st.integers(0, 4),
    st.floats(0, 1, exclude_max=True),
)
def test_nothing_is_tried_again_before_the_schedule_or_the_hint_allows(
    answer: Answer, channel: Channel, attempt: int, refusals: int, jitter: float
) -> None:
    then = leads_to(answer, channel, attempt=attempt, refusals=refusals, jitter=jitter)
    assert (then.due_at is None) is (then.state is FAILED)
    if then.due_at is None or not then.counted or then.state is DeliveryState.QUARANTINE:
        return
    at_least = timedelta(seconds=min(SCHEDULE.steps[attempt], SCHEDULE.refused_steps[1]))
    assert then.due_at >= NOW + max(at_least, min(answer.hint or timedelta(), timedelta(hours=12)))


# --- refused

REFUSALS = {
    **{str(status): http(status) for status in (401, 403, 404)},
    "invalid TLS": Answer(F, error=ErrorWord.E_TLS),
    "a target that may not be reached": Answer(F, retryable=False, error=ErrorWord.E_INVALID_TARGET),
}
ALL_REFUSALS = REFUSALS | {"410": http(410)}


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_is_tried_again_after_five_and_thirty_minutes_and_then_pauses(answer: Answer) -> None:
    """A bad deploy of theirs must not lose an outcome: it stays, and a person looks."""
    assert leads_to(answer, attempt=1) == Next(RETRY, in_(minutes=5), refusals=1)
    assert leads_to(answer, attempt=2, refusals=1) == Next(RETRY, in_(minutes=25), refusals=2)
    third = leads_to(answer, attempt=3, refusals=2)
    assert third == Next(RETRY, NOW + PAUSED, refusals=3, pauses=PauseCause.REFUSING)


@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_after_a_resumed_pause_pauses_at_once(answer: Answer) -> None:
    then = leads_to(answer, attempt=4, refusals=3)
    assert then == Next(RETRY, in_(hours=1), refusals=4, pauses=PauseCause.REFUSING)


@pytest.mark.parametrize("refusals", [0, 1, 2, 5])
def test_an_endpoint_that_is_gone_is_paused_at_once(refusals: int) -> None:
    then = leads_to(http(410), refusals=refusals)
    assert then == Next(RETRY, in_(hours=1), refusals=refusals + 1, pauses=PauseCause.GONE)


@pytest.mark.parametrize("answer", ALL_REFUSALS.values(), ids=ALL_REFUSALS)
def test_a_last_attempt_that_is_refused_fails_and_pauses_for_the_others_all_the_same(answer: Answer) -> None:
    cause = PauseCause.GONE if answer.http_status == 410 else PauseCause.REFUSING
    then = leads_to(answer, attempt=LAST, refusals=2)
    assert then == Next(FAILED, None, refusals=3, pauses=cause)


@pytest.mark.parametrize("channel", EMAILS)
@pytest.mark.parametrize("answer", ALL_REFUSALS.values(), ids=ALL_REFUSALS)
def test_an_email_is_never_refused_by_an_endpoint(channel: Channel, answer: Answer) -> None:
    """There is no endpoint to pause: what a mail provider says of itself goes by the schedule."""
    for refusals in (0, 2):
        then = leads_to(answer, channel, refusals=refusals)
        assert then == (Next(RETRY, in_(seconds=10)) if answer.retryable else Next(FAILED, None))


@pytest.mark.parametrize("channel", list(Channel))
def test_only_a_webhook_is_no_email(channel: Channel) -> None:
    assert channel.is_email is (channel in EMAILS)


# --- throttled


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize(("attempt", "refusals"), [(1, 0), (3, 2), (LAST, 0), (LAST, 2)])
def test_a_throttled_message_waits_a_little_and_uses_up_no_attempt(
    channel: Channel, attempt: int, refusals: int
) -> None:
    """Neither of the schedule's nor of a row of refusals: nothing was learnt."""
    throttled = Answer(F, error=ErrorWord.E_THROTTLED, hint=timedelta(hours=9))
    then = leads_to(throttled, channel, attempt=attempt, refusals=refusals)
    assert then == Next(RETRY, NOW + THROTTLED, refusals=refusals, counted=False)
    later = leads_to(throttled, channel, attempt=attempt, jitter=0.5).due_at
    assert later == NOW + THROTTLED + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("word", "waited", "waits"),
    [
        (ErrorWord.E_THROTTLED, timedelta(minutes=3), THROTTLED),
        (ErrorWord.E_THROTTLED, timedelta(minutes=50), timedelta(minutes=5)),
        (ErrorWord.E_QUOTA, timedelta(minutes=50), QUOTA_SPENT),
        (ErrorWord.E_QUOTA, timedelta(hours=3), timedelta(minutes=18)),
        (ErrorWord.E_QUOTA, timedelta(days=3), timedelta(minutes=30)),
        *[(word, timedelta(minutes=20), TURNED_AWAY) for word in sorted(REFUSES_US)],
        *[(word, timedelta(days=3), timedelta(minutes=30)) for word in sorted(REFUSES_US)],
    ],
)
def test_a_provider_that_throttles_for_days_is_not_asked_each_minute(
    word: ErrorWord, waited: timedelta, waits: timedelta
) -> None:
    """Each time is two rows of the trail, and there is no last attempt that would end it."""
    then = leads_to(Answer(F, error=word), Channel.EMAIL, waited=waited)
    assert then == Next(RETRY, NOW + waits, counted=False)


# --- of unknown fate


@pytest.mark.parametrize("channel", EMAILS)
@pytest.mark.parametrize("attempt", range(1, LAST))
@pytest.mark.parametrize("retryable", [True, False])
def test_an_email_of_unknown_fate_is_left_alone_for_ten_minutes(
    *, channel: Channel, attempt: int, retryable: bool
) -> None:
    answer = Answer(U, retryable=retryable, error=ErrorWord.E_TIMEOUT, hint=timedelta(hours=1))
    then = leads_to(answer, channel, attempt=attempt, jitter=0.9)
    assert then == Next(DeliveryState.QUARANTINE, NOW + QUARANTINE)
    assert timedelta(minutes=10) == QUARANTINE > LEASE


@pytest.mark.parametrize("channel", EMAILS)
def test_a_last_email_of_unknown_fate_has_failed(channel: Channel) -> None:
    assert leads_to(Answer(U), channel, attempt=LAST) == Next(FAILED, None)


@pytest.mark.parametrize("retryable", [True, False])
def test_a_webhook_of_unknown_fate_is_simply_sent_again(*, retryable: bool) -> None:
    """Its receiver knows the message by its id."""
    assert leads_to(Answer(U, retryable=retryable)) == Next(RETRY, in_(seconds=10))


def test_a_lease_outlives_the_send_and_its_commit() -> None:
    assert SEND_DEADLINE + timedelta(seconds=15) < LEASE


def test_a_paused_endpoint_is_looked_at_each_hour() -> None:
    assert timedelta(hours=1) == PAUSED


def test_a_message_id_is_the_hash_of_its_deliverys_key() -> None:
    key = "R#NS-26-7KQ4ZP|N#01#0001#north-police#webhook"
    assert message_id(key) == "msg_" + hashlib.sha256(key.encode()).hexdigest()[:32]
    assert message_id(key) == message_id(key)
    assert message_id(key) != message_id(key.replace("#01#", "#02#"))
