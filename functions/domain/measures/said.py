"""What rows say to whoever counts them: moments, events of one type, and calls that told an outcome."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from functions.domain.reconciliation.evidence import Row
from schemas.codes import ActReason, AuditKind, EventType


def at(row: Row) -> datetime:
    """When the row was written."""
    return datetime.fromisoformat(row.at)


def moment(row: Row, name: str) -> datetime:
    """A moment that the row names."""
    return datetime.fromisoformat(row.said[name])


_OF_NO_EFFECT = frozenset({"waits_for", "refused_copy", "before_decision"})
"""What a row says of an event that came too early, or was refused, or left to a person, when what it waited
for had come; one that is taken up then has another row, which says all of it."""


def events(rows: Iterable[Row], event_type: EventType, child: int | None = None) -> Iterator[Row]:
    """The LIFECYCLE rows of one type of event that was taken in, those about `child` alone if it is given."""
    for row in rows:
        is_one = row.kind == AuditKind.LIFECYCLE and row.said.get("event_type") == event_type
        if is_one and child in (None, row.child) and _OF_NO_EFFECT.isdisjoint(row.said):
            yield row


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody told an outcome by telephone; of no agency where the row knows the referrer only as that."""

    child: int
    dver: int
    agency_id: str | None
    at: datetime


def calls(rows: Iterable[Row]) -> Iterator[Call]:
    """Calls that a person recorded as made: by a task, by stopping what would repeat them, by the event."""
    for row in rows:
        said = row.said
        by_phone = said.get("reason") == ActReason.TOLD_BY_PHONE
        if row.kind == AuditKind.TASK and said.get("done") and by_phone:
            when = moment(row, "spoken_at") if "spoken_at" in said else at(row)
            yield Call(row.child, row.dver, said.get("task_agency"), when)
        elif row.kind == AuditKind.CANCELLED and by_phone:
            yield Call(row.child, row.dver, said["agency"], at(row))
    for row in events(rows, EventType.PHONE_CONFIRMED):
        about = row.child, row.said["decision_seq"], row.said["agency_id"]
        if "still_held" not in row.said:
            yield Call(*about, moment(row, "phoned_at"))
