"""Probation asks, and is answered: no referral and no child, so that nothing of one is known or counted."""

from dataclasses import replace
from datetime import datetime

from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Entry
from functions.domain.entitlement import Standing, usable_own_ref
from functions.domain.refusals import Refusal, RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, stale
from functions.flows.planning.police_form import NO_CHILD
from functions.flows.planning.recipients import Recipient
from functions.flows.updates.audience import Hearers
from functions.flows.updates.make import About, Occasion, update
from schemas.codes import RefusalReason, Role, Series
from schemas.entitlement import PUBLIC
from schemas.lifecycle import ProbationEnquiry
from schemas.notice import UpdateFacts


def probation_enquiry(event: ProbationEnquiry, occasion: Occasion, desk: IntakeDesk) -> News:
    """Told once it is answered, to whoever asked; raises RefusedError for one that the registry lacks.

    The enquiry's own item stands where a child's would: its answers are a series like any other.
    """
    entry = desk.directory.look_up([event.agency_id]).entries.get(event.agency_id)
    if entry is None:
        raise RefusedError(Refusal("agency_id", RefusalReason.UNKNOWN_AGENCY))
    before = occasion.referral.children.get(NO_CHILD, {})
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


def _answered_at(enquiry: Item) -> datetime:
    text = enquiry.get("answered_at")
    return datetime.fromisoformat(text) if text else _NEVER


_NEVER = datetime.fromisoformat("0001-01-01T00:00:00Z")


def _whoever_asked(event: ProbationEnquiry, entry: Entry) -> Hearers:
    """Somebody tells an agency to which no machine has a way."""
    if entry.type in PUBLIC or not (entry.channels or entry.in_case_system):
        return Hearers(kept_from=(entry.agency_id,))
    own_ref = usable_own_ref(event.own_ref, entry.own_ref_pattern)
    return Hearers((Recipient(entry, Standing(Role.REFERRER), own_ref=own_ref),))
