"""A task's time has come and nobody has done it: the trail says so, and an alarm calls somebody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.keys import TaskKey
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.patience import Patience
from functions.domain.record import uid
from functions.log_lines import TASK_OVERDUE, log
from schemas.codes import AuditKind, TaskState

ACTOR = "mash-outcomes"


@dataclass(frozen=True, slots=True)
class ClockDesk:
    """What a clock that fires works with."""

    acts: Acts
    patience: Patience
    now: Callable[[], datetime]


def fire(key: TaskKey, desk: ClockDesk) -> bool:
    """Marks the task overdue, once; false if somebody did it, or another sweep was first."""
    return desk.patience.persist(lambda: _once(key, desk))


def _once(key: TaskKey, desk: ClockDesk) -> bool:
    task, now = desk.acts.task(key.pk, key.sk), desk.now()
    if task is None or task["st"] != TaskState.OPEN or task["due_at"] > at_text(now):
        return False
    try:
        desk.acts.fire(key.pk, task, _fact(key, task), now)
    except ConditionsFailedError as exc:
        raise ContendedError("the task changed while its clock fired") from exc
    log(
        TASK_OVERDUE,
        referral=key.pk.removeprefix(keys.referral("")),
        child=task["child"],
        task=task["kind"],
        role=task["role"],
    )
    return True


def _fact(key: TaskKey, task: Item) -> Fact:
    details = {
        "child": task["child"],
        "dver": task["dver"],
        "task": task["kind"],
        "role": task["role"],
        "due_at": task["due_at"],
        "task_agency": task.get("agency"),
    }
    identity = uid(AuditKind.CLOCK_FIRED, key.text, task["due_at"])
    return Fact(AuditKind.CLOCK_FIRED, identity, ACTOR, key.sk, details)
