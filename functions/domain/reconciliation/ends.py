"""How each event ended, in the words of the demo's account: by the tables alone."""

from collections.abc import Iterator, Mapping

from functions.domain.reconciliation.evidence import Delivery, Evidence, Row, Which
from functions.domain.reconciliation.plans import listed, planned_here
from functions.domain.reconciliation.quiet import is_heard_otherwise
from schemas.codes import AuditKind, Bucket, DeliveryState, HoldTrigger, TaskKind

Places = Mapping[str, Evidence]
"""Referrals by reference: the event's own, and those in which its messages stand."""


def is_a_decision(kind: str, *, names_a_child: bool) -> bool:
    """Whether a row is an event to account for: a form or heartbeat that comes again names no child."""
    match kind:
        case AuditKind.DECISION | AuditKind.DECISION_STALE | AuditKind.REJECTED:
            return True
        case AuditKind.EVENT_DUPLICATE:
            return names_a_child
    return False


def places_of(evidence: Evidence) -> set[str]:
    """The other referrals in which messages about this one's decisions stand, or would."""
    found = {ref for child in evidence.children.values() for ref in child.places}
    for row in evidence.rows:
        if row.kind == AuditKind.DECISION:
            found |= {row.said.get("told_as", {}).get("ref"), row.said.get("duplicate_of")} - {None}
    return found - {evidence.ref}


def bucket_of(row: Row, ref: str, places: Places) -> Bucket:
    """Where the event of this row ended."""
    match row.kind:
        case AuditKind.REJECTED:
            return Bucket.REFUSED
        case AuditKind.DECISION_STALE:
            return Bucket.STALE
        case AuditKind.DECISION:
            return _of_decision(row, ref, places)
    return Bucket.DUPLICATE


def _of_decision(row: Row, ref: str, places: Places) -> Bucket:
    """What a person stopped is not due any more: the rest decides, and without a rest there is nobody to
    tell."""
    found = messages_of(row, ref, places)
    ends = [_end_of(which, places) for which in found]
    for end in (Bucket.OPEN, Bucket.TOLD, Bucket.HELD, Bucket.NOBODY_TO_TELL):
        if end in ends:
            return end
    if row.said.get("joined") and "told_as" not in row.said:
        return _of_one_that_waited(row, ref, places)
    return Bucket.TOLD if _is_read_in_the_system(row, places[ref]) else Bucket.NOBODY_TO_TELL


def _of_one_that_waited(row: Row, ref: str, places: Places) -> Bucket:
    """A duplicate that was decided before its original, and of which no message tells.

    Open for as long as somebody is asked about it, or its original waits to be decided. The decision there
    answers what was asked, or a person does; then its readers read it in the hub's own system, or somebody
    rings them, or nobody may tell them.
    """
    me = f"{ref}#{row.child:02d}"
    asked = [
        task.is_open or ((ref, row.child) not in place.left and _is_undecided(task.child, place))
        for place in places.values()
        for task in place.tasks.values()
        if (task.kind, task.about) == (TaskKind.CHECK_DUPLICATE, me)
    ]
    if any(asked) or not asked:
        return Bucket.OPEN
    is_read = any(
        one.kind == AuditKind.SUPPRESSED_IN_SYSTEM and one.said.get("about") == me
        for place in places.values()
        for one in place.rows
    )
    return Bucket.TOLD if is_read else Bucket.NOBODY_TO_TELL


def _is_undecided(child: int, place: Evidence) -> bool:
    """Whether the child was received there and somebody is to decide it."""
    return child in place.children and place.children[child].is_undecided


def messages_of(row: Row, ref: str, places: Places) -> list[Which]:
    """The messages that tell this decision; a duplicate's, where it lists none, are those of its original."""
    return listed(row, ref) or (list(_told_there(row, ref, places)) if row.said.get("joined") else [])


def _told_there(row: Row, ref: str, places: Places) -> Iterator[Which]:
    for place in places.values():
        yield from (which for which, item in place.deliveries.items() if item.own == (ref, row.child))


def _delivery(which: Which, places: Places) -> Delivery | None:
    return places[which.ref].deliveries.get(which) if which.ref in places else None


def _end_of(which: Which, places: Places) -> Bucket:
    """What became of one message, by whatever took its place: a newer version, a fallback, a resend, another
    channel's where its own failed."""
    item = _delivery(which, places)
    if item is None:
        return Bucket.OPEN
    if item.held:
        return Bucket.HELD
    place = places[which.ref]
    tried = list(_in_its_place(item, place))
    if any(one.is_handed_over or _is_replaced(one, place) for one in tried):
        return Bucket.TOLD
    if any(is_heard_otherwise(one, place.deliveries.values()) for one in tried):
        return Bucket.TOLD
    standing = [one for one in tried if not (one.state == DeliveryState.CANCELLED or one.is_resent)]
    stopped = any(one.state == DeliveryState.CANCELLED for one in tried)
    return Bucket.NOBODY_TO_TELL if stopped and not standing else Bucket.OPEN


def _in_its_place(
    item: Delivery, place: Evidence, asked: frozenset[Which] = frozenset()
) -> Iterator[Delivery]:
    """The message itself, and every one that was made instead of it."""
    yield item
    asked |= {item.which}
    instead = {one.which for one in planned_here(place) if one.instead_of == item.which} - asked
    for which in instead & place.deliveries.keys():
        yield from _in_its_place(place.deliveries[which], place, asked)


def _is_replaced(item: Delivery, place: Evidence) -> bool:
    """Whether a newer version took its place, or a notice to a lead; what a person stopped has none."""
    by_a_notice = any(
        row.kind == AuditKind.CANCELLED
        and row.said.get("reason") == HoldTrigger.STAFF_LINK
        and row.delivery(place.ref) == item.which
        for row in place.rows
    )
    return item.state == DeliveryState.SUPERSEDED or by_a_notice


def _is_read_in_the_system(decision: Row, evidence: Evidence) -> bool:
    """Whether somebody reads it in the hub's own case system, so that no message was due."""
    return any(
        row.kind == AuditKind.SUPPRESSED_IN_SYSTEM
        and (row.child, row.dver) == (decision.child, decision.dver)
        for row in evidence.rows
    )
