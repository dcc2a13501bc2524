"""Recording a phone call: which open call was made, when, and to whom by their role, never by their name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.console.door.problems import not_possible
from functions.console.door.request import Answer, Page
from functions.console.door.visit import Visit
from functions.console.referrals.seen import ABOVE
from functions.console.shown.acts import Act
from functions.console.shown.form import Field, Form, Line, Option, Radios
from functions.console.shown.parts import Fact, Link
from functions.console.words.acted import leads_back
from functions.console.words.on_a_page import on_a_page
from functions.domain.by_hand import TO_END
from functions.domain.clock import local_moment, uk_day
from functions.domain.typed import day_typed, time_typed
from functions.domain.wording.reader_roles import READER_ROLES
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import Order, Spoken
from functions.flows.orders import OrderRefusedError
from functions.story.tasks import task_words
from schemas.codes import ActReason, AuditKind, ReaderRole, TaskKind

TITLE = "Record a phone call"
NO_CALL = "Choose which call you made"
NO_DAY = "Enter the day of the call, for example 2026-11-24"
NO_TIME = "Enter the time on the 24-hour clock, for example 14:30"
AHEAD = "The call must not be in the future"
TOO_EARLY = "The call must not be before the decision that it was about"
NO_ROLE = "Choose the role of whoever you spoke to"
NONE_OPEN = (
    "No call to an agency is waiting here. A call that was made before anybody asked for one is recorded in "
    "the case system, which tells us."
)


@dataclass(frozen=True, slots=True)
class OpenCalls:
    """A referral's open calls, and what agencies are called."""

    ref: str
    rows: Sequence[Item]
    calls: Mapping[str, Item]
    names: Mapping[str, str]

    def known_since(self, call: Item) -> datetime:
        """Since when there was something to tell: the child's first decision, else whatever came first."""
        decided = (
            row["decided_at"]
            for row in self.rows
            if row["type"] == AuditKind.DECISION and row["child"] == call["child"]
        )
        return datetime.fromisoformat(min(decided, default=self.rows[0]["at"]))

    @property
    def path(self) -> str:
        return f"/referrals/{quote(self.ref, safe='')}"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an answer, by its field."""

    call: str | None = None
    day: str | None = None
    time: str | None = None
    role: str | None = None


def phone_call(visit: Visit) -> Page:
    """Asks which call was made."""
    return _page(_look(visit), visit, Wrong())


def call_recorded(visit: Visit) -> Answer:
    """Ends the call in the list of tasks; what it told counts as told from when it was made."""
    seen = _look(visit)
    at, wrong = _judged(seen, visit)
    if at is None or wrong != Wrong():
        return _page(seen, visit, wrong)
    task = seen.calls[visit.request.said("call")]
    which = WhichTask(
        kind=TaskKind(task["kind"]),
        ref=seen.ref,
        child=task["child"],
        agency_id=task.get("agency"),
        about=task.get("about"),
    )
    order = Order(visit.actor, ActReason.TOLD_BY_PHONE, visit.request.request_id)
    spoken = Spoken(at, ReaderRole(visit.request.said("role")))
    try:
        done(which, order, visit.desk.acts, spoken)
    except OrderRefusedError as exc:
        return not_possible(on_a_page(exc.on_a_page, seen.names), _back(seen))
    visit.acted()
    return leads_back(seen.path, "called", visit)


def _look(visit: Visit) -> OpenCalls:
    """Raises NotHereError."""
    ref = visit.parameters["ref"]
    rows = visit.read(ref)
    names = {one.agency_id: one.name for one in visit.desk.reads.directory.all()}
    return OpenCalls(ref, rows, open_calls(visit.desk.acts.check.intake.case(ref)), names)


def open_calls(referral: Referral) -> dict[str, Item]:
    """The open tasks that end because somebody was told by telephone, by where each stands and since when."""
    open_ones = (task for child in (*referral.children, 0) for task in referral.open_tasks(child).values())
    return {
        f"{task['sk']} {task['opened_at']}": task
        for task in open_ones
        if ActReason.TOLD_BY_PHONE in TO_END.get(TaskKind(task["kind"]), ())
    }


def _judged(seen: OpenCalls, visit: Visit) -> tuple[datetime | None, Wrong]:
    """When the call was, and what is wrong with the answers."""
    said = visit.request.said
    day, clock = day_typed(said("day")), time_typed(said("time"))
    call = seen.calls.get(said("call"))
    at = local_moment(day, clock) if day and clock is not None else None
    return at, Wrong(
        call=None if call else NO_CALL,
        day=None if day else NO_DAY,
        time=_wrong_time(at, seen, call, visit.now) if at else None if clock is not None else NO_TIME,
        role=None if said("role") in set(ReaderRole) else NO_ROLE,
    )


def _wrong_time(at: datetime, seen: OpenCalls, call: Item | None, now: datetime) -> str | None:
    if at > now:
        return AHEAD
    return TOO_EARLY if call and at < seen.known_since(call) else None


def _page(seen: OpenCalls, visit: Visit, wrong: Wrong) -> Page:
    is_wrong = wrong != Wrong()
    shown = Act(
        about=seen.ref,
        title=TITLE,
        facts=(Fact(label="Calls to be made", text=str(len(seen.calls))),) if seen.calls else (),
        effects=_EFFECTS if seen.calls else (),
        form=_form(seen, visit, wrong) if seen.calls else None,
        back=_back(seen),
        not_allowed=None if seen.calls else NONE_OPEN,
    )
    above = (*ABOVE, Link(text=seen.ref, path=seen.path))
    status = HTTPStatus.BAD_REQUEST if is_wrong else HTTPStatus.OK
    return Page("act", TITLE, shown, status, above=above, is_wrong=is_wrong)


_EFFECTS = (
    "The agency counts as told by telephone from the time of the call.",
    "Nobody is asked to make this call any more.",
    "Any message that is still on its way goes on.",
)


def _back(seen: OpenCalls) -> Link:
    return Link(text="Back to the referral", path=seen.path)


def _form(seen: OpenCalls, visit: Visit, wrong: Wrong) -> Form:
    typed = {
        name: visit.typed.get(name) or visit.request.said(name) for name in ("call", "day", "time", "role")
    }
    today = uk_day(visit.now).isoformat()
    return Form(
        id="call",
        path=f"{seen.path}/call",
        fields=(
            _chosen("call", "Which call did you make?", list(_call_options(seen)), typed["call"], wrong.call),
            Line(
                name="day",
                question="Day of the call",
                value=typed["day"] or today,
                hint="Year-month-day",
                error=wrong.day,
                width=10,
            ),
            Line(
                name="time",
                question="Time of the call",
                value=typed["time"],
                hint="On the 24-hour clock, for example 14:30",
                error=wrong.time,
                width=5,
            ),
            _chosen("role", _WHO, _ROLES, typed["role"], wrong.role),
        ),
        button="Record the call",
    )


_WHO = "Who did you speak to? Their role: names are not kept"
_ROLES = tuple((role.value, words) for role, words in READER_ROLES.items())


def _call_options(seen: OpenCalls) -> Iterator[tuple[str, str]]:
    for value, task in seen.calls.items():
        words = task_words(task["kind"], task.get("agency"), task.get("about"))
        child = f"Child {task['child']}: " if task["child"] else ""
        yield value, f"{child}{on_a_page(words, seen.names)}"


def _chosen(
    name: str, question: str, options: Sequence[tuple[str, str]], typed: str, error: str | None
) -> Field:
    chosen = typed or (options[0][0] if len(options) == 1 else "")
    made = (Option(value=value, text=text, is_chosen=value == chosen) for value, text in options)
    return Radios(name=name, question=question, options=tuple(made), error=error)
