"""What can go wrong at a call, how likely, and who decides: a seed, or a plan that names each fault."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, TypeVar

T = TypeVar("T")


class Crashed(BaseException):
    """The task's process ended here; no `except Exception` sees it."""


class Fault(Enum):
    """One thing that goes wrong at one call."""

    CRASH_BEFORE = "crash before"
    """The process ends; the call was not made."""
    CRASH_AFTER = "crash after"
    """The call took effect; the process ends before it learns that."""
    LOST_REPLY = "lost reply"
    """The call took effect; the caller sees a time-out."""
    LOST_REQUEST = "lost request"
    """The call had no effect; the caller sees the same time-out."""
    THROTTLE = "throttle"
    """The call had no effect; the caller is told to come again."""
    STALL = "stall"
    """The process stands still before the call, long enough for a lease to run out, and then makes it."""
    STALL_AFTER = "stall after"
    """The call took effect; the process stands still as long before it learns that."""


CRASHES = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.STALL, Fault.STALL_AFTER)
"""What can happen to whoever makes a call, whatever it calls."""
EVERY = tuple(Fault)


@dataclass(frozen=True, slots=True)
class Faults:
    """How likely each fault is at a call that allows it, and how many there are in a run at most.

    `switch` is how likely a call lets chance choose who goes on; otherwise the caller does.
    """

    crash_before: float = 0.0
    crash_after: float = 0.0
    lost_reply: float = 0.0
    lost_request: float = 0.0
    throttle: float = 0.0
    stall: float = 0.0
    stall_after: float = 0.0
    budget: int = 1_000_000
    switch: float = 1.0

    def likely(self) -> dict[Fault, float]:
        """The likelihood of each."""
        return {fault: getattr(self, fault.value.replace(" ", "_")) for fault in Fault}


class Chance(Protocol):
    """Decides what is left to chance."""

    def pick(self, ready: Sequence[T], current: T | None) -> T:
        """Who goes on."""

    def fault(self, step: int, allowed: Sequence[Fault]) -> Fault | None:
        """What goes wrong at this call, if anything."""

    def random(self) -> float:
        """A number in [0, 1), for jitter and the like."""

    def calm(self) -> None:
        """No more faults from now on."""


@dataclass
class Seeded:
    """Chance by a seed: the same seed and faults, the same run."""

    seed: int
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed).random  # noqa: S311 - to be repeated, not to be secret
        self._likely = self.faults.likely()
        self._left = self.faults.budget if any(self._likely.values()) else 0

    def pick(self, ready: Sequence[T], current: T | None) -> T:
        """Anybody, or the current one where it may go on and chance is not asked."""
        if self.faults.switch < 1 and current in ready and self.random() >= self.faults.switch:
            assert current is not None
            return current
        return ready[int(self.random() * len(ready))]

    def fault(self, step: int, allowed: Sequence[Fault]) -> Fault | None:
        """At most one fault, as long as there are any left."""
        if not self._left:
            return None
        drawn = self.random()
        for fault in allowed:
            drawn -= self._likely[fault]
            if drawn < 0:
                self._left -= 1
                return fault
        return None

    def calm(self) -> None:
        """No more faults from now on."""
        self._left = 0


@dataclass
class Planned:
    """No chance at all: each task goes on for as long as it can, and what goes wrong is named by its step."""

    faults: Mapping[int, Fault] = field(default_factory=dict)
    offers: list[tuple[Fault, ...]] = field(default_factory=list, repr=False)
    """What every step would have allowed."""

    def pick(self, ready: Sequence[T], current: T | None) -> T:
        """The current one while it can, then whoever waits longest."""
        return current if current is not None and current in ready else ready[0]

    def fault(self, step: int, allowed: Sequence[Fault]) -> Fault | None:
        """As planned."""
        self.offers.append(tuple(allowed))
        return self.faults.get(step)

    def random(self) -> float:
        """The middle."""
        return 0.5

    def calm(self) -> None:
        """What is planned stays planned."""
