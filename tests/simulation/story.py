"""What happens in one simulated run: which decisions come when, how the agencies fare, who releases what."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, TypeVar

from schemas.agency import Registry
from schemas.codes import AgencyType, Channel
from tests.simulation.aftermath import aftermath
from tests.simulation.clock import START
from tests.simulation.disputes import Decided, Said, disputes
from tests.simulation.outside import Mood
from tests.world import BOTH, Wire, a_decision, a_registry, a_revision, an_agency, an_event_id, wrapped

T = TypeVar("T")

AGENCIES = ("north-police", "north-probation", "north-gp", "hill-school")
WITH_A_WEBHOOK = ("north-police", "north-gp", "hill-school")
OUTCOMES = ("S47J", "S17", "NFA", "EHF", "S47S")
MOODS = tuple(mood for mood in Mood if mood is not Mood.WELL)
DUPLICATES = 0.8
"""How often the second referral turns out to be the first one's duplicate, and is not any more, and so on."""
CROWDED = 0.15
CROWD = 7
"""How often, and how many, children are decided at one moment for one agency: its slots run out."""
OUTAGES = (20.0, 600.0, 3_600.0, 86_400.0, 259_200.0)
"""Seconds that an agency's mood lasts: up to 72 hours."""


@dataclass(frozen=True)
class Coming:
    """A message of the intake queue, and when it comes."""

    at: datetime
    body: str


class Deed(Enum):
    """What a person may want to do."""

    RESEND = auto()
    RESEND_BY_EMAIL = auto()
    CANCEL = auto()
    PAUSE = auto()
    RESUME = auto()
    RECOVER = auto()
    DONE = auto()


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that somebody wants done; to what, they choose when the time has come.

    `taste` and `reason`, each in [0, 1), choose among all that there is to do it to, and among the reasons
    that fit. The same order comes again after each of `again_after` seconds.
    """

    at: datetime
    deed: Deed
    taste: float
    reason: float
    again_after: tuple[float, ...] = ()


@dataclass(frozen=True)
class Story:
    """One run's outside."""

    events: Sequence[Coming]
    moods: dict[str, list[tuple[datetime, Mood]]]
    releases: Sequence[tuple[datetime, str, int]]
    """When a person releases which referral's child."""
    wishes: Sequence[Wish]
    relay_works: bool


def a_county() -> Registry:
    """A webhook with a mailbox behind it, an e-mail, both channels, and a webhook alone."""
    return a_registry(
        an_agency("hill-school", AgencyType.EARLY_HELP, *BOTH),
        an_agency("north-gp", AgencyType.GP, Channel.WEBHOOK, email=None),
    )


def a_story(random: Callable[[], float]) -> Story:
    """A story that chance tells: few referrals, so that they meet."""
    events: list[Coming] = []
    releases: list[tuple[datetime, str, int]] = []
    decided: list[Decided] = []
    is_crowded = random() < CROWDED
    is_crowded_out = is_crowded and random() < 0.4  # somebody pauses the endpoint in the middle of it
    if is_crowded:
        events += [_coming(_crowded(number, random), START, random, "a") for number in range(CROWD)]
    for number in range(1 if is_crowded else 1 + int(random() * 2)):
        ref = f"NS-26-S{number:05d}"
        for child in range(1, 2 + int(random() * 2)):
            events += _child(ref, child, random, releases, decided)
        if number and random() < DUPLICATES:
            events += _now_and_then_a_duplicate(f"NS-26-S{0:05d}", random)
    moods = {agency: _moods(random) for agency in AGENCIES if random() < 0.4}
    wishes = [Wish(START + timedelta(seconds=3 * random()), Deed.PAUSE, 0, 0)] if is_crowded_out else []
    wishes += [_wish(random) for _ in range(1 + int(random() * 4))]
    events += _coming_of(disputes(decided, random), random)
    events += _coming_of(aftermath(decided, events), random)
    in_order = sorted(events, key=lambda one: one.at)
    return Story(in_order, moods, releases, wishes, relay_works=random() < 0.8)


def _child(
    ref: str,
    child: int,
    random: Callable[[], float],
    releases: list[tuple[datetime, str, int]],
    decided: list[Decided],
) -> list[Coming]:
    events, held = [], list[int]()
    versions = 1 + int(random() * 3)
    for seq in range(1, versions + 1):
        event = _decision(ref, child, seq, random)
        at = START + timedelta(seconds=_delay(random))
        events.append(_coming(event, at, random, "a"))
        if random() < 0.15:  # the same event again
            events.append(_coming(event, at + timedelta(seconds=_delay(random)), random, "b"))
        if event["hold_codes"]:
            held.append(seq)
            releases.append((at + timedelta(seconds=60 + _delay(random)), ref, child))
    decided.append(Decided(ref, child, versions, tuple(held), AGENCIES))
    return events


