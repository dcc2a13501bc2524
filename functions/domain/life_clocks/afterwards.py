"""The clocks of what follows a decision: milestones, the plan, the police's case."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from functions.domain.due import joint_update_due_at, plan_update_due_at
from functions.domain.life_clocks.clock import Over, Wanted, Which, Word
from functions.domain.life_clocks.known import Known
from functions.domain.plans import is_kept_up_to_date
from functions.domain.tasks import or_sooner
from schemas.clocks import ClockPolicy
from schemas.codes import ClockEnd, ClockKind, InvestigationStatus, Outcome, PlanStatus, S47Result
from schemas.lifecycle import (
    AssessmentComplete,
    CaseClosed,
    IcpcOutcome,
    PlanStatusChanged,
    PoliceInvestigationStatusChanged,
    S47Outcome,
)

OF_THE_CASE: Final = (ClockKind.ASSESSMENT, ClockKind.CONFERENCE, ClockKind.PLAN, ClockKind.JOINT)
"""What a closed case needs no longer; a decision or a transfer is not settled by closing it."""


def assessed(event: AssessmentComplete, _: Known, policy: ClockPolicy) -> Iterator[Word]:
    yield Over(ClockKind.ASSESSMENT, event.child_index, ClockEnd.ANSWERED, event.completed_at)
    yield of_the_plan(event.child_index, event.plan_status, event.completed_at, policy)


def enquired(event: S47Outcome, known: Known, policy: ClockPolicy) -> Iterator[Word]:
    """Without a conference to come, nobody waits for one; of a joint case it is news, and the police may go
    on."""
    child, at = event.child_index, event.ended_at
    if event.result is not S47Result.ICPC:
        yield Over(ClockKind.CONFERENCE, child, ClockEnd.ANSWERED, at)
    if known.runs(Which(ClockKind.JOINT, child)):
        yield joint(child, at, policy)


def conferred(event: IcpcOutcome, _: Known, policy: ClockPolicy) -> Iterator[Word]:
    yield Over(ClockKind.CONFERENCE, event.child_index, ClockEnd.ANSWERED, event.held_at)
    yield of_the_plan(event.child_index, event.plan_status, event.held_at, policy)


def planned(event: PlanStatusChanged, _: Known, policy: ClockPolicy) -> Iterator[Word]:
    yield of_the_plan(event.child_index, event.plan_status, event.changed_at, policy)


def of_the_plan(child: int, status: PlanStatus, at: datetime, policy: ClockPolicy) -> Word:
    """Each word about a plan is an update of it; one that need not be kept up to date ends the wait."""
    if not is_kept_up_to_date(status):
        return Over(ClockKind.PLAN, child, ClockEnd.ANSWERED, at)
    return Wanted(Which(ClockKind.PLAN, child), at, plan_is_due(at, policy))


def plan_is_due(since: datetime, policy: ClockPolicy) -> datetime:
    """When a plan of which nothing was heard since then is stale."""
    days = policy.plan_update_within_working_days
    return or_sooner(lambda: plan_update_due_at(since, policy), since, days=days)


def investigated(
    event: PoliceInvestigationStatusChanged, known: Known, policy: ClockPolicy
) -> Iterator[Word]:
    child, at = event.child_index, event.changed_at
    if event.status is not InvestigationStatus.OPEN:
        yield Over(ClockKind.JOINT, child, ClockEnd.ANSWERED, at)
    elif Outcome.S47J in known.child(child).outcomes:
        yield joint(child, at, policy)


def joint(child: int, at: datetime, policy: ClockPolicy) -> Wanted:
    """The clock of a case worked on with the police, of which there is news."""
    return Wanted(Which(ClockKind.JOINT, child), at, joint_is_due(at, policy))


def joint_is_due(since: datetime, policy: ClockPolicy) -> datetime:
    """When such a case has gone without news for too long."""
    days = policy.joint_update_within_working_days
    return or_sooner(lambda: joint_update_due_at(since, policy), since, days=days)


def closed(event: CaseClosed, _: Known, __: ClockPolicy) -> Iterator[Word]:
    for kind in OF_THE_CASE:
        yield Over(kind, event.child_index, ClockEnd.CLOSED, event.closed_at)
