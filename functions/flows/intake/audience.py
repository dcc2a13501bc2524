"""Everybody one decision is for: those it names, those added by rule, those told before, those who joined."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import MOST_PARTS, Item
from functions.adapters.registry.directory import Entry, Listing
from functions.adapters.vault import DataKey
from functions.domain.release import OpenHolds
from functions.flows.desk import IntakeDesk
from functions.flows.intake.earlier import (
    OwnReferral,
    Source,
    renamed,
    told_agencies,
    told_before,
)
from functions.flows.intake.joins import agencies_in, joined, members_of, places
from functions.flows.planning.holds import still_open
from functions.flows.planning.recipients import (
    MOST_RECIPIENTS,
    Recipient,
    carried_over,
    looked_up,
    missing_for_unborn,
    named_in,
    refuse_too_many,
)
from schemas.codes import Outcome
from schemas.decision import Decision

_PARTS_BESIDE_RECIPIENTS = 21
"""Head, event, child, key, decision, check and notice; with a row each: holds of the child and an allegation,
a call, and looks at a gap, at duplicates and, by two managers, at the police's recommendation."""
_PARTS_OF_A_HOLD = 2
_PARTS_OF_A_JOIN = 4
"""Its notice or join, the task that it answers, and a call of a referrer of the public."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is already known of a decision's referral; `new_key` is its wrapped key if made just now."""

    referral: Referral
    key: DataKey
    new_key: bytes | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Audience:
    """`gone` left the registry and must be told all the same, each with the reference it knows.

    `joins` are the duplicates whose recipients are among `recipients`, `left_out` those that do not fit into
    the transaction; `places` are the referrals of which this child is or ever was a duplicate, `before`
    what was held.
    """

    recipients: tuple[Recipient, ...]
    gone: tuple[tuple[str, str | None], ...]
    joins: tuple[Item, ...]
    left_out: tuple[Item, ...]
    places: tuple[Referral, ...]
    before: OpenHolds


def audience_of(decision: Decision, listing: Listing, known: Known, desk: IntakeDesk) -> Audience:
    """Raises RefusedError if that is more than one transaction can tell."""
    referral, child = known.referral, decision.child_index
    own = OwnReferral(referral.ref, child)
    standing = places(referral, child, desk)
    sources = [Source(referral, known.key), *(Source(place, desk.key_for(place.pk)[0]) for place in standing)]
    told, joins, holds = told_agencies(own, sources), joined(referral, child), still_open(referral, child)
    wanted = {*told, *agencies_in(joins), *holds.on_agency}
    entries = looked_up(wanted, desk.directory).entries if wanted else {}
    of_this = list(_of_the_decision(decision, listing, told, entries, desk))
    gone = [(agency, None) for agency in told if agency not in entries]
    refuse_too_many(len(of_this) + len(gone))
    fitting, left_out = _fitting(joins, of_this, len(gone), entries)
    everybody = [*of_this, *(one for join in fitting for one in members_of(join, entries))]
    gone_too = [(name, which) for join in fitting for name, which in _gone_from(join, entries)]
    return Audience(
        recipients=tuple(_remembering(one, own, sources) for one in everybody),
        gone=(*gone, *gone_too),
        joins=tuple(fitting),
        left_out=tuple(left_out),
        places=tuple(standing),
        before=renamed(holds, {name: entry.agency_id for name, entry in entries.items()}),
    )


def _of_the_decision(
    decision: Decision,
    listing: Listing,
    told: Mapping[str, Item],
    entries: Mapping[str, Entry],
    desk: IntakeDesk,
) -> Iterator[Recipient]:
    """Each agency once. A duplicate of an unborn child's referral adds nobody: its original does."""
    found = {recipient.agency_id: recipient for recipient in named_in(decision, listing.entries)}
    for name, item in told.items():
        if name in entries and entries[name].agency_id not in found:
            found[entries[name].agency_id] = carried_over(item, entries[name])
    yield from found.values()
    if decision.unborn and Outcome.DUP not in decision.outcomes:
        services = desk.directory.look_up(listing.unborn).entries.values()
        yield from missing_for_unborn(list(found.values()), services)


def _fitting(
    joins: Sequence[Item], of_this: Sequence[Recipient], gone: int, entries: Mapping[str, Entry]
) -> tuple[list[Item], list[Item]]:
    """The joins that fit beside the decision's own recipients, and the others, which a person must tell.

    They are nobody's mistake who sent the decision: it is not refused for them.
    """
    places_left = MOST_RECIPIENTS - len(of_this) - gone
    room = MOST_PARTS - _PARTS_BESIDE_RECIPIENTS - gone * _PARTS_OF_A_HOLD
    room -= sum(map(_parts_of, (recipient.entry for recipient in of_this)))
    fitting, left_out = [], []
    for join in joins:
        members = [entries.get(member["agency"]) for member in join["members"]]
        cost = _PARTS_OF_A_JOIN + sum(map(_parts_of, members))
        if len(members) <= places_left and cost <= room:
            fitting.append(join)
            places_left, room = places_left - len(members), room - cost
        else:
            left_out.append(join)
    return fitting, left_out


def _parts_of(entry: Entry | None) -> int:
    """A delivery a channel and a hold, or a call: never more than this."""
    return (len(entry.channels) if entry else 0) + _PARTS_OF_A_HOLD


def _gone_from(join: Item, entries: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    which = f"{join['ref']}#{join['of_child']:02d}"
    return ((member["agency"], which) for member in join["members"] if member["agency"] not in entries)


def _remembering(recipient: Recipient, own: OwnReferral, sources: Sequence[Source]) -> Recipient:
    """With the newest version that it had a message about under the reference it knows, if any."""
    duplicate = recipient.duplicate
    known_as = OwnReferral(duplicate.referral_ref, duplicate.child_index) if duplicate else own
    found = [recipient.told_before, told_before(known_as, recipient.names, sources)]
    heard = [before for before in found if before is not None]
    newest = max(heard, key=lambda before: before.decision_seq, default=None)
    return replace(recipient, told_before=newest)
