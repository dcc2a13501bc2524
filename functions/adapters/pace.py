"""Sending no faster than the mail service allows: each worker keeps to its share, and none asks another."""

from collections.abc import Callable

SHARE_OF_QUOTA = 0.8
"""The rest is for what else the account sends, and for workers whose clocks beat together."""


class Pace:
    """One of `workers` that send `quota_per_second` among them; `monotonic` in seconds, `pause` for
    seconds."""

    def __init__(
        self,
        quota_per_second: int,
        workers: int,
        monotonic: Callable[[], float],
        pause: Callable[[float], None],
    ) -> None:
        self.longest_wait_seconds = workers / (SHARE_OF_QUOTA * quota_per_second)
        self._monotonic = monotonic
        self._pause = pause
        self._next_at = monotonic()

    def wait(self) -> None:
        """Until this worker's next turn; one that it did not use is lost, not made up for in a burst."""
        now = self._monotonic()
        if now < self._next_at:
            self._pause(self._next_at - now)
        self._next_at = max(now, self._next_at) + self.longest_wait_seconds
