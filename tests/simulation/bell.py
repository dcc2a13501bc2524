"""A port to be called by tasks, and a program that calls it."""

from functools import partial

from tests.simulation.faults import EVERY
from tests.simulation.schedule import Schedule, Spelling


class TookTooLongError(Exception):
    """What the port here says when no answer comes."""


class BusyError(Exception):
    """What the port here says when it is busy."""


class Bell:
    """A port: rings, and knows how often it did."""

    words = Spelling(lost=TookTooLongError, throttled=lambda _: BusyError())

    def __init__(self, schedule: Schedule) -> None:
        self.rung: list[str] = []
        self._schedule = schedule

    def ring(self, who: str) -> str:
        """One call, which anything can happen to."""
        return self._schedule.call(f"ring {who}", lambda: self._ring(who), EVERY, self.words)

    def _ring(self, who: str) -> str:
        self.rung.append(who)
        return f"rung by {who}"


def rings(schedule: Schedule) -> Bell:
    """Three tasks that ring the same bell, sleep and ring again."""
    bell = Bell(schedule)

    def work(who: str) -> None:
        for _ in range(4):
            bell.ring(who)
            schedule.sleep(schedule.chance.random())

    for number in range(3):
        refused = (TookTooLongError, BusyError)
        schedule.spawn(f"task {number}", partial(work, str(number)), may_raise=refused)
    schedule.run()
    return bell
