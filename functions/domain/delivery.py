"""The life of one delivery: what an attempt's answer makes of it, as total functions over data."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.domain.backoff import next_due
from schemas.codes import AttemptResult, Channel, DeliveryState, ErrorWord

SEND_DEADLINE = timedelta(seconds=10)
LEASE = SEND_DEADLINE + timedelta(seconds=30)
"""A claim's life. It outlives the send's deadline, so that nobody takes over while bytes may still leave:

    claim |---- send, at most 10 s ----|- commit, at most 15 s -|  spare  | lease ends, takeover allowed
"""
QUARANTINE = timedelta(minutes=10)
"""How long an e-mail of unknown fate is left alone: SES has no idempotency token, so only silence
permits a resend."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt. `retryable` matters for FAILED only; `hint` is the receiver's Retry-After."""

    result: AttemptResult
    retryable: bool = True
    error: ErrorWord | None = None
    hint: timedelta | None = None
    http_status: int | None = None
    provider_id: str | None = None
    response_sha256: str | None = None
    response_bytes: int | None = None
    took_ms: int = 0


@dataclass(frozen=True, slots=True)
class Next:
    """The delivery's next state, and when it is due again; a final state is never due."""

    state: DeliveryState
    due_at: datetime | None


def after(
    answer: Answer, *, channel: Channel, attempt: int, steps: Sequence[int], now: datetime, jitter: float
) -> Next:
    """What attempt number `attempt` (from 1) leads to (delivery section 3)."""
    if answer.result is AttemptResult.SUCCESS:
        return Next(DeliveryState.SENT, None)
    if answer.result is AttemptResult.UNKNOWN and channel is Channel.EMAIL and attempt < len(steps):
        return Next(DeliveryState.QUARANTINE, now + QUARANTINE)
    if answer.result is AttemptResult.FAILED and not answer.retryable:
        return Next(DeliveryState.FAILED, None)
    due_at = next_due(attempt=attempt, steps=steps, hint=answer.hint, now=now, jitter=jitter)
    return Next(DeliveryState.RETRY if due_at else DeliveryState.FAILED, due_at)


def message_id(delivery_key: str) -> str:
    """The receiver's idempotency key: the same for every attempt at this delivery."""
    return f"msg_{hashlib.sha256(delivery_key.encode()).hexdigest()[:32]}"
