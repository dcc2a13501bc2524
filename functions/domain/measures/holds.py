"""Holds by the trail's rows: what was held, since when, and until when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from functions.domain.measures.said import at, events
from functions.domain.reconciliation.evidence import Row, Which
from functions.domain.series import REFERRER_WAITS, STANDS_WHILE, outlives_decisions
from schemas.codes import AuditKind, EventType, Series, TaskKind

_NEVER_SENT = frozenset({AuditKind.SUPERSEDED, AuditKind.CANCELLED})


@dataclass(frozen=True, slots=True)
class Hold:
    """Something that waits for a person: a child, one recipient, or an allegation beside the rest."""

    child: int
    task: str
    agency_id: str | None
    triggers: frozenset[str]
    held_at: datetime
    ended_at: datetime | None = None
    beside: frozenset[tuple[Series, int]] = frozenset()
    """What it keeps back beside decisions, whose place not every decision takes: of which series, which
    number."""

    @property
    def key(self) -> tuple[int, str, str | None]:
        """The same for a hold that a newer decision goes on with."""
        return self.child, self.task, self.agency_id

    def holds_back(self, child: int, agency_id: str) -> bool:
        """Whether no message about the child may go to the agency meanwhile."""
        mine = self.task != TaskKind.RELEASE_ALLEGATION and self.agency_id in (None, agency_id)
        return self.child == child and mine

    def outlives(self, decision: Row) -> bool:
        """Whether something that it keeps back still says something new once that is decided."""
        waits = decision.said.get(REFERRER_WAITS, "")
        return any(outlives_decisions(series, referrer_waits=waits) for series, _ in self.beside)


def holds_of(rows: Sequence[Row]) -> tuple[Hold, ...]:
    """Every hold, in the order in which they began; a person ends one, or that nothing is to be told any
    more, or a newer decision that does not go on with it and takes the place of all that it keeps back."""
    ended, standing = list[Hold](), dict[tuple[int, str, str | None], Hold]()
    for row in rows:
        for key in list(_ended_by(row, rows, standing)):
            ended.append(replace(standing.pop(key), ended_at=at(row)))
        if row.kind == AuditKind.HELD:
            known = standing.get(_key(row))
            hold = known or Hold(*_key(row), triggers=frozenset(), held_at=at(row))
            triggers = hold.triggers | set(row.said["triggers"])
            standing[_key(row)] = replace(hold, triggers=triggers, beside=hold.beside | _beside(row))
        elif row.kind in _NEVER_SENT and (gone := standing.get(_alone(row))) is not None:
            standing[_alone(row)] = replace(gone, beside=gone.beside - _beside(row))
    return tuple(sorted((*ended, *standing.values()), key=lambda hold: (hold.held_at, str(hold.key))))


def _key(row: Row) -> tuple[int, str, str | None]:
    return row.child, str(row.said["task"]), row.said.get("held_agency")


def _alone(row: Row) -> tuple[int, str, str | None]:
    """The hold on the agency alone that a row's message is for."""
    return row.child, TaskKind.RELEASE_AGENCY, row.said.get("agency")


def _beside(row: Row) -> frozenset[tuple[Series, int]]:
    """What a row says of something beside decisions, when it was planned or when it was to go; nothing where
    no release knows its word."""
    word = row.said.get("series", "")
    series = Series(word) if word in set(Series) else _message_of(row).series
    may_outlive = outlives_decisions(series) or series in STANDS_WHILE
    return frozenset({(series, row.dver)} if series is not None and may_outlive else ())


def _message_of(row: Row) -> Which:
    return Which("", row.child, row.dver, str(row.said.get("agency")), "", row.said.get("nonce", ""))


def _ended_by(
    row: Row, rows: Sequence[Row], standing: dict[tuple[int, str, str | None], Hold]
) -> Iterator[tuple[int, str, str | None]]:
    if row.kind == AuditKind.RELEASED and _key(row) in standing:
        yield _key(row)
    elif row.kind == AuditKind.DECISION:
        goes_on = {_key(one) for one in rows if one.kind == AuditKind.HELD and _one_event(one, row)}
        goes_on |= {key for key, hold in standing.items() if hold.outlives(row)}
        yield from (key for key in standing if key[0] == row.child and key not in goes_on)
    elif any(events([row], EventType.WITHDRAWN_IN_ERROR)) and "stale" not in row.said:
        yield from (key for key, hold in standing.items() if key[0] == row.child and not hold.beside)
    else:
        ended = row.said.get("ended") or ()
        yield from (key for key in standing if _task(*key) in ended)


def _task(child: int, kind: str, agency_id: str | None) -> str:
    """How a row names the task of a hold that ended with what it held."""
    return "#".join(("TASK", kind, f"{child:02d}", *((agency_id,) if agency_id else ())))


def _one_event(row: Row, other: Row) -> bool:
    return row.said.get("cause") == other.said.get("cause")
