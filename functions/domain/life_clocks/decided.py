"""What a decision says of the clocks: only a final code ends its own, and its outcomes need others."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from functions.domain.due import assessment_due_at, conference_due_at, transfer_answer_due_at
from functions.domain.life_clocks.afterwards import OF_THE_CASE, joint, of_the_plan
from functions.domain.life_clocks.clock import Over, Wanted, Which, Word
from functions.domain.life_clocks.known import Known
from functions.domain.life_clocks.police_form import begun, due_sooner
from functions.domain.life_clocks.until_decided import to_decide
from functions.domain.tasks import or_sooner
from schemas.clocks import ClockPolicy
from schemas.codes import ClockEnd, ClockKind, Outcome, PlanStatus
from schemas.decision import Decision
from schemas.lifecycle import TransferAccepted, WithdrawnInError

ASSESSED: Final = frozenset({Outcome.S17, Outcome.STR, Outcome.S47S, Outcome.S47J, Outcome.EMP, Outcome.ACC})
"""Outcomes that an assessment follows, at once or whatever the strategy discussion comes to."""
OF_A_CONFERENCE: Final = frozenset({Outcome.S47S, Outcome.S47J})
_OF_THE_OUTCOME: Final = (*OF_THE_CASE, ClockKind.TRANSFER)


def decided(event: Decision, known: Known, policy: ClockPolicy) -> Iterator[Word]:
    """Only a final code ends the decision's clock; the others begin, go on or end as its outcomes need."""
    child, at = event.child_index, event.decided_at
    received_at = min(filter(None, (event.received_at, known.child(child).received_at)))
    if is_final(event, known):
        yield Over(ClockKind.DECIDE, child, ClockEnd.ANSWERED, at)
        yield Over(ClockKind.CONTRIBUTE, child, ClockEnd.ANSWERED, at)
    else:
        yield to_decide(child, received_at, event.rag, known, policy)
        for agency_id in event.agencies_contributing:
            yield Over(ClockKind.CONTRIBUTE, child, ClockEnd.ANSWERED, at, agency_id)
    if all(one.newest for index, one in known.children.items() if index != child):
        # An acknowledgement would reach nobody any more: each child's decision says more.
        yield Over(ClockKind.ACKNOWLEDGE, 0, ClockEnd.ANSWERED, at)
    yield from _of_its_form(event, received_at, known, policy)
    yield from _of_the_outcomes(event, received_at, known, policy)
    yield from _of_its_plan(event, known, policy)


def _of_its_form(event: Decision, received_at: datetime, known: Known, policy: ClockPolicy) -> Iterator[Word]:
    """A duplicate's form is its original's, and chased there."""
    child, at = event.child_index, event.decided_at
    if Outcome.DUP in event.outcomes and event.duplicate_of is not None:
        yield Over(ClockKind.POLICE_FORM, child, ClockEnd.REVISED, at)
    else:
        yield from begun(child, received_at, event.occurred_at, known)
        yield from due_sooner(child, event.rag, at, known, policy)


def _of_its_plan(event: Decision, known: Known, policy: ClockPolicy) -> Iterator[Word]:
    """A duplicate's plan is its original's; of one that has changed since, the change said more."""
    changed_at = known.child(event.child_index).plan_changed_at
    if changed_at is not None and event.decided_at < changed_at:
        return
    status = PlanStatus.NONE if Outcome.DUP in event.outcomes else event.plan_status
    yield of_the_plan(event.child_index, status, event.decided_at, policy)


def is_final(decision: Decision, known: Known) -> bool:
    """Whether one of its outcomes settles it: neither INF nor DUP, nor a transfer that is not accepted."""
    provisional = {Outcome.INF, Outcome.DUP}
    if _is_pending(decision, known):
        provisional.add(Outcome.TRF)
    return not provisional.issuperset(decision.outcomes)


def _is_pending(decision: Decision, known: Known) -> bool:
    """An acceptance that has come stays one, though a later version does not repeat it."""
    if Outcome.TRF not in decision.outcomes or decision.transfer_accepted:
        return False
    clock = known.clocks.get(_transfer(decision))
    return clock is None or clock.end is not ClockEnd.ANSWERED


def _transfer(decision: Decision) -> Which:
    return Which(ClockKind.TRANSFER, decision.child_index, decision.receiving_la or "")


def _of_the_outcomes(
    event: Decision, received_at: datetime, known: Known, policy: ClockPolicy
) -> Iterator[Word]:
    """What the outcomes need is wanted; whatever else an earlier version needed ends."""
    child, at, outcomes = event.child_index, event.decided_at, set(event.outcomes)
    if event.transfer_accepted and Outcome.TRF in outcomes:
        yield Over(ClockKind.TRANSFER, child, ClockEnd.ANSWERED, at)
    elif _is_pending(event, known):
        due_at = or_sooner(lambda: transfer_answer_due_at(at, policy), at)
        yield Wanted(_transfer(event), at, due_at)
    if outcomes & ASSESSED:
        yield Wanted(Which(ClockKind.ASSESSMENT, child), received_at, _to_assess(received_at, policy))
    if Outcome.S47J in outcomes:
        yield joint(child, at, policy)
    held_at = event.strategy_discussion_at
    if held_at is not None and outcomes & OF_A_CONFERENCE:
        yield Wanted(Which(ClockKind.CONFERENCE, child), held_at, _to_confer(held_at, policy))
    elif not outcomes & OF_A_CONFERENCE:
        yield Over(ClockKind.CONFERENCE, child, ClockEnd.REVISED, at)
    for kind in (ClockKind.TRANSFER, ClockKind.ASSESSMENT, ClockKind.JOINT):
        yield Over(kind, child, ClockEnd.REVISED, at)


def _to_assess(received_at: datetime, policy: ClockPolicy) -> datetime:
    days = policy.assessment_within_working_days
    return or_sooner(lambda: assessment_due_at(received_at, policy), received_at, days=days)


def _to_confer(strategy_discussion_at: datetime, policy: ClockPolicy) -> datetime:
    return or_sooner(
        lambda: conference_due_at(strategy_discussion_at, policy),
        strategy_discussion_at,
        days=policy.conference_within_working_days,
    )


def withdrawn(event: WithdrawnInError, known: Known, policy: ClockPolicy) -> Iterator[Word]:
    """The newest version counts no more: the child waits for a decision again, since the same receipt."""
    child = known.child(event.child_index)
    if child.newest != event.decision_seq or child.received_at is None:
        return
    yield to_decide(event.child_index, child.received_at, None, known, policy)
    for kind in _OF_THE_OUTCOME:
        yield Over(kind, event.child_index, ClockEnd.REVISED, event.withdrawn_at)


def accepted(event: TransferAccepted, known: Known, _: ClockPolicy) -> Iterator[Word]:
    """With the acceptance a transfer is final; one that has been decided to another authority is pending
    still."""
    child, at = event.child_index, event.accepted_at
    answers = [Over(ClockKind.TRANSFER, child, ClockEnd.ANSWERED, at, la) for la in (event.receiving_la, "")]
    yield from answers
    if any(
        answer.is_about(clock.which) for answer in answers for clock in known.clocks.values() if clock.waits
    ):
        yield Over(ClockKind.DECIDE, child, ClockEnd.ANSWERED, at)
        yield Over(ClockKind.CONTRIBUTE, child, ClockEnd.ANSWERED, at)
