"""The MASH has seen a referral: whoever made it is told, and partners are asked what they know."""

from collections.abc import Iterator
from datetime import datetime

from functions.adapters.ledger.records import NewUpdate, Referral
from functions.adapters.ledger.store import Item
from functions.domain.bounds import MOST_ASKED
from functions.domain.due import decision_due_at
from functions.domain.entitlement import Standing
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.series import REFERRER_WAITS, matters_in, thread_of
from functions.domain.tasks import or_sooner
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, too_early
from functions.flows.planning.recipients import Recipient, looked_up
from functions.flows.updates.audience import Hearers, named
from functions.flows.updates.make import About, Occasion, update
from schemas.codes import Rag, RefusalReason, Role, Series, WaitsFor
from schemas.lifecycle import Acknowledged
from schemas.notice import UpdateFacts


def acknowledged(event: Acknowledged, occasion: Occasion, desk: IntakeDesk) -> News:
    """An acknowledgement for each child of which its referrer was told no outcome yet, and a request to each
    agency that is asked about one that is not decided.

    Raises RefusedError for an agency that the registry lacks, a child that the referral does not list, or
    more agencies than are asked about any child.
    """
    referral = occasion.referral
    if "received_at" not in referral.head:
        return too_early(WaitsFor.REFERRAL)
    undecided = [child for child in sorted(referral.children) if not referral.newest(child)]
    updates = [
        *_to_the_referrer(event, occasion, desk),
        *_to_partners(event, undecided, occasion, desk),
    ]
    decided = referral.children.keys() - set(undecided)
    return News(
        details={
            "already_decided": sorted(decided) or None,
            "outcome_held": sorted(decided & {one.child for one in updates}) or None,
        },
        head={"rag": event.rag.value} if event.rag else {},
        children={child: {"rag": event.rag.value} for child in undecided} if event.rag else {},
        updates=updates,
    )


def _to_the_referrer(event: Acknowledged, occasion: Occasion, desk: IntakeDesk) -> Iterator[NewUpdate]:
    """Once: a second acknowledgement would promise another time. Where the outcome is held it goes all the
    same, or by its not coming the hold would show (domain section 6.3)."""
    referral = occasion.referral
    hearers = Hearers(tuple(_referrer(referral, desk)))
    facts = UpdateFacts(happened_at=event.acknowledged_at, due_at=_decided_by(event, referral, desk))
    for child in sorted(referral.children):
        if _is_to_hear(hearers, child, referral) and not referral.newest(child, Series.ACKNOWLEDGEMENT):
            yield update(About(Series.ACKNOWLEDGEMENT, child), hearers, facts, occasion, desk)


def _is_to_hear(hearers: Hearers, child: int, referral: Referral) -> bool:
    """Whether it is told, or may be told soon, no outcome that says more."""
    waits = referral.children[child].get(REFERRER_WAITS)
    return bool(hearers.recipients) and (not referral.newest(child) or waits in hearers.agencies)


def _referrer(referral: Referral, desk: IntakeDesk) -> Iterator[Recipient]:
    """The referring agency as the referral's arrival named it; the public are rung by people."""
    agency_id = referral.head.get("referrer")
    entry = desk.directory.look_up([agency_id]).entries.get(agency_id) if agency_id else None
    if entry is not None:
        yield Recipient(entry, Standing(Role.REFERRER), own_ref=referral.head.get("referrer_ref"))


def _decided_by(event: Acknowledged, referral: Referral, desk: IntakeDesk) -> datetime | None:
    """By when the MASH decides, if it has said how urgent the referral is."""
    rag = event.rag or (Rag(referral.head["rag"]) if referral.head.get("rag") else None)
    if rag is None:
        return None
    received_at = datetime.fromisoformat(referral.head["received_at"])
    return or_sooner(lambda: decision_due_at(received_at, rag, desk.clocks), received_at)


def _to_partners(
    event: Acknowledged, undecided: list[int], occasion: Occasion, desk: IntakeDesk
) -> Iterator[NewUpdate]:
    asked = event.asked_to_contribute
    entries = looked_up([one.agency_id for one in asked], desk.directory).entries if asked else {}
    for index, one in enumerate(asked):
        if one.agency_id not in entries:
            raise RefusedError(
                Refusal(f"asked_to_contribute.{index}.agency_id", RefusalReason.UNKNOWN_AGENCY)
            )
        if one.child_index not in occasion.referral.children:
            raise RefusedError(
                Refusal(f"asked_to_contribute.{index}.child_index", RefusalReason.UNKNOWN_CHILD)
            )
    facts = UpdateFacts(happened_at=event.acknowledged_at, due_at=event.contribute_by)
    for child in undecided:
        hearers = Hearers(tuple(named((one for one in asked if one.child_index == child), entries)))
        _refuse_too_many(hearers, occasion.referral.children[child])
        if hearers.recipients:
            yield update(About(Series.CONTRIBUTION, child), hearers, facts, occasion, desk)


def _refuse_too_many(hearers: Hearers, child: Item) -> None:
    known = matters_in(Series.CONTRIBUTION, child)
    if len(known.union(map(thread_of, hearers.agencies))) > MOST_ASKED:
        raise RefusedError(Refusal("asked_to_contribute", RefusalReason.TOO_MANY))
