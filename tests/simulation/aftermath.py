"""What follows a decision, or asks about none: the plan, the police's investigations, milestones, the end of
the case, and probation's enquiries; in any order, and some of it twice."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from tests.flows import lives
from tests.simulation.disputes import MOMENT, Decided, Said, about, one_of, said
from tests.world import Wire, a_receipt

FOLLOWED = 0.5
"""How often anything is."""
RECEIVED_AT = "2026-11-24T08:00:00Z"
LATER = "2026-11-24T09:30:00Z"
LATEST = "2026-11-24T09:45:00Z"
NO_PROBATION = "north-police"


def aftermath(decided: Sequence[Decided], story: object) -> list[Said]:
    """What follows for one of these children: nothing, mostly.

    `story` is what has been told so far; chance is drawn from it and from nothing else, so that a story
    without an aftermath stays what it was.
    """
    random = Random(repr(story)).random  # noqa: S311 - the same for the same seed
    if not decided or random() >= FOLLOWED:
        return []
    child = one_of(decided, random)
    return [said(event, random) for event in one_of(_STORIES, random)(child, random)]


def _planned(child: Decided, random: Callable[[], float]) -> Iterator[Wire]:
    """A plan, perhaps another one, and perhaps its end."""
    yield _a_plan(child, random, MOMENT)
    if random() < 0.5:
        yield _a_plan(child, random, LATER)
    if random() < 0.7:
        yield lives.a_case_closed(**about(child), closed_at=LATEST)


def _investigated(child: Decided, random: Callable[[], float]) -> Iterator[Wire]:
    """Of a child with a live plan: one that goes on, and one or two that end, named or not."""
    yield _a_plan(child, random, MOMENT)
    for number in (None, "43261124/0917", "43261124/0918"):
        if random() < 0.6:
            yield _a_word("OPEN", child, number, one_of((MOMENT, LATER), random))
        if random() < 0.8:
            yield _a_word(one_of(_ENDS, random), child, number, one_of((LATER, LATEST), random))


_ENDS = ("CLOSED_CHARGED", "CLOSED_NO_FURTHER_ACTION", "CLOSED_OTHER")


def _a_word(status: str, child: Decided, number: str | None, at: str) -> Wire:
    return lives.an_investigation(status, **about(child), changed_at=at, police_occurrence_ref=number)


def _milestones(child: Decided, random: Callable[[], float]) -> Iterator[Wire]:
    reached = (
        lives.an_assessment_complete(**about(child), completed_at=MOMENT),
        lives.an_enquiry_that_ended(**about(child), ended_at=LATER),
        lives.a_conference_held(**about(child), held_at=LATEST),
        lives.a_transfer_accepted(**about(child), accepted_at=LATER),
    )
    return (event for event in reached if random() < 0.7)


def _before(child: Decided, random: Callable[[], float]) -> Iterator[Wire]:
    """Received and acknowledged, some asked for what they know; and the police say how their form stands.

    Decided or not by then: what is asked is told to nobody once it is.
    """
    yield a_receipt(1, 2, ref=child.ref, received_at=RECEIVED_AT)
    asked = [one for one in child.agencies if random() < 0.5]
    yield lives.an_acknowledgement(*asked, referral_ref=child.ref, acknowledged_at=MOMENT)
    yield {**lives.a_statement(done_at=MOMENT), **about(child)}


def _enquired(child: Decided, random: Callable[[], float]) -> Iterator[Wire]:
    """Asked, answered, and answered anew, by whatever way first; under a referral's own reference, now and
    then, and now and then by an agency that may not ask."""
    ref = child.ref if random() < 0.3 else lives.ENQUIRY
    asked = {"referral_ref": ref, "received_at": "2026-11-24T08:30:00Z"}
    yield lives.an_enquiry(**asked)
    yield lives.an_enquiry("NOTHING_TO_SHARE", **asked, answered_at=MOMENT)
    if random() < 0.5:
        yield lives.an_enquiry("KNOWN_CALL_US", **asked, answered_at=LATER)
    if random() < 0.3:
        yield lives.an_enquiry("KNOWN_CALL_US", **asked, agency_id=NO_PROBATION, answered_at=LATEST)


def _a_plan(child: Decided, random: Callable[[], float], at: str) -> Wire:
    agencies = [one for one in child.agencies if random() < 0.7]
    return lives.a_plan_change(*agencies, **about(child), changed_at=at)


_STORIES = (_planned, _investigated, _investigated, _milestones, _before, _enquired, _enquired)
