"""The messages that a release itself makes: a notice to a safeguarding lead, and an allegation's sentence."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Release
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Arrival, NewDelivery, NewNotice, Referral
from functions.adapters.ledger.store import MOST_PARTS, Item
from functions.adapters.registry.directory import Entry
from functions.domain.clock import uk_day
from functions.domain.entitlement import Entitlement, Standing
from functions.domain.record import uid
from functions.domain.release import Verdict
from functions.domain.series import is_of_an_update
from functions.domain.withholding import withheld_as
from functions.flows.desk import ReleaseDesk
from functions.flows.planning.deliveries import Plan, Terms, listed, pins_for, pins_of, plan
from functions.flows.planning.holds import Hold, agency_holds, is_linked, linked_agencies
from functions.flows.planning.notices import opened, sealed
from functions.flows.planning.police_form import check_of
from functions.flows.planning.recipients import Recipient
from functions.flows.releasing.held_now import (
    allegation_waits,
    held_alone,
    held_deliveries,
    held_on_child,
    nothing_held,
)
from functions.flows.releasing.order import NotReleasableError, Order, require_fitting_reason
from schemas.codes import (
    Addressee,
    AuditKind,
    Channel,
    HoldTrigger,
    Level,
    NoticeReason,
    NotReleasable,
    Outcome,
    Role,
    TaskKind,
)
from schemas.notice import FrozenNotice

_FOR_EACH_REFERRAL = len(("row", "delivery")) * len((Channel.EMAIL, Channel.WEBHOOK)) + len(("notice", "new"))
_OF_AN_EVENT = len(("its row", "its marker", "a new key", "what it waited as"))
_BESIDE = len(("row", "head", "child", "task")) + _OF_AN_EVENT
MOST_TO_THE_LEAD = (MOST_PARTS - _BESIDE) // _FOR_EACH_REFERRAL
"""Of how many referrals one transaction can put a notice to a lead in the place of what was held."""


def to_the_lead(
    order: Order, referral: Referral, items: Sequence[Item], entry: Entry, desk: ReleaseDesk
) -> Release:
    """A notice to the one safeguarding lead takes the place of what the shared mailbox would have had.

    One for each referral that the agency made: a duplicate's reader knows that one by its own reference.
    What waited beside the decision is stopped, and has no notice of its own: the lead rings. Partial where
    they are more than one transaction takes.
    """
    today, child = uk_day(desk.now()), items[0]["child"]
    if entry.lead_address is None or not entry.is_verified(Channel.EMAIL, Addressee.SAFEGUARDING_LEAD, today):
        raise NotReleasableError(
            NotReleasable.NO_SAFEGUARDING_LEAD,
            f"The registry lists no verified safeguarding lead for {entry.agency_id}, and its shared mailbox "
            "must not have this. Call the lead, or add [agency.safeguarding_lead] and release again.",
        )
    notice = _notice_now(order, referral, child, desk)
    held = held_on_child(referral, child)
    waiting = _told_together(item for item in items if held_alone(referral, [item]))
    taken = waiting[:MOST_TO_THE_LEAD]
    cancelled = [item for messages in taken for item in messages]
    told = [item for *_, item in taken if DeliveryKey.of(item).series is None]
    new = [_for_the_lead(order, item, entry, held) for item in told]
    fact = released_fact(order, referral, child, held_alone(referral, cancelled))
    kept, fact = _kept_beside(fact, notice, new, referral, desk)
    return Release(
        child=child,
        seq=referral.newest(child),
        facts=[fact, *(_cancelled(order, item) for item in cancelled)],
        cancelled=cancelled,
        notices=kept,
        deliveries=new,
        is_partial=len(taken) < len(waiting),
    )


def _told_together(items: Iterable[Item]) -> list[list[Item]]:
    """An agency on two channels reads one referral twice; its lead needs one notice of it.

    What is told beside decisions comes first: it must not be left when nothing else is held.
    """
    found = defaultdict[str, list[Item]](list)
    for item in items:
        found[DeliveryKey.of(item).nonce].append(item)
    return [found[nonce] for nonce in sorted(found, key=is_of_an_update, reverse=True)]


def _for_the_lead(order: Order, item: Item, entry: Entry, held: tuple[HoldTrigger, ...]) -> NewDelivery:
    """The notice in the place of `item`: to the same reader, of the same referral, by its own reference."""
    stood, as_planned = DeliveryKey.of(item), pins_of(item)
    key = replace(stood, channel=Channel.EMAIL, nonce=_nonce("L", order, stood.nonce, stood.agency_id))
    recipient = Recipient(
        entry,
        Standing(as_planned.role),
        own_ref=as_planned.own_ref,
        told_before=as_planned.told_before,
        duplicate=as_planned.duplicate,
    )
    told = Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)
    pins = pins_for(key, recipient, told, Addressee.SAFEGUARDING_LEAD)
    return NewDelivery(key, pins, entry.version, held, item["watched_after"])


def _cancelled(order: Order, item: Item) -> Fact:
    """The message that would have gone to the shared mailbox never will."""
    key = DeliveryKey.of(item)
    details = {**keys.which(key), "reason": HoldTrigger.STAFF_LINK.value}
    identity = uid(AuditKind.CANCELLED, order.request, key.sk)
    return Fact(AuditKind.CANCELLED, identity, order.actor, order.request, details, agency_id=key.agency_id)


def allegation(order: Order, referral: Referral, child: int, desk: ReleaseDesk) -> Release:
    """The fixed sentence about the allegation, to whoever may have it of those the decision is for.

    Never to an agency whose staff are linked: it may be the accused's employer; nor to one from which the
    decision is withheld. What else holds a recipient,
    or the child, holds this as well.
    """
    if not allegation_waits(referral, child):
        raise nothing_held(referral, order)
    require_fitting_reason(order, (HoldTrigger.LADO,), (Outcome.LAD,))
    seq, nonce = referral.newest(child), _nonce("A", order, referral.pk, str(child))
    notice = _notice_now(order, referral, child, desk).model_copy(update=_LAD_ALONE)
    at = DeliveryKey(referral.ref, child, seq, "", Channel.EMAIL, nonce)
    verdict = Verdict(
        sent=(Outcome.LAD,),
        on_child=held_on_child(referral, child),
        on_agency=_still_held(referral, child),
        allegation_beside=False,
    )
    lowered = desk.directory.look_up([]).hub.lowered
    terms = Terms(desk.managed_domains, lowered, uk_day(desk.now()), desk.clocks)
    recipients = [replace(one, nonce=nonce) for one in _of_the_decision(referral, child, desk)]
    planned = plan(recipients, at, (Outcome.LAD,), verdict, terms)
    fact = released_fact(order, referral, child, (HoldTrigger.LADO,))
    kept, fact = _kept_beside(fact, notice, planned.deliveries, referral, desk)
    holds = _new_holds(planned, referral, child, desk)
    arrival = Arrival(order.request, desk.now(), order.actor)
    return Release(
        child=child,
        seq=seq,
        facts=[fact, *(hold.fact(at, order.request, arrival) for hold in holds)],
        notices=kept,
        deliveries=planned.deliveries,
        tasks=[hold.task for hold in holds],
    )


def _new_holds(planned: Plan, referral: Referral, child: int, desk: ReleaseDesk) -> list[Hold]:
    """The holds on single recipients that are nobody's task yet."""
    standing = {
        task["agency"]
        for task in referral.open_tasks(child).values()
        if task["kind"] == TaskKind.RELEASE_AGENCY
    }
    holds = agency_holds(planned, (Outcome.LAD,), desk.now(), desk.clocks)
    return [hold for hold in holds if hold.task.agency_id not in standing]


