"""How a task is written down: in the rows about it, and on the child whose hold it waits behind."""

from typing import Any

from functions.adapters.ledger.chain import at_text
from functions.domain.tasks import Task
from schemas.codes import TaskKind


def task_details(task: Task) -> dict[str, Any]:
    """What a row says of a task, enough to rebuild it."""
    return {
        "task": task.kind.value,
        "role": task.role.value,
        "due_at": at_text(task.due_at),
        "task_agency": task.agency_id,
        "about": task.about,
    }


def waiting_call(task: Task) -> str:
    """A call that is to be made once the child's hold has ended: its kind, whom, and about which referral."""
    return "|".join((task.kind, task.agency_id or "", task.about or ""))


def read_waiting_call(text: str) -> tuple[TaskKind, str | None, str | None]:
    """The kind, agency and referral that `waiting_call` wrote."""
    kind, agency_id, about = text.split("|")
    return TaskKind(kind), agency_id or None, about or None
