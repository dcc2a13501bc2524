"""What waits for the agencies: how many messages will go to each, and since when the first has waited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from functions.adapters.ledger.reading import DueIndex
from functions.adapters.registry.entry import ACTIVE, Entry
from functions.console.asking.narrowing import MOST_DAYS
from functions.console.shown.parts import Link
from functions.console.words.moments import counted, lasting
from functions.domain.clock import uk_day
from schemas.codes import Channel, DeliveryState

ON_THEIR_WAY = (DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE)
"""Of the statuses that the list of messages can be narrowed to, the ones of what goes again by itself."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Messages on their way to one agency."""

    number: int
    since: datetime
    """When the one that has waited longest was free to go."""


def what_waits(due: DueIndex) -> Mapping[str, Waits]:
    """By agency; those that nothing waits for are left out."""
    found: dict[str, Waits] = {}
    for since, key in due.on_their_way():
        known = found.get(key.agency_id, Waits(0, since))
        found[key.agency_id] = Waits(known.number + 1, min(known.since, since))
    return found


def waiting_words(agency_id: str, waiting: Mapping[str, Waits] | None) -> str:
    """`5 messages waiting`; without `waiting` that is not known."""
    if waiting is None:
        return "How many messages wait is not available"
    number = waiting[agency_id].number if agency_id in waiting else 0
    return f"{counted(number, 'message')} waiting"


def meanwhile(entry: Entry, after: timedelta) -> str | None:
    """What tells an agency by e-mail while messages wait for its system; how each of these came through is on
    its own page alone. None where nothing waits for a system.

    `after` is how long one may fail until an e-mail takes its place (delivery section 5).
    """
    if entry.status != ACTIVE or Channel.WEBHOOK not in entry.channels:
        return None
    if Channel.EMAIL in entry.channels:
        return "Email goes to them as well"
    if entry.address is None:
        return "No email takes their place: the registry has no mailbox of theirs"
    return (
        f"An email takes the place of each that their system has not taken within {lasting(after)}: its page "
        "says whether it arrived"
    )


def first_waited(agency_id: str, waiting: Mapping[str, Waits] | None, since: datetime) -> datetime:
    """Since when an agency has been without what it is sent: a system that answers once between two failures
    is said to fail since the second, but its messages may have waited since before the first."""
    waits = (waiting or {}).get(agency_id)
    return min(waits.since, since) if waits else since


def messages_waiting(agency_id: str, words: str, now: datetime) -> Link:
    """To the list of them, as far back as it goes: a message may wait about a referral of long ago."""
    since = uk_day(now) - timedelta(days=MOST_DAYS)
    asked = [("agency", agency_id), *(("status", one) for one in ON_THEIR_WAY), ("since", since.isoformat())]
    return Link(text=words, path=f"/messages?{urlencode(asked)}")


def waiting_link(agency_id: str, waiting: Mapping[str, Waits], now: datetime) -> Link | None:
    """`5 messages`, and to these five; None where nothing waits."""
    if agency_id not in waiting:
        return None
    return messages_waiting(agency_id, counted(waiting[agency_id].number, "message"), now)
