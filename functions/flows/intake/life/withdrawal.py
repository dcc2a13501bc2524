"""A decision was sent in error: nobody is told it any more, and whoever was hears that it does not count."""

from collections.abc import Iterator

from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.records import NewUpdate, OpenedTask, Referral
from functions.adapters.ledger.store import Item
from functions.domain.tasks import call_task
from functions.domain.withdrawal import WITHDRAWN
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, stale
from functions.flows.intake.life.of_a_version import Act, acted_on
from functions.flows.planning.tasks import task_details
from functions.flows.planning.urgency import urgency_of
from functions.flows.stopping import STOPPABLE, cancelled_fact, ended_holds
from functions.flows.updates.audience import Hearers, told_so_far
from functions.flows.updates.make import About, Occasion, update
from schemas.codes import ActReason, Outcome, Series, TaskKind, TaskState
from schemas.lifecycle import WithdrawnInError
from schemas.notice import UpdateFacts

_TOLD_BY_A_PERSON = frozenset({TaskKind.CALL_REFERRER, TaskKind.CALL_AGENCY})
_OF_THE_DECISION = frozenset({*_TOLD_BY_A_PERSON, TaskKind.RELEASE_CHILD, TaskKind.RELEASE_ALLEGATION})
_OF_A_MESSAGE = frozenset({TaskKind.CALL_UNTOLD, TaskKind.CALL_UNREAD})


def withdrawn(event: WithdrawnInError, occasion: Occasion, desk: IntakeDesk) -> News:
    """Only the newest version can be: an older one has been replaced, and whoever had it was told so.

    One that came before its decision was made is refused: nobody can have found an error in it, and it would
    silence a decision for everybody.
    """
    return acted_on(
        Act(event.child_index, event.decision_seq, "withdrawn_at", event.withdrawn_at),
        occasion,
        lambda: _withdrawn(event, occasion, desk),
    )


def _withdrawn(event: WithdrawnInError, occasion: Occasion, desk: IntakeDesk) -> News:
    """What one transaction does not take of the messages to be stopped refuses itself when it is claimed."""
    referral, child = occasion.referral, event.child_index
    newest = referral.newest(child)
    if newest > event.decision_seq or WITHDRAWN in referral.children[child]:
        return stale()
    hearers = told_so_far(referral, child, desk.directory)
    look = list(_to_look(hearers, child, occasion, desk))
    stopped = [item for item in referral.of_child(child) if item["st"] in STOPPABLE]
    return News(
        details={name: value for opened in look for name, value in task_details(opened.task).items()},
        children={child: {WITHDRAWN: newest, "calls": []}},
        updates=list(_told(event, hearers, occasion, desk)),
        tasks=look,
        stopped=[(item, _cancelled(item, occasion)) for item in stopped],
        over=[*_over(referral, child), *ended_holds(referral, stopped)],
    )


def _told(
    event: WithdrawnInError, hearers: Hearers, occasion: Occasion, desk: IntakeDesk
) -> Iterator[NewUpdate]:
    if hearers.recipients or hearers.kept_from:
        facts = UpdateFacts(happened_at=event.withdrawn_at)
        yield update(About(Series.WITHDRAWAL, event.child_index), hearers, facts, occasion, desk)


def _cancelled(item: Item, occasion: Occasion) -> Fact:
    source, reason = occasion.arrival.source, ActReason.DECIDED_IN_ERROR
    return cancelled_fact(item, actor=source, reason=reason, request=occasion.cause)


def _to_look(hearers: Hearers, child: int, occasion: Occasion, desk: IntakeDesk) -> Iterator[OpenedTask]:
    """Somebody must settle how those hear whom no message of ours told: by telephone, or with another
    referral's. The update has such a task of its own where it is kept from somebody."""
    referral = occasion.referral
    state = referral.children[child]
    by_a_person = any(
        task["kind"] in _TOLD_BY_A_PERSON and task["child"] == child and task["st"] == TaskState.DONE
        for task in referral.tasks.values()
    )
    if (by_a_person or state["outcome"] == Outcome.DUP) and not hearers.kept_from:
        task = call_task(
            TaskKind.CHECK_NOT_TOLD,
            occasion.arrival.at,
            desk.clocks,
            outcomes=urgency_of(state).outcomes,
            about=Series.WITHDRAWAL.value,
        )
        yield OpenedTask(child, referral.newest(child), task)


def _over(referral: Referral, child: int) -> Iterator[Item]:
    """The tasks that only the decision gave anybody: nobody need release it, nor ring about it."""
    for task in referral.open_tasks(child).values():
        about_a_decision = task["kind"] in _OF_A_MESSAGE and "about" not in task
        if task["kind"] in _OF_THE_DECISION or about_a_decision:
            yield task
