"""The clocks until a decision: of the acknowledgement, the decision itself, and what agencies know."""

from collections.abc import Iterator
from datetime import datetime

from functions.domain.due import acknowledgement_due_at, contribution_due_at, decision_due_at
from functions.domain.life_clocks.clock import Over, Wanted, Which, Word
from functions.domain.life_clocks.known import Known
from functions.domain.life_clocks.police_form import begun, due_sooner
from functions.domain.tasks import or_sooner
from schemas.clocks import ClockPolicy
from schemas.codes import ClockEnd, ClockKind, Rag
from schemas.lifecycle import Acknowledged
from schemas.referral import ReferralReceived


def received(event: ReferralReceived, known: Known, policy: ClockPolicy) -> Iterator[Word]:
    """Contact or referral alike; what is told again restarts nothing, and of a decided child none begins."""
    since = min(filter(None, (event.received_at, known.received_at)))
    undecided = [one.child_index for one in event.children if not known.child(one.child_index).newest]
    if undecided:
        due_at = or_sooner(lambda: acknowledgement_due_at(since, policy), since)
        yield Wanted(Which(ClockKind.ACKNOWLEDGE), since, due_at)
    for child in undecided:
        yield to_decide(child, since, event.rag, known, policy)
        yield from begun(child, since, event.occurred_at, known)
        yield from due_sooner(child, event.rag, None, known, policy)


def acknowledged(event: Acknowledged, known: Known, policy: ClockPolicy) -> Iterator[Word]:
    """The decision's clock it never ends: another colour may make that due sooner."""
    at = event.acknowledged_at
    yield Over(ClockKind.ACKNOWLEDGE, 0, ClockEnd.ANSWERED, at)
    for clock in known.clocks.values():
        if event.rag and clock.runs and clock.which.kind is ClockKind.DECIDE:
            yield to_decide(clock.which.child, clock.since, event.rag, known, policy)
            yield from due_sooner(clock.which.child, event.rag, None, known, policy)
    for asked in event.asked_to_contribute:
        child = known.child(asked.child_index)
        if not child.newest:
            which = Which(ClockKind.CONTRIBUTE, asked.child_index, asked.agency_id)
            yield Wanted(which, at, event.contribute_by or _to_contribute(at, event.rag or child.rag, policy))


def _to_contribute(asked_at: datetime, rag: Rag | None, policy: ClockPolicy) -> datetime:
    return or_sooner(lambda: contribution_due_at(asked_at, rag, policy), asked_at)


def to_decide(
    child: int, received_at: datetime, rag: Rag | None, known: Known, policy: ClockPolicy
) -> Wanted:
    """From the original receipt, by the newest colour; once there is one, another makes it no later."""
    which = Which(ClockKind.DECIDE, child)
    clock = known.clocks.get(which)
    colour = rag or (clock and clock.rag) or known.child(child).rag
    since = min(received_at, clock.since) if clock else received_at
    due_at = or_sooner(lambda: decision_due_at(since, colour, policy), since)
    if clock and clock.due_at and clock.rag:
        due_at = min(due_at, clock.due_at)
    return Wanted(which, since, due_at, colour)
