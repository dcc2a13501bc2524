"""Pausing an agency's system and resuming it, each on a page that says first what will happen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice

from functions.adapters.registry.entry import Entry
from functions.adapters.registry.obstacles import Pause
from functions.console.agencies.words import PAUSED
from functions.console.asking.reasons import reason_field
from functions.console.door.problems import changed, not_possible
from functions.console.door.request import Answer, Elsewhere, Page
from functions.console.door.visit import NotHereError, Visit
from functions.console.shown.acts import Act
from functions.console.shown.form import Form, Hidden
from functions.console.shown.parts import Fact, Link
from functions.console.shown.problems import Changed
from functions.console.words.acted import leads_back
from functions.console.words.moments import counted, short
from functions.domain.by_hand import TO_PAUSE, TO_RESUME
from functions.flows.acting.endpoint import Turned, count_waiting, pause, put_forward, resume
from functions.flows.acting.order import ActDesk, Order
from functions.flows.orders import OrderRefusedError
from schemas.codes import ActReason, Channel

ABOVE = (Link(text="Overview", path="/"), Link(text="Agencies", path="/agencies"))
MOST_PUT_FORWARD = 100
"""Messages that one request makes due; the others are looked at again within an hour."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One way of turning an endpoint on or off."""

    name: str
    title: str
    question: str
    button: str
    reasons: Sequence[ActReason]
    effects: tuple[str, ...]
    done: str
    turn: Callable[[str, Order, ActDesk], Turned]
    is_warning: bool = False


PAUSE = Turn(
    name="pause",
    title="Pause their system",
    question="Why is it paused?",
    button="Pause it",
    reasons=TO_PAUSE,
    effects=(
        "Nothing will be sent to their system until somebody resumes it.",
        "Messages will wait, and their clocks go on: somebody is asked to ring when time runs out.",
        "A task will ask for the pause to be ended, so that nobody forgets it.",
    ),
    done="paused",
    turn=pause,
    is_warning=True,
)
RESUME = Turn(
    name="resume",
    title="Resume their system",
    question="Why may it go on?",
    button="Resume it",
    reasons=TO_RESUME,
    effects=(
        "What waits for their system goes again, the same messages as before.",
        "One goes first, to see whether it answers. Once it has, the others follow, the last within an hour.",
        "The task that asks for the pause to be ended will be closed.",
    ),
    done="resumed",
    turn=resume,
)


def pause_page(visit: Visit) -> Page:
    return _shown(PAUSE, visit)


def resume_page(visit: Visit) -> Page:
    return _shown(RESUME, visit)


def endpoint_paused(visit: Visit) -> Answer:
    return _turned(PAUSE, visit)


def endpoint_resumed(visit: Visit) -> Answer:
    """What waited is made due as far as one request can."""
    answer = _turned(RESUME, visit)
    if isinstance(answer, Elsewhere):
        for _ in islice(put_forward(visit.parameters["agency_id"], visit.desk.acts), MOST_PUT_FORWARD):
            pass
    return answer


def endpoint_links(entry: Entry, stopped: Pause | None) -> list[Link]:
    """What may be done with the agency's system as it stands."""
    if Channel.WEBHOOK not in entry.channels:
        return []
    turn = PAUSE if stopped is None else RESUME
    return [Link(text=turn.title, path=f"/agencies/{entry.agency_id}/{turn.name}")]


def endpoint_of(visit: Visit) -> Entry:
    """The agency of the address. Raises NotHereError where it has no system of its own."""
    entry = agency_of(visit)
    if Channel.WEBHOOK not in entry.channels or entry.url is None:
        raise NotHereError("agency")
    return entry


def agency_of(visit: Visit) -> Entry:
    """The active agency of the address, by its id. Raises NotHereError."""
    entry = visit.desk.acts.entry_of(visit.parameters["agency_id"])
    if entry is None or entry.agency_id != visit.parameters["agency_id"]:
        raise NotHereError("agency")
    return entry


def _shown(turn: Turn, visit: Visit) -> Page:
    entry = endpoint_of(visit)
    visit.note(f"AGENCY_{turn.name.upper()}", 1, {"agency": entry.agency_id})
    return _page(turn, entry, visit, error=None)


def _turned(turn: Turn, visit: Visit) -> Answer:
    entry = endpoint_of(visit)
    visit.note(f"AGENCY_{turn.name.upper()}", 1, {"agency": entry.agency_id})
    here = Link(text=f"Back to {entry.name}", path=f"/agencies/{entry.agency_id}")
    reason = visit.request.said("reason")
    if reason not in turn.reasons:
        return _page(turn, entry, visit, error="Say why: choose one")
    stopped = visit.desk.acts.health.pause_of(entry.agency_id)
    if visit.request.said("seen") != _seen(stopped):
        return changed((_what_changed(visit, stopped),), (), here)
    try:
        turn.turn(
            entry.agency_id, Order(visit.actor, ActReason(reason), visit.request.request_id), visit.desk.acts
        )
    except OrderRefusedError as exc:
        return not_possible(exc.on_a_page, here)
    visit.acted()
    return leads_back(f"/agencies/{entry.agency_id}", turn.done, visit)


def _what_changed(visit: Visit, stopped: Pause | None) -> Changed:
    was = "Paused" if visit.request.said("seen") else "Not paused"
    return Changed(what="Their system", was=was, now=_state(stopped, visit))


def _page(turn: Turn, entry: Entry, visit: Visit, *, error: str | None) -> Page:
    stopped = visit.desk.acts.health.pause_of(entry.agency_id)
    waiting = count_waiting(entry.agency_id, visit.desk.acts)
    is_so_already = (turn is PAUSE) is (stopped is not None)
    shown = Act(
        about=entry.name,
        title=turn.title,
        facts=(
            Fact(label="Their system", text=_state(stopped, visit)),
            Fact(label="Waiting", text=counted(waiting, "message")),
        ),
        effects=() if is_so_already else turn.effects,
        form=None if is_so_already else _form(turn, entry, stopped, visit, error),
        back=Link(text=f"Back to {entry.name}", path=f"/agencies/{entry.agency_id}"),
        not_allowed=f"It is {'' if stopped else 'not '}paused." if is_so_already else None,
    )
    status = HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK
    above = (*ABOVE, Link(text=entry.name, path=f"/agencies/{entry.agency_id}"))
    return Page("act", turn.title, shown, status, above=above, is_wrong=error is not None)


def _form(turn: Turn, entry: Entry, stopped: Pause | None, visit: Visit, error: str | None) -> Form:
    return Form(
        id=turn.name,
        path=f"/agencies/{entry.agency_id}/{turn.name}",
        fields=(reason_field(turn.question, turn.reasons, visit, error),),
        button=turn.button,
        hidden=(Hidden(name="seen", value=_seen(stopped)),),
        is_warning=turn.is_warning,
    )


def _state(stopped: Pause | None, visit: Visit) -> str:
    if stopped is None:
        return "Not paused"
    return f"{PAUSED[stopped.cause]} since {short(stopped.since, visit.now)}"


def _seen(stopped: Pause | None) -> str:
    return stopped.since.isoformat() if stopped else ""
