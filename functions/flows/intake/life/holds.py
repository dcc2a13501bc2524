"""What the case system says of holds: one was ended there, or somebody decided not to tell all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from functions.adapters.ledger.records import OpenedTask, Referral
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.tasks import call_task
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, too_early
from functions.flows.planning.tasks import task_details
from functions.flows.planning.urgency import urgency_of
from functions.flows.releasing.held_now import allegation_waits, held_alone, held_deliveries, held_on_child
from functions.flows.releasing.order import NotReleasableError, Order
from functions.flows.releasing.release_hold import next_part
from functions.flows.updates.make import Occasion
from schemas.codes import NotReleasable, RefusalReason, ReleaseReason, TaskKind, WaitsFor
from schemas.lifecycle import Released, Withheld


@dataclass(frozen=True, slots=True)
class About:
    """Whose hold: the child's, or that of the one agency alone."""

    child: int
    agency_id: str | None


BESIDE = len(("the event's row", "its marker", "a new key", "what it waited as"))
"""What the event adds to a release's own transaction."""


def released(event: Released, occasion: Occasion, desk: IntakeDesk) -> News:
    """Ends the hold as `mash release` does, in the case system's name and the role of whoever did it there.

    What cannot be ended is a row that says why, and the manager's to look at: it is not tried again.
    """
    referral, child = occasion.referral, event.child_index
    agency_id = _agency_id(event.agency_id, referral, child, desk)
    if referral.newest(child) < event.decision_seq:
        return too_early(WaitsFor.DECISION)
    look = partial(_to_look, TaskKind.CHECK_RELEASE, About(child, agency_id), occasion, desk)
    if referral.newest(child) > event.decision_seq:
        return look({"not_releasable": NotReleasable.NEWER_DECISION.value})
    order = Order(
        ref=referral.ref,
        child=child,
        reason=event.reason,
        actor=f"{occasion.arrival.source}:{event.released_by}",
        request=occasion.cause,
        agency_id=agency_id,
        allegation=_means_the_allegation(event, referral),
    )
    try:
        release = next_part(order, referral, child, desk, beside=BESIDE)
    except NotReleasableError as exc:
        return look({"not_releasable": exc.code.value})
    return News(release=release)


def _agency_id(name: str | None, referral: Referral, child: int, desk: IntakeDesk) -> str | None:
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


def _means_the_allegation(event: Released, referral: Referral) -> bool:
    """An allegation beside other outcomes is held by itself, and ends with this one reason alone."""
    agreed = event.reason is ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER
    return agreed and event.agency_id is None and allegation_waits(referral, event.child_index)


def withheld(event: Withheld, occasion: Occasion, desk: IntakeDesk) -> News:
    """Recorded; the hold stays, with its task. Where nothing is held somebody looks: what left cannot be
    withheld, and what only its child's hold keeps back goes when that is ended."""
    referral, child = occasion.referral, event.child_index
    agency_id = _agency_id(event.agency_id, referral, child, desk)
    if referral.newest(child) < event.decision_seq:
        return too_early(WaitsFor.DECISION)
    said = _said_of_the_hold(event, agency_id, referral)
    if not said:
        return News()
    return _to_look(TaskKind.CHECK_WITHHELD, About(child, agency_id), occasion, desk, said)


def _said_of_the_hold(event: Withheld, agency_id: str | None, referral: Referral) -> dict[str, bool]:
    """Empty where the hold stands that keeps back what is withheld."""
    child = event.child_index
    if referral.newest(child) > event.decision_seq:
        return {"nothing_held": True}
    if agency_id is None:
        stands = held_on_child(referral, child) or allegation_waits(referral, child)
        return {} if stands else {"nothing_held": True}
    waiting = [item for item in held_deliveries(referral, child) if item["agency"] == agency_id]
    if not waiting:
        return {"nothing_held": True}
    return {} if held_alone(referral, waiting) else {"held_with_the_child": True}


def _to_look(
    kind: TaskKind, about: About, occasion: Occasion, desk: IntakeDesk, said: Mapping[str, str | bool]
) -> News:
    """The manager looks, as soon as the decision's own urgency asks."""
    referral, child = occasion.referral, about.child
    outcomes = urgency_of(referral.children[child]).outcomes
    task = call_task(kind, occasion.arrival.at, desk.clocks, outcomes=outcomes, agency_id=about.agency_id)
    opened = OpenedTask(child, referral.newest(child), task)
    return News(details={**said, **task_details(task)}, tasks=[opened])
