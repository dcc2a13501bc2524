"""What a decision leaves for people to do: calls that no message can make, gaps to look at, and what it
answers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.items import task_key
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import AcceptedDecision, Referral
from functions.adapters.ledger.store import Item
from functions.domain.series import outlives_decisions
from functions.domain.tasks import Task, call_task, divergence_tasks
from functions.flows.intake.audience import Audience
from functions.flows.intake.facts import Told
from functions.flows.intake.joins import about, answered
from functions.flows.releasing.held_now import held_deliveries
from schemas.clocks import ClockPolicy
from schemas.codes import Divergence, Role, TaskKind
from schemas.decision import Decision, DecisionRevised

_OF_ONE_VERSION = frozenset(
    {
        TaskKind.RELEASE_CHILD,
        TaskKind.RELEASE_AGENCY,
        TaskKind.RELEASE_ALLEGATION,
        TaskKind.CHECK_DIVERGENCE,
    }
)
"""Tasks that a newer version of the decision either renews or ends."""


def calls(told: Told, at: datetime, clocks: ClockPolicy) -> Iterator[Task]:
    """Whom a person must call: a referrer whom no message reaches, and agencies that only a call may tell.

    A duplicate's are called under the reference that they know.
    """
    outcomes = told.decision.outcomes
    called = {(agency, known_as or "") for agency, known_as in told.audience.gone}
    called |= {(recipient.agency_id, recipient.about or "") for recipient in told.planned.to_call}
    referrer = told.decision.referring_agency
    if referrer is None or not told.reaches(referrer.agency_id):
        called -= {(referrer.agency_id, "")} if referrer else set()
        yield call_task(TaskKind.CALL_REFERRER, at, clocks, outcomes=outcomes)
    if not told.waits and not told.told_as:
        for join in told.audience.joins:
            if join["public"]:
                yield call_task(TaskKind.CALL_REFERRER, at, clocks, outcomes=outcomes, about=about(join))
    for agency_id, known_as in sorted(called):
        yield call_task(
            TaskKind.CALL_AGENCY,
            at,
            clocks,
            outcomes=outcomes,
            agency_id=agency_id,
            about=known_as or None,
        )


def only_called(told: Told) -> Iterator[Item]:
    """Those whom no message reaches, each with the call that tells it: what follows is told to whoever was
    rung."""
    if told.told_as or told.waits:
        return
    child, referrer = told.decision.child_index, told.decision.referring_agency
    for one in told.planned.to_call:
        referred = referrer is not None and (one.agency_id, one.about) == (referrer.agency_id, None)
        kind = TaskKind.CALL_REFERRER if referred else TaskKind.CALL_AGENCY
        whom = () if referred else (one.agency_id, one.about)
        known: Item = {
            "agency": one.agency_id,
            "role": one.standing.role.value,
            "own_ref": one.own_ref,
            "duplicate": one.duplicate.model_dump(mode="json") if one.duplicate else None,
            "call": keys.task(kind, child, *whom),
        }
        yield {name: value for name, value in known.items() if value is not None}
    for agency_id, known_as in told.audience.gone:
        if known_as is None:
            call = keys.task(TaskKind.CALL_AGENCY, child, agency_id)
            yield {"agency": agency_id, "role": Role.INVOLVED.value, "call": call}


def looks(
    told: Told, referral: Referral, diverges: Sequence[Divergence], at: datetime, clocks: ClockPolicy
) -> Iterator[Task]:
    """What a manager must look at: a gap in the versions, duplicates that one message run cannot hold, and,
    with the police's own, a decision that parts from what the police recommend."""
    if first_seen_as_revision(told.decision, referral):
        yield call_task(TaskKind.CHECK_REVISION, at, clocks)
    if told.audience.left_out:
        yield call_task(TaskKind.CHECK_DUPLICATE, at, clocks)
    if diverges:
        yield from divergence_tasks(at, clocks)


def without_advice(new: AcceptedDecision) -> AcceptedDecision:
    """Without the tasks about the police's recommendation, where a transaction has no room for them: no
    decision is refused for these, and its row says where it diverges all the same."""
    kind = TaskKind.CHECK_DIVERGENCE
    return replace(
        new,
        tasks=[task for task in new.tasks if task.kind is not kind],
        facts=[fact for fact in new.facts if fact.details.get("task") != kind],
    )


def first_seen_as_revision(decision: Decision, referral: Referral) -> bool:
    """A revision of a version that never came: it is told all the same, and somebody asks what was missed."""
    if not isinstance(decision, DecisionRevised):
        return False
    return referral.newest(decision.child_index) != decision.supersedes


def answers(
    referral: Referral, child: int, opened: Sequence[Task], audience: Audience, referrer_waits: str
) -> list[str]:
    """Open tasks that this decision answers: holds of an older version, how that one diverged, and duplicates
    that waited for it.

    A call that is due stays due: only a person's word ends it. So does a hold that keeps back what is told
    beside decisions as well, or the acknowledgement of a referrer who is told no more than that.
    """
    renewed = {task_key(referral.pk, child, task).sk for task in opened}
    ended = [
        sk
        for sk, task in referral.open_tasks(child).items()
        if task["kind"] in _OF_ONE_VERSION
        and not _keeps_back_an_update(task, referral, child, referrer_waits)
    ]
    return [sk for sk in (*ended, *answered(referral, audience.joins)) if sk not in renewed]


def _keeps_back_an_update(task: Item, referral: Referral, child: int, referrer_waits: str) -> bool:
    """Whether its agency waits for something else, too, whose place this decision does not take."""
    return any(
        item["agency"] == task.get("agency")
        and outlives_decisions(DeliveryKey.of(item).series, referrer_waits=referrer_waits)
        for item in held_deliveries(referral, child)
    )
