"""What is waited for, and what came of it: clocks and their rows as a test looks at them."""

from datetime import UTC, datetime
from typing import Any

from functions.adapters.dispatch import clock_body
from functions.adapters.ledger import keys
from functions.adapters.ledger.clocks import clocks_of
from functions.adapters.ledger.keys import ClockKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Item
from functions.domain.life_clocks.clock import LifeClock, Which
from schemas.codes import ClockKind
from tests.flows.sweeps import REF, rows_of
from tests.world import World

JUST_RECEIVED = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
A_MOMENT = 0.001
"""Seconds; what a clock's time is told to."""


def key(kind: ClockKind, child: int = 1, about: str = "", ref: str = REF) -> ClockKey:
    return ClockKey(ref, Which(kind, child, about))


def due_clocks(world: World) -> list[ClockKey]:
    """What is due, the chase for police forms where the story is about it."""
    due = [one for one in DueIndex(world.store).until(world.now) if isinstance(one, ClockKey)]
    return [one for one in due if world.chases or one.which.kind is not ClockKind.POLICE_FORM]


def fire_due(world: World) -> int:
    """What the sweep hands to the intake, and the intake takes; how many."""
    due = due_clocks(world)
    for one in due:
        world.take_raw(clock_body(one))
    return len(due)


def clock(world: World, kind: ClockKind, child: int = 1, about: str = "", ref: str = REF) -> LifeClock:
    """One clock as it stands."""
    return clocks_of(world.intake_desk.intake.referral(ref))[Which(kind, child, about)]


def clocks(world: World, ref: str = REF) -> dict[str, str]:
    """Each clock by its name, and until when it runs or why it does not; a chase where that is the story."""
    standing = clocks_of(world.intake_desk.intake.referral(ref))
    named = {
        keys.clock(which).removeprefix(keys.CLOCK_PREFIX): one
        for which, one in standing.items()
        if world.chases or which.kind is not ClockKind.POLICE_FORM
    }
    return {name: one.due_at.isoformat() if one.due_at else str(one.end) for name, one in named.items()}


def fired(world: World, ref: str = REF) -> list[Item]:
    """The rows of clocks that fired, in order."""
    return [row for row in rows_of(world, "CLOCK_FIRED", ref) if "clock" in row]


def said(row: Item, *names: str) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in names)
