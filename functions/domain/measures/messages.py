"""What became of each message, by the trail's rows alone: whether it arrived, when, and whether it named the
outcome."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.domain.measures.said import at, moment
from functions.domain.reconciliation.evidence import Row, Which
from functions.domain.reconciliation.plans import LISTING, listed
from schemas.codes import AckResult, AttemptResult, AuditKind, Channel, Level, Receipt, TaskKind

UPDATE, DUPLICATE = "U", "D"
"""How a nonce begins that is no decision's message, or one to a duplicate's reader."""
_AGAIN = "+"
_ARRIVED = frozenset({Receipt.DELIVERED, Receipt.COMPLAINED})
_OVER = frozenset({AuditKind.SUPERSEDED, AuditKind.CANCELLED})
_POSTED = frozenset({AuditKind.ATTEMPT_CLOSED, AuditKind.LATE_OUTCOME})


@dataclass(frozen=True, slots=True, order=True)
class About:
    """One thing to tell one agency, by whatever channels: `dver` counts within what `origin` begins with."""

    child: int
    dver: int
    agency_id: str
    origin: str = ""

    @classmethod
    def of(cls, which: Which) -> "About":
        """What a delivery tells; one that is sent again tells the same."""
        return cls(which.child, which.dver, which.agency_id, which.nonce.partition(_AGAIN)[0])

    @property
    def tells_this_decision(self) -> bool:
        """Whether it tells this referral's own readers what was decided."""
        return not self.origin.startswith((UPDATE, DUPLICATE))


@dataclass(frozen=True, slots=True)
class Message:
    """Told means arrived: a webhook's success, a mail's delivery receipt, its reader's word; never sent.

    `outcome_told_at` is None while only a notice has arrived. `is_over`: something newer took its place, or a
    person stopped it.
    """

    about: About
    planned_at: datetime
    told_at: datetime | None = None
    outcome_told_at: datetime | None = None
    is_over: bool = False
    was_unread: bool = False


def messages_of(rows: Sequence[Row], ref: str) -> tuple[Message, ...]:
    """Every message that stands in this referral, by the row that first listed it."""
    planned: dict[About, datetime] = {}
    for row in rows:
        if row.kind in LISTING and "told_as" not in row.said:
            for which in listed(row, ref):
                planned.setdefault(About.of(which), at(row))
    fates = _fates(rows, ref)
    return tuple(_message(about, since, fates.get(about, ())) for about, since in planned.items())


@dataclass(frozen=True, slots=True)
class _Fate:
    """One delivery's own end."""

    arrived_at: datetime | None
    names_the_outcome: bool
    is_over: bool
    was_unread: bool


def _fates(rows: Iterable[Row], ref: str) -> Mapping[About, Sequence[_Fate]]:
    own: defaultdict[Which, list[Row]] = defaultdict(list)
    for row in rows:
        if which := row.delivery(ref):
            own[which].append(row)
    found: defaultdict[About, list[_Fate]] = defaultdict(list)
    for which, its_rows in own.items():
        found[About.of(which)].append(_fate(its_rows, which.channel))
    return found


def _fate(rows: Sequence[Row], channel: str) -> _Fate:
    return _Fate(
        arrived_at=min(_arrivals(rows, channel), default=None),
        names_the_outcome=any(map(_names_the_outcome, rows)),
        is_over=any(row.kind in _OVER for row in rows),
        was_unread=any(row.said.get("task") == TaskKind.CALL_UNREAD for row in rows),
    )


def _arrivals(rows: Sequence[Row], channel: str) -> Iterator[datetime]:
    """When each thing showed that it had arrived; mail that came back afterwards had not."""
    receipts = [row for row in rows if row.kind == AuditKind.RECEIPT]
    stayed = receipts and receipts[-1].said["rcpt"] in _ARRIVED
    for row in rows:
        if row.kind == AuditKind.RECEIPT and stayed and row.said["receipt"] in _ARRIVED:
            yield min(moment(row, "said_at"), at(row))
        elif row.kind in _POSTED and channel == Channel.WEBHOOK:
            if row.said["result"] == AttemptResult.SUCCESS:
                yield at(row)
        elif row.kind == AuditKind.ACK and row.said["result"] == AckResult.CONFIRMED:
            yield at(row)


def _names_the_outcome(row: Row) -> bool:
    """A notice says why it is one; without a reason it is the fixed sentence of EMP or LAD."""
    said = row.said
    return row.kind == AuditKind.ATTEMPT_STARTED and (
        said["level"] >= Level.OUTCOME or "notice_reason" not in said
    )


def _message(about: About, planned_at: datetime, fates: Sequence[_Fate]) -> Message:
    arrived = [fate for fate in fates if fate.arrived_at]
    return Message(
        about=about,
        planned_at=planned_at,
        told_at=_first(arrived),
        outcome_told_at=_first(fate for fate in arrived if fate.names_the_outcome),
        is_over=bool(fates) and all(fate.is_over for fate in fates),
        was_unread=any(fate.was_unread for fate in fates),
    )


def _first(fates: Iterable[_Fate]) -> datetime | None:
    return min((fate.arrived_at for fate in fates if fate.arrived_at), default=None)
