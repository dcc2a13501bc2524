"""What nothing gets past to an agency: an address that mail came back from, an endpoint that is paused."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from functions.adapters.ledger import keys
from functions.adapters.ledger.receipts import suppression_of
from functions.adapters.ledger.store import Item
from functions.adapters.registry.entry import Entry
from schemas.codes import Addressee, Breaker, PauseCause

Found: TypeAlias = Mapping[tuple[str, str], Item]
"""Items by partition and sort key."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Why an endpoint is sent nothing, and since when."""

    cause: PauseCause
    since: datetime

    @classmethod
    def of(cls, endpoint: Item) -> "Pause | None":
        """What an endpoint's item says; None if it is not paused."""
        if "paused" not in endpoint:
            return None
        return cls(PauseCause(endpoint["paused"]), datetime.fromisoformat(endpoint["paused_at"]))


@dataclass(frozen=True, slots=True)
class Rest:
    """An endpoint to which nothing goes: until somebody resumes it, or until it is tried again."""

    agency_id: str
    pause: Pause | None
    until: datetime | None

    @classmethod
    def of(cls, agency_id: str, endpoint: Item) -> "Rest | None":
        """What an endpoint's item says; None if it is sent to."""
        pause = Pause.of(endpoint)
        is_open = endpoint.get("breaker") == Breaker.OPEN
        until = datetime.fromisoformat(endpoint["open_until"]) if is_open else None
        return cls(agency_id, pause, until) if pause or until else None


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stands between us and one agency at this moment."""

    came_back: Mapping[Addressee, datetime]
    """Since when nothing is sent to a mailbox: mail came back, and nobody has verified it since."""
    pause: Pause | None
    rests_until: datetime | None
    """It does not answer: until then nothing goes to it, and afterwards one message to try it."""
    is_unproved: bool
    """Somebody resumed it, and it has answered nothing since."""

    @classmethod
    def of(cls, entry: Entry, found: Found) -> "Obstacles":
        """Out of the items at `places(entry)` that exist."""
        endpoint = found.get(_endpoint(entry), {})
        rest = Rest.of(entry.agency_id, endpoint)
        return cls(
            came_back=dict(_came_back(entry, found)),
            pause=Pause.of(endpoint),
            rests_until=rest.until if rest else None,
            is_unproved=bool(endpoint) and "breaker" not in endpoint,
        )


def places(entry: Entry) -> Iterator[tuple[str, str]]:
    """Where an agency's obstacles would stand in the state table."""
    yield _endpoint(entry)
    yield from (_suppressed(address) for _, address in _addresses(entry))


def _came_back(entry: Entry, found: Found) -> Iterator[tuple[Addressee, datetime]]:
    for addressee, address in _addresses(entry):
        suppression = suppression_of(found.get(_suppressed(address)))
        if suppression is not None and suppression.counts(entry.verified_on(addressee)):
            yield addressee, suppression.since


def _addresses(entry: Entry) -> Iterator[tuple[Addressee, str]]:
    for addressee in Addressee:
        if address := entry.address_for(addressee):
            yield addressee, address


def _endpoint(entry: Entry) -> tuple[str, str]:
    return keys.agency(entry.agency_id), keys.ENDPOINT


def _suppressed(address: str) -> tuple[str, str]:
    return keys.suppressed(address), keys.SUPPRESSED
