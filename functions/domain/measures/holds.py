"""Holds by the trail's rows: what was held, since when, and until when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from functions.domain.measures.said import at, events
from functions.domain.reconciliation.evidence import Row
from schemas.codes import AuditKind, EventType, TaskKind


@dataclass(frozen=True, slots=True)
class Hold:
    """Something that waits for a person: a child, one recipient, or an allegation beside the rest."""

    child: int
    task: str
    agency_id: str | None
    triggers: frozenset[str]
    held_at: datetime
    ended_at: datetime | None = None

    @property
    def key(self) -> tuple[int, str, str | None]:
        """The same for a hold that a newer decision goes on with."""
        return self.child, self.task, self.agency_id

    def holds_back(self, child: int, agency_id: str) -> bool:
        """Whether no message about the child may go to the agency meanwhile."""
        mine = self.task != TaskKind.RELEASE_ALLEGATION and self.agency_id in (None, agency_id)
        return self.child == child and mine


def holds_of(rows: Sequence[Row]) -> tuple[Hold, ...]:
    """Every hold, in the order in which they began; a person ends one, or that nothing is to be told any
    more, or a newer decision that does not go on with it."""
    ended, standing = list[Hold](), dict[tuple[int, str, str | None], Hold]()
    for row in rows:
        for key in list(_ended_by(row, rows, standing)):
            ended.append(replace(standing.pop(key), ended_at=at(row)))
        if row.kind == AuditKind.HELD:
            known = standing.get(_key(row))
            triggers = frozenset(row.said["triggers"])
            standing[_key(row)] = (
                replace(known, triggers=known.triggers | triggers)
                if known
                else Hold(*_key(row), triggers=triggers, held_at=at(row))
            )
    return tuple(sorted((*ended, *standing.values()), key=lambda hold: (hold.held_at, str(hold.key))))


def _key(row: Row) -> tuple[int, str, str | None]:
    return row.child, str(row.said["task"]), row.said.get("held_agency")


def _ended_by(
    row: Row, rows: Sequence[Row], standing: dict[tuple[int, str, str | None], Hold]
) -> Iterator[tuple[int, str, str | None]]:
    if row.kind == AuditKind.RELEASED and _key(row) in standing:
        yield _key(row)
    elif row.kind == AuditKind.DECISION:
        goes_on = {_key(one) for one in rows if one.kind == AuditKind.HELD and _one_event(one, row)}
        yield from (key for key in standing if key[0] == row.child and key not in goes_on)
    elif any(events([row], EventType.WITHDRAWN_IN_ERROR)) and "stale" not in row.said:
        yield from (key for key in standing if key[0] == row.child)
    else:
        ended = row.said.get("ended") or ()
        yield from (key for key in standing if _task(*key) in ended)


def _task(child: int, kind: str, agency_id: str | None) -> str:
    """How a row names the task of a hold that ended with what it held."""
    return "#".join(("TASK", kind, f"{child:02d}", *((agency_id,) if agency_id else ())))


def _one_event(row: Row, other: Row) -> bool:
    return row.said.get("cause") == other.said.get("cause")
