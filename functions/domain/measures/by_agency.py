"""How many messages each agency was sent, and how many of them arrived: for whoever runs the hub, and no part
of the shared data set, where every agency's part would be small.

The trail's rows alone move these, like every live count; so they never tell of the hour.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from functions.domain.measures.counts import Cell, Counts
from functions.domain.measures.facts import Sent
from functions.domain.measures.suppression import is_small

TO_AGENCY = "to_agency"
"""Messages, by the day from which they were free to go."""
REACHED_AGENCY = "reached_agency"
"""Of these, the ones that arrived, on the same day."""
REACHED_AGENCY_ON = "reached_agency_on"
"""The same by the day on which they did."""
BY_AGENCY = frozenset({TO_AGENCY, REACHED_AGENCY, REACHED_AGENCY_ON})


def cells_by_agency(sent: Iterable[Sent], period: Callable[[datetime], str]) -> Iterator[Cell]:
    """What these messages add."""
    for one in sent:
        yield Cell(period(one.at), TO_AGENCY, one.agency_id)
        if one.told_at is not None:
            yield Cell(period(one.at), REACHED_AGENCY, one.agency_id)
            yield Cell(period(one.told_at), REACHED_AGENCY_ON, one.agency_id)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """One agency's, over some days: so many of so many, and the last day on which one arrived."""

    reached: int = 0
    sent: int = 0
    last: date | None = None

    @property
    def is_small(self) -> bool:
        """Whether somebody outside the hub must not be told: what arrived is few, or what did not, or all."""
        return any(map(is_small, (self.reached, self.sent - self.reached, self.sent)))

    def __add__(self, other: "Deliveries") -> "Deliveries":
        days = [day for day in (self.last, other.last) if day is not None]
        return Deliveries(self.reached + other.reached, self.sent + other.sent, max(days, default=None))


def deliveries(counts: Counts, days: Iterable[date]) -> Mapping[str, Deliveries]:
    """Each agency's of these days, those that anything was sent to or reached."""
    found: dict[str, Deliveries] = {}
    wanted = {day.isoformat() for day in days}
    for cell, count in counts.cells.items():
        if cell.period in wanted and cell.name in BY_AGENCY:
            found[cell.part] = found.get(cell.part, Deliveries()) + _of(cell, count)
    return found


def _of(cell: Cell, count: int) -> Deliveries:
    if cell.name == TO_AGENCY:
        return Deliveries(sent=count)
    if cell.name == REACHED_AGENCY:
        return Deliveries(reached=count)
    return Deliveries(last=date.fromisoformat(cell.period))
