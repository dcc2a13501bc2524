"""What is known of a referral, as far as its clocks depend on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from functions.domain.life_clocks.clock import LifeClock, Which
from schemas.codes import ClockKind, Outcome, Rag


@dataclass(frozen=True, slots=True)
class KnownChild:
    """A child as it was known before the event; `newest` is its newest version, 0 while nothing is decided.

    `plan_changed_at` is when the newest change of its plan happened, whatever decisions say of it.
    """

    received_at: datetime | None = None
    rag: Rag | None = None
    newest: int = 0
    outcomes: tuple[Outcome, ...] = ()
    plan_changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A referral as it was known before the event."""

    received_at: datetime | None = None
    children: Mapping[int, KnownChild] = field(default_factory=dict)
    clocks: Mapping[Which, LifeClock] = field(default_factory=dict)

    def child(self, index: int) -> KnownChild:
        """The child, or one of which nothing is known."""
        return self.children.get(index, KnownChild())

    def runs(self, which: Which) -> bool:
        clock = self.clocks.get(which)
        return clock is not None and clock.runs

    def is_decided(self, child: int) -> bool:
        """Whether the child has a decision, and its own clock waits for no other."""
        clock = self.clocks.get(Which(ClockKind.DECIDE, child))
        return self.child(child).newest > 0 and (clock is None or not clock.waits)
