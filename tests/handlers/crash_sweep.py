"""One run for each place at which an invocation can die, and for pairs of places."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from tests.handlers.crash_invariants import Undisturbed, judge, undisturbed
from tests.handlers.crash_life import Asked, live
from tests.handlers.crash_plan import ONCE, Story
from tests.handlers.crash_stage import Stage
from tests.handlers.crashes import Boundaries, Fault, Moment

Plan = dict[int, Fault]


@dataclass
class Swept:
    """What the runs of one function came to."""

    places: int = 0
    """Where something can go wrong in the first invocation, counted while nothing does."""
    single: int = 0
    pairs: int = 0
    """A first place at which something is left, and a crash in all that follows it."""
    double: int = 0
    """Pairs that were played, or that leave everything as one that was played does."""
    played: int = 0
    lost: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Swept") -> None:
        self.places += other.places
        self.single += other.single
        self.pairs += other.pairs
        self.double += other.double
        self.played += other.played
        self.lost += other.lost
        self.unaccounted += other.unaccounted
        self.broken += other.broken

    @property
    def wrong(self) -> list[str]:
        return self.lost + self.unaccounted + self.broken

    @property
    def left_out(self) -> int:
        """How many places and pairs were not tried."""
        return self.places - self.single + self.pairs - self.double

    def __str__(self) -> str:
        return (
            f"boundaries {self.single}/{self.places} single, {self.double}/{self.pairs} double "
            f"({self.played} unlike each other); "
            f"lost {len(self.lost)}, unaccounted {len(self.unaccounted)}, broken {len(self.broken)}"
        )


@dataclass
class Sweep:
    """One story with what it comes to where nothing dies."""

    stage: Stage
    name: str
    asked: Asked
    ends: Undisturbed
    swept: Swept = field(default_factory=Swept)

    def singles(self, first: list[Moment]) -> dict[tuple[int, Fault], list[Moment]]:
        """Every fault at every call of the first invocation; the calls of each run."""
        lasted: dict[tuple[int, Fault], list[Moment]] = {}
        for moment in first:
            for fault in moment.faults:
                lasted[moment.number, fault] = self.run({moment.number: fault})
                self.swept.single += 1
        return lasted

    def doubles(self, pairs: dict[Hashable, list[Plan]], most: int | None) -> None:
        """One of each sort of pair, or `most` of them, spread over all."""
        sorts = list(pairs.values())
        every = 1 if most is None else max(1, -(-len(sorts) // max(most, 1)))
        for alike in sorts[::every] if most != 0 else []:
            self.run(alike[0])
            self.swept.played += 1
            self.swept.double += len(alike)

    def run(self, plan: Plan) -> list[Moment]:
        """Everything that was called."""
        counted, _, rests = live(self.stage, self.asked, plan)
        assert counted.happened == len(plan), f"{self.name} {plan}: {counted.happened} of the faults happened"
        if not rests:
            self.swept.unaccounted.append(f"{self.name} {plan}: does not come to rest")
        self.judged(counted)
        return counted.calls

    def judged(self, counted: Boundaries) -> None:
        verdict, where = judge(self.stage, self.ends, counted), f"{self.name} {counted.plan}"
        self.swept.lost += [f"{where}: {what}" for what in verdict.lost]
        self.swept.unaccounted += [f"{where}: {what}" for what in verdict.unaccounted]
        self.swept.broken += [f"{where}: {what}" for what in verdict.broken]


def sweep(stage: Stage, stories: Iterable[Story], *, pairs: int | None) -> Swept:
    """Every fault at every call of each story's first invocation, then `pairs` of two; None for all."""
    swept = Swept()
    for story in stories:
        stage.clear()
        swept.add(_swept(stage, story, pairs))
    return swept


def _swept(stage: Stage, story: Story, pairs: int | None) -> Swept:
    asked = story(stage)
    stage.keep()
    counted, first, rests = live(stage, asked, {})
    assert rests, f"{story.__name__} does not come to rest by itself"
    one = Sweep(stage, story.__name__, asked, undisturbed(stage))
    one.judged(counted)
    assert not one.swept.wrong, one.swept.wrong
    one.swept.places = sum(len(moment.faults) for moment in first)
    lasted = one.singles(first)
    alike = {} if story in ONCE else _pairs(first, lasted)
    one.swept.pairs = sum(map(len, alike.values()))
    one.doubles(alike, pairs)
    return one.swept


def _pairs(first: list[Moment], lasted: dict[tuple[int, Fault], list[Moment]]) -> dict[Hashable, list[Plan]]:
    """A crash anywhere in what followed the first fault; those together that leave everything alike."""
    alike: dict[Hashable, list[Plan]] = {}
    for (number, fault), calls in lasted.items():
        if not first[number - 1].leaves(fault):
            continue
        # Two faults of one sort leave the same to follow, though one run may have counted more calls by then.
        for later in calls[number:]:
            for crash in later.crashes:
                sort = first[number - 1].same_as(fault), later.same_as(crash)
                alike.setdefault(sort, []).append({number: fault, later.number: crash})
    return alike
