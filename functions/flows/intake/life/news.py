"""What one event comes to, before anything is written: what is learnt, who is told, who must act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from functions.adapters.ledger.acts import Release
from functions.adapters.ledger.calls import Answered
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.records import NewUpdate, OpenedTask
from functions.adapters.ledger.store import Item
from schemas.codes import WaitsFor
from schemas.risk_assessment import PoliceCheck


@dataclass(frozen=True, slots=True)
class News:
    """`details` stand in the event's row beside its own fields; with `waits_for` nobody is told yet.

    The rest is as `TakenEvent` has it.
    """

    details: Mapping[str, Any] = field(default_factory=dict)
    head: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    updates: Sequence[NewUpdate] = ()
    tasks: Sequence[OpenedTask] = ()
    done_tasks: Sequence[Item] = ()
    stopped: Sequence[tuple[Item, Fact]] = ()
    over: Sequence[Item] = ()
    phoned: Sequence[Item] = ()
    phoned_at: datetime | None = None
    answered: Sequence[Answered] = ()
    rung: Sequence[Item] = ()
    release: Release | None = None
    waits_for: WaitsFor | None = None
    checked: Mapping[int, PoliceCheck] = field(default_factory=dict)
    """Children whose police form was checked again."""


def too_early(waits_for: WaitsFor) -> News:
    """The event is kept until what it is about has come."""
    return News(waits_for=waits_for)


def stale() -> News:
    """Recorded and told to nobody: what is newer has been told."""
    return News(details={"stale": True})
