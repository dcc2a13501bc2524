"""What needs a person: each open task as a line that says what is wrong, since when, and what to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import TaskKey
from functions.adapters.ledger.store import Item
from functions.console.agencies.waiting import Waits, first_waited, waiting_words
from functions.console.shown.overview import Attention
from functions.console.shown.parts import Link, Tag, Tone
from functions.console.words.moments import counted, lasting, short
from functions.domain.by_hand import OF_A_SOURCE, OF_ALL_DECISIONS, OF_AN_AGENCY
from functions.story.named import lower, upper
from functions.story.tasks import owner_words, role_words, task_words
from functions.story.vocabulary import TASK_NAMES
from schemas.codes import TaskKind, TaskState

NEXT_ACTIONS: Mapping[TaskKind, str] = {
    TaskKind.RELEASE_CHILD: "Review the hold",
    TaskKind.RELEASE_AGENCY: "Review the hold",
    TaskKind.RELEASE_ALLEGATION: "Review the hold",
    TaskKind.CALL_REFERRER: "Ring the referrer",
    TaskKind.CALL_AGENCY: "Ring the agency",
    TaskKind.CHECK_REVISION: "Ask for the decision",
    TaskKind.CHECK_DUPLICATE: "Say what it repeats",
    TaskKind.CHECK_DIVERGENCE: "Look at the advice",
    TaskKind.CHECK_NOT_TOLD: "Find a way to tell them",
    TaskKind.CALL_UNTOLD: "Ring the agency",
    TaskKind.CALL_UNREAD: "Ring the agency",
    TaskKind.MEND_ENDPOINT: "See what is waiting",
    TaskKind.MEND_ADDRESS: "Correct the address",
    TaskKind.ACKNOWLEDGE_LATE: "See that it is acknowledged",
    TaskKind.DECIDE_LATE: "See that it is decided",
    TaskKind.CHASE_CONTRIBUTION: "Ask the agency again",
    TaskKind.CHASE_TRANSFER: "Ask the other authority",
    TaskKind.CHASE_CONFERENCE: "Ask for the conference date",
    TaskKind.CHASE_ASSESSMENT: "Ask for the assessment",
    TaskKind.CHASE_PLAN: "Ask about the plan",
    TaskKind.CHASE_POLICE: "Ring the police lead",
    TaskKind.CHECK_EARLY_EVENT: "Find what it waits for",
    TaskKind.CHECK_CHALLENGE: "Settle the challenge",
    TaskKind.CHECK_WITHHELD: "See who was told",
    TaskKind.CHECK_RELEASE: "See what is held",
    TaskKind.CHECK_SILENCE: "Ring their service desk",
    TaskKind.CHECK_GAP: "Have it sent again",
    TaskKind.CHECK_RESTART: "Ask what was lost",
    TaskKind.CHASE_FORM: "Ring the police lead",
    TaskKind.READ_LATE_FORM: "Read the form",
    TaskKind.CHECK_STATEMENT: "Ask the police",
    TaskKind.GRADE_FORM: "Grade the form",
    TaskKind.CHECK_REASONS: "Ask for the reasons",
}
"""The next action, as the link to it says."""


def most_urgent_first(tasks: Iterable[Item]) -> list[Item]:
    """By when each must be done; of two at one moment the older one."""
    return sorted(tasks, key=lambda task: (task["due_at"], task["opened_at"], TaskKey.of(task).text))


def is_late(task: Item, now: datetime) -> bool:
    """Whether its time has come, be it marked or not."""
    return task["st"] == TaskState.OVERDUE or datetime.fromisoformat(task["due_at"]) < now


def worst_first(tasks: Iterable[Item], now: datetime) -> list[Item]:
    """Systems that take nothing, since every message for them waits; then what is late; the most urgent of
    each first."""
    return sorted(
        most_urgent_first(tasks),
        key=lambda task: (task["kind"] != TaskKind.MEND_ENDPOINT, not is_late(task, now)),
    )


@dataclass(frozen=True, slots=True)
class Age:
    """How long a task's matter has lasted: `counts` says what is counted, since when."""

    counts: str
    since: datetime


OPEN_FOR, WAITED = "Open for", "Messages have waited"


