"""Whom an update is for: those who were told the child's newest decision, each under the reference it
knows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.parts import RUNG_INSTEAD
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Directory, Entry
from functions.domain.entitlement import Standing, usable_own_ref
from functions.domain.release import told_together
from functions.domain.shown import shown
from functions.domain.withdrawal import is_withdrawn
from functions.domain.withholding import withheld_as
from functions.flows.planning.deliveries import pins_of
from functions.flows.planning.holds import is_linked, linked_agencies
from functions.flows.planning.recipients import Recipient, looked_up
from schemas.codes import DeliveryState, Outcome, Role, TaskState
from schemas.decision import NamedAgency
from schemas.notice import SharedReferral, ToldBefore


@dataclass(frozen=True, slots=True)
class Hearers:
    """Those an update goes to, and the agencies that may not have it now: a person decides about those.

    `kept_from`: held with their child, linked by their staff, stopped by a person, or without a way to reach
    them.
    """

    recipients: tuple[Recipient, ...] = ()
    kept_from: tuple[str, ...] = ()

    @property
    def agencies(self) -> set[str]:
        """Everybody of whom it is known what becomes of them."""
        return {*self.kept_from, *(one.agency_id for one in self.recipients)}

    def only(self, agencies: Collection[str]) -> "Hearers":
        """Those among `agencies`."""
        return Hearers(
            tuple(one for one in self.recipients if one.agency_id in agencies),
            tuple(name for name in self.kept_from if name in agencies),
        )

    def beside(self, other: "Hearers") -> "Hearers":
        """These and the others, each once."""
        kept_from = {*self.kept_from, *other.kept_from}
        more = (one for one in other.recipients if one.agency_id not in self.agencies)
        return Hearers((*self.recipients, *more), tuple(sorted(kept_from)))

    def without(self, agency_id: str) -> "Hearers":
        """All but whoever told us."""
        return Hearers(
            tuple(one for one in self.recipients if one.agency_id != agency_id),
            tuple(name for name in self.kept_from if name != agency_id),
        )


def told_of_the_decision(referral: Referral, child: int, directory: Directory) -> Hearers:
    """Everybody to whom the newest decision was told, or is being told, by a message or by telephone alone.

    A message that a newer one replaced makes nobody a hearer, nor does one that a person stopped, unless
    because its reader had been rung; of a decision that was sent in error, or is withheld from them, nobody
    hears further from a machine.
    """
    state, newest = referral.children[child], referral.newest(child)
    items = [
        *_only_rung(referral, child),
        *(
            item
            for item in referral.of_child(child)
            if item["dver"] == newest and _tells(item) and not _has_left(item, referral)
        ),
    ]
    entries = looked_up({item["agency"] for item in items}, directory).entries if items else {}
    linked = {*linked_agencies(state), *(item["agency"] for item in items if is_linked(item))}
    kept_from = {
        item["agency"]
        for item in items
        if _is_held(item, state)
        or item["agency"] in linked
        or not is_reachable(entries.get(item["agency"]))
        or is_withdrawn(state, None, newest)
        or withheld_as(state, None, item["agency"])
    }
    hearing = {_reader(item): item for item in items if item["agency"] not in kept_from}
    return Hearers(
        tuple(as_told(item, entries[item["agency"]], state) for item in hearing.values()),
        tuple(sorted(kept_from)),
    )


def _only_rung(referral: Referral, child: int) -> Iterator[Item]:
    """Those to whom no message of the newest decision went, and whom somebody rang instead."""
    for one in referral.children[child].get("by_phone", ()):
        call = referral.tasks.get(one["call"], {})
        if call.get("st") == TaskState.DONE and call.get("told_dver") == referral.newest(child):
            yield one


def _tells(item: Item) -> bool:
    return item["st"] != DeliveryState.SUPERSEDED and not is_stopped(item)


def is_stopped(item: Item) -> bool:
    """Whether a person stopped it, and not because its reader had heard by telephone what it was to tell."""
    return item["st"] == DeliveryState.CANCELLED and RUNG_INSTEAD not in item


def _is_held(item: Item, child: Item) -> bool:
    """Whether a hold keeps it back; what no message told, the child's own hold would."""
    told_by_message = item.get("st", DeliveryState.CANCELLED) != DeliveryState.CANCELLED
    return "held" in item or (not told_by_message and bool(child.get("held")))


