"""What a sender does with one queue message: start it only with time to end it, hasten its return if it
must wait."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from functions.adapters.dispatch import Queued, read_message
from functions.adapters.errors import NothingToSendError, RetryError
from functions.adapters.ledger.keys import DeliveryKey
from functions.flows.sending.canary import CanaryDesk, send_canary
from functions.flows.sending.desk import SendDesk
from functions.flows.sending.send import send

LEAST_MILLISECONDS_TO_START = 27_000
"""A send takes at most 10 s and its commit at most 15 s, once it has its turn; with less time left, the
message goes back untouched."""
LONGEST_WAIT_SECONDS = 32
"""The waits double from 2 s: a lane or a slot is mostly free again at once, and after half a minute the sweep
is as near."""
MOST_RECEIVES = 8
"""A message that waits for its turn, or for the tables, is then left to the sweep: it has done nothing to
become a dead letter, however long that lasts."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a sender's queue, and how often it has been received, this time included."""

    body: str
    receives: int


class RemainingTime(Protocol):
    """Lambda's context, as far as we ask it."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is stopped."""
        ...


def answer_message(
    message: Message,
    time_left: RemainingTime,
    desk: SendDesk,
    come_back_in: Callable[[int], None],
    canaries: CanaryDesk | None = None,
) -> None:
    """Sends the delivery or the canary that `message` names. Whatever is raised brings this message back, and
    no other.

    Raises RetryError; NothingToSendError for a body that names neither, for a canary where there are no
    `canaries`, and for a delivery that does not exist.
    """
    in_time = time_left.get_remaining_time_in_millis() >= _least_milliseconds(desk)
    try:
        _send(message.body, desk, canaries, in_time=in_time)
    except RetryError:
        if message.receives >= MOST_RECEIVES:
            return  # still due, so the sweep queues it again
        come_back_in(min(2**message.receives, LONGEST_WAIT_SECONDS) if in_time else 0)
        raise


def _least_milliseconds(desk: SendDesk) -> float:
    turn = desk.pace.longest_wait_seconds if desk.pace else 0
    return LEAST_MILLISECONDS_TO_START + 1000 * turn


def _send(body: str, desk: SendDesk, canaries: CanaryDesk | None, *, in_time: bool) -> None:
    if not in_time:
        raise RetryError("no time left to end a send")
    key = _named(body)
    if isinstance(key, DeliveryKey):
        send(key, desk)
    elif canaries is None:
        raise NothingToSendError("no canary goes by e-mail")
    else:
        send_canary(key, canaries)


def _named(body: str) -> Queued:
    try:
        return read_message(body)
    except ValueError as exc:
        raise NothingToSendError("not a delivery's message") from exc