def age_of(task: Item, waiting: Mapping[str, Waits] | None) -> Age:
    """Since it was opened; of a system that takes nothing since its oldest message was free to go, where that
    is longer: what an agency is not told counts, not since when somebody is asked to ring about it."""
    opened = datetime.fromisoformat(task["opened_at"])
    if task["kind"] != TaskKind.MEND_ENDPOINT:
        return Age(OPEN_FOR, opened)
    since = first_waited(keys.owner_of(task), waiting, opened)
    return Age(WAITED, since) if since < opened else Age(OPEN_FOR, opened)


def attention(
    task: Item, now: datetime, names: Mapping[str, str], waiting: Mapping[str, Waits] | None
) -> Attention:
    """One line; `names` are what agencies are called, by their ids, and `waiting` is what waits for each.

    Where that cannot be had it is None.
    """
    kind, age = TaskKind(task["kind"]), age_of(task, waiting)
    child = f", child {task['child']}" if task["child"] else ""
    words = upper(task_words(kind, None, task.get("about")))
    if kind is TaskKind.MEND_ENDPOINT:
        words += f". {waiting_words(keys.owner_of(task), waiting)}"
    late = is_late(task, now)
    return Attention(
        what=Link(text=subject_name(task, names), path=subject_path(task)),
        tag=Tag(text=upper(TASK_NAMES[kind]), tone=Tone.BAD if late else Tone.WARN),
        detail=f"{words}{child}",
        who=_who(task, names),
        since=short(age.since, now),
        age=f"{_counted(age)}{lasting(now - age.since)}{', late' if late else ''}",
        todo=Link(text=NEXT_ACTIONS[kind], path=task_path(task)),
    )


def _counted(age: Age) -> str:
    """Said only of what is not the task's own age."""
    return f"{age.counts} " if age.counts != OPEN_FOR else ""


def refused_events(count: int) -> Attention:
    """What came in badly is nobody's task yet: whoever sent it must send it again."""
    return Attention(
        what=Link(text="Events that we refused", path="/help#refused"),
        tag=Tag(text="Came in badly", tone=Tone.BAD),
        detail=f"{counted(count, 'event')} could not be read: what they told is known to nobody here",
        who="Whoever sent them",
        since="The last 24 hours",
        age="",
        todo=Link(text="See what to do", path="/help#refused"),
    )


def refused_not_known() -> Attention:
    """The same where nobody could look: none is not said of what is not known."""
    return Attention(
        what=Link(text="Events that we refused", path="/help#refused"),
        tag=Tag(text="Not available", tone=Tone.WARN),
        detail="The database did not answer whether any event could not be read",
        who="Whoever sent them",
        since="The last 24 hours",
        age="",
        todo=Link(text="Try again", path="/"),
    )


def subject_name(task: Item, names: Mapping[str, str]) -> str:
    """What a task is about: an agency as it is called, a referral by its reference."""
    if task["kind"] in OF_ALL_DECISIONS:
        return upper(owner_words(task))
    owner = keys.owner_of(task)
    return names.get(owner, owner)


def subject_path(task: Item) -> str:
    """The page of what a task is about: of a child's, that child's own."""
    kind, owner = TaskKind(task["kind"]), quote(keys.owner_of(task), safe="")
    if kind in OF_AN_AGENCY:
        return f"/agencies/{owner}"
    if kind in OF_A_SOURCE:
        return f"/worklist?source={owner}"
    if kind in OF_ALL_DECISIONS:
        return "/help#reasons"
    # An early event may be about a child of whom the referral knows nothing yet, and no page shows.
    child = task["child"] if kind is not TaskKind.CHECK_EARLY_EVENT else 0
    return f"/referrals/{owner}" + (f"?child={child}" if child else "")


def task_path(task: Item) -> str:
    """The page of a task itself, by where it stands."""
    key = TaskKey.of(task)
    pk, sk = (quote(part.replace("#", "~"), safe="~") for part in (key.pk, key.sk))
    return f"/worklist/{pk}/{sk}"


def _who(task: Item, names: Mapping[str, str]) -> str:
    """Whom it concerns: the agency, else whose task it is."""
    agency_id = task.get("agency")
    return (
        names.get(agency_id, agency_id) if agency_id else upper(lower(role_words(task)).removeprefix("the "))
    )
