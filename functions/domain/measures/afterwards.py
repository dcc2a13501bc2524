"""What follows decisions: challenges and how they ended, and ends of police investigations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.domain.measures.messages import About, Message
from functions.domain.measures.said import events, moment
from functions.domain.reconciliation.evidence import Row
from functions.domain.reconciliation.plans import listed
from schemas.codes import EventType, InvestigationStatus, Series


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge that was resolved; `took` is None where nobody said when it was raised."""

    resolved_at: datetime
    result: str
    took: timedelta | None


@dataclass(frozen=True, slots=True)
class Closure:
    """A police investigation that ended, and the partners with a live plan who must hear of it."""

    at: datetime
    partners: int
    told_all_after: timedelta | None
    """How long it took until the last of them was told; None while one has not been, or there is none."""


def challenges_of(rows: Sequence[Row]) -> tuple[Challenge, ...]:
    """Each resolved challenge once, by its own id; what was said of it again later changed nothing."""
    raised, resolved = (
        {row.said["challenge_id"]: row for row in events(rows, event_type) if "stale" not in row.said}
        for event_type in (EventType.CHALLENGE_RAISED, EventType.CHALLENGE_RESOLVED)
    )
    return tuple(_challenge(row, raised.get(challenge_id)) for challenge_id, row in resolved.items())


def _challenge(row: Row, raised: Row | None) -> Challenge:
    resolved_at = moment(row, "resolved_at")
    took = max(resolved_at - moment(raised, "raised_at"), timedelta()) if raised else None
    return Challenge(resolved_at, row.said["result"], took)


def closures_of(rows: Sequence[Row], ref: str, messages: Sequence[Message]) -> tuple[Closure, ...]:
    """Each end of an investigation; whom it is told to stands in the row of its update, of the same cause."""
    ended = (
        row
        for row in events(rows, EventType.POLICE_INVESTIGATION_STATUS_CHANGED)
        if row.said["status"] != InvestigationStatus.OPEN
    )
    updates = {_cause(row): row for row in rows if row.said.get("series") == Series.POLICE_CASE}
    told = {one.about: one.told_at for one in messages}
    return tuple(_closure(row, updates.get(_cause(row)), ref, told) for row in ended)


def _cause(row: Row) -> tuple[object, int]:
    return row.said.get("cause"), row.child


def _closure(row: Row, update: Row | None, ref: str, told: Mapping[About, datetime | None]) -> Closure:
    """Those from whom it is kept for now have a part in the plan as well, and have not heard."""
    closed_at = moment(row, "changed_at")
    partners = {About.of(which) for which in listed(update, ref)} if update else set[About]()
    kept_from = update.said.get("kept_from", ()) if update else ()
    heard = [told_at for about in partners if (told_at := told.get(about))]
    whole = bool(partners) and not kept_from and len(heard) == len(partners)
    after = max(max(heard) - closed_at, timedelta()) if whole else None
    return Closure(closed_at, len(partners) + len(kept_from), after)
