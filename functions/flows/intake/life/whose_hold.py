"""Whose hold an event of the case system is about, and that somebody must look at it."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.adapters.ledger.records import OpenedTask, Referral
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.tasks import call_task
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News
from functions.flows.planning.tasks import task_details
from functions.flows.planning.urgency import urgency_of
from functions.flows.updates.make import Occasion
from schemas.codes import RefusalReason, TaskKind


@dataclass(frozen=True, slots=True)
class About:
    """Whose hold: the child's, or that of the one agency alone."""

    child: int
    agency_id: str | None


def agency_id_of(name: str | None, referral: Referral, child: int, desk: IntakeDesk) -> str | None:
    """The agency by its id; one that has left the registry is known by what it was to be told.

    Raises RefusedError for a name that nobody knows.
    """
    if name is None:
        return None
    entry = desk.directory.look_up([name]).entries.get(name)
    if entry is not None:
        return entry.agency_id
    if not any(item["agency"] == name for item in referral.of_child(child)):
        raise RefusedError(Refusal("agency_id", RefusalReason.UNKNOWN_AGENCY))
    return name


def to_look(
    kind: TaskKind, about: About, occasion: Occasion, desk: IntakeDesk, said: Mapping[str, str | bool]
) -> News:
    """The manager looks, as soon as the decision's own urgency asks."""
    referral, child = occasion.referral, about.child
    outcomes = urgency_of(referral.children[child]).outcomes
    task = call_task(kind, occasion.arrival.at, desk.clocks, outcomes=outcomes, agency_id=about.agency_id)
    opened = OpenedTask(child, referral.newest(child), task)
    return News(details={**said, **task_details(task)}, tasks=[opened])
