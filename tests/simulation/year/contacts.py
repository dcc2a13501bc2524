"""Who comes to the hub when: contacts over one year, as many in each hour as a real hub has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from functions.domain.clock import is_working_day, uk_day
from schemas.codes import CinSource, Outcome, PlanStatus, Rag
from tests.simulation.year.calendar import Calendar
from tests.simulation.year.county import REFERRERS
from tests.simulation.year.draws import Draws

_BY_HOUR = (2, 1, 1, 1, 1, 1, 2, 4, 12, 24, 30, 30, 26, 26, 32, 36, 34, 24, 13, 9, 7, 6, 5, 3)
"""How busy a working day's hours are: schools ring in the afternoon, the police write up their shifts."""
_AT_THE_WEEKEND = (4, 3, 3, 2, 2, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 5, 5, 5, 5, 5, 5, 5, 5, 4)
_RAGS: Mapping[Rag, float] = {Rag.RED: 9, Rag.AMBER: 36, Rag.GREEN: 55}
_CHILDREN: Mapping[int, float] = {1: 74, 2: 17, 3: 6, 4: 2, 5: 1}
_AN_HOUR = timedelta(hours=1)
_LONDON = ZoneInfo("Europe/London")
_ALREADY_KNOWN = 0.2
_UNBORN = 0.025


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a child's decision, and when the MASH told of it."""

    seq: int
    at: datetime
    outcomes: tuple[Outcome, ...]
    plan: PlanStatus
    told: tuple[str, ...] = ()
    """The agencies that it names."""
    held_from: str | None = None
    """The agency from which a hold keeps it, empty where that is everybody; None if nothing is held."""


@dataclass
class Child:
    """One child of a contact, and what has been decided of it."""

    index: int
    pseudonym: str
    unborn: bool
    versions: list[Version] = field(default_factory=list)
    plan: PlanStatus = PlanStatus.NONE
    """What everything that was told so far led to."""
    plan_since: datetime | None = None
    closed_at: datetime | None = None

    @property
    def decided(self) -> Version | None:
        """The newest version."""
        return self.versions[-1] if self.versions else None


@dataclass
class Contact:
    """One contact as it came: by whom, how urgent, about how many children."""

    number: int
    ref: str
    received_at: datetime
    source: CinSource
    agency: str | None
    rag: Rag
    children: list[Child]

    def own_ref(self, agency: str) -> str:
        """What an agency calls the case."""
        return f"{agency[:2].upper()}/{self.number:06d}"


def contacts(seed: int, count: int, calendar: Calendar) -> Iterator[Contact]:
    """So many contacts in the order in which they came."""
    draws = Draws(seed, "contacts")
    known: list[str] = []
    for number, received_at in enumerate(sorted(_moments(draws, count, calendar)), 1):
        source = draws.weighted({code: likely for code, (likely, _) in REFERRERS.items()})
        agencies = REFERRERS[source][1]
        ref = f"NS-{uk_day(received_at):%y}-{sha256(f'{seed}#{number}'.encode()).hexdigest()[:8].upper()}"
        yield Contact(
            number=number,
            ref=ref,
            received_at=received_at,
            source=source,
            agency=draws.one_of(agencies) if agencies else None,
            rag=draws.weighted(_RAGS),
            children=list(_children(draws, ref, known)),
        )


def _children(draws: Draws, ref: str, known: list[str]) -> Iterator[Child]:
    named = set[str]()
    for index in range(1, draws.weighted(_CHILDREN) + 1):
        fresh = sha256(f"{ref}#{index}".encode()).hexdigest()[:32]
        again = draws.one_of(known) if known and draws.share(_ALREADY_KNOWN) else fresh
        pseudonym = fresh if again in named else again
        named.add(pseudonym)
        known.append(pseudonym)
        yield Child(index, pseudonym, unborn=draws.share(_UNBORN))


def _moments(draws: Draws, count: int, calendar: Calendar) -> Iterator[datetime]:
    """By how busy each hour of the year is; an hour that clocks skip has nobody, one shown twice has more."""
    whole = int((calendar.ends - calendar.begins) / _AN_HOUR)
    hours = [calendar.begins + timedelta(hours=n) for n in range(whole)]
    busy = {hour: _how_busy(hour) for hour in hours}
    for hour in draws.many(busy, count):
        yield hour + timedelta(milliseconds=draws.whole(0, 3_599_999))


def _how_busy(hour: datetime) -> float:
    local = hour.astimezone(_LONDON)
    by_hour = _BY_HOUR if is_working_day(local.date()) else _AT_THE_WEEKEND
    return by_hour[local.hour]