def _coming_of(told: Sequence[Said], random: Callable[[], float]) -> Iterator[Coming]:
    for said in told:
        yield _coming(said.event, START + timedelta(seconds=said.seconds), random, "a")
        if said.again is not None:
            yield _coming(said.event, START + timedelta(seconds=said.again), random, "b")


def _now_and_then_a_duplicate(of: str, random: Callable[[], float]) -> list[Coming]:
    """A referral that is decided for itself, or for a duplicate of another's first child, again and again."""
    events, at = list[Coming](), START
    for seq in range(1, 4 + int(random() * 4)):
        at += timedelta(seconds=30 * random() + _delay(random))  # so that most are told in between
        event = _decision("NS-26-D00001", 1, seq, random)
        if seq % 2 or random() < 0.2:
            event |= _A_DUPLICATE | {"duplicate_of": of}
        events.append(_coming(event, at, random, "a"))
    return events


_A_DUPLICATE: Wire = {
    "primary_outcome": "DUP",
    "duplicate_of_child": 1,
    "strategy_discussion_at": None,
    "next_step_codes": [],
    "plan_status": "NOT_DISCLOSED",
    "lead_role": None,
    "lead_team_code": None,
    "hold_codes": [],
}


def _crowded(number: int, random: Callable[[], float]) -> Wire:
    """Everybody's decision is for the one agency that is always told, by its webhook alone."""
    decision = _decision(f"NS-26-C{number:05d}", 1, 1, random)
    return {**decision, "involved_agencies": [], "hold_codes": []}


def _decision(ref: str, child: int, seq: int, random: Callable[[], float]) -> Wire:
    named = [agency for agency in AGENCIES[1:] if random() < 0.6]
    outcome = _one_of(OUTCOMES, random)
    changes: dict[str, Any] = {
        "event_id": an_event_id("simulated", ref, child, seq),
        "referral_ref": ref,
        "child_index": child,
        "decision_seq": seq,
        "primary_outcome": outcome,
        "strategy_discussion_at": "2026-11-24T08:30:00Z" if outcome.startswith("S47") else None,
        "reason_codes": ["NEW_INFORMATION"],
        "received_at": "2026-11-24T08:00:00Z",
        "decided_at": "2026-11-24T08:59:00Z",
        "occurred_at": "2026-11-24T08:59:30Z",
        "involved_agencies": [
            {"agency_id": agency, "own_ref": "PR-55120", "holds_plan_role": True} for agency in named
        ],
        "hold_codes": [{"code": "SENSITIVE"}] if random() < 0.1 else [],
    }
    return a_decision(**changes) if seq == 1 else a_revision(seq, **changes)


def _coming(event: Wire, at: datetime, random: Callable[[], float], copy: str) -> Coming:
    which = f"bus-{event['event_id'][:8]}-{copy}"
    return Coming(at, wrapped(event, which))


def _moods(random: Callable[[], float]) -> list[tuple[datetime, Mood]]:
    since = START + timedelta(seconds=_delay(random))
    until = since + timedelta(seconds=_one_of(OUTAGES, random))
    return [(since, _one_of(MOODS, random)), (until, Mood.WELL)]


def _wish(random: Callable[[], float]) -> Wish:
    deed = _one_of((*Deed, Deed.DONE), random)
    at = START + timedelta(seconds=1 + random() * _one_of(_WITHIN[deed], random))
    again_after = tuple(_delay(random) for _ in range(int(random() * 3)))
    return Wish(at, deed, random(), random(), again_after)


_LATER = (20_000.0, 90_000.0, 320_000.0)
_WITHIN = {
    Deed.RESEND: (600.0, *_LATER),
    Deed.RESEND_BY_EMAIL: (600.0, *_LATER),
    Deed.CANCEL: (5.0, 30.0, 600.0, 20_000.0),
    Deed.PAUSE: (1.0, 5.0, 30.0, 600.0),
    Deed.RESUME: (600.0, *_LATER),
    Deed.RECOVER: _LATER,
    Deed.DONE: _LATER,
}
"""Seconds within which people want it: at once, that day, or when all that was tried for days has failed."""


def _delay(random: Callable[[], float]) -> float:
    """Mostly moments, sometimes minutes, seldom hours."""
    return random() * _one_of((0.5, 5.0, 60.0, 600.0, 20_000.0), random)


def _one_of(values: Sequence[T], random: Callable[[], float]) -> T:
    return values[int(random() * len(values))]


def described(story: Story) -> str:
    """The story in a few lines, for whoever plays a failing seed again."""
    lines = [
        f"{one.at:%d %H:%M:%S.%f} {json.loads(one.body)['detail']['referral_ref']}" for one in story.events
    ]
    return "\n".join([*lines, *(f"{agency}: {moods}" for agency, moods in story.moods.items())])
