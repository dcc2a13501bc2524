"""Hearing silence: no decision in office hours, and an outcome that has been on its way for too long."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import DueIndex, WorkIndex
from functions.domain.clock import uk_day
from functions.domain.reconciliation.quiet import is_told_somehow
from functions.domain.silence import is_too_long_on_its_way, is_too_silent
from functions.flows.reconciling.reckon import Tables
from functions.log_lines import NO_DECISIONS, OLDEST_UNDELIVERED, UNDELIVERED_TOO_LONG, log
from schemas.clocks import ClockPolicy
from schemas.codes import TaskKind, TaskRole

CALLERS = (TaskRole.MASH_DUTY_WORKER, TaskRole.EMERGENCY_DUTY_TEAM)
MOST_ASKED = 50
"""How many deliveries are looked up for whether their agency was told by another channel meanwhile."""


@dataclass(frozen=True, slots=True)
class ListenDesk:
    """What is listened to."""

    tables: Tables
    due: DueIndex
    work: WorkIndex
    clocks: ClockPolicy
    now: Callable[[], datetime]


def listen(desk: ListenDesk) -> None:
    """Says how long the oldest outcome has been on its way, and that it has been quiet for too long."""
    now = desk.now()
    last = desk.tables.days.last_decision(uk_day(now), now)
    if is_too_silent(last, now, desk.clocks):
        log(NO_DECISIONS, minutes=_minutes(now - last) if last else None)
    waits = _waits(desk)
    oldest = min(waits, default=now)
    log(OLDEST_UNDELIVERED, minutes=_minutes(now - oldest), count=len(waits))
    if is_too_long_on_its_way(oldest, now, desk.clocks):
        log(UNDELIVERED_TOO_LONG, minutes=_minutes(now - oldest), count=len(waits))


def _waits(desk: ListenDesk) -> list[datetime]:
    """Since when each outcome waits that will still go by itself, or whose agency somebody must ring.

    A call that nobody has made yet stands for a message that failed: nothing else will deliver it.
    """
    on_their_way = sorted(desk.due.on_their_way(), key=lambda found: found[0])
    calls = [
        datetime.fromisoformat(task["opened_at"])
        for role in CALLERS
        for task in desk.work.of(role)
        if task["kind"] == TaskKind.CALL_UNTOLD
    ]
    return [*_untold(on_their_way, desk), *calls]


def _untold(on_their_way: list[tuple[datetime, DeliveryKey]], desk: ListenDesk) -> list[datetime]:
    """Without the oldest ones whose agency was told by another channel."""
    for number, (_, key) in enumerate(on_their_way[:MOST_ASKED]):
        same = desk.tables.partitions.of_one_reader(key)
        if not (same and is_told_somehow(same[0], same)):
            return [since for since, _ in on_their_way[number:]]
    return [since for since, _ in on_their_way[MOST_ASKED:]]


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
