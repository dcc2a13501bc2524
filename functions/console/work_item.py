"""One task: what it means for a child, what to do, and the form by which somebody says how it ended."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import unquote, urlencode

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.adapters.registry.entry import ACTIVE, Entry
from functions.console.attention import NEXT_ACTIONS, is_overdue, subject_path
from functions.console.deciding import Way, changed_since, form, reasons, way_meant, ways
from functions.console.moments import lasting, short
from functions.console.narrowing import MOST_DAYS
from functions.console.page_words import on_a_page
from functions.console.problems import TO_WORKLIST, changed, not_possible
from functions.console.request import Answer, Elsewhere, Page
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.shown.worklist import WorkItem
from functions.console.story.named import upper
from functions.console.story.tasks import role_words, task_words
from functions.console.story.vocabulary import TASK_NAMES
from functions.console.visit import NotHereError, Visit
from functions.console.waiting import Waits, waiting_words, what_waits
from functions.domain.by_hand import OF_A_SOURCE, OF_AN_AGENCY
from functions.domain.clock import uk_day
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.keep import HOLDS, keep
from functions.flows.acting.order import Order
from functions.flows.orders import OrderRefusedError
from functions.flows.releasing.order import Order as ReleaseOrder
from functions.flows.releasing.release_hold import release
from schemas.codes import (
    ActReason,
    AgencyType,
    ConsoleRole,
    DeliveryState,
    ReleaseReason,
    TaskKind,
    TaskState,
)

ABOVE = (Link(text="Overview", path="/"), Link(text="Needs attention", path="/worklist"))


def work_item(visit: Visit) -> Page:
    """Shows an open task; one that is done by now leads nowhere."""
    task = _task(visit)
    return _page(task, visit, wrong=None)


def end_work_item(visit: Visit) -> Answer:
    """Ends the task, or decides of the hold that it is about, as it stood when the person saw it."""
    task = _task(visit)
    kind, reason = TaskKind(task["kind"]), visit.request.said("reason")
    way = way_meant(kind, visit.request)
    if reason not in reasons(kind, way):
        return _page(task, visit, wrong=way)
    if what := tuple(changed_since(task, visit.request, visit.now)):
        return changed(what, (), TO_WORKLIST)
    try:
        _ACTS[way](task, reason, visit)
    except OrderRefusedError as exc:
        names = {one.agency_id: one.name for one in visit.desk.reads.directory.all()}
        return not_possible(on_a_page(exc.on_a_page, names), TO_WORKLIST)
    visit.acted()
    return Elsewhere(f"/worklist?done={way}")


def _released(task: Item, reason: str, visit: Visit) -> None:
    kind = TaskKind(task["kind"])
    order = ReleaseOrder(
        ref=keys.owner_of(task),
        child=task["child"],
        reason=ReleaseReason(reason),
        actor=visit.actor,
        request=visit.request.request_id,
        agency_id=task.get("agency") if kind is TaskKind.RELEASE_AGENCY else None,
        allegation=kind is TaskKind.RELEASE_ALLEGATION,
    )
    release(order, visit.desk.releases)


def _kept(task: Item, reason: str, visit: Visit) -> None:
    keep(task, _order(reason, visit), visit.desk.acts)


def _done(task: Item, reason: str, visit: Visit) -> None:
    kind, owner = TaskKind(task["kind"]), keys.owner_of(task)
    which = WhichTask(
        kind=kind,
        ref=None if kind in OF_AN_AGENCY | OF_A_SOURCE else owner,
        child=task["child"] or None,
        agency_id=owner if kind in OF_AN_AGENCY else task.get("agency"),
        about=task.get("about"),
        source=owner if kind in OF_A_SOURCE else None,
    )
    done(which, _order(reason, visit), visit.desk.acts)


def _order(reason: str, visit: Visit) -> Order:
    return Order(visit.actor, ActReason(reason), visit.request.request_id)


_ACTS: Mapping[Way, Callable[[Item, str, Visit], None]] = {
    Way.DONE: _done,
    Way.RELEASED: _released,
    Way.KEPT: _kept,
}


def _task(visit: Visit) -> Item:
    """Raises NotHereError for what is no open task."""
    pk, sk = (unquote(visit.parameters[name]).replace("~", "#") for name in ("partition", "task"))
    task = visit.desk.reads.work.task(pk, sk)
    visit.note("TASK", int(task is not None), {"task": sk, "of": pk} if task else None)
    if task is None or task["st"] == TaskState.DONE:
        raise NotHereError("task")
    return task


def _page(task: Item, visit: Visit, *, wrong: Way | None) -> Page:
    kind = TaskKind(task["kind"])
    agencies = {one.agency_id: one for one in visit.desk.reads.directory.all()}
    title = upper(TASK_NAMES[kind])
    may = visit.session.role is ConsoleRole.MANAGER
    forms = [form(task, way, visit.typed, is_wrong=way is wrong) for way in ways(kind)] if may else []
    fails = kind is TaskKind.MEND_ENDPOINT
    waiting = what_waits(visit.desk.reads.due) if fails else {}
    waits = [_waits(keys.owner_of(task), waiting, visit.now)] if fails else []
    shown = WorkItem(
        about=_about(task, agencies),
        title=title,
        panel=(*_panel(task, visit.now), *waits),
        why=WHY.get(kind, WHY_OF_ANY),
        steps=tuple(_steps(task, agencies)),
        links=(
            Link(text="Open what it is about", path=subject_path(task)),
            *([_messages_waiting(keys.owner_of(task), visit.now)] if fails else []),
        ),
        forms=tuple(forms),
        back=Link(text="Back to the list", path="/worklist"),
        not_allowed=None if may else "Only a MASH manager can say how this ended.",
    )
    status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
    return Page("work_item", title, shown, status, above=ABOVE, is_wrong=wrong is not None)


def _about(task: Item, agencies: Mapping[str, Entry]) -> str:
    owner = keys.owner_of(task)
    name = agencies[owner].name if owner in agencies else owner
    return f"{name}, child {task['child']}" if task["child"] else name


def _panel(task: Item, now: datetime) -> list[Fact]:
    since, due = (datetime.fromisoformat(task[name]) for name in ("opened_at", "due_at"))
    late = is_overdue(task, now)
    return [
        Fact(label="Whose", text=upper(role_words(task).removeprefix("The "))),
        Fact(label="Open for", text=lasting(now - since)),
        Fact(
            label="To be done by",
            text=short(due, now),
            tag=Tag(text="Overdue", tone=Tone.BAD) if late else None,
        ),
    ]


def _waits(agency_id: str, waiting: Mapping[str, Waits], now: datetime) -> Fact:
    first = waiting.get(agency_id)
    return Fact(
        label="What waits",
        text=waiting_words(agency_id, waiting),
        detail=f"The oldest since {short(first.since, now)}" if first else None,
    )


def _messages_waiting(agency_id: str, now: datetime) -> Link:
    """As far back as the list goes: a message may wait about a referral that came in long ago."""
    since = uk_day(now) - timedelta(days=MOST_DAYS)
    asked = [("agency", agency_id), *(("status", one) for one in ON_THEIR_WAY), ("since", since.isoformat())]
    return Link(text="See the messages that are waiting", path=f"/messages?{urlencode(asked)}")


ON_THEIR_WAY = (DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE)
"""Of the statuses that the list of messages can be narrowed to, the ones of what goes again by itself."""
THEN = "Then say here how it ended."


def _steps(task: Item, agencies: Mapping[str, Entry]) -> list[str]:
    kind = TaskKind(task["kind"])
    ring = [words for one in _whom_to_ring(task, agencies) if (words := _number(kind, one))]
    then = "Then say here why it is released, or why it must wait." if kind in HOLDS else THEN
    return [f"{upper(task_words(kind, None, task.get('about')))}.", *ring, then]


def _whom_to_ring(task: Item, agencies: Mapping[str, Entry]) -> list[Entry]:
    """The task's own agency; of a police form whoever fills it in, whom no task names."""
    agency = agencies.get(task.get("agency", "")) or agencies.get(keys.owner_of(task))
    if agency is None and TaskKind(task["kind"]) in OF_THE_POLICE:
        return [one for one in agencies.values() if one.type is AgencyType.POLICE and one.status == ACTIVE]
    return [agency] if agency else []


