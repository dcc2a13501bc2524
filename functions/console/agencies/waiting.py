"""What waits for the agencies: how many messages will go to each, and since when the first has waited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.ledger.reading import DueIndex
from functions.console.words.moments import counted


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


def first_waited(agency_id: str, waiting: Mapping[str, Waits] | None, since: datetime) -> datetime:
    """Since when an agency has been without what it is sent: a system that answers once between two failures
    is said to fail since the second, but its messages may have waited since before the first."""
    waits = (waiting or {}).get(agency_id)
    return min(waits.since, since) if waits else since
