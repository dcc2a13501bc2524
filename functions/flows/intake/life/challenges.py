"""A professional disagrees with a decision: the manager is alerted first, then whoever challenged and all who
were told the decision hear of each stage and of the end."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.records import NewUpdate, OpenedTask, Referral
from functions.adapters.ledger.store import Item
from functions.domain.bounds import MOST_CHALLENGES
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.tasks import challenge_task
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, stale, too_early
from functions.flows.planning.tasks import task_details
from functions.flows.updates.audience import Hearers, told_of_the_decision
from functions.flows.updates.challenger import whoever_challenged
from functions.flows.updates.make import About, Occasion, update
from schemas.challenge import (
    ChallengeEvent,
    ChallengeRaised,
    ChallengeResolved,
    ChallengeStageReached,
)
from schemas.codes import ChallengeResult, RefusalReason, Series, TaskKind, TaskState, WaitsFor
from schemas.notice import UpdateFacts

_CHANGES_THE_DECISION = frozenset({ChallengeResult.UPHELD, ChallengeResult.REVISED})
_OPEN, _SETTLED = "challenges", "challenges_settled"
"""What a child's item says: of each open challenge how it stands, of the others their ids."""


def challenge_raised(event: ChallengeRaised, occasion: Occasion, desk: IntakeDesk) -> News:
    """Every type of agency may challenge; raises RefusedError for one that the registry lacks, and for more
    challenges than any child has.

    The manager is alerted at once, even where the decision is not known here yet.
    """
    referral, child = occasion.referral, event.child_index
    entry = desk.directory.look_up([event.raised_by]).entries.get(event.raised_by)
    if entry is None:
        raise RefusedError(Refusal("raised_by", RefusalReason.UNKNOWN_AGENCY))
    if _is_settled(event, referral) or _open(event, referral):
        return stale()
    if _how_many(_child(event, referral)) >= MOST_CHALLENGES:
        raise RefusedError(Refusal("challenge_id", RefusalReason.TOO_MANY))
    alert = [] if _task_of(event, referral) else [_alert(event, event.raised_at, occasion, desk)]
    if not referral.newest(child):
        return replace(too_early(WaitsFor.DECISION), details=_details(alert), tasks=alert)
    state = {
        "stage": event.stage,
        "raised_by": entry.agency_id,
        "since": at_text(event.raised_at),
        "dver": referral.newest(child),
    }
    told = _told(event, event.raised_at, state, occasion, desk)
    return _moved(event, state, told, alert, referral)


def challenge_went_up(event: ChallengeStageReached, occasion: Occasion, desk: IntakeDesk) -> News:
    """To the very next stage: any other is old news or came before its time, and is told to nobody."""

    def went_up(before: Item) -> News:
        if event.stage != before["stage"] + 1:
            return stale()
        state = {**before, "stage": event.stage}
        told = _told(event, event.reached_at, state, occasion, desk)
        alert = [_alert(event, event.reached_at, occasion, desk)]
        return _moved(event, state, told, alert, occasion.referral)

    return _once_raised(event, occasion.referral, went_up)


def challenge_resolved(event: ChallengeResolved, occasion: Occasion, desk: IntakeDesk) -> News:
    """The alert ends, and all hear whether what they were told still holds."""

    def resolved(state: Item) -> News:
        task = _task_of(event, occasion.referral)
        return News(
            details={"raised_by": state["raised_by"]},
            children={event.child_index: _without(event, occasion.referral)},
            updates=[_told(event, event.resolved_at, state, occasion, desk)],
            done_tasks=[task] if task and task["st"] != TaskState.DONE else [],
        )

    return _once_raised(event, occasion.referral, resolved)


def _once_raised(event: ChallengeEvent, referral: Referral, news: Callable[[Item], News]) -> News:
    """`news` of an open challenge, as it stands."""
    if _is_settled(event, referral):
        return stale()
    state = _open(event, referral)
    return news(state) if state else too_early(WaitsFor.CHALLENGE)


def _child(event: ChallengeEvent, referral: Referral) -> Item:
    return referral.children.get(event.child_index, {})


def _open(event: ChallengeEvent, referral: Referral) -> Item | None:
    state: Item | None = _child(event, referral).get(_OPEN, {}).get(event.challenge_id)
    return state


def _how_many(child: Item) -> int:
    """How many challenges are or were about the child."""
    return len(child.get(_OPEN, ())) + len(child.get(_SETTLED, ()))


def _is_settled(event: ChallengeEvent, referral: Referral) -> bool:
    return event.challenge_id in _child(event, referral).get(_SETTLED, ())


def _moved(
    event: ChallengeEvent, state: Item, told: NewUpdate, alert: Sequence[OpenedTask], referral: Referral
) -> News:
    """A challenge that goes on, as it stands now."""
    still_open = {**_child(event, referral).get(_OPEN, {}), event.challenge_id: state}
    children = {event.child_index: {_OPEN: still_open}}
    return News(details=_details(alert), children=children, updates=[told], tasks=alert)


def _details(alert: Sequence[OpenedTask]) -> dict[str, Any]:
    return {name: value for opened in alert for name, value in task_details(opened.task).items()}


def _without(event: ChallengeEvent, referral: Referral) -> dict[str, Any]:
    """What the child's item learns of one that has ended: by its id, what comes late is known as late."""
    child = _child(event, referral)
    still_open = {name: state for name, state in child[_OPEN].items() if name != event.challenge_id}
    return {_OPEN: still_open, _SETTLED: [*child.get(_SETTLED, ()), event.challenge_id]}


def _task_of(event: ChallengeEvent, referral: Referral) -> Item | None:
    """The manager's task about this challenge, open or done."""
    return referral.tasks.get(keys.task(TaskKind.CHECK_CHALLENGE, event.child_index, event.challenge_id))


def _alert(event: ChallengeEvent, since: datetime, occasion: Occasion, desk: IntakeDesk) -> OpenedTask:
    """Its time runs from the stage, or from now for one that is said to be reached later."""
    task = challenge_task(event.challenge_id, min(since, occasion.arrival.at), desk.clocks)
    return OpenedTask(event.child_index, occasion.referral.newest(event.child_index), task)


def _told(
    event: ChallengeEvent, at: datetime, state: Item, occasion: Occasion, desk: IntakeDesk
) -> NewUpdate:
    """To whoever challenged, and to all who were told the decision.

    A person finds a way to tell those of them whom no message may reach if it is to change; nobody is rung
    because somebody else's challenge went on.
    """
    referral, child = occasion.referral, event.child_index
    result = event.result if isinstance(event, ChallengeResolved) else None
    changes = result in _CHANGES_THE_DECISION
    is_changed = referral.newest(child) > state["dver"]
    others = told_of_the_decision(referral, child, desk.directory).without(state["raised_by"])
    hearers = whoever_challenged(state["raised_by"], referral, child, desk.directory).beside(
        others if changes and not is_changed else Hearers(others.recipients)
    )
    facts = UpdateFacts(
        happened_at=at,
        challenged_by=state["raised_by"],
        challenge_stage=state["stage"],
        challenge_result=result,
        changed_already=is_changed if changes else None,
    )
    about = About(Series.CHALLENGE, child, occasion.thread(event.challenge_id))
    return update(about, hearers, facts, occasion, desk)
