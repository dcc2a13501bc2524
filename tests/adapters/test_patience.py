"""A contended write is tried again until its time is up, and only a contended one."""

from collections.abc import Callable

import pytest

from functions.adapters.errors import ContendedError, FinalError, RetryError
from functions.adapters.patience import LONGEST_PAUSE_SECONDS, Patience


class Clock:
    """Time that passes only in pauses."""

    def __init__(self) -> None:
        self.now = 100.0
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        """Lets `seconds` pass."""
        self.pauses.append(seconds)
        self.now += seconds

    def patience(self, *, jitter: float = 0.5, limit_seconds: float = 15.0) -> Patience:
        """Patience by this clock."""
        return Patience(lambda: self.now, self.pause, lambda: jitter, limit_seconds)


def contended(times: int) -> Callable[[], int]:
    """A step that another writer beats so many times; it returns at which try it succeeded."""
    tries = iter(range(1, times + 2))

    def step() -> int:
        if (number := next(tries)) <= times:
            raise ContendedError
        return number

    return step


def test_an_uncontended_step_is_done_once_without_a_pause() -> None:
    clock = Clock()
    assert clock.patience().persist(contended(0)) == 1
    assert clock.pauses == []


def test_a_contended_step_is_tried_again_after_longer_and_longer_pauses() -> None:
    clock = Clock()
    assert clock.patience().persist(contended(8)) == 9
    assert clock.pauses == pytest.approx([0.02, 0.04, 0.08, 0.16, 0.32, 0.5, 0.5, 0.5])


@pytest.mark.parametrize("jitter", [0.0, 0.25, 0.999])
def test_pauses_are_spread_between_a_half_and_one_and_a_half_of_themselves(jitter: float) -> None:
    clock = Clock()
    clock.patience(jitter=jitter).persist(contended(20))
    assert clock.pauses[0] == pytest.approx(0.02 * (0.5 + jitter))
    assert max(clock.pauses) < 1.5 * LONGEST_PAUSE_SECONDS


def test_patience_ends_by_time_and_not_by_number() -> None:
    clock = Clock()
    with pytest.raises(ContendedError):
        clock.patience(limit_seconds=3).persist(contended(10_000))
    assert 103 <= clock.now <= 103.5
    assert len(clock.pauses) > 5


@pytest.mark.parametrize("error", [RetryError("later"), FinalError(), ValueError(), KeyError("x")])
def test_anything_but_contention_is_raised_at_once(error: Exception) -> None:
    clock = Clock()

    def step() -> None:
        raise error

    with pytest.raises(type(error)):
        clock.patience().persist(step)
    assert clock.pauses == []
