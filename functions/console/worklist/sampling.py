"""The dip sample: a month's complete police forms that were drawn for people to grade, and the grades."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.asking.periods import begun_months, month_words
from functions.console.door.request import Page
from functions.console.door.visit import Visit
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.shown.sampling import Drawn, Sampling
from functions.console.words.moments import counted, short
from functions.console.worklist.attention import is_late, most_urgent_first, subject_path, task_path
from functions.flows.planning.police_form import owing_force
from schemas.codes import ActReason, TaskKind, TaskRole

ABOVE = (Link(text="Overview", path="/"), Link(text="Reports", path="/reports"))
READ_THERE = (
    "Complete is not good: the check counts answers, people judge them. Read each form in the police's own"
    " system, then grade it here."
)
NOT_GRADED, LATE = Tag(text="Not graded yet", tone=Tone.WARN), Tag(text="Late", tone=Tone.BAD)
GRADES: Mapping[ActReason, Tag] = {
    ActReason.FORM_GOOD: Tag(text="Good", tone=Tone.GOOD),
    ActReason.FORM_TO_IMPROVE: Tag(text="Could be better", tone=Tone.WARN),
    ActReason.FORM_INADEQUATE: Tag(text="Inadequate", tone=Tone.BAD),
}


def sampling(visit: Visit) -> Page:
    """One month's, the newest where none is asked for: what waits, from the managers' own queue of tasks, and
    what is graded."""
    work = visit.desk.reads.work
    tasks = [task for task in work.of(TaskRole.MASH_MANAGER) if task["kind"] == TaskKind.GRADE_FORM]
    waiting = Counter(task["about"] for task in tasks)
    month = _month(visit, waiting)
    to_grade = most_urgent_first(task for task in tasks if task["about"] == month)
    graded = list(work.graded(month))[::-1]
    visit.note("SAMPLE", len(to_grade) + len(graded), {"month": month})
    force = owing_force(visit.desk.reads.directory)
    name = force.name if force else ""
    shown = Sampling(
        month=month_words(month),
        panel=_panel(to_grade, graded, visit.now),
        text=READ_THERE,
        drawn=(
            *(_waits(task, name, visit.now) for task in to_grade),
            *(_graded(task, name, visit.now) for task in graded),
        ),
        earlier=_earlier(month, waiting, visit.now),
    )
    return Page("sampling", "Dip sample", shown, above=ABOVE)


def _month(visit: Visit, waiting: Counter[str]) -> str:
    """What is asked for; else the newest that somebody has to grade, or the last that is over."""
    asked, begun = visit.request.asked("month"), begun_months(visit.now)
    return asked if asked in {*begun, *waiting} else max(waiting, default=begun[1])


def _earlier(month: str, waiting: Counter[str], now: datetime) -> Link | None:
    """The one before that has something to grade, or else the one before."""
    months = [one for one in waiting if one < month] or [one for one in begun_months(now) if one < month]
    if not months:
        return None
    before = max(months)
    to_grade = f": {counted(waiting[before], 'form')} to grade" if before in waiting else ""
    return Link(text=f"{month_words(before)}{to_grade}", path=f"/sampling?month={before}")


def _panel(to_grade: Sequence[Item], graded: Sequence[Item], now: datetime) -> tuple[Fact, ...]:
    late = sum(is_late(task, now) for task in to_grade)
    grades = Counter(grade for _, grade in map(keys.grade_of, graded))
    return (
        Fact(label="Graded", text=f"{len(graded):,} of {counted(len(to_grade) + len(graded), 'form')}"),
        Fact(label="Late", text=counted(late, "form")),
        *(Fact(label=tag.text, text=counted(grades[code], "form")) for code, tag in GRADES.items() if graded),
    )


def _waits(task: Item, force: str, now: datetime) -> Drawn:
    return Drawn(
        form=Link(text=_which(task), path=task_path(task)),
        force=force,
        drawn=_moment(task["opened_at"], now),
        due=_moment(task["due_at"], now),
        grade=LATE if is_late(task, now) else NOT_GRADED,
    )


def _graded(task: Item, force: str, now: datetime) -> Drawn:
    """It leads to the referral, whose history says who graded it."""
    at, grade = keys.grade_of(task)
    return Drawn(
        form=Link(text=_which(task), path=subject_path(task)),
        force=force,
        drawn=_moment(task["opened_at"], now),
        due="",
        grade=GRADES[grade],
        graded=_moment(at, now),
    )


def _which(task: Item) -> str:
    return f"{keys.owner_of(task)}, child {task['child']}"


def _moment(text: str, now: datetime) -> str:
    return short(datetime.fromisoformat(text), now)
