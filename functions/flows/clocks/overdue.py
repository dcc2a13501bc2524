"""A task's time has come and nobody has done it: the trail says so, and an alarm calls somebody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import ClientError

from functions.adapters.errors import ContendedError, MeaningError, RetryError, UnreadableError
from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Acts, Overdue
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.keys import TaskKey
from functions.adapters.ledger.store import ConditionsFailedError
from functions.adapters.patience import Patience
from functions.domain.record import uid
from functions.log_lines import TASK_OVERDUE, log
from schemas.codes import AuditKind, TaskState

ACTOR = "mash-outcomes"
FIRE_SECONDS = 2
"""How long one clock is contended for; what does not get through fires with the next sweep, a minute on."""


@dataclass(frozen=True, slots=True)
class ClockDesk:
    """What a clock that fires works with."""

    acts: Acts
    patience: Patience
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    """Tells this sweep's rows from those of another that fires the same clock at once."""


@dataclass(frozen=True, slots=True)
class Fired:
    """How many clocks fired, and why others could not."""

    clocks: int
    failures: tuple[Exception, ...]


def fire_all(clocks: Iterable[Callable[[], bool]], has_time: Callable[[], bool]) -> Fired:
    """Fires each clock; one that cannot be must not keep the others from it.

    Stops when `has_time` says so: nothing is lost, for what did not fire is still in its index.
    """
    waiting, fired, failures = list(clocks), 0, list[Exception]()
    while waiting and has_time():
        try:
            fired += waiting.pop(0)()
        except (MeaningError, ClientError) as exc:
            failures.append(exc)
    if waiting:
        failures.append(RetryError(f"no time was left for clocks: {len(waiting)}"))
    return Fired(fired, tuple(failures))


def fire(key: TaskKey, desk: ClockDesk) -> bool:
    """Marks the task overdue, once; false if somebody did it, or another sweep was first.

    Raises UnreadableError for a task that another release wrote.
    """
    seen: tuple[Overdue, Fact] | None = None

    def once() -> bool:
        # After a reply that was lost the same rows are written after the same tip: if they stand there, it
        # was done, and the alarm must still be raised.
        nonlocal seen
        seen = seen or _overdue(key, desk)
        if seen is None:
            return False
        overdue, fact = seen
        try:
            desk.acts.fire(overdue, fact, desk.now())
        except ContendedError:
            seen = None
            raise
        except ConditionsFailedError as exc:
            seen = None
            raise ContendedError("the task changed while its clock fired") from exc
        _raise_alarm(key, overdue)
        return True

    return desk.patience.persist(once, limit_seconds=FIRE_SECONDS)


def _overdue(key: TaskKey, desk: ClockDesk) -> tuple[Overdue, Fact] | None:
    """The task and the row that says it is overdue; None if it is not."""
    overdue = desk.acts.overdue(key.pk, key.sk)
    try:
        if overdue is None or overdue.task["st"] != TaskState.OPEN:
            return None
        if overdue.task["due_at"] > at_text(desk.now()):
            return None
        return overdue, _fact(key, overdue, desk.new_id())
    except KeyError as exc:
        raise UnreadableError("not a task of this release") from exc


def _fact(key: TaskKey, overdue: Overdue, sweep: str) -> Fact:
    task = overdue.task
    details = {
        "child": task["child"],
        "dver": task["dver"],
        "task": task["kind"],
        "role": task["role"],
        "due_at": task["due_at"],
        "task_agency": task.get("agency"),
        "about": task.get("about"),
    }
    identity = uid(AuditKind.CLOCK_FIRED, key.text, task["due_at"], sweep)
    return Fact(AuditKind.CLOCK_FIRED, identity, ACTOR, key.sk, details)


def _raise_alarm(key: TaskKey, overdue: Overdue) -> None:
    task = overdue.task
    log(
        TASK_OVERDUE,
        referral=keys.ref_of(key.pk),
        agency=keys.agency_id_of(task) if keys.is_of_an_agency(task) else task.get("agency"),
        source=keys.owner_of(task) if keys.is_of_a_source(task) else None,
        child=task["child"],
        task=task["kind"],
        role=task["role"],
    )
