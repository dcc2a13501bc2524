"""Everybody one decision is for: those it names, those added by rule, those told before, those who joined."""

from dataclasses import dataclass

from functions.adapters.directory import Listing
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.vault import DataKey
from functions.flows.desk import IntakeDesk
from functions.flows.joins import as_recipient, joined
from functions.flows.recipients import (
    Recipient,
    carried_over,
    missing_for_unborn,
    named_in,
    refuse_too_many,
    told_earlier_and_not_named,
    with_memory,
)
from schemas.decision import Decision


@dataclass(frozen=True, slots=True)
class Known:
    """What is already known of a decision's referral; `new_key` is its wrapped key if made just now."""

    referral: Referral
    key: DataKey
    new_key: bytes | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Audience:
    """`gone` were told an earlier version and left the registry since; `joins` wait here as duplicates."""

    recipients: tuple[Recipient, ...]
    gone: tuple[str, ...]
    joins: tuple[Item, ...]


def audience_of(decision: Decision, listing: Listing, known: Known, desk: IntakeDesk) -> Audience:
    """Raises RefusedError if that is more than one transaction can tell."""
    referral, child = known.referral, decision.child_index
    named = named_in(decision, listing.entries)
    if decision.unborn:
        services = desk.directory.look_up(listing.unborn).entries
        named = (*named, *missing_for_unborn(named, services.values()))
    ids = {recipient.agency_id for recipient in named}
    earlier = told_earlier_and_not_named(referral, child, decision.decision_seq, ids)
    joins = joined(referral, child, desk)
    entries = desk.directory.look_up({*earlier, *(join["agency"] for join in joins)}).entries
    beside = [
        *(carried_over(item, entries[agency]) for agency, item in earlier.items() if agency in entries),
        *(
            as_recipient(join, entries[join["agency"]])
            for join in joins
            if join["agency"] in entries and join["agency"] not in ids | earlier.keys()
        ),
    ]
    recipients = tuple(with_memory((*named, *beside), referral, decision, known.key))
    refuse_too_many(recipients)
    return Audience(
        recipients=recipients,
        gone=tuple(agency for agency in earlier if agency not in entries),
        joins=tuple(joins),
    )
