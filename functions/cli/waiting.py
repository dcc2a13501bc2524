"""Waiting for the service to take things in and tell them, with the deployed sweep called every 2 seconds."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from functions.adapters import aws
from functions.adapters.ledger.everything import Everything, Row
from functions.cli.accounts import SETTLED
from functions.cli.arrivals import own_rows
from functions.cli.bus import Sent
from functions.cli.outputs import Outputs

SWEEP_EVERY_SECONDS = 2.0
LOOK_EVERY_SECONDS = 0.25


@contextmanager
def sweeping(outputs: Outputs) -> Iterator[None]:
    """While open, the deployed sweep runs every 2 s; its own schedule, a minute, is too long to watch."""
    done = threading.Event()
    client = aws.lambda_()

    def sweep() -> None:
        while not done.wait(SWEEP_EVERY_SECONDS):
            client.invoke(FunctionName=outputs.sweep_function_name, Payload=b"{}")

    thread = threading.Thread(target=sweep, name="sweep", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def taken_in(sent: Sequence[Sent], written: Callable[[], Sequence[Row]], *, within_seconds: float) -> bool:
    """Waits until `written` shows each of `sent` its own row; whether that happened in time."""
    return until(lambda: all(own_rows(sent, written())), within_seconds)


def settled(everything: Everything, *, within_seconds: float) -> bool:
    """Waits until no clock is due and every delivery that is not held has reached an end; whether that
    happened in time."""

    def is_settled() -> bool:
        # A clock that fires may make a message: looked at first, none comes after the messages were.
        if everything.clocks_due(datetime.now(UTC)):
            return False
        return all(item["st"] in SETTLED or "held" in item for item in everything.deliveries().values())

    return until(is_settled, within_seconds)


def until(is_so: Callable[[], bool], within_seconds: float) -> bool:
    """Waits until it is so; whether that happened in time."""
    moment = threading.Event()  # never set: something to wait on
    give_up_at = time.monotonic() + within_seconds
    while not is_so():
        if time.monotonic() > give_up_at:
            return False
        moment.wait(LOOK_EVERY_SECONDS)
    return True
