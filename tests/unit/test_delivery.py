"""What each answer makes of a delivery, for every result and channel."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from functions.domain.delivery import LEASE, SEND_DEADLINE, Answer, Next, after, message_id
from schemas.codes import AttemptResult, Channel, DeliveryState

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
STEPS = (0, 10, 60)
IN_10_S = NOW + timedelta(seconds=10)
IN_10_MIN = NOW + timedelta(minutes=10)
S, F, U = AttemptResult.SUCCESS, AttemptResult.FAILED, AttemptResult.UNKNOWN


@pytest.mark.parametrize(
    ("channel", "result", "retryable", "attempt", "state", "due_at"),
    [
        (Channel.EMAIL, S, True, 1, DeliveryState.SENT, None),
        (Channel.EMAIL, S, False, 1, DeliveryState.SENT, None),
        (Channel.EMAIL, S, True, 3, DeliveryState.SENT, None),
        (Channel.EMAIL, F, True, 1, DeliveryState.RETRY, IN_10_S),
        (Channel.EMAIL, F, False, 1, DeliveryState.FAILED, None),
        (Channel.EMAIL, F, True, 3, DeliveryState.FAILED, None),
        (Channel.EMAIL, U, True, 1, DeliveryState.QUARANTINE, IN_10_MIN),
        (Channel.EMAIL, U, False, 2, DeliveryState.QUARANTINE, IN_10_MIN),
        (Channel.EMAIL, U, True, 3, DeliveryState.FAILED, None),
        (Channel.WEBHOOK, S, True, 1, DeliveryState.SENT, None),
        (Channel.WEBHOOK, F, True, 1, DeliveryState.RETRY, IN_10_S),
        (Channel.WEBHOOK, F, False, 1, DeliveryState.FAILED, None),
        (Channel.WEBHOOK, F, True, 3, DeliveryState.FAILED, None),
        (Channel.WEBHOOK, U, True, 1, DeliveryState.RETRY, IN_10_S),
        (Channel.WEBHOOK, U, False, 1, DeliveryState.RETRY, IN_10_S),
        (Channel.WEBHOOK, U, True, 3, DeliveryState.FAILED, None),
    ],
)
def test_an_answer_leads_to_one_state_and_only_a_waiting_one_is_due(
    *,
    channel: Channel,
    result: AttemptResult,
    retryable: bool,
    attempt: int,
    state: DeliveryState,
    due_at: datetime | None,
) -> None:
    answer = Answer(result, retryable=retryable)
    then = after(answer, channel=channel, attempt=attempt, steps=STEPS, now=NOW, jitter=0)
    assert then == Next(state, due_at)


def test_the_receivers_hint_and_the_jitter_postpone_the_next_try() -> None:
    answer = Answer(F, hint=timedelta(seconds=100))
    then = after(answer, channel=Channel.WEBHOOK, attempt=1, steps=STEPS, now=NOW, jitter=0.5)
    assert then.due_at == NOW + timedelta(seconds=100 + 10 * 0.5)


def test_a_lease_outlives_the_send_and_its_commit() -> None:
    assert SEND_DEADLINE + timedelta(seconds=15) < LEASE


def test_a_message_id_is_the_hash_of_its_deliverys_key() -> None:
    key = "R#NS-26-7KQ4ZP|N#01#0001#north-police#webhook"
    assert message_id(key) == "msg_" + hashlib.sha256(key.encode()).hexdigest()[:32]
    assert message_id(key) == message_id(key)
    assert message_id(key) != message_id(key.replace("#01#", "#02#"))
