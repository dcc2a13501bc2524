"""The dip sample: the complete police forms that were drawn for people to grade, and wait for it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.attention import is_overdue, most_urgent_first, task_path
from functions.console.moments import counted, short
from functions.console.request import Page
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.shown.sampling import Drawn, Sampling
from functions.console.visit import Visit
from functions.domain.wording.uk_time import uk_day
from functions.flows.planning.police_form import owing_force
from schemas.codes import TaskKind, TaskRole

ABOVE = (Link(text="Overview", path="/"), Link(text="Reports", path="/reports"))
READ_THERE = (
    "Complete is not good: the check counts answers, people judge them. Read each form in the police's own"
    " system, then grade it here. What is graded is listed no more: its grade is in the referral's history."
)
NOT_GRADED, OVERDUE = Tag(text="Not graded yet", tone=Tone.WARN), Tag(text="Overdue", tone=Tone.BAD)


def sampling(visit: Visit) -> Page:
    """One month's, the newest where none is asked for: from the managers' own queue of tasks."""
    tasks = [
        task
        for task in visit.desk.reads.work.of(TaskRole.MASH_MANAGER)
        if task["kind"] == TaskKind.GRADE_FORM
    ]
    waiting = Counter(task["about"] for task in tasks)
    month = _month(visit.request.asked("month"), waiting)
    drawn = most_urgent_first(task for task in tasks if task["about"] == month)
    visit.note("SAMPLE", len(drawn), {"month": month} if month else None)
    force = owing_force(visit.desk.reads.directory)
    shown = Sampling(
        month=_month_words(month) if month else "Dip sample",
        panel=_panel(drawn, visit.now),
        text=READ_THERE,
        drawn=tuple(_drawn(task, force.name if force else "", visit.now) for task in drawn),
        empty="No form waits to be graded.",
        earlier=_earlier(month, waiting),
    )
    return Page("sampling", "Dip sample", shown, above=ABOVE)


def _month(asked: str, waiting: Counter[str]) -> str:
    return asked if asked in waiting else max(waiting, default="")


def _earlier(month: str, waiting: Counter[str]) -> Link | None:
    before = max((one for one in waiting if one < month), default=None)
    if before is None:
        return None
    forms = counted(waiting[before], "form")
    return Link(text=f"{_month_words(before)}: {forms} to grade", path=f"/sampling?month={before}")


def _panel(drawn: Sequence[Item], now: datetime) -> tuple[Fact, ...]:
    late = sum(is_overdue(task, now) for task in drawn)
    return (
        Fact(label="To be graded", text=counted(len(drawn), "form")),
        Fact(label="Overdue", text=counted(late, "form")),
    )


def _drawn(task: Item, force: str, now: datetime) -> Drawn:
    return Drawn(
        form=Link(text=f"{keys.owner_of(task)}, child {task['child']}", path=task_path(task)),
        force=force,
        drawn=short(datetime.fromisoformat(task["opened_at"]), now),
        due=short(datetime.fromisoformat(task["due_at"]), now),
        grade=OVERDUE if is_overdue(task, now) else NOT_GRADED,
    )


def _month_words(month: str) -> str:
    """`October 2026`."""
    return uk_day(date.fromisoformat(f"{month}-01")).removeprefix("1 ")
