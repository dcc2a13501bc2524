"""The e-mail workers together stay below the quota, and no worker makes up for an idle minute in a burst."""

import pytest

from functions.adapters.pace import SHARE_OF_QUOTA, Pace


class Clock:
    """Time passes only while somebody waits, or a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


def a_pace(clock: Clock, quota: int = 14, workers: int = 5) -> Pace:
    return Pace(quota, workers, clock.monotonic, clock.pause)


@pytest.mark.parametrize(("quota", "workers"), [(14, 5), (1, 5), (1000, 5), (14, 2)])
def test_all_workers_together_send_four_fifths_of_the_quota(quota: int, workers: int) -> None:
    clock = Clock()
    pace = a_pace(clock, quota, workers)
    started, sends = clock.now, 50
    for _ in range(sends + 1):
        pace.wait()
    assert sends / (clock.now - started) * workers == pytest.approx(SHARE_OF_QUOTA * quota)


def test_the_first_message_waits_for_nothing() -> None:
    clock = Clock()
    a_pace(clock).wait()
    assert clock.waits == []


def test_a_send_that_took_its_time_anyhow_is_not_slowed_down_further() -> None:
    clock = Clock()
    pace = a_pace(clock)
    for _ in range(3):
        pace.wait()
        clock.now += 5
    assert clock.waits == []


def test_an_idle_worker_does_not_catch_up_in_a_burst() -> None:
    clock = Clock()
    pace = a_pace(clock)
    pace.wait()
    clock.now += 3600
    for _ in range(3):
        pace.wait()
    assert clock.waits == pytest.approx([5 / (0.8 * 14)] * 2)
