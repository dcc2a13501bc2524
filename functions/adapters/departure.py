"""The last moment at which a message may leave, however long a look-up, a connection or a handshake took."""

import time
from threading import Lock

_BYTES_FOLLOW = (".send_request_headers.started", ".send_request_body.started")


class TooLateError(Exception):
    """Its time was over before it had left, or had left whole."""


class Departure:
    """Whether one request may leave. Nothing begins to after `ends`, or once it is called off.

    Whoever waits for the answer calls it off before going on. A thread that is left behind in a look-up, or
    frozen with its process and thawed minutes later, finds that, even if its clock has stood still.
    """

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self._lock = Lock()
        self._begun = False
        self._called_off = False

    def step(self, event: str, _: object) -> None:
        """The client's `trace` extension: told of a step before it is taken, it prevents it by raising."""
        if event.endswith(_BYTES_FOLLOW):
            self._go()

    def _go(self) -> None:
        with self._lock:
            if self._called_off or time.monotonic() >= self.ends:
                raise TooLateError
            self._begun = True

    def call_off(self) -> bool:
        """From now on nothing begins to leave; True if something did before, whatever has come of it."""
        with self._lock:
            self._called_off = True
            return self._begun
