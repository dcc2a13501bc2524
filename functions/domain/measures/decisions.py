"""Which decisions of a child count: final ones, that nobody has withdrawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.domain.measures.said import events, moment
from functions.domain.reconciliation.evidence import Row
from schemas.codes import AuditKind, EventType, Outcome

NOT_FINAL = frozenset({Outcome.INF, Outcome.DUP})
"""Neither stops the decision's clock (domain section 5)."""


@dataclass(frozen=True, slots=True)
class Final:
    """A decision that stops the clock, and when it did."""

    dver: int
    at: datetime
    row: Row


def outcomes(row: Row) -> tuple[str, ...]:
    """Every outcome of a decision, the primary one first."""
    return (row.said["outcome"], *row.said.get("additional", ()))


def standing(rows: Sequence[Row], child: int) -> list[Row]:
    """The child's decisions in order, less those that were withdrawn as recorded in error."""
    withdrawn = {row.said["decision_seq"] for row in events(rows, EventType.WITHDRAWN_IN_ERROR, child)}
    found = (row for row in rows if row.kind == AuditKind.DECISION and row.child == child)
    return [row for row in found if row.dver not in withdrawn]


def finals(rows: Sequence[Row], child: int) -> list[Final]:
    """Those of them that stop the clock, in order."""
    accepted = (moment(row, "accepted_at") for row in events(rows, EventType.TRANSFER_ACCEPTED, child))
    first = min(accepted, default=None)
    return [final for row in standing(rows, child) for final in _final(row, first)]


def _final(row: Row, accepted: datetime | None) -> Iterator[Final]:
    """A transfer alone stops the clock once the other authority has accepted it."""
    decided_at = moment(row, "decided_at")
    final = set(outcomes(row)) - NOT_FINAL
    if final == {Outcome.TRF} and not row.said.get("transfer_accepted"):
        if accepted:
            yield Final(row.dver, max(decided_at, accepted), row)
    elif final:
        yield Final(row.dver, decided_at, row)
