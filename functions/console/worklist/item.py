"""One task: what it means for a child, what to do, and the form by which somebody says how it ended."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import unquote

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import TaskKey
from functions.adapters.ledger.store import Item
from functions.adapters.registry.entry import ACTIVE, Entry
from functions.console.agencies.lines import how_it_stands
from functions.console.agencies.waiting import Waits, meanwhile, messages_waiting, waiting_words, what_waits
from functions.console.door.problems import TO_WORKLIST, changed, dealt_with, not_possible
from functions.console.door.request import Answer, Page
from functions.console.door.roles import MANAGERS
from functions.console.door.visit import NotHereError, Visit
from functions.console.shown.parts import Fact, Link, Tag, Tone
from functions.console.shown.worklist import WorkItem
from functions.console.words.acted import leads_back
from functions.console.words.moments import lasting, short
from functions.console.words.on_a_page import on_a_page
from functions.console.worklist.attention import (
    NEXT_ACTIONS,
    Age,
    age_of,
    is_late,
    subject_name,
    subject_path,
)
from functions.console.worklist.deciding import Ending, changed_since, form, reasons, way_meant, ways
from functions.console.worklist.meaning import WHY
from functions.console.worklist.not_told import not_told
from functions.domain.by_hand import OF_A_SOURCE, OF_ALL_DECISIONS, OF_AN_AGENCY, OF_NO_REFERRAL
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.keep import HOLDS, keep, why_held
from functions.flows.acting.order import Order
from functions.flows.orders import OrderRefusedError
from functions.flows.releasing.order import Order as ReleaseOrder
from functions.flows.releasing.order import fitting_reasons
from functions.flows.releasing.release_hold import release
from functions.story.named import lower, upper
from functions.story.tasks import role_words, task_words
from functions.story.vocabulary import HOLDS as HOLD_WORDS
from functions.story.vocabulary import TASK_NAMES
from schemas.codes import (
    ActReason,
    AgencyType,
    AuditKind,
    HoldTrigger,
    ReleaseReason,
    TaskKind,
    TaskState,
)

ABOVE = (Link(text="Overview", path="/"), Link(text="Needs attention", path="/worklist"))


def work_item(visit: Visit) -> Page:
    """Shows an open task; of one that is done by now it says so."""
    task = _task(visit)
    if task["st"] == TaskState.DONE:
        return _dealt_with(task, visit)
    return _page(task, visit, wrong=None)


def end_work_item(visit: Visit) -> Answer:
    """Ends the task, or decides of the hold that it is about, as it stood when the person saw it."""
    task = _task(visit)
    if task["st"] == TaskState.DONE:
        return _dealt_with(task, visit)
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
    return leads_back("/worklist", way, visit)


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
        seen=task,
    )
    release(order, visit.desk.releases)


def _kept(task: Item, reason: str, visit: Visit) -> None:
    keep(task, _order(reason, visit), visit.desk.acts)


def _done(task: Item, reason: str, visit: Visit) -> None:
    kind, owner = TaskKind(task["kind"]), keys.owner_of(task)
    which = WhichTask(
        kind=kind,
        ref=None if kind in OF_NO_REFERRAL else owner,
        child=task["child"] or None,
        agency_id=owner if kind in OF_AN_AGENCY else task.get("agency"),
        about=task.get("about"),
        source=owner if kind in OF_A_SOURCE else None,
    )
    done(which, _order(reason, visit), visit.desk.acts)


def _order(reason: str, visit: Visit) -> Order:
    return Order(visit.actor, ActReason(reason), visit.request.request_id)


_ACTS: Mapping[Ending, Callable[[Item, str, Visit], None]] = {
    Ending.DONE: _done,
    Ending.RELEASED: _released,
    Ending.KEPT: _kept,
}


def _task(visit: Visit) -> Item:
    """Open or done. Raises NotHereError for what is no task."""
    pk, sk = (unquote(visit.parameters[name]).replace("~", "#") for name in ("partition", "task"))
    task = visit.desk.reads.work.task(pk, sk)
    visit.note("TASK", int(task is not None), {"task": sk, "of": pk} if task else None)
    if task is None:
        raise NotHereError("task")
    return task


LOOKED_AT = 100
"""Of the newest entries where the task stands: one that was ended before those says only that it was, and one
that was opened before them not whom it is about."""


def _dealt_with(task: Item, visit: Visit) -> Page:
    ends = (datetime.fromisoformat(row["at"]) for row in _newest(task, visit) if _ended_by(row, task))
    when = next((lower(short(at, visit.now)) for at in ends), None)
    return dealt_with(when, _subject(task), was_act=visit.request.method == "POST")


def _newest(task: Item, visit: Visit) -> Sequence[Item]:
    return visit.desk.acts.finding.newest(TaskKey.of(task).pk, LOOKED_AT)


def _ended_by(row: Item, task: Item) -> bool:
    """Whether the entry tells that this task ended: a person did it, released it, or what it waited for
    came."""
    if task["sk"] in row.get("ended", ()):
        return True
    if row["type"] == AuditKind.RELEASED:
        hold = (row["task"], row["child"], row.get("held_agency"))
        return hold == (task["kind"], task["child"], task.get("agency"))
    names = ("done", "task", "child", "task_agency", "about")
    by_a_person = (True, task["kind"], task["child"], task.get("agency"), task.get("about"))
    return tuple(map(row.get, names)) == by_a_person


def _subject(task: Item) -> Link:
    about_no_one = TaskKind(task["kind"]) in OF_ALL_DECISIONS
    text = "Read what is counted, and when this ends" if about_no_one else "Open what it is about"
    return Link(text=text, path=subject_path(task))


def _page(task: Item, visit: Visit, *, wrong: Ending | None) -> Page:
    kind = TaskKind(task["kind"])
    agencies = {one.agency_id: one for one in visit.desk.reads.directory.all()}
    title = upper(TASK_NAMES[kind])
    may = visit.session.role in MANAGERS
    triggers, releasing = _held(task, visit) if kind in HOLDS else ((), ())
    forms = [form(task, way, visit.typed, releasing, is_wrong=way is wrong) for way in ways(kind) if may]
    fails = kind is TaskKind.MEND_ENDPOINT
    waiting = what_waits(visit.desk.reads.due) if fails else {}
    waits = [_waits(keys.owner_of(task), waiting, agencies, visit)] if fails else []
    shown = WorkItem(
        about=_about(task, agencies),
        title=title,
        panel=(*_held_for(triggers), *_panel(task, age_of(task, waiting), visit.now), *waits),
        why=WHY[kind],
        steps=tuple(_steps(task, agencies)),
        links=(
            _subject(task),
            *([messages_waiting(keys.owner_of(task), TO_WHAT_WAITS, visit.now)] if fails else []),
        ),
        whom=not_told(task, _newest(task, visit) if kind is TaskKind.CHECK_NOT_TOLD else (), agencies),
        forms=tuple(forms),
        back=Link(text="Back to the list", path="/worklist"),
        not_allowed=None if may else "Only a MASH manager can say how this ended.",
    )
    status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
    return Page("work_item", title, shown, status, above=ABOVE, is_wrong=wrong is not None)


def _held(task: Item, visit: Visit) -> tuple[Sequence[HoldTrigger], Sequence[ReleaseReason]]:
    """Why it is held as things stand, and each reason that would end it."""
    triggers, outcomes = why_held(task, visit.desk.acts.check.intake.case(keys.owner_of(task)))
    return triggers, fitting_reasons(triggers, outcomes)


def _held_for(triggers: Sequence[HoldTrigger]) -> Iterator[Fact]:
    if triggers:
        yield Fact(label="Why it is held", text=upper("; ".join(HOLD_WORDS[one] for one in triggers)))


def _about(task: Item, agencies: Mapping[str, Entry]) -> str:
    name = subject_name(task, {one.agency_id: one.name for one in agencies.values()})
    return f"{name}, child {task['child']}" if task["child"] else name


def _panel(task: Item, age: Age, now: datetime) -> list[Fact]:
    due, late = datetime.fromisoformat(task["due_at"]), is_late(task, now)
    return [
        Fact(label="Whose", text=upper(role_words(task).removeprefix("The "))),
        Fact(label=age.counts, text=lasting(now - age.since)),
        Fact(
            label="To be done by",
            text=short(due, now),
            tag=Tag(text="Late", tone=Tone.BAD) if late else None,
        ),
    ]


def _waits(agency_id: str, waiting: Mapping[str, Waits], agencies: Mapping[str, Entry], visit: Visit) -> Fact:
    first, entry = waiting.get(agency_id), agencies.get(agency_id)
    after = timedelta(seconds=visit.desk.clocks.fallback_after_seconds)
    said = [
        f"The oldest since {short(first.since, visit.now)}" if first else None,
        meanwhile(entry, after) if first and entry else None,
    ]
    return Fact(
        label="What waits",
        text=waiting_words(agency_id, waiting),
        detail=how_it_stands(*said),
    )


TO_WHAT_WAITS = "See the messages that are waiting"
THEN = "Then say here how it ended."
ENDS_BY_ITSELF = (
    "It ends by itself once the form is complete. Until then, say here only if nobody need chase it any more."
)


def _steps(task: Item, agencies: Mapping[str, Entry]) -> list[str]:
    kind = TaskKind(task["kind"])
    ring = [words for one in _whom_to_ring(task, agencies) if (words := _number(kind, one))]
    then = "Then say here why it is released, or why it must wait." if kind in HOLDS else THEN
    if kind is TaskKind.CHASE_FORM:
        then = ENDS_BY_ITSELF
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
