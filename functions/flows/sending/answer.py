"""What a sender does with one queue message: start it only with time to end it, hasten its return if it
must wait."""

from collections.abc import Callable
from typing import Protocol

from functions.adapters.dispatch import read_message
from functions.adapters.errors import RetryError
from functions.flows.sending.send import SendDesk, send

LEAST_MILLISECONDS_TO_START = 27_000
"""A send takes at most 10 s and its commit at most 15 s; with less time left, the message goes back
untouched."""
COME_BACK_SECONDS = 20
"""How long a message waits for a lane or a table; the queue's own visibility would be minutes (delivery
section 4)."""


class RemainingTime(Protocol):
    """Lambda's context, as far as we ask it."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is stopped."""
        ...


def answer_message(
    body: str, time_left: RemainingTime, desk: SendDesk, come_back_in: Callable[[int], None]
) -> None:
    """Sends the delivery that `body` names. Whatever is raised brings this message back, and no other.

    Raises RetryError, ValueError for a body that names no delivery, FinalError for a delivery that does not
    exist.
    """
    if time_left.get_remaining_time_in_millis() < LEAST_MILLISECONDS_TO_START:
        come_back_in(0)
        raise RetryError("no time left to end a send")
    try:
        send(read_message(body), desk)
    except RetryError:
        come_back_in(COME_BACK_SECONDS)
        raise
