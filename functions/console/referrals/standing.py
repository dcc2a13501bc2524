"""How a referral stands by what the counts have of it: its children's outcomes, forms, and who was told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from functions.adapters.ledger.listing import Listed
from functions.domain.measures.catalogue import OUTCOME, STATUS
from functions.domain.measures.counts import ALL, Counts
from functions.domain.measures.named import BY_NOTICE, BY_OUTCOME, FORM_STATUS, STILL_HELD, TOLD
from functions.domain.measures.outcome_told import is_told
from functions.domain.measures.populations import DECIDED, PROFESSIONAL_DECIDED
from schemas.codes import Outcome, RaStatus

C = TypeVar("C", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Standing:
    """One referral, by what the counts have of its children."""

    ref: str
    first_at: datetime
    referrer: str | None
    has_a_source: bool
    children: int
    outcomes: Mapping[Outcome, int]
    forms: Mapping[RaStatus, int]
    due_to_be_told: int
    told: int
    by_notice: int
    held: int
    counts: Counts

    @classmethod
    def of(cls, listed: Listed) -> "Standing":
        counts = listed.counted.counts
        return cls(
            ref=listed.ref,
            first_at=listed.came_at,
            referrer=listed.referrer,
            has_a_source=listed.has_a_source,
            children=max(_sum(counts, "received"), 1),
            outcomes=_parts(counts, BY_OUTCOME, OUTCOME.part(""), Outcome),
            forms=_parts(counts, FORM_STATUS, STATUS.part(""), RaStatus),
            due_to_be_told=_sum(counts, PROFESSIONAL_DECIDED.name),
            told=_sum(counts, TOLD),
            by_notice=_sum(counts, BY_NOTICE),
            held=_sum(counts, STILL_HELD),
            counts=counts,
        )

    def decided_since(self, day: date | None, outcome: Outcome | None = None) -> int:
        """How many of its children were decided on that day or later, whose newest outcome is this one, or
        any."""
        if outcome is None:
            return _sum(self.counts, DECIDED.name, day)
        return _sum(self.counts, BY_OUTCOME, day, OUTCOME.part(outcome))

    def untold_since(self, day: date | None) -> int:
        """Of those, the children whose referrer the outcome has not reached; a notice is not the outcome."""
        return _sum(self.counts, PROFESSIONAL_DECIDED.name, day) - _sum(self.counts, TOLD, day)

    @property
    def told_code(self) -> str:
        """`held` before all else; `no` while one child's referrer is to be told and is not."""
        if self.held:
            return "held"
        if is_told(self.counts):
            return "yes"
        if self.by_notice:
            return "notice"
        return "no" if self.due_to_be_told else ""


def _parts(counts: Counts, name: str, prefix: str, code: type[C]) -> Mapping[C, int]:
    """How many children have each, whichever days they were decided or received on."""
    found = Counter[C]()
    for cell, count in counts.cells.items():
        if cell.name == name and cell.part.startswith(prefix) and count:
            found[code(cell.part.removeprefix(prefix))] += count
    return found


def _sum(counts: Counts, name: str, since: date | None = None, part: str = ALL) -> int:
    first = since.isoformat() if since else ""
    return sum(
        count
        for cell, count in counts.cells.items()
        if (cell.name, cell.part) == (name, part) and cell.period >= first
    )
