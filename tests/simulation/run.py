"""One seed from its first event until nothing is left to do, with every invariant watched."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from functions.adapters.errors import MeaningError
from functions.adapters.ledger.keys import DeliveryKey
from functions.flows.releasing.order import NotReleasableError
from tests.simulation.faults import Faults, Seeded
from tests.simulation.invariants import Watcher
from tests.simulation.outside import Message, Queue, World
from tests.simulation.people import Given, People
from tests.simulation.schedule import Schedule, Task
from tests.simulation.service import MOST_WORKERS, Service
from tests.simulation.story import Deed, Story, Wish, a_story

HARSH = Faults(
    crash_before=0.01,
    crash_after=0.01,
    lost_reply=0.01,
    lost_request=0.01,
    throttle=0.02,
    stall=0.003,
    stall_after=0.003,
    budget=25,
    switch=0.5,
)
UNDISTURBED = Faults(switch=1.0)
"""Nothing goes wrong but the agencies, and everybody goes on in any order."""
ZOMBIES = replace(UNDISTURBED, stall=0.06, stall_after=0.06, lost_reply=0.01, budget=40)
"""Processes that stand still longer than their leases, and go on as if nothing had happened."""
LOSSY = replace(UNDISTURBED, lost_reply=0.1, budget=500)
"""A table that often does as it is told, and does not say so."""
MIXTURES = (HARSH, ZOMBIES, LOSSY, UNDISTURBED)
SWEEP_EVERY = timedelta(minutes=1)
CALM_AFTER = timedelta(hours=90)
"""Nothing goes wrong any more, anywhere: whatever is open then must end by itself."""
DRAINED_AFTER = timedelta(hours=90 + 100)
"""The last attempt of a schedule is 72 hours after the first; a person's clock at most a long week-end."""
_PERSON = "person"
NOT_BUGS = (MeaningError, NotReleasableError, ClientError, BotoCoreError, ExceptionGroup)
"""What a handler may raise: its message comes back."""


@dataclass(frozen=True)
class Played:
    """What a run came to."""

    seed: int
    steps: int
    faults: int
    sends: int
    arrived: int
    repeats: int
    hours_to_drain: float
    paths: frozenset[str]


def play(seed: int) -> Played:
    """Plays one seed. Raises AssertionError, with the seed, at the first invariant that does not hold."""
    chance = Seeded(seed, MIXTURES[seed % len(MIXTURES)])
    schedule = Schedule(chance)
    story = a_story(chance.random)
    world = World(moods=story.moods, calm_from=schedule.clock.now() + CALM_AFTER)
    service = Service(schedule, world)
    people = People(service)
    watcher = Watcher(service, people)
    driver = _Driver(service, people, story)
    try:
        schedule.spawn("outside", driver.drive)
        schedule.run()
        watcher.at_the_end()
    except BaseException as exc:
        exc.add_note(f"seed {seed}: play it again with `python -m tests.simulation --seed {seed}`")
        raise
    return Played(
        seed=seed,
        steps=len(schedule.trace),
        faults=len(schedule.trace.faults()),
        sends=watcher.sends,
        arrived=len(world.arrived),
        repeats=watcher.repeats,
        hours_to_drain=watcher.hours_to_drain(driver.calm_at),
        paths=frozenset(watcher.paths()),
    )


