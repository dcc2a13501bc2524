"""One partition's part of a day: whether all is right with it, and how each event that it took in ended."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from functions.domain.clock import uk_day
from functions.domain.reconciliation.arrivals import Arrived, came_in
from functions.domain.reconciliation.attempts import unlike_the_attempts
from functions.domain.reconciliation.ends import Places, bucket_of, is_a_decision, messages_of
from functions.domain.reconciliation.evidence import Evidence, Finding, Row
from functions.domain.reconciliation.links import broken_links
from functions.domain.reconciliation.plans import planned_here, unlike_the_notices, unlike_the_plans
from functions.domain.reconciliation.quiet import is_done, left_quietly
from functions.domain.reconciliation.tally import StillOpen, Tally, of_findings
from schemas.codes import AuditKind, Beside, Bucket, DeliveryState, FindingCode


@dataclass(frozen=True, slots=True)
class Scope:
    """Which events are counted: those of a UK day that had come in by `until`. What is quiet is so `now`."""

    day: date
    until: datetime
    now: datetime

    def takes_in(self, row: Row) -> bool:
        at = datetime.fromisoformat(row.at)
        return uk_day(at) == self.day and at <= self.until


def judged(evidence: Evidence, now: datetime) -> Iterator[Finding]:
    """All that its own rows and items disagree about."""
    yield from (evidence.finding(FindingCode.UNREADABLE, name) for name in evidence.unreadable)
    yield from broken_links(evidence)
    if evidence.ref:
        yield from unlike_the_plans(evidence)
        yield from unlike_the_notices(evidence)
        yield from unlike_the_attempts(evidence, now)
        yield from left_quietly(evidence)


def account_of(evidence: Evidence, arrived: Sequence[Arrived], places: Places, scope: Scope) -> Tally:
    """The partition's part of the day; `arrived` is what the day's index lists of it."""
    listed = {one.uid for one in arrived if is_a_decision(one.kind, names_a_child=one.names_a_child)}
    rows = {row.uid: row for row in evidence.rows if _is_counted(row, scope)}
    ends = {uid: bucket_of(rows[uid], evidence.ref, places) for uid in listed & rows.keys()}
    findings = [
        *judged(evidence, scope.now),
        *(_not_accounted(evidence, uid, rows) for uid in sorted(listed ^ rows.keys())),
    ]
    return replace(
        of_findings(*findings),
        decisions=len(listed | rows.keys()),
        ended=Counter(ends.values()),
        beside=_beside(evidence, rows),
        unconfirmed=_unconfirmed(evidence, rows, places),
        is_done=all(map(is_done, places.values())),
        still_open=tuple(
            StillOpen(rows[uid].at, evidence.partition, rows[uid].name)
            for uid, end in ends.items()
            if end is Bucket.OPEN
        ),
    )


def _is_counted(row: Row, scope: Scope) -> bool:
    is_one = is_a_decision(row.kind, names_a_child="child" in row.said) and came_in(row.kind, row.said)
    return is_one and scope.takes_in(row)


def _not_accounted(evidence: Evidence, uid: str, rows: Mapping[str, Row]) -> Finding:
    return evidence.finding(FindingCode.NOT_ACCOUNTED, rows[uid].name if uid in rows else uid)


def _decided(rows: Mapping[str, Row]) -> Iterator[Row]:
    return (row for row in rows.values() if row.kind == AuditKind.DECISION)


def _beside(evidence: Evidence, rows: Mapping[str, Row]) -> Mapping[Beside, int]:
    """Messages about the day's decisions that a person or a clock made, whenever that was."""
    versions = {(row.child, row.dver) for row in _decided(rows)}
    return Counter(
        one.beside
        for one in planned_here(evidence)
        if one.beside and one.which.series is None and (one.which.child, one.which.dver) in versions
    )


def _unconfirmed(evidence: Evidence, rows: Mapping[str, Row], places: Places) -> int:
    messages = {which for row in _decided(rows) for which in messages_of(row, evidence.ref, places)}
    items = (item for place in places.values() for item in place.deliveries.values())
    sent = (item for item in items if item.which in messages and item.state == DeliveryState.SENT)
    return sum(not item.is_told for item in sent)
