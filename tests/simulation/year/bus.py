"""How events reach the hub: a moment later, now and then twice or after newer ones, and all at once when the
bus was down."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

from tests.simulation.year.draws import Draws
from tests.simulation.year.hub import CASE_SYSTEM, POLICE_FEED
from tests.simulation.year.lives import Said
from tests.simulation.year.outages import (
    COUNTS_ANEW_AT,
    NUMBERS_LOST,
    NUMBERS_LOST_AT,
    THE_BUS,
    THE_FEED,
    Outage,
)
from tests.world import Wire, wrapped

TWICE, OVERTAKEN, BY_HOURS = 0.012, 0.012, 0.15
"""Of those that are overtaken most are late by minutes."""
BURST_MINUTES = 20.0
_OUTAGES: Mapping[str, tuple[Outage, ...]] = {CASE_SYSTEM: (THE_BUS,), POLICE_FEED: (THE_BUS, THE_FEED)}


class Arrives(NamedTuple):
    """One event as it comes in."""

    at: datetime
    event: Wire
    body: str


class Bus:
    """Numbers what each source sends, and brings it."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._last = {CASE_SYSTEM: 0, POLICE_FEED: 0}
        self._ids = count(1)
        self._has_begun_anew = False
        self.left_out: list[tuple[str, str]] = []
        """By source, numbers that it never sent."""

    def brings(self, said: Said) -> Iterator[Arrives]:
        """The event when it arrives, and once more where it is sent, or delivered, twice."""
        source = said.event["source"]
        event = said.event | {"source_seq": self._number(source, said.at)}
        first = self._arrival(said.at + self._delay(), event)
        yield first
        if self._draws.share(TWICE):
            again = self._arrival(said.at + self._delay(), event)
            yield again if self._draws.share(0.5) else first._replace(at=again.at)

    def _number(self, source: str, at: datetime) -> int:
        """The next; once in the year one source leaves numbers out, and another begins to count anew."""
        last = self._last[source]
        if source == CASE_SYSTEM and at >= NUMBERS_LOST_AT and last and not self.left_out:
            self.left_out.append((source, f"{last + 1}..{last + NUMBERS_LOST}"))
            last += NUMBERS_LOST
        if source == POLICE_FEED and at >= COUNTS_ANEW_AT and not self._has_begun_anew:
            self._has_begun_anew, last = True, 0
        self._last[source] = last + 1
        return last + 1

    def _delay(self) -> timedelta:
        """Seconds; where an event is overtaken, minutes or hours."""
        seconds = 0.0
        if self._draws.share(OVERTAKEN):
            seconds = self._draws.between(*((900, 20_000) if self._draws.share(BY_HOURS) else (60, 800)))
        return timedelta(milliseconds=int(1000 * (seconds + self._draws.between(0.2, 20))))

    def _arrival(self, at: datetime, event: Wire) -> Arrives:
        for outage in _OUTAGES[event["source"]]:
            if outage.covers(at):
                minutes = self._draws.between(0, BURST_MINUTES)
                at = outage.until + timedelta(milliseconds=int(60_000 * minutes))
        return Arrives(at, event, wrapped(event, f"bus-{next(self._ids):08d}"))
