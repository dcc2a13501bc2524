"""What a person is to do, by when, and what the clocks brought."""

from collections.abc import Callable, Mapping

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.domain.by_hand import OF_ALL_DECISIONS
from functions.domain.life_clocks.police_form import LAST_REMINDER
from functions.domain.series import series_of_line
from functions.domain.wording.reader_roles import READER_ROLES
from functions.domain.wording.updates.names import SUBJECTS
from functions.story.acts import gave
from functions.story.named import lower, moment, short_id, the_message, upper
from functions.story.vocabulary import CLOCK_WORDS, FORMS, TASK_WORDS
from schemas.codes import AuditKind, ClockKind, RaStatus, ReaderRole, TaskKind, Watch


def wanted(row: Item) -> str:
    """A task that was opened, or that a person has done; a hold's that goes on."""
    child = f" for child {row['child']}" if row.get("child") else ""
    if row.get("type") == AuditKind.TASK and "ended_as" in row:
        came = _CAME.get(TaskKind(row["task"]), "What was waited for has come.")
        return f"Nobody need do it any more{child}: {_what(row)}. {came}"
    if row.get("done"):
        return f"Done{child}{_whose(row)}: {_what(row)}. {gave(row)}{_spoken(row)}"
    if row.get("kept"):
        return f"Still held{_to_whom(row)}{child}: it is not sent. {gave(row)}{who_acts(row)}"
    return f"For a person to do{child}: {_what(row)}.{who_acts(row)}"


_CAME: Mapping[TaskKind, str] = {TaskKind.CHECK_REASONS: "No more than a tenth of them leave it out by now."}
"""Why nobody need do it, where that is nothing that came."""


def _to_whom(row: Item) -> str:
    """Whom a hold that goes on concerns, where it is not everybody."""
    if "task_agency" in row:
        return f" to {row['task_agency']}"
    return ", the allegation alone," if row["task"] == TaskKind.RELEASE_ALLEGATION else ""


def _spoken(row: Item) -> str:
    """When a call was made, and to whom by their role, where whoever made it said so."""
    if "spoken_at" not in row:
        return ""
    return (
        f" The call was on {moment(row['spoken_at'])}: {lower(READER_ROLES[ReaderRole(row['spoken_to'])])}."
    )


def _whose(row: Item) -> str:
    """Where two roles have the same task."""
    return f", for {lower(role_words(row))}" if row["task"] == TaskKind.CHECK_DIVERGENCE else ""


def _what(row: Item) -> str:
    return task_words(row["task"], row.get("task_agency"), row.get("about"))


def task_words(kind: str, agency: str | None, about: str | None) -> str:
    """What to do, about whom, and about which message where it is not the decision's own."""
    whom = about if kind == TaskKind.CHECK_CHALLENGE else agency
    words = f"{TASK_WORDS[TaskKind(kind)]}{f' ({whom})' if whom else ''}"
    if about and kind in _OF_NUMBERS:
        first, _, last = about.partition("..")
        return f"{words}: {_OF_NUMBERS[TaskKind(kind)](first, last)}"
    which = about_words(about or "")
    return f"{words}, about {which}" if which else words


def _missing(first: str, last: str) -> str:
    return f"number {first}" if first == last else f"numbers {first} to {last}"


_OF_NUMBERS: Mapping[str, Callable[[str, str], str]] = {
    TaskKind.CHECK_GAP: _missing,
    TaskKind.CHECK_RESTART: lambda before, first: f"{first} came after {before}",
    TaskKind.CHECK_REASONS: lambda left, expected: f"{left} of {expected} in four weeks",
}
"""How a task about a source's numbers, or of how many, says which."""


def owner_words(task: Item) -> str:
    """The referral, the agency or the source that a task is about, by its reference or name; or all
    decisions."""
    return "all decisions" if task["kind"] in OF_ALL_DECISIONS else keys.owner_of(task)


def about_words(about: str) -> str:
    """`the plan`, or `NS-26-D0PL1C, child 1`: a duplicate's agency knows it by its own reference alone.

    Nothing of what only tells apart whose task it is.
    """
    ref, _, child = about.partition("#")
    if child:
        return f"{ref}, child {int(child)}"
    series = series_of_line(about)
    return SUBJECTS[series] if series else ""


def who_acts(row: Item) -> str:
    """Rows of the first release name no role."""
    return f" {role_words(row)} must act by {moment(row['due_at'])}." if "role" in row else ""


def role_words(row: Item) -> str:
    """`The MASH manager`."""
    return f"The {row['role'].replace('_', ' ').lower().replace('mash', 'MASH')}"


def clock_fired(row: Item) -> str:
    if "watch" in row:
        return _not_told(row)
    if "clock" in row:
        return _not_heard(row)
    child = f" for child {row['child']}" if row.get("child") else ""
    alarm = f"An alarm was raised for {lower(role_words(row))}."
    return f"Not recorded as done in time{child}: {_what(row)}. {alarm}"


def _not_told(row: Item) -> str:
    """What the people's clock beside a delivery brought."""
    how = the_message(row)
    match Watch(row["watch"]):
        case Watch.FALLBACK:
            instead = f"an e-mail to its agreed mailbox takes its place ({short_id(row['instead'])})"
            return f"In time nothing came of {how}: {instead}."
        case Watch.CALL:
            return f"Nothing shows that {how} arrived. For a person to do: {_what(row)}.{who_acts(row)}"
        case Watch.UNREAD:
            return f"Nobody has confirmed reading {how}. For a person to do: {_what(row)}.{who_acts(row)}"
        case Watch.RED_ALERT:
            return f"A working day is nearly over, and nothing shows that {how} arrived. An alarm was raised."


def _not_heard(row: Item) -> str:
    """What the clock of something that did not come brought."""
    child = f" for child {row['child']}" if row["child"] else ""
    if row["clock"] == ClockKind.POLICE_FORM:
        return _form_looked_at(row, child)
    what = f"{upper(CLOCK_WORDS[ClockKind(row['clock'])])}{child}"
    if "task" not in row:
        return f"{what} had been settled when its time came: nobody need do anything."
    since = f"Waited for since {moment(row['since'])}"
    return f"{what} had not come in time. {since}. For a person to do: {_what(row)}.{who_acts(row)}"


def _form_looked_at(row: Item, child: str) -> str:
    """Which step of the chase for a police form was taken, or that it is over."""
    acts = f" For a person to do: {_what(row)}.{who_acts(row)}" if "task" in row else ""
    if "step" not in row:
        return f"The police form{child} is awaited no longer.{acts}"
    seen = f"The police form{child} is {FORMS[RaStatus(row['ra'])]}"
    step = row["step"]
    steps = f"reminder {step} of {LAST_REMINDER} is due" if step <= LAST_REMINDER else "all reminders went"
    return f"{seen}: {steps}.{acts}"
