"""The worklist: every open task, what is late first, for one role or for all."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import urlencode

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.agencies.waiting import what_waits
from functions.console.asking.narrowing import select
from functions.console.door.request import Page, Request
from functions.console.door.visit import Visit, came_to
from functions.console.shown.form import Chip, Filters
from functions.console.shown.listing import Around
from functions.console.shown.parts import Link
from functions.console.shown.worklist import Worklist
from functions.console.words.acted import done_words
from functions.console.words.moments import counted
from functions.console.worklist.attention import attention, is_late, worst_first
from functions.domain.typed import id_typed
from functions.story.named import upper
from functions.story.vocabulary import TASK_NAMES
from schemas.codes import TaskKind, TaskRole

A_PAGE = 50
ABOVE = (Link(text="Overview", path="/"),)
ROLE_WORDS: Mapping[str, str] = {
    TaskRole.MASH_MANAGER: "MASH manager",
    TaskRole.MASH_DUTY_WORKER: "MASH duty worker",
    TaskRole.EMERGENCY_DUTY_TEAM: "Emergency duty team",
    TaskRole.DIRECTORY_OWNER: "Directory owner",
    TaskRole.POLICE_MASH_SUPERVISOR: "Police MASH supervisor",
}


def worklist(visit: Visit) -> Page:
    """As many as a page has, the most urgent first; what is left is found by narrowing."""
    asked = _asked(visit.request)
    roles = [TaskRole(asked["role"])] if "role" in asked else list(TaskRole)
    found = [task for role in roles for task in visit.desk.reads.work.of(role) if _takes(task, asked)]
    in_order = worst_first(found, visit.now)
    visit.note("WORKLIST", len(in_order), _noted(asked, in_order, visit))
    names = {one.agency_id: one.name for one in visit.desk.reads.directory.all()}
    fails = any(task["kind"] == TaskKind.MEND_ENDPOINT for task in in_order)
    waiting = what_waits(visit.desk.reads.due) if fails else {}
    lines = tuple(attention(task, visit.now, names, waiting) for task in in_order[:A_PAGE])
    shown = Worklist(around=_around(in_order, asked, visit), lines=lines, done=done_words(visit))
    return Page("worklist", "Needs attention", shown, above=ABOVE)


def _asked(request: Request) -> dict[str, str]:
    """What somebody narrowed it to; what is no such value is as if nobody had asked."""
    known: Mapping[str, Collection[str]] = {"role": set(TaskRole), "kind": set(TaskKind)}
    given = {name: request.asked(name) for name in known}
    found = {name: value for name, value in given.items() if value in known[name]}
    owners = {name: id_typed(request.asked(name)) for name in ("ref", "source")}
    return found | {name: owner for name, owner in owners.items() if owner}


def _noted(asked: Mapping[str, str], found: Sequence[Item], visit: Visit) -> dict[str, str]:
    """As the trail says it: a reference or a source only if there is such a one."""
    is_there = {
        "ref": "ref" in asked and (asked["ref"] in _refs(found) or visit.knows(asked["ref"])),
        "source": bool(found),
    }
    noted = {name: value for name, value in asked.items() if is_there.get(name, True)}
    return noted if "ref" in noted else {**noted, **came_to(_refs(found))}


def _refs(tasks: Iterable[Item]) -> Iterator[str]:
    return (keys.referral_of(task) for task in tasks if keys.is_of_a_referral(task))


def _takes(task: Item, asked: Mapping[str, str]) -> bool:
    """A reference is a referral's and nothing else's, and a source's name a source's: who looked at what is
    on record by them."""
    ref = keys.referral_of(task) if keys.is_of_a_referral(task) else None
    source = keys.owner_of(task) if keys.is_of_a_source(task) else None
    found = {"kind": task["kind"], "ref": ref, "source": source}
    return all(asked.get(name, value) == value for name, value in found.items())


def _around(found: Sequence[Item], asked: Mapping[str, str], visit: Visit) -> Around:
    late = sum(is_late(task, visit.now) for task in found)
    of_these = f", {late:,} late" if late else ""
    return Around(
        heading=f"{counted(len(found), 'item')}{of_these}",
        filters=Filters(
            path="/worklist",
            fields=(
                select("role", "Who", ROLE_WORDS, asked.get("role", "")),
                select("kind", "What is wrong", _kinds(), asked.get("kind", "")),
            ),
            chips=tuple(
                Chip(text=_chip(name, value), path=f"/worklist?{urlencode(_but(asked, name))}")
                for name, value in asked.items()
            ),
        ),
        empty="Nothing needs attention." if not asked else "Nothing of this kind needs attention.",
        clear="/worklist",
        notice=f"Showing the {A_PAGE} most urgent. Narrow the list to see others."
        if len(found) > A_PAGE
        else None,
    )


def _kinds() -> Mapping[str, str]:
    return {kind.value: upper(words) for kind, words in TASK_NAMES.items()}


def _chip(name: str, value: str) -> str:
    return {"role": ROLE_WORDS, "kind": _kinds()}.get(name, {}).get(value, value)


def _but(asked: Mapping[str, str], name: str) -> dict[str, str]:
    return {other: value for other, value in asked.items() if other != name}
