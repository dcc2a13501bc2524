"""A child's plan is another one, or led by another: told to whoever reads plans, and to whoever has a part in
it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Entry
from functions.domain.entitlement import entitlement, usable_own_ref
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.happening import (
    MOST_AHEAD,
    Happening,
    once_decided,
    telling,
    was_heard_of_since,
)
from functions.flows.intake.life.news import News
from functions.flows.planning.recipients import Recipient, looked_up
from functions.flows.updates.audience import (
    Hearers,
    outcomes_told,
    plan_agencies,
    told_of_the_decision,
)
from functions.flows.updates.make import Occasion
from functions.flows.updates.parts import Parts, with_a_part
from schemas.codes import Level, Outcome, RefusalReason, Series
from schemas.decision import Decision, NamedAgency
from schemas.hub_directory import HubDirectory
from schemas.lifecycle import PlanStatusChanged
from schemas.notice import UpdateFacts


def plan_changed(event: PlanStatusChanged, occasion: Occasion, desk: IntakeDesk) -> News:
    """The child learns the plan's status and who has a part in it.

    Raises RefusedError for an agency that the registry lacks, whether the event can be told yet or not.
    """
    what = Happening(Series.PLAN, event.child_index, "changed_at", event.changed_at)
    entries = _named(event, desk)
    return once_decided(what, occasion, lambda: _told(event, entries, what, occasion, desk))


def plan_as_decided(decision: Decision, before: Item, came_at: datetime) -> Item:
    """What the child's item learns of its plan from a decision: nothing, if a later change is known already.

    The newest word counts, by its own moment and not by when it came; one that lies too far ahead to be right
    hides no change for longer than that.
    """
    decided_at = min(decision.decided_at, came_at + MOST_AHEAD)
    if was_heard_of_since(decided_at, Series.PLAN, before):
        return {}
    return {
        "plan_decided_at": at_text(decided_at),
        "plan_status": decision.plan_status.value,
        "plan_agencies": [one.agency_id for one in decision.involved_agencies if one.holds_plan_role],
    }


def _named(event: PlanStatusChanged, desk: IntakeDesk) -> Mapping[str, Entry]:
    named = [one.agency_id for one in event.plan_agencies or ()]
    entries = looked_up(named, desk.directory).entries if named else {}
    for index, name in enumerate(named):
        if name not in entries:
            raise RefusedError(Refusal(f"plan_agencies.{index}.agency_id", RefusalReason.UNKNOWN_AGENCY))
    return entries


def _told(
    event: PlanStatusChanged,
    entries: Mapping[str, Entry],
    what: Happening,
    occasion: Occasion,
    desk: IntakeDesk,
) -> News:
    before = plan_agencies(occasion.referral.children[what.child])
    parts = Parts(before) if event.plan_agencies is None else _parts(event.plan_agencies, entries)
    in_it = with_a_part(parts, occasion.referral, what.child, desk.directory)
    facts = UpdateFacts(
        happened_at=event.changed_at,
        plan_status=event.plan_status,
        lead_role=event.lead_role,
        lead_team_code=event.lead_team_code,
    )
    learnt = {"plan_status": event.plan_status.value, "plan_agencies": list(parts.agencies)}
    hearers = in_it.beside(_readers(before, what, occasion, desk))
    return telling(what.about, hearers, facts, occasion, desk, learnt=learnt)


def _parts(named: Iterable[NamedAgency], entries: Mapping[str, Entry]) -> Parts:
    """Each agency once, whichever of its names was used; a reference that must not be repeated is left
    out."""
    own_refs: dict[str, str | None] = {}
    for one in named:
        entry = entries[one.agency_id]
        usable = usable_own_ref(one.own_ref, entry.own_ref_pattern)
        own_refs[entry.agency_id] = own_refs.get(entry.agency_id) or usable
    return Parts(tuple(own_refs), {agency: ref for agency, ref in own_refs.items() if ref})


def _readers(before: Collection[str], what: Happening, occasion: Occasion, desk: IntakeDesk) -> Hearers:
    """Of those who were told of the decision, the ones that read plans, or had a part in this one."""
    told = told_of_the_decision(occasion.referral, what.child, desk.directory)
    outcomes = outcomes_told(occasion.referral.children[what.child])
    readers = (
        one for one in told.recipients if one.agency_id in before or _reads_plans(one, outcomes, occasion.hub)
    )
    return Hearers(tuple(readers), told.kept_from)


def _reads_plans(one: Recipient, outcomes: Sequence[Outcome], hub: HubDirectory) -> bool:
    """By its kind, whatever its mailbox may have: what may not be written is for it to hear by phone."""
    by_kind = entitlement(
        agency_type=one.entry.type,
        standing=one.standing,
        outcomes=outcomes,
        knows_the_child=True,
        mailbox_managed=True,
        lowered=hub.lowered,
    )
    return by_kind.level is Level.PLAN
