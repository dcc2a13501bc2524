"""Every boundary in turn: the same program again and again, each time with other faults at named steps."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from tests.simulation.clock import START
from tests.simulation.faults import Chance, Fault, Planned
from tests.simulation.schedule import Schedule, Trace

Program: TypeAlias = Callable[[Schedule], object]
"""Sets up, spawns, runs and checks."""

BOUNDARY = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER, Fault.LOST_REPLY)


@dataclass(frozen=True, slots=True)
class Played:
    """One run of a sweep."""

    faults: Mapping[int, Fault]
    trace: Trace


def play(program: Program, chance: Chance, *, start: datetime = START) -> Schedule:
    """Runs a program; if it fails, the error says by which chance, and what had happened."""
    schedule = Schedule(chance, start=start)
    try:
        program(schedule)
    except BaseException as exc:
        exc.add_note(f"{schedule.trace}\nplay again with {chance!r}")
        raise
    return schedule


def sweep(
    program: Program, faults: Sequence[Fault] = BOUNDARY, *, at_once: int = 1, start: datetime = START
) -> Iterator[Played]:
    """Plays a program without faults, then with each of `faults` at each call that allows it.

    With `at_once` 2 each pair, too: the second after the first, at whatever calls the first led to.
    """
    return _below(program, {}, tuple(faults), at_once, start)


def _below(
    program: Program, plan: Mapping[int, Fault], faults: tuple[Fault, ...], more: int, start: datetime
) -> Iterator[Played]:
    chance = Planned(plan)
    trace = play(program, chance, start=start).trace
    if [step.number for step in trace.faults()] != list(plan):
        raise AssertionError(f"not every fault of {plan} happened: the program is not deterministic")
    yield Played(plan, trace)
    if not more:
        return
    for number in range(max(plan, default=-1) + 1, len(chance.offers)):
        for fault in faults:
            if fault in chance.offers[number]:
                yield from _below(program, {**plan, number: fault}, faults, more - 1, start)
