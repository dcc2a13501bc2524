"""What is said of decisions: a challenge and its stages, a withdrawal, a hold released in the case system,
what is withheld, who was told by telephone; some of it twice, all of it in any order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from tests.flows import lives
from tests.world import Wire, an_event_id

T = TypeVar("T")

DISPUTED = 0.5
"""How often anything is said of a referral's children."""
AGAIN = 0.2
RESULTS = ("UPHELD", "REVISED", "WITHDRAWN", "NOT_UPHELD")
MOMENT = "2026-11-24T09:00:00Z"


class Decided(NamedTuple):
    """A child of a story, with its versions, those that come held, and who may hear of them."""

    ref: str
    child: int
    versions: int
    held: tuple[int, ...]
    agencies: Sequence[str]


class Said(NamedTuple):
    """An event, so many seconds after the beginning, and once more after that."""

    event: Wire
    seconds: float
    again: float | None


def disputes(decided: Sequence[Decided], random: Callable[[], float]) -> list[Said]:
    """What is said of these children: mostly nothing."""
    first = [one for child in decided if child.held and random() < 0.5 for one in _of_holds(child, random)]
    if random() >= DISPUTED:
        return first
    child = one_of(decided, random)
    tell = one_of((_challenged, _withdrawn, _withdrawn, _withheld, _phoned), random)
    return [*first, *tell(child, random)]


def _challenged(child: Decided, random: Callable[[], float]) -> Iterator[Said]:
    """Raised, one stage up and settled, as far as it goes, by whatever way first."""
    challenge = {**about(child), "challenge_id": "CH-2026-0117"}
    raised = lives.a_challenge(one_of(child.agencies, random), **challenge, raised_at=MOMENT)
    ended = lives.a_challenge_resolved(one_of(RESULTS, random), **challenge, resolved_at=MOMENT)
    up = lives.a_challenge_at(2, **challenge, reached_at=MOMENT)
    for event in (raised, up, ended)[: 2 + int(random() * 2)]:
        yield said(event, random)


def _withdrawn(child: Decided, random: Callable[[], float]) -> Iterator[Said]:
    """Mostly the newest of them."""
    seq = child.versions if random() < 0.7 else 1
    yield said(lives.a_withdrawal(seq, **about(child), withdrawn_at=MOMENT), random)


def _withheld(child: Decided, random: Callable[[], float]) -> Iterator[Said]:
    agency = one_of(child.agencies, random) if random() < 0.5 else None
    version = {**about(child), "decision_seq": _version(child, random), "agency_id": agency}
    yield said(lives.a_withholding(**version, withheld_at=MOMENT), random)


def _phoned(child: Decided, random: Callable[[], float]) -> Iterator[Said]:
    version = {**about(child), "decision_seq": _version(child, random), "phoned_at": MOMENT}
    yield said(lives.a_phone_call(one_of(child.agencies, random), **version), random)


def _of_holds(child: Decided, random: Callable[[], float]) -> Iterator[Said]:
    """In the case system as well as by hand: whoever is first ends the hold."""
    release = lives.a_release(decision_seq=child.held[-1], released_at=MOMENT)
    yield said({**release, **about(child)}, random)


def about(child: Decided) -> Mapping[str, str | int]:
    """Which child an event is about."""
    return {"referral_ref": child.ref, "child_index": child.child}


def _version(child: Decided, random: Callable[[], float]) -> int:
    return 1 + int(random() * child.versions)


def said(event: Wire, random: Callable[[], float]) -> Said:
    """The event under an id of its own, at any time, now and then twice."""
    named = {**event, "event_id": an_event_id("said", sorted(event.items(), key=str))}
    seconds = random() * one_of((5.0, 60.0, 600.0, 20_000.0), random)
    return Said(named, seconds, seconds + random() * 60 if random() < AGAIN else None)


def one_of(values: Sequence[T], random: Callable[[], float]) -> T:
    """Any of them."""
    return values[int(random() * len(values))]
