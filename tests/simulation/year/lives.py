"""What is told about each contact of a year, stage by stage of its life, in the order in which it is told."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from schemas.base import instant_text
from tests.simulation.year.calendar import Calendar
from tests.simulation.year.contacts import Contact, contacts
from tests.simulation.year.draws import Draws
from tests.world import Wire, an_event_id

_RECENT = 60
"""How many of the last contacts another may turn out to be a duplicate of."""


class Said(NamedTuple):
    """One event, and when somebody sends it."""

    at: datetime
    event: Wire


@dataclass
class Life:
    """One contact, whatever is drawn for it, and what has been told so far."""

    contact: Contact
    draws: Draws
    earlier: Sequence[Contact]
    """Those that came shortly before."""
    followed_until: datetime
    said: list[Said] = field(default_factory=list)

    def tell(self, at: datetime, event: Wire) -> None:
        """Adds an event; what nobody would hear within the time that is simulated is not told."""
        if at < self.followed_until:
            self.said.append(Said(at, event))

    def happens(self, at: datetime, event_type: str, **fields: Any) -> None:
        """Adds an event beside decisions, told a few minutes after it happened."""
        told_at = self.draws.after(at, 0.01, 0.3)
        self.tell(
            told_at,
            {
                "schema_version": "1.0",
                "event_id": an_event_id(self.contact.ref, event_type, len(self.said)),
                "event_type": event_type,
                "source": "mash.case-system",
                "occurred_at": text(told_at),
                "referral_ref": self.contact.ref,
                **fields,
            },
        )


Stage: TypeAlias = Callable[[Life], None]


def text(moment: datetime) -> str:
    """A moment as events have it: to the second, so that it never lies ahead of its telling."""
    return instant_text(moment.replace(microsecond=0))


def lives(seed: int, count: int, stages: Sequence[Stage], calendar: Calendar) -> Iterator[Life]:
    """The life of each contact, in the order in which they came."""
    earlier: deque[Contact] = deque(maxlen=_RECENT)
    for contact in contacts(seed, count, calendar):
        life = Life(contact, Draws(seed, contact.ref), list(earlier), calendar.followed_until)
        for stage in stages:
            stage(life)
        life.said.sort(key=lambda said: said.at)
        earlier.append(contact)
        yield life
