"""What one event comes to, before anything is written: what is learnt, who is told, who must act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.adapters.ledger.records import NewUpdate, OpenedTask
from functions.adapters.ledger.store import Item
from schemas.codes import WaitsFor


@dataclass(frozen=True, slots=True)
class News:
    """`details` stand in the event's row beside its own fields; with `waits_for` nothing else is done yet."""

    details: Mapping[str, Any] = field(default_factory=dict)
    head: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    updates: Sequence[NewUpdate] = ()
    tasks: Sequence[OpenedTask] = ()
    done_tasks: Sequence[Item] = ()
    waits_for: WaitsFor | None = None


def too_early(waits_for: WaitsFor) -> News:
    """The event is kept until what it is about has come."""
    return News(waits_for=waits_for)
