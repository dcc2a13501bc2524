"""The life of one delivery: what an attempt's answer makes of it, as total functions over data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from functions.domain.backoff import not_before, rest
from schemas.codes import AttemptResult, Channel, DeliveryState, ErrorWord, PauseCause

SEND_DEADLINE = timedelta(seconds=10)
LEASE = SEND_DEADLINE + timedelta(seconds=30)
"""A claim's life. It outlives the send's deadline, so that nobody takes over while bytes may still leave:

    claim |- begin, at most 10 s -|- send, at most 10 s -|- commit, at most 15 s -| 5 s | lease ends: takeover
"""
QUARANTINE = timedelta(minutes=10)
"""How long an e-mail of unknown fate is left alone: SES has no idempotency token, so only silence
permits a resend."""

THROTTLED = timedelta(seconds=20)
"""How long to wait at least for a provider that says too fast: no attempt of the schedule's is used up."""
QUOTA_SPENT = timedelta(minutes=10)
"""How long to wait at least once the provider's daily quota is spent: it is a rolling one, and comes back
bit by bit."""
TURNED_AWAY = timedelta(minutes=5)
"""How long to wait at least for a provider that takes nothing from us at all: a person must put that
right."""
PAUSED = timedelta(hours=1)
"""How often a delivery to a paused endpoint is looked at; resuming the endpoint makes it due at once."""
REFUSING = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Answers that another try seldom changes: the endpoint was moved, closed, or given another door."""


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
class Schedule:
    """Seconds before each attempt: as a rule, and while an endpoint refuses us (delivery section 5)."""

    steps: tuple[int, ...]
    refused_steps: tuple[int, ...]

    def delay(self, attempt: int, refused: int) -> timedelta:
        """How long to wait after attempt number `attempt`, which was the refused one number `refused`, or
        none."""
        return timedelta(seconds=self.refused_steps[refused] if refused else self.steps[attempt])


@dataclass(frozen=True, slots=True)
class Next:
    """The delivery's next state, and when it is due again; a final state is never due.

    `refusals` counts the refused attempts in a row, and `pauses` says that with this one nobody should be
    sent to the endpoint until a person looks. An attempt that is not `counted` was no attempt of the
    schedule's.
    """

    state: DeliveryState
    due_at: datetime | None
    refusals: int = 0
    pauses: PauseCause | None = None
    counted: bool = True


def after(
    answer: Answer,
    *,
    channel: Channel,
    attempt: int,
    refusals: int,
    waited: timedelta,
    schedule: Schedule,
    now: datetime,
    jitter: float,
) -> Next:
    """What attempt number `attempt` (from 1) leads to, after `refusals` refused ones in a row (section 3).

    `waited` is how long the delivery has been due so far.
    """
    is_last = attempt >= len(schedule.steps)
    if answer.result is AttemptResult.SUCCESS:
        return Next(DeliveryState.SENT, None)
    if (wait := _UNTRIED.get(answer.error)) is not None:
        due_at = not_before(rest(waited, wait), hint=None, now=now, jitter=jitter)
        return Next(DeliveryState.RETRY, due_at, refusals, counted=False)
    if answer.result is AttemptResult.UNKNOWN and channel.is_email and not is_last:
        return Next(DeliveryState.QUARANTINE, now + QUARANTINE)
    refused = refusals + 1 if channel is Channel.WEBHOOK and _is_refusal(answer) else 0
    pauses = _pauses(answer, refused, schedule) if refused else None
    if is_last or (answer.result is AttemptResult.FAILED and not answer.retryable and not refused):
        return Next(DeliveryState.FAILED, None, refused, pauses)
    delay = PAUSED if pauses else schedule.delay(attempt, refused)
    due_at = not_before(delay, hint=answer.hint, now=now, jitter=jitter)
    return Next(DeliveryState.RETRY, due_at, refused, pauses)


REFUSES_US = frozenset(
    {
        ErrorWord.E_MAIL_PAUSED,
        ErrorWord.E_MAIL_SUSPENDED,
        ErrorWord.E_MAIL_DENIED,
        ErrorWord.E_MAIL_UNVERIFIED,
        ErrorWord.E_MAIL_NOT_SET_UP,
    }
)
"""Why the mail service takes no message of ours, whichever it is: no message's tries are used up for that."""
_UNTRIED: Mapping[ErrorWord | None, timedelta] = {
    ErrorWord.E_THROTTLED: THROTTLED,
    ErrorWord.E_QUOTA: QUOTA_SPENT,
    **dict.fromkeys(REFUSES_US, TURNED_AWAY),
}
"""What the provider did not even try, and how long it is left alone at least."""


def _is_refusal(answer: Answer) -> bool:
    return answer.http_status in REFUSING or answer.error in (ErrorWord.E_TLS, ErrorWord.E_INVALID_TARGET)


def _pauses(answer: Answer, refused: int, schedule: Schedule) -> PauseCause | None:
    if answer.http_status == HTTPStatus.GONE:
        return PauseCause.GONE
    return PauseCause.REFUSING if refused >= len(schedule.refused_steps) else None


def message_id(delivery_key: str) -> str:
    """The receiver's idempotency key: the same for every attempt at this delivery."""
    return f"msg_{hashlib.sha256(delivery_key.encode()).hexdigest()[:32]}"