def _number(kind: TaskKind, agency: Entry) -> str:
    if agency.phone:
        return f"Ring {agency.name} on {agency.phone}."
    if not NEXT_ACTIONS[kind].startswith("Ring"):
        return ""
    return (
        f"The registry has no telephone number of {agency.name}: ask whoever keeps the directory to add it."
    )


OF_THE_POLICE = frozenset({TaskKind.CHASE_FORM, TaskKind.CHASE_POLICE})
WHY_OF_ANY = "Until somebody does this, an agency may plan for a child without knowing what was decided."
WHY: Mapping[TaskKind, str] = {
    TaskKind.RELEASE_CHILD: "Nobody is told of this child until somebody decides whether telling is safe.",
    TaskKind.RELEASE_AGENCY: "This agency is told nothing until somebody decides whether it may be.",
    TaskKind.RELEASE_ALLEGATION: "The allegation is told to nobody until the designated officer has agreed.",
    TaskKind.CALL_UNTOLD: "Nothing shows that this agency knows what was decided for the child.",
    TaskKind.CALL_UNREAD: "The message is there, but nobody says that they have read it.",
    TaskKind.MEND_ENDPOINT: "Messages about children wait until this agency's system takes them again.",
    TaskKind.MEND_ADDRESS: "Messages about children cannot reach this agency until its address is right.",
    TaskKind.CHASE_FORM: "Plans are being made for the child without the police's complete picture.",
    TaskKind.CHECK_SILENCE: "If this system is down, decisions about children are reaching nobody.",
    TaskKind.GRADE_FORM: "Grading some forms each month shows whether a complete form is also a good one.",
}
"""What a task means for a child, where it is more than that somebody may not know."""
