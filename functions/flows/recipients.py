"""Whom one decision names, as the registry knows them, and the deliveries that come of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from functions.adapters.directory import Directory, Entry
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import NewDelivery
from functions.domain.delivery import message_id
from functions.domain.entitlement import Entitlement, Standing, entitlement, is_managed, usable_own_ref
from functions.domain.refusals import Refusal
from functions.domain.release import Verdict
from functions.domain.wording import TEMPLATE_VERSION
from functions.flows.arrivals import RefusedError
from schemas.codes import Channel, HoldCode, Level, MessageType, Outcome, RefusalReason, Role
from schemas.decision import Decided, InvolvedAgency, NamedAgency
from schemas.notice import Pins


@dataclass(frozen=True, slots=True)
class Recipient:
    """An agency the decision names; `own_ref_unusable` if it gave a reference that must not be repeated."""

    entry: Entry
    role: Role
    holds_plan_role: bool
    own_ref: str | None
    own_ref_unusable: bool


def recipients_of(decision: Decided, directory: Directory) -> tuple[Recipient, ...]:
    """Each named agency once, the referrer first; raises RefusedError for one that the registry lacks."""
    named = tuple(_named(decision))
    entries = directory.find(agency.agency_id for _, agency, _ in named)
    for field, agency, _ in named:
        if agency.agency_id not in entries:
            raise RefusedError(Refusal(field, RefusalReason.UNKNOWN_AGENCY))
    plan_roles = {agency.agency_id for agency in decision.involved_agencies if agency.holds_plan_role}
    return tuple(_recipient(entries[agency.agency_id], agency, role, plan_roles) for _, agency, role in named)


def _named(decision: Decided) -> Iterator[tuple[str, NamedAgency | InvolvedAgency, Role]]:
    """Field, agency and role; an involved agency that also referred is told as the referrer, once."""
    referrer = decision.referring_agency
    if referrer is not None:
        yield "referring_agency.agency_id", referrer, Role.REFERRER
    for index, agency in enumerate(decision.involved_agencies):
        if referrer is None or agency.agency_id != referrer.agency_id:
            yield f"involved_agencies.{index}.agency_id", agency, Role.INVOLVED


def _recipient(entry: Entry, named: NamedAgency, role: Role, plan_roles: set[str]) -> Recipient:
    usable = usable_own_ref(named.own_ref, entry.own_ref_pattern)
    return Recipient(
        entry=entry,
        role=role,
        holds_plan_role=entry.agency_id in plan_roles,
        own_ref=usable,
        own_ref_unusable=named.own_ref is not None and usable is None,
    )


def deliveries_for(
    decision: Decided, recipients: Sequence[Recipient], verdict: Verdict, managed_domains: Sequence[str]
) -> Iterator[NewDelivery]:
    """One delivery per recipient and listed channel, at that mailbox's level; none for a level of nothing."""
    for recipient in recipients:
        for channel in recipient.entry.channels:
            told = _told(recipient, channel, verdict.sent, managed_domains)
            if told.level is not Level.NOTHING:
                key = _key(decision, recipient, channel)
                yield NewDelivery(
                    key=key,
                    pins=_pins(key, recipient, told),
                    endpoint_version=recipient.entry.version,
                    held=_held_for(recipient, verdict),
                )


def _told(
    recipient: Recipient, channel: Channel, sent: Sequence[Outcome], managed_domains: Sequence[str]
) -> Entitlement:
    entry = recipient.entry
    return entitlement(
        agency_type=entry.type,
        standing=Standing(recipient.role, holds_plan_role=recipient.holds_plan_role),
        outcomes=sent,
        knows_the_child=recipient.own_ref is not None,
        mailbox_managed=channel is Channel.WEBHOOK
        or entry.mailbox_raised
        or is_managed(entry.address or "", managed_domains),
    )


def _held_for(recipient: Recipient, verdict: Verdict) -> tuple[HoldCode, ...]:
    return verdict.on_child + verdict.on_agency.get(recipient.entry.agency_id, ())


def _key(decision: Decided, recipient: Recipient, channel: Channel) -> DeliveryKey:
    return DeliveryKey(
        ref=decision.referral_ref,
        child=decision.child_index,
        seq=decision.decision_seq,
        agency_id=recipient.entry.agency_id,
        channel=channel,
    )


def _pins(key: DeliveryKey, recipient: Recipient, told: Entitlement) -> Pins:
    return Pins(
        agency_id=key.agency_id,
        agency_type=recipient.entry.type,
        role=recipient.role,
        channel=key.channel,
        level=told.level,
        message_type=MessageType.OUTCOME,
        message_id=message_id(key.text),
        template_version=TEMPLATE_VERSION,
        own_ref=recipient.own_ref,
        notice_reason=told.notice_reason,
    )
