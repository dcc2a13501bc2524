"""One day reckoned up: its arrivals by the index, then each partition that they touched; no table whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from functions.adapters.ledger import keys
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.domain.clock import uk_day
from functions.domain.reconciliation.account import Scope, account_of
from functions.domain.reconciliation.arrivals import OUT_OF_ORDER, Arrived, Marked, gaps, unmatched
from functions.domain.reconciliation.ends import places_of
from functions.domain.reconciliation.evidence import Evidence, Finding
from functions.domain.reconciliation.tally import NOTHING, Tally, of_findings

MOST_DAYS_BACK = 10
"""How far back a source's last number is looked for: longer than any run of bank holidays."""
MOST_DAYS_LATER = 90
"""Until when a number that was missing counts if its sender sends it after all."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Both tables as they are read for an account."""

    days: Days
    partitions: Partitions


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What was counted; `after` names the last partition where time ran out before all were."""

    tally: Tally
    after: str | None = None


def reckon(
    scope: Scope, tables: Tables, has_time: Callable[[], bool], *, so_far: Tally = NOTHING, after: str = ""
) -> Reckoned:
    """Counts the day from the first partition `after` one, until all are counted or time is short."""
    listed = _Listed.of(scope, tables)
    for partition in sorted(listed.partitions):
        if partition > after:
            if not has_time():
                return Reckoned(so_far, after)
            so_far += _seen_twice(partition, listed, scope, tables)
            after = partition
    return Reckoned(so_far + of_findings(*_of_the_arrivals(listed, scope, tables)))


@dataclass(frozen=True, slots=True)
class _Listed:
    """A day's arrivals as both indexes list them."""

    arrived: Sequence[Arrived]
    marked: Sequence[Marked]

    @classmethod
    def of(cls, scope: Scope, tables: Tables) -> "_Listed":
        day, until = scope.day, scope.until
        return cls(tables.days.arrivals(day, until), tables.days.marked(day, until))

    @property
    def partitions(self) -> set[str]:
        return {one.partition for one in self.arrived} | {one.partition for one in self.marked}

    def of_partition(self, partition: str) -> list[Arrived]:
        return [one for one in self.arrived if one.partition == partition]


def _seen_twice(partition: str, listed: _Listed, scope: Scope, tables: Tables) -> Tally:
    """A finding counts if a second look has it, too: a query shows parts of a transaction on its way."""
    first = _account(partition, listed, scope, tables)
    if not first.findings:
        return first
    again = _account(partition, _Listed.of(scope, tables), scope, tables)
    return _with_findings(again, [one for one in again.findings if one in first.findings])


def _account(partition: str, listed: _Listed, scope: Scope, tables: Tables) -> Tally:
    evidence = tables.partitions.read(partition)
    return account_of(evidence, listed.of_partition(partition), _places(evidence, tables), scope)


def _places(evidence: Evidence, tables: Tables) -> Mapping[str, Evidence]:
    others = {ref: tables.partitions.read(keys.referral(ref)) for ref in sorted(places_of(evidence))}
    return {evidence.ref: evidence, **others}


def _with_findings(tally: Tally, findings: Sequence[Finding]) -> Tally:
    return replace(tally, findings=tuple(findings), differences=len(findings))


def _of_the_arrivals(listed: _Listed, scope: Scope, tables: Tables) -> Iterator[Finding]:
    """Rows without markers, markers without rows, numbers that a sender left out."""
    first = list(unmatched(listed.arrived, listed.marked))
    if first:
        now = _Listed.of(scope, tables)
        yield from (one for one in unmatched(now.arrived, now.marked) if one in first)
    yield from _gaps(listed, scope, tables)


def _gaps(listed: _Listed, scope: Scope, tables: Tables) -> list[Finding]:
    """Numbers that came on no day; a later day is read where one is missing on those before it."""
    before, after, settled = _days_before(listed, scope, tables), list[Arrived](), scope.until - OUT_OF_ORDER
    for later in range(1, MOST_DAYS_LATER + 1):
        day = scope.day + timedelta(days=later)
        after += tables.days.arrivals(day, scope.now)
        found = list(gaps(listed.arrived, before, after, settled=settled))
        if not found or day >= uk_day(scope.now):
            break
    return found


def _days_before(listed: _Listed, scope: Scope, tables: Tables) -> list[Arrived]:
    """Back to the last number of each source that counts its events."""
    wanted = {one.source for one in listed.arrived if one.source and one.number is not None}
    found: list[Arrived] = []
    for back in range(1, MOST_DAYS_BACK + 1):
        if not wanted:
            break
        found += tables.days.arrivals(scope.day - timedelta(days=back), scope.until)
        wanted -= {one.source for one in found if one.number is not None}
    return found
