"""Whom one decision is for: the agencies it names, those it adds by itself, those told before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Directory, Entry, Listing
from functions.domain.entitlement import Standing, usable_own_ref
from functions.domain.refusals import Refusal, RefusedError
from schemas.codes import Addressee, HoldTrigger, RefusalReason, Role
from schemas.decision import Decision, NamedAgency
from schemas.notice import SharedReferral, ToldBefore

Named = TypeVar("Named", bound=NamedAgency)

MOST_RECIPIENTS = 20
"""Of one event, those added by themselves included: its transaction must stay within 100 items."""
MOST_NAMES_A_CALL = 49
"""What the directory takes at once; a decision may name more agencies than it is for, in its holds."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """An agency to be told; `own_ref_unusable` if it gave a reference that must not be repeated.

    `told_before` is the version it had a message about; `duplicate` its own referral, where the decision is
    another one's, and `own_holds` what holds that one.
    """

    entry: Entry
    standing: Standing
    own_ref: str | None = None
    own_ref_unusable: bool = False
    told_before: ToldBefore | None = None
    duplicate: SharedReferral | None = None
    own_holds: tuple[HoldTrigger, ...] = ()
    nonce: str = ""
    addressee: Addressee = Addressee.ROLE_MAILBOX

    @property
    def agency_id(self) -> str:
        return self.entry.agency_id

    @property
    def names(self) -> frozenset[str]:
        """Every name that the agency has or had."""
        return frozenset((self.agency_id, *self.entry.aliases))

    @property
    def about(self) -> str | None:
        """The reference and child that the agency knows, where they are not the decision's own."""
        own = self.duplicate
        return f"{own.referral_ref}#{own.child_index:02d}" if own else None


def looked_up(names: Iterable[str], directory: Directory) -> Listing:
    """The directory's answer for any number of names."""
    rest = iter(dict.fromkeys(names))
    listing = directory.look_up(islice(rest, MOST_NAMES_A_CALL))
    while some := list(islice(rest, MOST_NAMES_A_CALL)):
        listing = replace(listing, entries=listing.entries | directory.look_up(some).entries)
    return listing


def names_in(decision: Decision) -> set[str]:
    """Every name of an agency that the registry must know before the decision can be taken in."""
    return {name for _, name in _names(decision)}


def _names(decision: Decision) -> Iterator[tuple[str, str]]:
    """Field and name."""
    if decision.referring_agency is not None:
        yield "referring_agency.agency_id", decision.referring_agency.agency_id
    for index, agency in enumerate(decision.involved_agencies):
        yield f"involved_agencies.{index}.agency_id", agency.agency_id
    for index, hold in enumerate(decision.hold_codes):
        if hold.agency_id is not None:
            yield f"hold_codes.{index}.agency_id", hold.agency_id


def resolved(decision: Decision, entries: Mapping[str, Entry]) -> Decision:
    """The decision with each agency by its id, whichever of its names was used.

    Raises RefusedError naming the field of the first agency that the registry lacks.
    """
    for field, name in _names(decision):
        if name not in entries:
            raise RefusedError(Refusal(field, RefusalReason.UNKNOWN_AGENCY))
    referrer, leading = decision.referring_agency, decision.leading_agency_id
    return decision.model_copy(
        update={
            "referring_agency": referrer and _by_id(referrer, entries),
            "involved_agencies": tuple(_by_id(one, entries) for one in decision.involved_agencies),
            "hold_codes": tuple(
                hold.model_copy(update={"agency_id": hold.agency_id and entries[hold.agency_id].agency_id})
                for hold in decision.hold_codes
            ),
            "leading_agency_id": leading and entries[leading].agency_id,
            "information_asked_of": tuple(entries[name].agency_id for name in decision.information_asked_of),
        }
    )


def _by_id(named: Named, entries: Mapping[str, Entry]) -> Named:
    return named.model_copy(update={"agency_id": entries[named.agency_id].agency_id})


def named_in(decision: Decision, entries: Mapping[str, Entry]) -> tuple[Recipient, ...]:
    """Each agency of a resolved decision once, the referrer first.

    Two names of one agency become one: the referrer if either is, with a usable reference if either has one,
    in the plan if either is.
    """
    named: dict[str, list[tuple[NamedAgency, Role]]] = {}
    if decision.referring_agency is not None:
        named[decision.referring_agency.agency_id] = [(decision.referring_agency, Role.REFERRER)]
    for one in decision.involved_agencies:
        named.setdefault(one.agency_id, []).append((one, Role.INVOLVED))
    plan_roles = {one.agency_id for one in decision.involved_agencies if one.holds_plan_role}
    by_id = {entry.agency_id: entry for entry in entries.values()}
    return tuple(
        _recipient(by_id[agency_id], times, decision, holds_plan_role=agency_id in plan_roles)
        for agency_id, times in named.items()
    )


def _recipient(
    entry: Entry, times: Sequence[tuple[NamedAgency, Role]], decision: Decision, *, holds_plan_role: bool
) -> Recipient:
    given = [one.own_ref for one, _ in times if one.own_ref is not None]
    usable = [ref for ref in given if usable_own_ref(ref, entry.own_ref_pattern)]
    return Recipient(
        entry=entry,
        standing=Standing(
            times[0][1],
            holds_plan_role=holds_plan_role,
            leads=entry.agency_id == decision.leading_agency_id,
            asked_for_information=entry.agency_id in decision.information_asked_of,
        ),
        own_ref=usable[0] if usable else None,
        own_ref_unusable=len(usable) < len(given),
    )


def missing_for_unborn(named: Sequence[Recipient], services: Iterable[Entry]) -> Iterator[Recipient]:
    """Health visiting and midwifery, told of each unborn child (domain section 6.4), unless named already."""
    types = {recipient.entry.type for recipient in named}
    for service in services:
        if service.type not in types:
            yield Recipient(service, Standing(Role.INVOLVED))


def carried_over(item: Item, entry: Entry) -> Recipient:
    """A recipient of an earlier version in the role it had then; a plan role is only ever stated anew."""
    return Recipient(entry, Standing(Role(item["role"])), own_ref=item.get("own_ref"))


def refuse_too_many(count: int) -> None:
    """Raises RefusedError if the decision is for more agencies than one transaction can tell."""
    if count > MOST_RECIPIENTS:
        raise RefusedError(Refusal("involved_agencies", RefusalReason.TOO_MANY_RECIPIENTS))