class _Driver:
    """Brings events, starts workers for what is in the queues, and the sweep each minute in which anything is
    due."""

    def __init__(self, service: Service, people: People, story: Story) -> None:
        self._service = service
        self._people = people
        self._schedule = service.schedule
        self._events = list(story.events)
        self._releases = sorted(story.releases)
        self._orders = sorted(_orders(people, story.wishes), key=lambda one: one[0])
        self._relay_works = story.relay_works
        self._running: dict[str, int] = {}
        self._relayed = 0
        start = self._schedule.clock.now()
        self._next_sweep = start + SWEEP_EVERY
        self.calm_at = start + CALM_AFTER
        self._ends_at = start + DRAINED_AFTER
        self._is_calm = False

    def drive(self) -> None:
        """Until there is nothing left, or time is up: then the end's invariants say what is still open."""
        while self._now < self._ends_at:
            self._calm_down()
            self._bring()
            self._relay()
            self._work(self._service.intake, "take in", self._service.take_in)
            self._work(self._service.mails, "e-mail", partial(self._service.tell, self._service.mails))
            self._work(self._service.webhooks, "webhook", partial(self._service.tell, self._service.webhooks))
            self._work(self._service.receipts, "receipt", self._service.hear)
            self._sweep()
            wakes = self._wakes()
            if wakes is None:
                break
            self._schedule.sleep(max((min(wakes, self._ends_at) - self._now).total_seconds(), 0.05))

    @property
    def _now(self) -> datetime:
        return self._schedule.clock.now()

    def _calm_down(self) -> None:
        if not self._is_calm and self._now >= self.calm_at:
            self._is_calm = True
            self._schedule.chance.calm()
        if self._is_calm and self._service.paused() and not self._running.get(_PERSON):
            self._act(self._people.wants(Wish(self._now, Deed.RESUME, taste=0, reason=0)))

    def _bring(self) -> None:
        while self._events and self._events[0].at <= self._now:
            self._service.intake.put(self._events.pop(0).body)
        while self._releases and self._releases[0][0] <= self._now:
            _, ref, child = self._releases.pop(0)
            self._start("release", partial(self._service.release, ref, child))
        while self._orders and self._orders[0][0] <= self._now:
            self._act(self._orders.pop(0)[1])

    def _act(self, given: Given) -> None:
        self._start(_PERSON, partial(self._people.act, given))

    def _relay(self) -> None:
        """The stream, as far as it works: each new delivery once."""
        journal = self._service.tables.journal
        fresh, self._relayed = journal[self._relayed :], len(journal)
        if not self._relay_works:
            return
        for written in fresh:
            is_new = written.before is None and written.key[1].startswith("N#")
            if is_new and "due_pk" in (written.after or {}):
                self._service.doors.send([DeliveryKey.parse(*written.key)])

    def _work(self, queue: Queue, kind: str, do: Callable[[Message], None]) -> None:
        while self._running.get(kind, 0) < MOST_WORKERS and (message := queue.receive()) is not None:
            self._start(kind, partial(_answered, queue, message, do))

    def _sweep(self) -> None:
        if self._now < self._next_sweep:
            return
        earliest = self._service.earliest("due_at", "watch_at")
        if earliest is not None and datetime.fromisoformat(earliest) <= self._now:
            self._start("sweep", self._service.sweep)
        self._next_sweep = self._now + SWEEP_EVERY

    def _start(self, kind: str, work: Callable[[], None]) -> None:
        self._running[kind] = self._running.get(kind, 0) + 1

        def ended(task: Task) -> None:
            self._running[kind] -= 1

        self._schedule.spawn(kind, work, may_raise=NOT_BUGS, then=ended)

    def _wakes(self) -> datetime | None:
        """When there is something to do next; None when nothing will ever be."""
        if any(self._running.values()):
            return self._now + timedelta(seconds=0.2 + self._schedule.chance.random())
        return min(self._moments(), default=None)

    def _moments(self) -> Iterator[datetime]:
        if self._events:
            yield self._events[0].at
        if self._releases:
            yield self._releases[0][0]
        if self._orders:
            yield self._orders[0][0]
        for queue in self._service.queues:
            if (visible := queue.next_visible_at()) is not None:
                yield visible
        if not self._is_calm and self._service.paused():
            yield self.calm_at
        earliest = self._service.earliest("due_at", "watch_at")
        if earliest is not None:
            yield max(datetime.fromisoformat(earliest), self._next_sweep)


def _orders(people: People, wishes: Iterable[Wish]) -> Iterator[tuple[datetime, Given]]:
    for wish in wishes:
        first = people.wants(wish)
        yield wish.at, first
        for seconds in wish.again_after:
            yield wish.at + timedelta(seconds=seconds), people.wants(wish, like=first)


def _answered(queue: Queue, message: Message, do: Callable[[Message], None]) -> None:
    do(message)
    queue.delete(message)