_LAD_ALONE: dict[str, Any] = {
    "outcome": Outcome.LAD,
    "additional": (),
    "reason_codes": (),
    "support_codes": (),
    "next_step_codes": (),
}


def _of_the_decision(referral: Referral, child: int, desk: ReleaseDesk) -> Iterator[Recipient]:
    newest = referral.newest(child)
    of_newest = [item for item in referral.of_child(child) if item["dver"] == newest]
    linked = {item["agency"] for item in of_newest if is_linked(item)}
    linked |= set(linked_agencies(referral.children[child]))
    items = {
        item["agency"]: item
        for item in of_newest
        if "duplicate" not in item
        and item["agency"] not in linked
        and withheld_as(referral.children[child], None, item["agency"]) is None
    }
    for agency_id, entry in sorted(desk.directory.look_up(items).entries.items()):
        item = items[agency_id]
        yield Recipient(entry, Standing(Role(item["role"])), own_ref=item.get("own_ref"))


def _still_held(referral: Referral, child: int) -> dict[str, tuple[HoldTrigger, ...]]:
    """By agency, what a person must still end before it may have anything; an address is asked about anew."""
    by_agency = defaultdict[str, list[Item]](list)
    for item in held_deliveries(referral, child):
        by_agency[item["agency"]].append(item)
    held = {agency_id: set(held_alone(referral, items)) for agency_id, items in by_agency.items()}
    anew = {HoldTrigger.UNVERIFIED_ADDRESS}
    return {agency_id: tuple(sorted(triggers - anew)) for agency_id, triggers in held.items()}


def _nonce(letter: str, order: Order, *about: str) -> str:
    return f"{letter}{uid(order.request, *about)[:8]}"


def _notice_now(order: Order, referral: Referral, child: int, desk: ReleaseDesk) -> FrozenNotice:
    """A message made by the release has today's police check."""
    key, _ = desk.key_for(referral.pk)
    notice = opened(referral, keys.notice(child, referral.newest(child)), key)
    if notice is None:
        raise NotReleasableError(
            NotReleasable.UNREADABLE, f"The decision of {order.ref} cannot be read any more."
        )
    return notice.model_copy(update={"police_form": check_of(referral, child, key, desk, desk.now())})


def _kept_beside(
    fact: Fact, notice: FrozenNotice, new: Sequence[NewDelivery], referral: Referral, desk: ReleaseDesk
) -> tuple[list[NewNotice], Fact]:
    """The notice of each new message, sealed beside the RELEASED row, which lists whom they are for."""
    key, _ = desk.key_for(referral.pk)
    kept = sealed(notice, fact.uid, referral.pk, key, desk.vault)
    made = {
        "outcome": notice.outcome.value,
        "recipients": listed(new),
        "cipher": kept.cipher,
        "ra": notice.police_form.status.value,
    }
    notices = [NewNotice(sk, kept) for sk in dict.fromkeys(one.key.notice_sk for one in new)]
    return notices, replace(fact, details={**fact.details, **made})


def released_fact(order: Order, referral: Referral, child: int, triggers: Sequence[HoldTrigger]) -> Fact:
    """The RELEASED row: which hold, by whom and why. Where it stands tells the rows of a release in parts
    apart."""
    details = {
        "child": child,
        "dver": referral.newest(child),
        "triggers": [trigger.value for trigger in triggers],
        "held_agency": order.agency_id,
        "outcome": Outcome.LAD.value if order.allegation else None,
        "reason": order.reason.value,
        "task": order.task.value,
    }
    identity = uid(AuditKind.RELEASED, order.request, str(referral.tip.seq))
    return Fact(AuditKind.RELEASED, identity, order.actor, order.request, details)
