"""What the mail service says of the e-mails that it took: late, in any order, twice or never, and sometimes
before the sender is back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple, Protocol

from functions.adapters.ledger.chain import at_text
from schemas.codes import Receipt
from tests.mail_events import said


class Posted(NamedTuple):
    """One e-mail as the mail service has it; without an address it is none."""

    message_id: str
    attempt: int
    address: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the mail service's, about one e-mail."""

    posted: Posted
    event: str
    at: datetime

    @property
    def receipt(self) -> Receipt:
        """What it means for us."""
        return MEANS[self.event]

    @property
    def closes_the_address(self) -> bool:
        """Whether nothing more may go there."""
        return self.event in _CLOSES


MEANS = {
    "accepted": Receipt.ACCEPTED,
    "delayed": Receipt.DELAYED,
    "delivered": Receipt.DELIVERED,
    "came-back": Receipt.BOUNCED,
    "came-back-for-now": Receipt.DELAYED,
    "suppressed": Receipt.BOUNCED,
    "rejected": Receipt.BOUNCED,
    "complained": Receipt.COMPLAINED,
}
_CLOSES = frozenset({"came-back", "suppressed", "complained"})

FATES: Sequence[tuple[float, tuple[str, ...]]] = (
    (0.60, ("accepted", "delivered")),
    (0.10, ("accepted", "delayed", "delivered")),
    (0.08, ("accepted", "came-back")),
    (0.05, ("accepted", "delayed", "came-back-for-now")),
    (0.04, ("accepted", "delivered", "complained")),
    (0.05, ("rejected",)),
    (0.03, ("accepted", "suppressed")),
    (0.05, ("accepted",)),
)
"""How likely each course of events is."""
LOST = 0.1
TWICE = 0.15
TAKES = (1.0, 5.0, 5.0, 60.0, 900.0)
"""Seconds between one event and the next, at most, and as many again on its way: it may be overtaken."""


class Posts(Protocol):
    """Where events are put."""

    def put(self, body: str, *, after: float) -> None: ...


@dataclass
class MailService:
    """Decides what becomes of each e-mail, and tells of it."""

    queue: Posts
    now: Callable[[], datetime]
    random: Callable[[], float]
    told: list[Told] = field(default_factory=list)
    """What has reached, or will reach, the queue; what is told twice stands here once."""

    def take(self, posted: Posted) -> None:
        """The e-mail is accepted, and its course begins."""
        waits = 0.0
        for event in self._fate():
            waits += self._some_time()
            if self.random() >= LOST:
                self._tell(Told(posted, event, self.now() + timedelta(seconds=waits)), waits)

    def _tell(self, told: Told, waits: float) -> None:
        self.told.append(told)
        body = body_of(told)
        self.queue.put(body, after=waits + self._some_time())
        if self.random() < TWICE:
            self.queue.put(body, after=waits + self._some_time())

    def _fate(self) -> tuple[str, ...]:
        drawn = self.random()
        for likely, events in FATES:
            drawn -= likely
            if drawn < 0:
                return events
        return ()

    def _some_time(self) -> float:
        return self.random() * TAKES[int(self.random() * len(TAKES))]


def body_of(told: Told) -> str:
    text = _template(told.event)
    text = text.replace("@message", told.posted.message_id).replace("@attempt", str(told.posted.attempt))
    return text.replace("@at", at_text(told.at))


@cache
def _template(event: str) -> str:
    return said(event, message_id="@message", attempt="@attempt", at="@at")
