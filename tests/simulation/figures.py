"""`make sim`: many seeds, each to its end, then each mutant until a seed catches it; prints the figures."""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import get_context

import click

from functions.log_lines import say_nothing
from tests.simulation.mutants import MUTANTS
from tests.simulation.run import Played, play

SEEDS_FOR_A_MUTANT = 200
SAY_EVERY_SECONDS = 15.0
WORKERS = 2


@dataclass
class Figures:
    """What all runs came to."""

    seeds: int = 0
    failing: list[str] = field(default_factory=list)
    steps: int = 0
    faults: int = 0
    sends: int = 0
    arrived: int = 0
    repeats: int = 0
    worst_drain_hours: float = 0.0
    paths: set[str] = field(default_factory=set)

    def add(self, played: Played | str) -> None:
        self.seeds += 1
        if isinstance(played, str):
            self.failing.append(played)
            return
        self.steps += played.steps
        self.faults += played.faults
        self.sends += played.sends
        self.arrived += played.arrived
        self.repeats += played.repeats
        self.worst_drain_hours = max(self.worst_drain_hours, played.hours_to_drain)
        self.paths |= played.paths

    def __str__(self) -> str:
        return "\n".join(
            (
                f"seeds {self.seeds}, failing {len(self.failing)}",
                f"calls {self.steps}, faults injected {self.faults}",
                f"sends {self.sends}, arrived {self.arrived}, repeats {self.repeats}, each after an UNKNOWN",
                f"drained {self.worst_drain_hours:.1f} h after the last outage at the latest",
                f"{len(self.paths)} kinds of row and of ending reached",
            )
        )


def _played(seed: int) -> Played | str:
    """The run, or what it broke."""
    say_nothing()
    try:
        return play(seed)
    except AssertionError as exc:
        return f"seed {seed}: {exc}"


def _killed(name: str) -> tuple[str, int | None]:
    """The first seed that catches a mutant."""
    say_nothing()
    for seed in range(SEEDS_FOR_A_MUTANT):
        if is_caught(name, seed):
            return name, seed
    return name, None


def is_caught(name: str, seed: int) -> bool:
    """Whether an invariant notices in this seed that the mechanism is broken.

    A run that ends in any other way proves nothing of it, and raises what ended it.
    """
    with MUTANTS[name]():
        try:
            play(seed)
        except AssertionError:
            return True
    return False


def _all(first: int, seeds: int) -> Iterator[Played | str]:
    with get_context("spawn").Pool(WORKERS) as pool:
        yield from pool.imap_unordered(_played, range(first, first + seeds), chunksize=10)


def main() -> int:
    """Exits 1 if a seed fails or a mutant lives."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=30_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seed", type=int, help="play this one again")
    arguments = parser.parse_args()
    if arguments.seed is not None:
        say_nothing()
        click.echo(str(play(arguments.seed)))
        return 0
    figures, said = Figures(), time.monotonic()
    for played in _all(arguments.first, arguments.seeds):
        figures.add(played)
        if isinstance(played, str):
            click.echo(f"FAILED {played}")
        if time.monotonic() - said > SAY_EVERY_SECONDS:
            said = time.monotonic()
            done = f"{figures.seeds} of {arguments.seeds} seeds"
            click.echo(f"{done}, {len(figures.failing)} failing", err=True)
    click.echo(str(figures))
    return 1 if figures.failing or _mutants_live() else 0


def _mutants_live() -> bool:
    killed = 0
    with get_context("spawn").Pool(WORKERS) as pool:
        for name, seed in pool.imap_unordered(_killed, MUTANTS):
            killed += seed is not None
            click.echo(f"mutant: {name}: " + (f"killed by seed {seed}" if seed is not None else "LIVES"))
    click.echo(f"mutants killed {killed}/{len(MUTANTS)}")
    return killed < len(MUTANTS)
