"""One sweep: what is due is queued, and the clocks of tasks and of messages that have run out fire."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from functions.adapters.dispatch import ClockQueue, Dispatch
from functions.adapters.ledger.keys import CanaryKey, ClockKey, DeliveryKey, TaskKey
from functions.adapters.ledger.reading import Due, DueIndex
from functions.flows.clocks.overdue import ClockDesk, fire, fire_all
from functions.flows.clocks.untold import WatchDesk, fire_watch
from functions.log_lines import SWEEP_RAN, log


@dataclass(frozen=True, slots=True)
class SweepDesk:
    """What a sweep works with."""

    due: DueIndex
    dispatch: Dispatch
    intake: ClockQueue
    clocks: ClockDesk
    watches: WatchDesk


@dataclass(frozen=True, slots=True)
class Swept:
    """How many messages were queued, and how many clocks fired."""

    queued: int
    fired: int


def sweep(desk: SweepDesk, has_time: Callable[[], bool]) -> Swept:
    """Queues what is due now, then fires the clocks of whoever is not told and of what nobody has done.

    A delivery queued twice is claimed once. Clocks come last: they must not keep a message from its queue,
    nor a queue that refuses a clock from firing. Raises what failed when all the rest is done.
    """
    started, now = time.monotonic(), desk.clocks.now()
    due = list(desk.due.until(now))
    try:
        queued = _queued(due, desk)
    finally:
        clocks = [partial(fire_watch, key, desk.watches) for key in desk.due.watched(now)]
        clocks += [partial(fire, key, desk.clocks) for key in due if isinstance(key, TaskKey)]
        fired = fire_all(clocks, has_time)
    log(SWEEP_RAN, queued=queued, fired=fired.clocks, took_ms=round((time.monotonic() - started) * 1000))
    if fired.failures:
        raise ExceptionGroup("clocks did not fire", fired.failures)
    return Swept(queued, fired.clocks)


def _queued(due: Iterable[Due], desk: SweepDesk) -> int:
    """How many were: deliveries and canaries for their sender, clocks that wait for something for the
    intake."""
    keys = list(due)
    try:
        queued = desk.dispatch.send(key for key in keys if isinstance(key, DeliveryKey | CanaryKey))
    finally:
        clocks = desk.intake.send(key for key in keys if isinstance(key, ClockKey))
    return queued + clocks