def is_reachable(entry: Entry | None) -> bool:
    """Whether a message, or the hub's own system, could tell it anything."""
    return entry is not None and (bool(entry.channels) or entry.in_case_system)


def _reader(item: Item) -> tuple[str, str]:
    """The agency, and the referral under which it is told: one on two channels is told once on each."""
    own = item.get("duplicate")
    return item["agency"], own["referral_ref"] if own else ""


def _has_left(item: Item, referral: Referral) -> bool:
    own = item.get("duplicate")
    if own is None:
        return False
    sk = keys.join(own["referral_ref"], own["child_index"])
    return any(join["sk"] == sk and join["left"] for join in referral.joins)


def told_so_far(referral: Referral, child: int, directory: Directory) -> Hearers:
    """Everybody who was, or may have been, told any version of the decision, held or not since then.

    Each hears under the reference it was told under, and knows when that was. Nobody hears by a machine whose
    staff are linked, or who is in the registry no more.
    """
    state = referral.children[child]
    items = [
        item
        for item in referral.of_child(child)
        if (item["attempt"] or "phoned_at" in item) and not _has_left(item, referral)
    ]
    entries = looked_up({item["agency"] for item in items}, directory).entries if items else {}
    linked = {*linked_agencies(state), *(item["agency"] for item in items if is_linked(item))}
    kept_from = {item["agency"] for item in items} - (entries.keys() - linked)
    readers = defaultdict[tuple[str, str], list[Item]](list)
    for item in items:
        if item["agency"] not in kept_from:
            readers[_reader(item)].append(item)
    recipients = (
        replace(as_told(found[-1], entries[found[-1]["agency"]], state), told_before=_last_told(found))
        for found in readers.values()
    )
    return Hearers(tuple(recipients), tuple(sorted(kept_from)))


def _last_told(items: Sequence[Item]) -> ToldBefore:
    """The newest that the reader was told; no moment where nobody can say whether all of it arrived."""
    newest = max(map(_shown, items))
    known = [item.get("sent_at", item.get("phoned_at")) for item in items if _shown(item) == newest]
    told = [moment for moment in known if moment is not None]
    told_at = datetime.fromisoformat(max(told)) if len(told) == len(known) else None
    return ToldBefore(decision_seq=newest, told_at=told_at)


def _shown(item: Item) -> int:
    return shown(int(item["dver"]), pins_of(item))


def as_told(item: Item, entry: Entry, child: Item) -> Recipient:
    """The reader of a decision's message, or of the call that told it, in the role and under the reference
    that it was told in."""
    own = SharedReferral.model_validate(item["duplicate"]) if "duplicate" in item else None
    return Recipient(
        entry,
        Standing(Role(item["role"]), holds_plan_role=entry.agency_id in plan_agencies(child)),
        own_ref=item.get("own_ref"),
        duplicate=own,
        nonce=keys.duplicate_nonce(own.referral_ref, own.child_index) if own else "",
    )


def outcomes_told(child: Item) -> tuple[Outcome, ...]:
    """What a decided child's messages tell: an allegation beside other outcomes is told by itself."""
    return told_together(tuple(map(Outcome, (child["outcome"], *child["additional"]))))


def plan_agencies(child: Item) -> tuple[str, ...]:
    """Who holds a role in the child's plan, as the newest word has it."""
    return tuple(child.get("plan_agencies", ()))


def named(
    agencies: Iterable[NamedAgency], entries: Mapping[str, Entry], role: Role = Role.INVOLVED
) -> Iterator[Recipient]:
    """Agencies that an event itself names, each once; a reference that must not be repeated is left out."""
    seen = set[str]()
    for agency in agencies:
        entry = entries[agency.agency_id]
        if entry.agency_id not in seen:
            seen.add(entry.agency_id)
            own_ref = usable_own_ref(agency.own_ref, entry.own_ref_pattern)
            yield Recipient(entry, Standing(role), own_ref=own_ref)
