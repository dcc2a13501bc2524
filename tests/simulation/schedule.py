"""A deterministic scheduler: tasks that interleave at every port call, in simulated time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any, NamedTuple, TypeVar

from greenlet import getcurrent, greenlet

from tests.simulation.clock import START, Clock
from tests.simulation.faults import CRASHES, Chance, Crashed, Fault

T = TypeVar("T")

STALL_SECONDS = 120.0
"""Longer than any lease or deadline that a caller has."""


class StuckError(Exception):
    """The run does not end."""


class Step(NamedTuple):
    """One call, or one point: who made it, and what went wrong."""

    number: int
    at: datetime
    task: str
    call: str
    fault: Fault | None

    def __str__(self) -> str:
        went_wrong = f"  << {self.fault.value}" if self.fault else ""
        return f"{self.number:5} {self.at:%d %H:%M:%S.%f} {self.task:<12} {self.call}{went_wrong}"


class Trace(list[Step]):
    """What happened, in order."""

    def __str__(self) -> str:
        return "\n".join(map(str, self))

    def faults(self) -> list[Step]:
        """The steps at which something went wrong."""
        return [step for step in self if step.fault]


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a port tells its caller of a fault: `lost` that no answer came, `throttled` to come again."""

    lost: Callable[[], Exception]
    throttled: Callable[[Callable[[], float]], Exception]
    """Made with chance's `random`, because some ports say it in more than one way."""


@dataclass(eq=False)
class Task:
    """One process, for as long as it lives."""

    name: str
    may_raise: tuple[type[Exception], ...]
    then: Callable[["Task"], object]
    ended: bool = False
    crashed: bool = False
    stood_still: bool = False
    result: Any = None
    error: Exception | None = None
    greenlet: greenlet = field(init=False, repr=False)


