"""One run for each place at which an invocation can die, and for a sample of pairs of places."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from tests.handlers.crash_invariants import judge, rows_by_kind
from tests.handlers.crash_programs import Story
from tests.handlers.crash_life import Asked, live
from tests.handlers.crash_stage import Stage
from tests.handlers.crashes import Boundaries, Fault, faults_at

Plan = dict[int, Fault]


@dataclass
class Swept:
    """What the runs of one function came to."""

    counted: int = 0
    """Places where something can go wrong in the first invocation, counted while nothing does."""
    single: int = 0
    double: int = 0
    lost: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Swept") -> None:
        self.counted += other.counted
        self.single += other.single
        self.double += other.double
        self.lost += other.lost
        self.unaccounted += other.unaccounted
        self.broken += other.broken

    @property
    def wrong(self) -> list[str]:
        return self.lost + self.unaccounted + self.broken

    def __str__(self) -> str:
        return (
            f"boundaries swept: {self.single} single, {self.double} double; "
            f"lost {len(self.lost)}, unaccounted {len(self.unaccounted)}, broken {len(self.broken)}"
        )


def sweep(stage: Stage, story: Story, *, pairs: int, seed: int = 1) -> Swept:
    """Every single fault at every call of the story's first invocation, then `pairs` of two."""
    asked = story(stage)
    stage.tables.keep()
    counted, calls, rests = live(stage, asked, {})
    assert rests, f"{story.__name__} does not come to rest by itself"
    undisturbed = rows_by_kind(stage)
    swept = Swept(counted=sum(len(faults_at(call)) for call in calls))
    assert not _judged(stage, counted, undisturbed, swept), f"{story.__name__}: {swept.wrong}"
    lasted: dict[tuple[int, Fault], list[str]] = {}
    for number, call in enumerate(calls, start=1):
        for fault in faults_at(call):
            lasted[number, fault] = _run(stage, asked, {number: fault}, undisturbed, swept)
            swept.single += 1
    for plan in _pairs(lasted, pairs, Random(seed)):  # noqa: S311 - a sample, no secret
        _run(stage, asked, plan, undisturbed, swept)
        swept.double += 1
    return swept


def _pairs(lasted: Mapping[tuple[int, Fault], list[str]], wanted: int, random: Random) -> list[Plan]:
    """A second fault anywhere in what followed the first."""
    every = [
        {number: fault, later: second}
        for (number, fault), calls in lasted.items()
        for later in range(number + 1, len(calls) + 1)
        for second in faults_at(calls[later - 1])
    ]
    return random.sample(every, min(wanted, len(every)))


def _run(stage: Stage, asked: Asked, plan: Plan, undisturbed: Counter[str], swept: Swept) -> list[str]:
    counted, _, rests = live(stage, asked, plan)
    assert counted.happened == len(plan), f"{plan}: {counted.happened} of the faults happened"
    if not rests:
        swept.unaccounted.append(f"{plan}: does not come to rest")
    _judged(stage, counted, undisturbed, swept)
    return counted.calls


def _judged(stage: Stage, counted: Boundaries, undisturbed: Counter[str], swept: Swept) -> bool:
    """Whether anything was wrong."""
    verdict, plan = judge(stage, undisturbed, may_repeat=counted.may_repeat), counted.plan
    swept.lost += [f"{plan}: {what}" for what in verdict.lost]
    swept.unaccounted += [f"{plan}: {what}" for what in verdict.unaccounted]
    swept.broken += [f"{plan}: {what}" for what in verdict.broken]
    return bool(swept.wrong)
