"""What becomes of each recipient: a delivery a channel, held or not, a suppression, or a call by a person."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import NewDelivery
from functions.adapters.registry.directory import Entry
from functions.domain.delivery import message_id
from functions.domain.entitlement import Entitlement, entitlement, in_mailbox, is_managed
from functions.domain.release import Verdict
from functions.domain.shown import to_be_pinned
from functions.domain.wording import TEMPLATE_VERSION
from functions.flows.planning.recipients import Recipient
from schemas.clocks import ClockPolicy
from schemas.codes import Addressee, Channel, HoldTrigger, Level, MessageType, Outcome
from schemas.entitlement import LoweredLevel
from schemas.notice import Pins


@dataclass(frozen=True, slots=True)
class Terms:
    """What the stage and the hub say about telling anybody; `today` in the UK decides what is verified."""

    managed_domains: tuple[str, ...]
    lowered: tuple[LoweredLevel, ...]
    today: date
    clocks: ClockPolicy


@dataclass(frozen=True, slots=True)
class Plan:
    """The deliveries, the recipients that read it in the hub's own system, and those that only a call
    reaches."""

    deliveries: tuple[NewDelivery, ...] = ()
    suppressed: tuple[Recipient, ...] = ()
    to_call: tuple[Recipient, ...] = ()
    on_child: tuple[HoldTrigger, ...] = ()
    """What holds the child, and so everybody."""

    @property
    def held_agencies(self) -> dict[str, tuple[HoldTrigger, ...]]:
        """By agency, what holds it alone: each is a task of its own."""
        held: dict[str, set[HoldTrigger]] = {}
        for delivery in self.deliveries:
            alone = set(delivery.held) - set(self.on_child)
            if alone:
                held.setdefault(delivery.key.agency_id, set()).update(alone)
        return {agency: tuple(sorted(triggers)) for agency, triggers in sorted(held.items())}


def plan(
    recipients: Iterable[Recipient],
    at: DeliveryKey,
    outcomes: Sequence[Outcome],
    verdict: Verdict,
    terms: Terms,
) -> Plan:
    """What becomes of each recipient of `outcomes`; `at` says of which referral, child and version.

    To be called: whoever is entitled to a message and has no channel, and whoever was told an earlier version
    or referred, and may be told nothing of this one.
    """
    deliveries: list[NewDelivery] = []
    suppressed, to_call = [], []
    for recipient in recipients:
        if recipient.entry.in_case_system:
            if entitled(recipient, outcomes, terms, managed=True).level is not Level.NOTHING:
                suppressed.append(recipient)
            continue
        new = list(_deliveries(recipient, at, outcomes, verdict, terms))
        deliveries += new
        if not new and _must_hear(recipient, outcomes, terms):
            to_call.append(recipient)
    return Plan(tuple(deliveries), tuple(suppressed), tuple(to_call), verdict.on_child)


def _must_hear(recipient: Recipient, outcomes: Sequence[Outcome], terms: Terms) -> bool:
    due = entitled(recipient, outcomes, terms, managed=True).level is not Level.NOTHING
    return due or recipient.told_before is not None


def _deliveries(
    recipient: Recipient, at: DeliveryKey, outcomes: Sequence[Outcome], verdict: Verdict, terms: Terms
) -> Iterator[NewDelivery]:
    """One per listed channel, at that mailbox's level; none for a level of nothing."""
    for channel in recipient.entry.channels:
        told = entitled(
            recipient, outcomes, terms, managed=is_trusted(recipient.entry, channel, terms.managed_domains)
        )
        if told.level is Level.NOTHING:
            continue
        key = replace(at, agency_id=recipient.agency_id, channel=channel, nonce=recipient.nonce)
        unverified = not recipient.entry.is_verified(channel, Addressee.ROLE_MAILBOX, terms.today)
        alone = verdict.on_agency.get(recipient.agency_id, ())
        yield NewDelivery(
            key=key,
            pins=pins_for(key, recipient, told),
            endpoint_version=recipient.entry.version,
            held=(*verdict.on_child, *alone, *((HoldTrigger.UNVERIFIED_ADDRESS,) if unverified else ())),
            watched_after_seconds=terms.clocks.fallback_after_seconds,
        )


