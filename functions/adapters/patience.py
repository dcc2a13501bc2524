"""Trying a contended or throttled write again until a deadline, never so many times (delivery 4)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from functions.adapters.errors import BusyError, ContendedError

T = TypeVar("T")

FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5
LIMIT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How to wait: `monotonic` in seconds, `pause` for seconds, `jitter` in [0, 1), at most
    `limit_seconds`."""

    monotonic: Callable[[], float]
    pause: Callable[[float], None]
    jitter: Callable[[], float]
    limit_seconds: float = LIMIT_SECONDS

    def persist(self, step: Callable[[], T], *, limit_seconds: float | None = None) -> T:
        """Repeats `step`, which reads afresh and writes, while another writer is first or the tables busy.

        Raises what the last repetition raised, once the time is over.
        """
        ends = self.monotonic() + (self.limit_seconds if limit_seconds is None else limit_seconds)
        wait = FIRST_PAUSE_SECONDS
        while True:
            try:
                return step()
            except (BusyError, ContendedError):
                if self.monotonic() >= ends:
                    raise
                self.pause(wait * (0.5 + self.jitter()))
                wait = min(wait * 2, LONGEST_PAUSE_SECONDS)
