"""What people should be asked about each source, on paper: it is silent, left out numbers, or began anew."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from functions.domain.clock import effective_start, uk_day, working_hours_later
from tests.simulation.year.draws import POLICY
from tests.world import Wire

QUARTER, LATE_AT_MOST = timedelta(minutes=15), timedelta(minutes=15)
DAYS_BACK, MOST_AT_ONCE = 10, 20


class Asked(NamedTuple):
    """One task about a source that is opened, or that the source itself answers."""

    source: str
    kind: str
    about: str
    what: str
    at: datetime


@dataclass
class _Gap:
    """Numbers of which a person knows that they are missing."""

    missing: set[int]
    is_open: bool = True


@dataclass
class _Source:
    name: str
    last_at: datetime
    first: int
    highest: int
    begun_at: datetime
    came: dict[int, datetime] = field(default_factory=dict)
    ids: dict[int, str] = field(default_factory=dict)
    missing: set[int] = field(default_factory=set)
    known: dict[str, _Gap] = field(default_factory=dict)
    gap_of: dict[int, _Gap] = field(default_factory=dict)
    restarts: list[str] = field(default_factory=list)
    silent_since: datetime | None = None
    """When somebody was asked after it."""
    spoken_at: datetime | None = None
    """When somebody said last that it may be silent."""

    def hears(self, number: int, event_id: str, at: datetime) -> None:
        self.last_at = at
        if number in self.gap_of:
            self.gap_of[number].missing.discard(number)
        elif self.ids.get(number) != event_id:
            self._is_new(number, at)
            self.ids[number], self.came[number] = event_id, at

    def _is_new(self, number: int, at: datetime) -> None:
        if number > self.highest:
            self.missing |= set(range(self.highest + 1, number))
            self.highest = number
        elif number in self.missing:
            self.missing.discard(number)
        elif number < self.first and at - self.begun_at <= LATE_AT_MOST:
            self.missing |= set(range(number + 1, self.first))
            self.first = number
        else:
            self.restarts.append(f"{self.highest}..{number}")
            self.first = self.highest = number
            self.begun_at, self.gap_of = at, {}

    def left_out(self) -> Iterator[tuple[datetime, int, int]]:
        """Each run of missing numbers, with when it is no longer merely late."""
        numbers = sorted(self.missing)
        first: int | None = None
        for number in numbers:
            first = number if first is None else first
            if number + 1 not in self.missing:
                settled = self.came[number + 1] + LATE_AT_MOST
                if _is_remembered(self.came.get(first - 1, settled), settled):
                    yield settled, first, number
                first = None

    def silent_at(self) -> datetime:
        """When nothing has come for too long, in office hours."""
        return _silent_at(max(self.last_at, self.spoken_at or self.last_at))

    def next_at(self) -> Iterator[datetime]:
        """Every moment at which there may be something to ask, or that is answered."""
        if self.silent_since is None:
            at = self.silent_at()
            if self._is_a_source(at):
                yield at
        elif self.last_at > self.silent_since:
            yield self.last_at
        yield from (at for at, _, _ in self.left_out())
        yield from (self.last_at for _ in self.restarts)
        yield from (self.last_at for gap in self.known.values() if gap.is_open and not gap.missing)

    def heard(self, at: datetime) -> Iterator[Asked]:
        """What a hearing at that moment asks, and what it finds answered."""
        answered, opened = list(self._answered())[:MOST_AT_ONCE], list(self._opened(at))[:MOST_AT_ONCE]
        for kind, about in answered:
            self.over(kind, about)
            yield Asked(self.name, kind, about, "answered", at)
        for kind, about in opened:
            self._ask(kind, about, at)
            yield Asked(self.name, kind, about, "asked", at)

    def _answered(self) -> Iterator[tuple[str, str]]:
        if self.silent_since is not None and self.last_at > self.silent_since:
            yield "CHECK_SILENCE", ""
        for about, gap in self.known.items():
            if gap.is_open and not gap.missing:
                yield "CHECK_GAP", about

    def _opened(self, at: datetime) -> Iterator[tuple[str, str]]:
        if (
            self.silent_since is None
            and self._is_a_source(at)
            and _in_the_office(at) == at >= self.silent_at()
        ):
            yield "CHECK_SILENCE", ""
        yield from (("CHECK_GAP", f"{first}..{last}") for when, first, last in self.left_out() if when <= at)
        yield from (("CHECK_RESTART", about) for about in self.restarts)

    def _ask(self, kind: str, about: str, at: datetime) -> None:
        match kind:
            case "CHECK_SILENCE":
                self.silent_since = at
            case "CHECK_RESTART":
                self.restarts.remove(about)
            case _:
                first, last = map(int, about.split(".."))
                numbers = set(range(first, last + 1))
                gap = self.known[about] = _Gap(set(numbers))
                self.gap_of |= dict.fromkeys(numbers, gap)
                self.missing -= numbers

    def over(self, kind: str, about: str) -> None:
        """Nobody need ask any more."""
        if kind == "CHECK_SILENCE":
            self.silent_since = None
        elif about in self.known:
            self.known[about].is_open = False

    def _is_a_source(self, at: datetime) -> bool:
        """What was not heard for so long is none any more."""
        return _is_remembered(self.last_at, at)


def _is_remembered(moment: datetime, at: datetime) -> bool:
    """Whether somebody who reads back so far comes to it."""
    return (uk_day(at) - uk_day(moment)).days <= DAYS_BACK


@lru_cache(maxsize=16)
def _silent_at(since: datetime) -> datetime:
    return _in_the_office(working_hours_later(since, POLICY.silent_source_hours, POLICY))


def _in_the_office(moment: datetime) -> datetime:
    """The first quarter of an hour from then on at which somebody is there."""
    opens = effective_start(_quarter(moment), POLICY)
    return opens if _quarter(opens) == opens else _in_the_office(_quarter(opens))


def _quarter(moment: datetime) -> datetime:
    whole = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    return whole if whole == moment else whole + QUARTER


@dataclass
class SourceBook:
    """All sources, as somebody with paper would keep count of them; `up` is when the hub works again."""

    up: Callable[[datetime], datetime]
    asked: Counter[Asked] = field(default_factory=Counter)
    _sources: dict[str, _Source] = field(default_factory=dict)

    def hears(self, event: Wire, at: datetime) -> None:
        """An event has come in."""
        name, number = event["source"], event["source_seq"]
        if name not in self._sources:
            self._sources[name] = _Source(
                name, at, number, number, at, {number: at}, {number: event["event_id"]}
            )
        self._sources[name].hears(number, event["event_id"], at)

    def spoken(self, source: str, kind: str, about: str, at: datetime) -> None:
        """A person has said that a task about it is done."""
        self._sources[source].over(kind, about)
        if kind == "CHECK_SILENCE":
            self._sources[source].spoken_at = at

    @property
    def next_at(self) -> datetime | None:
        """When a hearing comes to something next; they are held each quarter of an hour."""
        moments = (at for source in self._sources.values() for at in source.next_at())
        first = min(moments, default=None)
        return None if first is None else self.up(_quarter(first))

    def heard(self, at: datetime) -> None:
        """A hearing is held."""
        for source in self._sources.values():
            self.asked.update(source.heard(at))


def by_source(asked: Counter[Asked]) -> dict[tuple[str, str], Counter[str]]:
    """How often each was asked after, about what, and how often it answered itself."""
    counted: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one, times in asked.items():
        counted[one.source, one.kind][one.what] += times
    return dict(counted)
