"""How events reach the hub: a moment later, now and then twice or after newer ones, and all at once when the
bus was down."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

from tests.simulation.year.draws import Draws
from tests.simulation.year.hub import CASE_SYSTEM, POLICE_FEED
from tests.simulation.year.lives import Said
from tests.simulation.year.outages import THE_BUS, THE_FEED, Outage
from tests.world import Wire, wrapped

TWICE, OVERTAKEN = 0.012, 0.012
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
        self._numbers = {CASE_SYSTEM: count(1), POLICE_FEED: count(1)}
        self._ids = count(1)

    def brings(self, said: Said) -> Iterator[Arrives]:
        """The event when it arrives, and once more where it is sent, or delivered, twice."""
        source = said.event["source"]
        event = said.event | {"source_seq": next(self._numbers[source])}
        first = self._arrival(said.at + self._delay(), event)
        yield first
        if self._draws.share(TWICE):
            again = self._arrival(said.at + self._delay(), event)
            yield again if self._draws.share(0.5) else first._replace(at=again.at)

    def _delay(self) -> timedelta:
        """Seconds; where an event is overtaken, hours."""
        seconds = self._draws.between(600, 20_000) if self._draws.share(OVERTAKEN) else 0
        return timedelta(milliseconds=int(1000 * (seconds + self._draws.between(0.2, 20))))

    def _arrival(self, at: datetime, event: Wire) -> Arrives:
        for outage in _OUTAGES[event["source"]]:
            if outage.covers(at):
                minutes = self._draws.between(0, BURST_MINUTES)
                at = outage.until + timedelta(milliseconds=int(60_000 * minutes))
        return Arrives(at, event, wrapped(event, f"bus-{next(self._ids):08d}"))
