"""Probation asks, and is answered: no referral and no child, so that nothing of one is known or counted."""

from dataclasses import replace
from datetime import datetime

from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Directory, Entry
from functions.domain.entitlement import Standing, usable_own_ref
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, stale
from functions.flows.planning.police_form import NO_CHILD
from functions.flows.planning.recipients import Recipient
from functions.flows.updates.audience import Hearers, is_reachable
from functions.flows.updates.make import About, Occasion, update
from schemas.codes import AgencyType, RefusalReason, Role, Series
from schemas.lifecycle import ProbationEnquiry
from schemas.notice import UpdateFacts


def probation_enquiry(event: ProbationEnquiry, occasion: Occasion, desk: IntakeDesk) -> News:
    """Told once it is answered, to the agency that asked and to no other; raises RefusedError where the event
    names another, or one that is no probation service.

    The enquiry's own item stands where a child's would: its answers are a series like any other.
    """
    before = occasion.referral.children.get(NO_CHILD, {})
    entry = _asking(event, before, desk.directory)
    learnt: Item = {"received_at": at_text(event.received_at), "asked_by": entry.agency_id}
    if event.answer is None or event.answered_at is None:
        return stale() if before else News(children={NO_CHILD: learnt})
    if event.answered_at <= _answered_at(before):
        return stale()
    learnt |= {"answer": event.answer.value, "answered_at": at_text(event.answered_at)}
    referral = replace(occasion.referral, children={NO_CHILD: {**before, **learnt}})
    told = update(
        About(Series.PROBATION_ENQUIRY, NO_CHILD),
        _whoever_asked(event, entry),
        UpdateFacts(happened_at=event.answered_at, enquiry_answer=event.answer),
        replace(occasion, referral=referral),
        desk,
    )
    return News(children={NO_CHILD: learnt}, updates=[told])


def _asking(event: ProbationEnquiry, before: Item, directory: Directory) -> Entry:
    """The agency that the event names, if it may be answered; by whichever of its names it asked."""
    first = before.get("asked_by", event.agency_id)
    entries = directory.look_up({event.agency_id, first}).entries
    entry, asked = (entries.get(name) for name in (event.agency_id, first))
    if entry is None:
        raise _refused(RefusalReason.UNKNOWN_AGENCY)
    if entry.type is not AgencyType.PROBATION:
        raise _refused(RefusalReason.NOT_PROBATION)
    if asked is None or asked.agency_id != entry.agency_id:
        raise _refused(RefusalReason.NOT_WHO_ASKED)
    return entry


def _refused(reason: RefusalReason) -> RefusedError:
    return RefusedError(Refusal("agency_id", reason))


def _answered_at(enquiry: Item) -> datetime:
    text = enquiry.get("answered_at")
    return datetime.fromisoformat(text) if text else _NEVER


_NEVER = datetime.fromisoformat("0001-01-01T00:00:00Z")


def _whoever_asked(event: ProbationEnquiry, entry: Entry) -> Hearers:
    """Somebody tells an agency to which no machine has a way."""
    if not is_reachable(entry):
        return Hearers(kept_from=(entry.agency_id,))
    own_ref = usable_own_ref(event.own_ref, entry.own_ref_pattern)
    return Hearers((Recipient(entry, Standing(Role.REFERRER), own_ref=own_ref),))