def entitled(
    recipient: Recipient, outcomes: Sequence[Outcome], terms: Terms, *, managed: bool
) -> Entitlement:
    """How much of `outcomes` the recipient may be told where its mailbox is as `managed` says."""
    return entitlement(
        agency_type=recipient.entry.type,
        standing=recipient.standing,
        outcomes=outcomes,
        knows_the_child=recipient.own_ref is not None,
        mailbox_managed=managed,
        lowered=terms.lowered,
    )


def is_trusted(
    entry: Entry,
    channel: Channel,
    managed_domains: Sequence[str],
    addressee: Addressee = Addressee.ROLE_MAILBOX,
) -> bool:
    """Whether a whole message may go there: a system's endpoint, a managed mailbox, or the raised one."""
    if channel is Channel.WEBHOOK or (entry.mailbox_raised and addressee is Addressee.ROLE_MAILBOX):
        return True
    return is_managed(entry.address_for(addressee) or "", managed_domains)


def pins_for(
    key: DeliveryKey, recipient: Recipient, told: Entitlement, addressee: Addressee = Addressee.ROLE_MAILBOX
) -> Pins:
    """What is fixed for this recipient when its delivery is created."""
    return Pins(
        agency_id=key.agency_id,
        agency_type=recipient.entry.type,
        role=recipient.standing.role,
        channel=key.channel,
        level=told.level,
        message_type=MessageType.OUTCOME_REVISED if recipient.told_before else MessageType.OUTCOME,
        message_id=message_id(key.text),
        template_version=TEMPLATE_VERSION,
        own_ref=recipient.own_ref,
        notice_reason=told.notice_reason,
        addressee=addressee,
        told_before=recipient.told_before,
        duplicate=recipient.duplicate,
        shown_seq=to_be_pinned(key.seq, recipient.duplicate, recipient.told_before),
    )


def instead_by_email(
    webhook: DeliveryKey, item: dict[str, Any], entry: Entry, managed_domains: Sequence[str]
) -> NewDelivery:
    """The same notice to the agency's mailbox, where its webhook fails; never more than the mailbox may
    have."""
    return once_more(replace(webhook, channel=Channel.FALLBACK), item, entry, managed_domains)


def once_more(
    key: DeliveryKey, item: dict[str, Any], entry: Entry, managed_domains: Sequence[str]
) -> NewDelivery:
    """What the delivery `item` tells, under `key` and its channel; never more than its mailbox may have
    now."""
    planned = pins_of(item)
    managed = is_trusted(entry, key.channel, managed_domains, planned.addressee)
    told = in_mailbox(Entitlement(planned.level, planned.notice_reason), managed=managed)
    pins = planned.model_copy(
        update={
            "channel": key.channel,
            "level": told.level,
            "notice_reason": told.notice_reason,
            "message_id": message_id(key.text),
        }
    )
    return NewDelivery(key, pins, entry.version, held=(), watched_after_seconds=item["watched_after"])


def pins_of(item: dict[str, Any]) -> Pins:
    """The recipient's pins as a delivery keeps them."""
    kept = {name: item[name] for name in Pins.model_fields if name in item}
    absent = {name: None for name in ("own_ref", "notice_reason") if name not in item}
    return Pins.model_validate_json(
        json.dumps({**kept, **absent, "agency_id": item["agency"], "channel": item["chan"]})
    )


def listed(deliveries: Iterable[NewDelivery]) -> list[str]:
    """Agency, channel and level, as a row lists whom it is for; with the nonce, each names one delivery."""
    return [
        "#".join(
            (new.key.agency_id, new.key.channel, str(int(new.pins.level)), *filter(None, (new.key.nonce,)))
        )
        for new in deliveries
    ]
