"""Whoever challenged a decision, told of it or not: under the reference it knows, or kept from a message."""

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Directory, Entry
from functions.domain.entitlement import Standing
from functions.domain.withdrawal import WITHDRAWN
from functions.flows.planning.holds import is_linked, linked_agencies
from functions.flows.planning.recipients import Recipient
from functions.flows.updates.audience import Hearers, as_told, is_reachable, is_stopped
from schemas.codes import Role
from schemas.entitlement import PUBLIC


def whoever_challenged(agency_id: str, referral: Referral, child: int, directory: Directory) -> Hearers:
    """A challenge may come from anybody; what it becomes tells nothing that its sender did not know.

    A person tells those whom no machine may tell now: while a hold stands, where staff are linked, whose
    message a person stopped, where there is no way to them, or once the decision was sent in error.
    """
    state = referral.children[child]
    items = [item for item in referral.of_child(child) if item["agency"] == agency_id]
    entry = directory.look_up([agency_id]).entries.get(agency_id)
    if entry is None or _may_not_hear(entry, items, referral, state):
        return Hearers(kept_from=(agency_id,))
    if items:
        return Hearers((as_told(_newest(items), entry, state),))
    return Hearers((_as_the_referral_has_it(entry, referral),))


def _may_not_hear(entry: Entry, items: list[Item], referral: Referral, child: Item) -> bool:
    linked = entry.agency_id in linked_agencies(child) or any(map(is_linked, items))
    of_newest = [item for item in items if item["dver"] == referral.newest(item["child"])]
    barred = any("held" in item or is_stopped(item) for item in of_newest)
    waits = bool(child.get("held")) or WITHDRAWN in child
    return linked or barred or waits or not is_reachable(entry) or entry.type in PUBLIC


def _newest(items: list[Item]) -> Item:
    """Of the newest version, and the referral's own message rather than a duplicate's."""
    return max(items, key=lambda item: (item["dver"], DeliveryKey.of(item).nonce == ""))


def _as_the_referral_has_it(entry: Entry, referral: Referral) -> Recipient:
    """The referrer as the referral's arrival named it; anybody else as an agency involved."""
    if referral.head.get("referrer") == entry.agency_id:
        return Recipient(entry, Standing(Role.REFERRER), own_ref=referral.head.get("referrer_ref"))
    return Recipient(entry, Standing(Role.INVOLVED))
