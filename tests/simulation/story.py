"""What happens in one simulated run: which decisions come when, how the agencies fare, who releases what."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from schemas.agency import Registry
from schemas.codes import AgencyType, Channel
from tests.simulation.clock import START
from tests.simulation.outside import Mood
from tests.world import BOTH, Wire, a_decision, a_registry, a_revision, an_agency, an_event_id, wrapped

T = TypeVar("T")

AGENCIES = ("north-police", "north-probation", "north-gp", "hill-school")
OUTCOMES = ("S47J", "S17", "NFA", "EHF", "S47S")
MOODS = tuple(mood for mood in Mood if mood is not Mood.WELL)
CROWDED = 0.1
"""How often so many children are decided at once that an endpoint's slots run out."""
OUTAGES = (20.0, 600.0, 3_600.0, 86_400.0, 259_200.0)
"""Seconds that an agency's mood lasts: up to 72 hours."""


@dataclass(frozen=True)
class Coming:
    """A message of the intake queue, and when it comes."""

    at: datetime
    body: str


@dataclass(frozen=True)
class Story:
    """One run's outside."""

    events: Sequence[Coming]
    moods: dict[str, list[tuple[datetime, Mood]]]
    releases: Sequence[tuple[datetime, str, int]]
    """When a person releases which referral's child."""
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
    referrals = 6 if random() < CROWDED else 1 + int(random() * 2)
    for number in range(referrals):
        ref = f"NS-26-S{number:05d}"
        for child in range(1, 2 + int(random() * 2)):
            events += _child(ref, child, random, releases)
    moods = {agency: _moods(random) for agency in AGENCIES if random() < 0.4}
    return Story(sorted(events, key=lambda one: one.at), moods, releases, relay_works=random() < 0.8)


def _child(
    ref: str, child: int, random: Callable[[], float], releases: list[tuple[datetime, str, int]]
) -> list[Coming]:
    events = []
    for seq in range(1, 2 + int(random() * 3)):
        event = _decision(ref, child, seq, random)
        at = START + timedelta(seconds=_delay(random))
        events.append(_coming(event, at, random, "a"))
        if random() < 0.15:  # the same event again
            events.append(_coming(event, at + timedelta(seconds=_delay(random)), random, "b"))
        if event["hold_codes"]:
            releases.append((at + timedelta(seconds=60 + _delay(random)), ref, child))
    return events


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
