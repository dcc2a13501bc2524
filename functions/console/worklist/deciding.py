"""The ways in which the page of a task is answered: it is done; or, of a hold, it ends or goes on."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from functions.adapters.ledger.store import Item
from functions.console.asking.reasons import KEPT, act_words, why_field
from functions.console.door.request import Request
from functions.console.shown.form import Form, Hidden
from functions.console.shown.problems import Changed
from functions.console.words.moments import short
from functions.console.worklist.attention import task_path
from functions.domain.by_hand import TO_END, TO_KEEP
from functions.flows.acting.keep import HOLDS
from functions.story.vocabulary import RELEASE_REASONS
from schemas.codes import ReleaseReason, TaskKind


class Ending(StrEnum):
    """Each by its code, in a form and in the address of the page that it leads to."""

    DONE = "task"
    RELEASED = "released"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class _Words:
    question: str
    button: str
    no_reason: str


_WORDS: Mapping[Ending, _Words] = {
    Ending.DONE: _Words("How did it end?", "Record it", "Say how it ended: choose one"),
    Ending.RELEASED: _Words(
        "Why may it be released?", "Release it", "Say why it may be released: choose one"
    ),
    Ending.KEPT: _Words("Why must it wait?", "Keep holding it", "Say why it must wait: choose one"),
}
_HINTS: Mapping[Ending, str] = {Ending.KEPT: f"{KEPT} The time in which somebody must decide begins anew."}
_SEEN: Mapping[str, str] = {"opened_at": "Open since", "due_at": "To be done by", "dver": "Decision number"}
"""What of a task goes along with its form, and what its page calls that."""
_A_NUMBER = re.compile(r"[0-9]{1,9}")


def ways(kind: TaskKind) -> tuple[Ending, ...]:
    """By which a task of this kind is answered."""
    return (Ending.RELEASED, Ending.KEPT) if kind in HOLDS else (Ending.DONE,)


def way_meant(kind: TaskKind, request: Request) -> Ending:
    """The way of the form that was sent."""
    first, *_ = offered = ways(kind)
    return next((way for way in offered if way == request.said("way")), first)


def reasons(
    kind: TaskKind, way: Ending, releasing: Collection[ReleaseReason] = tuple(ReleaseReason)
) -> Mapping[str, str]:
    """Each reason that fits, and what it says; `releasing` are those that end what holds it."""
    match way:
        case Ending.DONE:
            return act_words(TO_END[kind])
        case Ending.RELEASED:
            return {one.value: RELEASE_REASONS[one] for one in releasing}
        case Ending.KEPT:
            return act_words(TO_KEEP)


def form(
    task: Item,
    way: Ending,
    typed: Mapping[str, str],
    releasing: Collection[ReleaseReason],
    *,
    is_wrong: bool = False,
) -> Form:
    """Asks why; how the task stood goes along, so that nobody decides of what it became."""
    words = _WORDS[way]
    chosen = typed.get("reason") if typed.get("way", way) == way else None
    return Form(
        id=way.value,
        path=task_path(task),
        fields=(
            why_field(
                words.question,
                reasons(TaskKind(task["kind"]), way, releasing),
                chosen,
                words.no_reason if is_wrong else None,
                _HINTS.get(way, KEPT),
            ),
        ),
        button=words.button,
        hidden=(
            Hidden(name="way", value=way.value),
            *(Hidden(name=f"was_{name}", value=str(task[name])) for name in _SEEN),
        ),
        is_warning=way is Ending.RELEASED,
    )


def changed_since(task: Item, request: Request, now: datetime) -> Iterator[Changed]:
    """What has become of the task since its form was shown."""
    for name, what in _SEEN.items():
        if (was := request.said(f"was_{name}")) != (stands := str(task[name])):
            yield Changed(what=what, was=_in_words(was, now), now=_in_words(stands, now))


def _in_words(said: str, now: datetime) -> str:
    """A moment, or the number of a decision; what was handed in may be anything."""
    if _A_NUMBER.fullmatch(said):
        return said
    try:
        return short(datetime.fromisoformat(said), now)
    except (ValueError, TypeError):  # no moment, or none with a zone
        return "Not known"
