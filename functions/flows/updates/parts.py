"""Who has a part in a child's plan: each hears what becomes of it, told of the decision or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Directory, Entry
from functions.domain.entitlement import Standing
from functions.domain.plans import is_live
from functions.domain.withdrawal import WITHDRAWN
from functions.domain.withholding import withheld_as
from functions.domain.wording.outcomes import FIXED
from functions.flows.planning.holds import linked_agencies
from functions.flows.planning.recipients import Recipient, looked_up
from functions.flows.updates.audience import (
    Hearers,
    is_reachable,
    is_stopped,
    outcomes_told,
    plan_agencies,
    told_of_the_decision,
)
from schemas.codes import Outcome, PlanStatus, Role


@dataclass(frozen=True, slots=True)
class Parts:
    """The agencies with a part in the plan, by id, and the references that an event gave for them."""

    agencies: tuple[str, ...]
    own_refs: Mapping[str, str] = field(default_factory=dict)


def live_parts(child: Item) -> Parts:
    """Those with a part in the plan as the child's item knows it; none where no plan is live."""
    status = PlanStatus(child.get("plan_status", PlanStatus.NONE))
    return Parts(plan_agencies(child) if is_live(status) else ())


def with_a_part(parts: Parts, referral: Referral, child: int, directory: Directory) -> Hearers:
    """Those who were told of the decision, as it was told to them, and the others as agencies involved.

    Of a duplicate nobody hears under its own reference.
    """
    if not parts.agencies or referral.children[child]["outcome"] == Outcome.DUP:
        return Hearers()
    entries = looked_up(parts.agencies, directory).entries
    agency_of = {name: entries[name].agency_id if name in entries else name for name in parts.agencies}
    told = told_of_the_decision(referral, child, directory).only(set(agency_of.values()))
    as_told = tuple(_with_a_reference(one, parts) for one in told.recipients)
    untold = {agency: name for name, agency in agency_of.items() if agency not in told.agencies}
    kept_from = _kept_from(untold, entries, referral, child)
    recipients = (
        _newly_told(entries[name], parts, referral, child)
        for agency, name in sorted(untold.items())
        if agency not in kept_from
    )
    return Hearers((*as_told, *recipients), tuple(sorted({*told.kept_from, *kept_from})))


def _with_a_reference(one: Recipient, parts: Parts) -> Recipient:
    """A reference that the event gave stands in where the decision had none; a duplicate's is of another
    referral."""
    if one.own_ref is not None or one.duplicate is not None:
        return one
    return replace(one, own_ref=parts.own_refs.get(one.agency_id))


def _newly_told(entry: Entry, parts: Parts, referral: Referral, child: int) -> Recipient:
    own_ref = parts.own_refs.get(entry.agency_id) or known_own_ref(entry.agency_id, referral, child)
    return Recipient(entry, Standing(Role.INVOLVED, holds_plan_role=True), own_ref=own_ref)


def known_own_ref(agency_id: str, referral: Referral, child: int) -> str | None:
    """The reference under which the agency was told anything of this child, the newest first."""
    items = sorted(_of_the_child(referral, child), key=_made_at)
    found = [item["own_ref"] for item in items if item["agency"] == agency_id and "own_ref" in item]
    return found[-1] if found else None


def _made_at(item: Item) -> str:
    return str(item["created_at"])


def _kept_from(
    untold: Mapping[str, str], entries: Mapping[str, Entry], referral: Referral, child: int
) -> set[str]:
    """Who must not hear of the plan from a machine, having heard nothing of the decision."""
    state = referral.children[child]
    if state.get("held") or WITHDRAWN in state or not FIXED.keys().isdisjoint(outcomes_told(state)):
        return set(untold)
    barred = {*linked_agencies(state), *_stopped(referral, child)}
    return {
        agency
        for agency, name in untold.items()
        if agency in barred or withheld_as(state, None, agency) or not is_reachable(entries.get(name))
    }


def _stopped(referral: Referral, child: int) -> Iterator[str]:
    """Those whose newest message about the child a person stopped, whatever it told, on each of its
    channels."""
    newest: dict[str, list[Item]] = {}
    for item in sorted(_of_the_child(referral, child), key=_made_at):
        items = newest.setdefault(item["agency"], [])
        if items and _made_at(items[0]) < _made_at(item):
            items.clear()
        items.append(item)
    for agency, items in newest.items():
        if all(map(is_stopped, items)):
            yield agency


def _of_the_child(referral: Referral, child: int) -> Iterator[Item]:
    """What told of this child under this referral, and not under a duplicate's."""
    return (item for item in referral.messages if item["child"] == child and "duplicate" not in item)
