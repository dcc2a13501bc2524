"""The sum of one day: how many events came in, how each ended, what stands beside, what is open, what
disagrees."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from functions.domain.reconciliation.evidence import Finding
from schemas.codes import Beside, Bucket, FindingCode

MOST_NAMED = 50
"""How many findings and open decisions are named one by one; all are counted."""


@dataclass(frozen=True, slots=True, order=True)
class StillOpen:
    """A decision that somebody is not told of yet, and since when."""

    since: str
    partition: str
    row: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted so far; tallies of a day's parts add up to the day's."""

    decisions: int = 0
    ended: Mapping[Bucket, int] = field(default_factory=dict)
    beside: Mapping[Beside, int] = field(default_factory=dict)
    unconfirmed: int = 0
    """Messages that a mail service took, and of which no receipt says yet that they arrived."""
    is_done: bool = True
    """Whether whoever the events are about has no message, by whatever row, and no task that still waits."""
    differences: int = 0
    findings: tuple[Finding, ...] = ()
    still_open: tuple[StillOpen, ...] = ()

    @property
    def accounted(self) -> int:
        """How many of the events ended in exactly one of the ways there are."""
        return sum(self.ended.values())

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is open, held, not known to have arrived, or different."""
        waits = self.ended.get(Bucket.OPEN, 0) + self.ended.get(Bucket.HELD, 0)
        return self.is_done and not waits and not self.differences

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            decisions=self.decisions + other.decisions,
            ended=Counter(self.ended) + Counter(other.ended),
            beside=Counter(self.beside) + Counter(other.beside),
            unconfirmed=self.unconfirmed + other.unconfirmed,
            is_done=self.is_done and other.is_done,
            differences=self.differences + other.differences,
            findings=(*self.findings, *other.findings)[:MOST_NAMED],
            still_open=tuple(sorted((*self.still_open, *other.still_open))[:MOST_NAMED]),
        )

    def counts(self) -> dict[str, int]:
        """Every count by its name, those of zero among them."""
        return {
            "decisions": self.decisions,
            **{bucket.value: self.ended.get(bucket, 0) for bucket in Bucket},
            **{beside.value: self.beside.get(beside, 0) for beside in Beside},
            "unconfirmed": self.unconfirmed,
            "differences": self.differences,
        }

    def as_plain(self) -> dict[str, Any]:
        """As a table keeps it between two parts of a day."""
        return {
            **self.counts(),
            "is_done": self.is_done,
            "findings": [[one.code.value, one.partition, one.what] for one in self.findings],
            "still_open": [[one.since, one.partition, one.row] for one in self.still_open],
        }

    @classmethod
    def of_plain(cls, kept: Mapping[str, Any]) -> "Tally":
        """What `as_plain` wrote."""
        return cls(
            decisions=kept["decisions"],
            ended={bucket: kept[bucket.value] for bucket in Bucket if kept[bucket.value]},
            beside={beside: kept[beside.value] for beside in Beside if kept[beside.value]},
            unconfirmed=kept["unconfirmed"],
            is_done=kept.get("is_done", False),
            differences=kept["differences"],
            findings=tuple(Finding(FindingCode(code), *where) for code, *where in kept["findings"]),
            still_open=tuple(StillOpen(*one) for one in kept["still_open"]),
        )


NOTHING = Tally()


def of_findings(*findings: Finding) -> Tally:
    """Findings alone."""
    return Tally(differences=len(findings), findings=findings)