class Schedule:
    """Runs tasks one call at a time. Everything that is not told comes from `chance`."""

    def __init__(self, chance: Chance, *, start: datetime = START, most_steps: int = 100_000) -> None:
        self.chance = chance
        self.clock = Clock(start)
        self.trace = Trace()
        self._most_steps = most_steps
        self._hub = getcurrent()
        self._ready: list[Task] = []
        self._sleeping: list[tuple[datetime, int, Task]] = []
        self._still_since: dict[Task, datetime] = {}
        self._serial = count()
        self._current: Task | None = None

    def spawn(
        self,
        name: str,
        work: Callable[[], object],
        *,
        may_raise: tuple[type[Exception], ...] = (),
        then: Callable[[Task], object] = lambda _: None,
    ) -> Task:
        """A task that is ready from now on; `then` is told how it ended, and may spawn what follows.

        Whatever else it raises than `may_raise` ends the run.
        """
        task = Task(name, may_raise, then)
        task.greenlet = greenlet(lambda: self._live(task, work), parent=self._hub)
        self._ready.append(task)
        return task

    def run(self) -> None:
        """Until every task has ended; when all of them sleep, the clock jumps to the first that wakes."""
        try:
            while self._ready or self._sleeping:
                self._go_on(self._next(None))
        finally:
            self._end_the_rest()

    def point(self, name: str) -> None:
        """A place where others may go on, or the process end; no call of anybody's."""
        self.call(name, lambda: None, (Fault.CRASH_BEFORE, Fault.STALL))

    def call(
        self,
        name: str,
        effect: Callable[[], T],
        faults_allowed: Sequence[Fault] = CRASHES,
        spelling: Spelling | None = None,
    ) -> T:
        """A call of a port: first others may go on, then `effect` happens at once, or something goes wrong.

        Outside the tasks it simply happens: setting up and looking at the end are nobody's process.
        """
        task = self._current
        if task is None:
            return effect()
        if task.crashed:
            raise Crashed  # from a `finally` of a process that is gone
        self._let_others(task, current=task)
        fault = self.chance.fault(len(self.trace), faults_allowed)
        self.trace.append(Step(len(self.trace), self.clock.now(), task.name, name, fault))
        if len(self.trace) > self._most_steps:
            self.fail(StuckError(f"more than {self._most_steps} steps"))
        return effect() if fault is None else self._go_wrong(task, fault, effect, spelling)

    def sleep(self, seconds: float) -> None:
        """Lets the time pass for this task, and others go on meanwhile; outside the tasks, for everybody."""
        task = self._current
        if task is None:
            self.clock.advance(seconds)
            return
        if task.crashed:
            raise Crashed
        self._ready.remove(task)
        wakes = self.clock.now() + timedelta(seconds=seconds)
        heappush(self._sleeping, (wakes, next(self._serial), task))
        self._let_others(task, current=None)

    @property
    def stood_still(self) -> bool:
        """Whether the current task ever did: then what it has read may be old."""
        return self._current is not None and self._current.stood_still

    def rouse(self, longer_than: timedelta) -> None:
        """Whoever has stood still for that long goes on from now: while whoever took over is at work."""
        now = self.clock.now()
        roused = {task for task, since in self._still_since.items() if now - since > longer_than}
        self._sleeping = [
            (now if task in roused else wakes, number, task) for wakes, number, task in self._sleeping
        ]
        heapify(self._sleeping)

    def fail(self, error: Exception) -> None:
        """Ends the run with this error, whatever the task that found it would make of it."""
        if self._current is None:
            raise error
        self._hub.throw(error)

    def _go_wrong(self, task: Task, fault: Fault, effect: Callable[[], T], spelling: Spelling | None) -> T:
        if fault is Fault.STALL:
            self._stand_still(task)
            return effect()
        if fault is Fault.STALL_AFTER:
            answer = effect()
            self._stand_still(task)
            return answer
        if fault in _TOOK_EFFECT:
            _refused_or_not(effect)
        if fault in _ENDED:
            task.crashed = True
            raise Crashed
        if spelling is None:
            raise ValueError(f"{fault.value} at a port that has no words for it")
        raise spelling.throttled(self.chance.random) if fault is Fault.THROTTLE else spelling.lost()

    def _stand_still(self, task: Task) -> None:
        task.stood_still = True
        self._still_since[task] = self.clock.now()
        try:
            self.sleep(STALL_SECONDS)
        finally:
            del self._still_since[task]

    def _live(self, task: Task, work: Callable[[], object]) -> None:
        try:
            task.result = work()
            if task.crashed:
                raise AssertionError(f"{task.name} went on after its process had ended")
        except Crashed:
            task.crashed = True
        except task.may_raise as exc:
            task.error = exc
        finally:
            task.ended = True
            self._ready.remove(task)
            self._current = None
        task.then(task)

    def _let_others(self, task: Task, *, current: Task | None) -> None:
        other = self._next(current)
        if other is not task:
            self._go_on(other)
            if task.crashed:
                raise Crashed

    def _go_on(self, task: Task) -> None:
        self._current = task
        task.greenlet.switch()

    def _next(self, current: Task | None) -> Task:
        if not self._ready:
            self.clock.advance_to(self._sleeping[0][0])
        while self._sleeping and self._sleeping[0][0] <= self.clock.now():
            self._ready.append(heappop(self._sleeping)[-1])
        return self.chance.pick(self._ready, current)

    def _end_the_rest(self) -> None:
        """Unwinds what a failed run leaves behind; nothing it does on its way out takes effect."""
        left = [*self._ready, *(task for *_, task in self._sleeping)]
        self._ready, self._sleeping = list(left), []
        for task in left:
            task.crashed = True
            task.then = lambda _: None
            if task.greenlet:
                self._current = task
                task.greenlet.throw(Crashed)


_TOOK_EFFECT = frozenset({Fault.CRASH_AFTER, Fault.LOST_REPLY})
_ENDED = frozenset({Fault.CRASH_BEFORE, Fault.CRASH_AFTER})


def _refused_or_not(effect: Callable[[], object]) -> None:
    """Does it; a refusal is lost with the reply."""
    try:
        effect()
    except AssertionError:
        raise
    except Exception:  # noqa: BLE001, S110 - whatever a port may refuse with
        pass
