"""How many decisions leave their reason to the duty team, of those that should give one: for whoever runs the
hub, and no part of the shared data set, where the whole would tell the hidden outcomes that it is the sum of.

"Call the duty team for the reason" is for the odd case: over a tenth of them somebody looks why (domain
section 2, OTHER_SEE_TEAM). The trail's rows alone move these counts, like every live count.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from functions.domain.measures.counts import Cell, Counts
from functions.domain.measures.facts import Case

REASON_EXPECTED = "reason_expected"
"""Children whose newest decision should give a reason, by the day of that decision."""
REASON_LEFT = "reason_left_to_team"
"""Of these, the ones that say to ring for it, or give none and are sent with that; on the same day."""
JUDGED_BY_DAYS = 28
"""Four whole weeks: each has the same weekdays, and bank holidays only make it fewer decisions."""
LEAST_JUDGED = 20
"""Of fewer, three are more than a tenth, and say nothing of how decisions are recorded (unverified)."""
MOST_IN_100 = 10


def cells_of_reasons(cases: Iterable[Case], period: Callable[[datetime], str]) -> Iterator[Cell]:
    """What these children add; a duplicate is told what its original says."""
    for case in cases:
        newest = case.decided
        if newest is not None and newest.expects_reason and not case.received.is_duplicate:
            yield Cell(period(newest.newest_at), REASON_EXPECTED)
            if newest.leaves_reason:
                yield Cell(period(newest.newest_at), REASON_LEFT)


@dataclass(frozen=True, slots=True)
class Reasons:
    """So many of so many decisions leave their reason to the duty team."""

    left: int
    expected: int

    @property
    def are_left_too_often(self) -> bool:
        """More than a tenth; a tenth exactly is not."""
        return 100 * self.left > MOST_IN_100 * self.expected

    @property
    def can_be_judged(self) -> bool:
        """Whether they are enough to say anything of how decisions are recorded."""
        return self.expected >= LEAST_JUDGED

    def __str__(self) -> str:
        return f"{self.left}..{self.expected}"


def reasons(counts: Counts, days: Iterable[str]) -> Reasons:
    """Those of these days together."""
    wanted = list(days)
    left, expected = (
        sum(counts[Cell(day, name)] for day in wanted) for name in (REASON_LEFT, REASON_EXPECTED)
    )
    return Reasons(left, expected)
