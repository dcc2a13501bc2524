"""The live counts: each new row of a referral moves them by the difference that it makes, once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counted, Counters
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.domain.measures.counting import live_counts_of
from functions.domain.measures.facts import AsOf, facts_of
from functions.domain.reconciliation.evidence import Row
from functions.log_lines import NOT_COUNTED, log
from schemas.clocks import ClockPolicy


@dataclass(frozen=True, slots=True)
class CountDesk:
    """What the live counts are moved with."""

    counters: Counters
    partitions: Partitions
    directory: Directory
    clocks: ClockPolicy
    patience: Patience
    now: Callable[[], datetime]

    def as_of(self) -> AsOf:
        """What the rules ask beside the rows; no live count depends on the moment."""
        types = {entry.agency_id: entry.type for entry in self.directory.all()}
        return AsOf(self.now(), self.clocks, types)


def count_rows(newest: Mapping[str, int], desk: CountDesk) -> None:
    """Counts each referral up to its newest row here at least; a row that is counted already moves nothing.

    Raises what the first one raised that could not be counted, once all others are.
    """
    as_of = desk.as_of()
    failures = [failure for ref, seq in newest.items() if (failure := _failed(ref, seq, as_of, desk))]
    if failures:
        raise failures[0]


def _failed(ref: str, seq: int, as_of: AsOf, desk: CountDesk) -> Exception | None:
    """Counts one referral; one whose rows cannot be counted must keep no other from it."""
    try:
        count_up_to(seq, ref, as_of, desk)
    except Exception as exc:  # noqa: BLE001 - raised again by whoever calls
        log(NOT_COUNTED, referral=ref, error=type(exc).__name__)
        return exc
    return None


def count_up_to(seq: int, ref: str, as_of: AsOf, desk: CountDesk) -> None:
    """Counts a referral from all its rows, unless they were counted up to this one before."""

    def once() -> None:
        seen = desk.counters.counted(ref)
        if seen.seq >= seq:
            return
        now = counted_now(ref, as_of, desk)
        if now.seq < seq:
            raise ContendedError("a row before it is still on its way")
        desk.counters.move(ref, seen, now)

    desk.patience.persist(once)


def counted_now(ref: str, as_of: AsOf, desk: CountDesk) -> Counted:
    """What the counts should have of a referral, by its rows as they are."""
    rows = list(without_gap(desk.partitions.rows(keys.referral(ref))))
    return Counted(seq=len(rows), counts=live_counts_of(facts_of(rows, ref, as_of)))


def without_gap(rows: Sequence[Row]) -> Iterator[Row]:
    """Up to the first number that is missing: a query may show a part of a transaction on its way."""
    for number, row in enumerate(rows, 1):
        if row.seq != number:
            break
        yield row
