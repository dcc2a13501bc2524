"""Whether an endpoint may be sent to now: in-flight slots, circuit breaker, pause (delivery section 6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from schemas.codes import Breaker, PauseCause

SLOTS = 4
"""How many attempts at one endpoint may be on their way at once: one that hangs takes four workers, and no
more."""
WINDOW = timedelta(minutes=5)
FEWEST_IN_WINDOW = 10
FAILED_IN_A_ROW = 5
COOLDOWN = timedelta(seconds=120)
KEPT_BY_SLOT = 10
"""Answers that each slot remembers; together they hold the window of a busy endpoint, and the last five of
any."""


class Turn(StrEnum):
    """What a delivery to the endpoint does now."""

    GO = "GO"
    PROBE = "PROBE"
    WAIT = "WAIT"
    """For a slot, or for what the one probe brings: seconds."""
    REST = "REST"
    PAUSED = "PAUSED"


@dataclass(frozen=True, slots=True)
class Answered:
    """One attempt that has ended: when, and whether the endpoint took the message."""

    at: datetime
    took_it: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for an attempt in flight; a lease that has run out is as good as none, so it cannot leak."""

    number: int
    busy_until: datetime | None = None
    answers: tuple[Answered, ...] = ()

    def is_free(self, now: datetime) -> bool:
        return self.busy_until is None or self.busy_until < now

    def with_answer(self, answered: Answered) -> tuple[Answered, ...]:
        """What the slot remembers next."""
        return (*self.answers, answered)[-KEPT_BY_SLOT:]


@dataclass(frozen=True, slots=True)
class EndpointState:
    """What the tables say of one endpoint; `breaker` is None where its state was never written, or was
    lost."""

    breaker: Breaker | None = None
    open_until: datetime | None = None
    probe_until: datetime | None = None
    paused: PauseCause | None = None
    slots: tuple[Slot, ...] = field(default_factory=lambda: tuple(map(Slot, range(SLOTS))))
    egress_failing: bool = False
    """Whether the canaries say that our own way out is at fault: then no endpoint is charged with it."""

    def turn(self, now: datetime) -> Turn:
        """What a delivery does now. While it is not known that the endpoint answers, one at a time may
        try."""
        if self.paused:
            return Turn.PAUSED
        if self.open_until is not None and now < self.open_until:
            return Turn.REST
        if self.breaker is not Breaker.CLOSED:
            tried = self.probe_until is not None and now <= self.probe_until
            return Turn.WAIT if tried else Turn.PROBE
        return Turn.GO if self.free_slot(now) else Turn.WAIT

    def free_slot(self, now: datetime, chance: float = 0) -> Slot | None:
        """A slot that nobody holds; by `chance` in [0, 1), so that workers seldom reach for the same one."""
        free = [slot for slot in self.slots if slot.is_free(now)]
        return free[int(chance * len(free))] if free else None

    def opens_after(self, answered: Answered) -> bool:
        """Whether this answer is the one after which nobody should be sent there for a while.

        Attempts are counted, not deliveries given up: a breaker that waits for those never opens.
        """
        known = [*(one for slot in self.slots for one in slot.answers), answered]
        in_order = sorted(known, key=lambda one: one.at)
        recent = [one for one in in_order if one.at > answered.at - WINDOW]
        return not answered.took_it and (_all_failed(in_order) or _mostly_failed(recent))


def _all_failed(answers: list[Answered]) -> bool:
    last = answers[-FAILED_IN_A_ROW:]
    return len(last) == FAILED_IN_A_ROW and not any(one.took_it for one in last)


def _mostly_failed(answers: Iterable[Answered]) -> bool:
    took_it = [one.took_it for one in answers]
    return len(took_it) >= FEWEST_IN_WINDOW and took_it.count(False) * 2 > len(took_it)
