"""How a task looks in a terminal: when it is due, what to do, how long it has waited, whom to ring, what ends
it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from textwrap import wrap
from typing import TypeVar

from rich.text import Text

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.cli.acting_words import counted
from functions.domain.by_hand import OF_A_SOURCE, OF_ALL_DECISIONS, OF_AN_AGENCY, TO_END
from functions.domain.wording.uk_time import uk_date_and_time
from functions.flows.releasing.order import THE_ONLY_REASON
from functions.story.named import upper
from functions.story.tasks import owner_words, task_words
from functions.story.vocabulary import ACT_REASONS, RELEASE_REASONS
from schemas.codes import ActReason, Outcome, ReleaseReason, TaskKind, TaskState

WIDTH = 80
NO_NUMBER = "no number in the registry"
RUNG = frozenset(
    {
        TaskKind.CALL_AGENCY,
        TaskKind.CALL_UNTOLD,
        TaskKind.CALL_UNREAD,
        TaskKind.CHASE_CONTRIBUTION,
        TaskKind.MEND_ENDPOINT,
        TaskKind.MEND_ADDRESS,
    }
)
"""Tasks in which somebody rings an agency."""
_, OF_AN_EMERGENCY = THE_ONLY_REASON[Outcome.EMP]
_, OF_AN_ALLEGATION = THE_ONLY_REASON[Outcome.LAD]
_Reason = TypeVar("_Reason", ReleaseReason, ActReason)
_HOLDS = {
    TaskKind.RELEASE_CHILD: "",
    TaskKind.RELEASE_AGENCY: "",
    TaskKind.RELEASE_ALLEGATION: " --allegation",
}


def task_lines(found: Iterable[Item], now: datetime, phones: Mapping[str, str]) -> Iterator[Text]:
    """Each task in a few lines; `phones` are the agencies' numbers. No command is broken over two lines."""
    for task in found:
        yield heading(task, now)
        yield from _indented(f"{upper(what(task))}. Open for {lasting(age(task, now))}.")
        if whom := rung(task):
            yield from _indented(f"Ring {whom}: {phones.get(whom, NO_NUMBER)}.")
        yield Text(f"   {command(task)} --reason REASON", style="cyan")
        yield from _indented(f"REASON is {reasons(TaskKind(task['kind']))}.", style="dim")
        yield Text()


def heading(task: Item, now: datetime) -> Text:
    """By when, whose, and about which referral, agency or source."""
    due_at = datetime.fromisoformat(task["due_at"])
    late = task["st"] == TaskState.OVERDUE or due_at < now
    child = f", child {task['child']}" if task["child"] else ""
    role = str(task["role"]).replace("_", " ").lower().replace("mash", "MASH")
    return Text.assemble(
        (f"{uk_date_and_time(due_at)}{', late' if late else ''}", "bold red" if late else "bold"),
        f"  {role}  {owner_words(task)}{child}",
    )


def what(task: Item) -> str:
    """What is to be done."""
    return task_words(task["kind"], task.get("agency"), task.get("about"))


def age(task: Item, now: datetime) -> timedelta:
    """For how long it has waited for somebody."""
    return now - datetime.fromisoformat(task["opened_at"])


def lasting(span: timedelta) -> str:
    """`12 minutes`, `3 hours`, `2 days`: as exact as somebody reads who decides what to do first."""
    minutes = int(span.total_seconds() // 60)
    for size, noun in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return counted(minutes // size, noun)
    return counted(minutes, "minute")


def _indented(words: str, style: str = "") -> Iterator[Text]:
    lines = wrap(words, WIDTH, initial_indent="   ", subsequent_indent="   ", break_on_hyphens=False)
    return (Text(line, style=style) for line in lines)


def rung(task: Item) -> str | None:
    """The agency that somebody rings to do this, if any."""
    if task["kind"] not in RUNG:
        return None
    return keys.owner_of(task) if task["kind"] in OF_AN_AGENCY else task.get("agency")


def command(task: Item) -> str:
    """What ends this very task and no other, but for the reason."""
    kind, owner = TaskKind(task["kind"]), keys.owner_of(task)
    if kind in OF_AN_AGENCY:
        return f"mash done --task {kind} --agency {owner}"
    if kind in OF_A_SOURCE:
        about = f" --about {task['about']}" if "about" in task else ""
        return f"mash done --task {kind} --source {owner}{about}"
    if kind in OF_ALL_DECISIONS:
        return f"mash done --task {kind}"
    child = f" --child {task['child']}" if task["child"] else ""
    agency = f" --agency {task['agency']}" if "agency" in task else ""
    if kind in _HOLDS:
        return f"mash release {owner}{child}{agency}{_HOLDS[kind]}"
    about = f" --about {task['about'].partition('#')[0]}" if "about" in task else ""
    return f"mash done {owner} --task {kind}{child}{agency}{about}"


def reasons(kind: TaskKind) -> str:
    """The codes that `--reason` takes for it, each with what it says."""
    if kind is TaskKind.RELEASE_ALLEGATION:
        return _listed([OF_AN_ALLEGATION], RELEASE_REASONS)
    if kind is TaskKind.RELEASE_CHILD:
        return f"{_listed(ReleaseReason, RELEASE_REASONS)}; for emergency protection {OF_AN_EMERGENCY} alone"
    return _listed(TO_END[kind], ACT_REASONS) if kind in TO_END else _listed(ReleaseReason, RELEASE_REASONS)


def _listed(reasons: Iterable[_Reason], words: Mapping[_Reason, str]) -> str:
    *others, last = (f"{reason.value} ({words[reason]})" for reason in reasons)
    return f"{', '.join(others)} or {last}" if others else last
