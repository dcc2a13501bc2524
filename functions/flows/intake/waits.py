"""The clocks that an event sets and ends, with the tasks that it answers, and what its row says of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.clocks import CLOCKS_LEFT, clocks_of
from functions.adapters.ledger.records import AcceptedDecision, MovedClock, Referral
from functions.adapters.ledger.store import Item
from functions.adapters.registry.directory import Directory
from functions.domain.life_clocks.clock import LifeClock, Which
from functions.domain.life_clocks.firing import TASKS
from functions.domain.life_clocks.known import Known, KnownChild
from functions.domain.life_clocks.moves import Event, after, given_up, kept
from functions.domain.life_clocks.police_form import after_form
from functions.domain.series import moment_of
from functions.domain.withdrawal import WITHDRAWN
from functions.flows.desk import IntakeDesk
from functions.flows.planning.recipients import looked_up
from schemas.clocks import ClockPolicy
from schemas.codes import ClockKind, Outcome, Rag, Series, TaskEnd, TaskState
from schemas.decision import Decision
from schemas.lifecycle import Acknowledged
from schemas.referral import ReferralReceived
from schemas.risk_assessment import PoliceCheck

E = TypeVar("E", bound=Event)
_PAST = ("received_at", "decided_at")
"""What cannot lie ahead of the event that tells it."""


def clocks_after(
    event: Event, came_at: datetime, referral: Referral, policy: ClockPolicy
) -> list[MovedClock]:
    """What the event does to the clocks of its referral; agencies by their ids.

    A moment that lies ahead of its coming makes nobody wait longer: the clock counts from then.
    """
    moved = after(_by_now(event, came_at), known_of(referral), policy)
    return [_moved(clock, referral) for clock in moved]


def _by_now(event: Event, came_at: datetime) -> Event:
    if not isinstance(event, Decision | ReferralReceived):
        return event
    ahead = {name: came_at for name in _PAST if getattr(event, name, came_at) > came_at}
    return event.model_copy(update=ahead) if ahead else event


def clocks_while_waiting(
    event: Event, came_at: datetime, referral: Referral, policy: ClockPolicy
) -> list[MovedClock]:
    """The clock of an event that came before its time."""
    return [_moved(clock, referral) for clock in kept(event, came_at, known_of(referral), policy)]


def clocks_left_behind(event: Event, referral: Referral) -> list[MovedClock]:
    """The same clock once the event turns out to be wrong, or older than what is known: it moves no other."""
    return [_moved(clock, referral) for clock in given_up(event, known_of(referral))]


def hastened(
    checks: Mapping[int, PoliceCheck], newest_for: Collection[int], referral: Referral, now: datetime
) -> list[MovedClock]:
    """The chases that a police form ends or renews: each is looked at again at once.

    `newest_for` are the children for whom it is the newest form.
    """
    clocks = clocks_of(referral)
    moved = []
    for child, check in checks.items():
        clock = clocks.get(Which(ClockKind.POLICE_FORM, child))
        is_first = child in newest_for and child not in referral.forms
        then = after_form(clock, check.status, now, is_first=is_first) if clock else None
        if then is not None:
            moved.append(MovedClock(then, referral.clocks[keys.clock(then.which)]))
    return moved


def by_id(event: E, directory: Directory) -> E | Acknowledged:
    """The event with whoever it asks to contribute by the registry's ids, whichever of their names it
    used."""
    if not isinstance(event, Acknowledged) or not event.asked_to_contribute:
        return event
    entries = looked_up([one.agency_id for one in event.asked_to_contribute], directory).entries
    asked = tuple(
        one.model_copy(update={"agency_id": entries[one.agency_id].agency_id})
        for one in event.asked_to_contribute
    )
    return event.model_copy(update={"asked_to_contribute": asked})


def known_of(referral: Referral) -> Known:
    """The referral as the clocks' rules see it."""
    return Known(
        received_at=_moment(referral.head.get("received_at")),
        children={child: _known_child(item) for child, item in referral.children.items()},
        clocks=clocks_of(referral),
    )


def _known_child(item: Item) -> KnownChild:
    """Of what was decided in error no outcome counts."""
    counts = "outcome" in item and WITHDRAWN not in item
    outcomes = (item["outcome"], *item.get("additional", ())) if counts else ()
    return KnownChild(
        received_at=_moment(item.get("received_at")),
        rag=Rag(item["rag"]) if item.get("rag") else None,
        newest=item.get("dver", 0),
        outcomes=tuple(map(Outcome, outcomes)),
        plan_changed_at=_moment(item.get(moment_of(Series.PLAN))),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _moved(clock: LifeClock, referral: Referral) -> MovedClock:
    seen = referral.clocks.get(keys.clock(clock.which), {})
    return MovedClock(clock, seen, _open_task(clock.which, referral))


def _open_task(which: Which, referral: Referral) -> Item | None:
    task = referral.tasks.get(keys.task(TASKS[which.kind], which.child, which.about))
    return task if task and task["st"] != TaskState.DONE else None


def with_clocks(new: AcceptedDecision, moved: Sequence[MovedClock]) -> AcceptedDecision:
    """The decision with all the clocks that it moves, in its transaction and in its row."""
    row, *others = new.facts
    row = replace(row, details={**row.details, **clock_details(moved)})
    return replace(new, facts=[row, *others], clocks=moved)


def without_clocks(new: AcceptedDecision) -> AcceptedDecision:
    """The same with its clocks left to the next transaction, where its own has no room for them: no decision
    is refused for these, and its row tells of them all the same."""
    return replace(new, clocks=(), child_state={**new.child_state, CLOCKS_LEFT: new.seq})


def set_clocks_left(decision: Decision, came_at: datetime, desk: IntakeDesk) -> None:
    """Sets the clocks that the decision's own transaction had no room for; none were left, mostly.

    Whoever takes the decision in comes here, and so does each delivery of the same event after that, until it
    is done, or the decision withdrawn: then its child waits for another, as it did before. Raises
    ConditionsFailedError if somebody was first.
    """
    referral = desk.intake.referral(decision.referral_ref)
    child = decision.child_index
    state = referral.children.get(child, {})
    if state.get(CLOCKS_LEFT) == decision.decision_seq and WITHDRAWN not in state:
        moved = clocks_after(decision, came_at, referral, desk.clocks)
        desk.intake.set_clocks_left(referral, child, moved)


def clock_details(moved: Iterable[MovedClock]) -> dict[str, Any]:
    """What a row says of the clocks that its event moves, enough to rebuild them, and of the tasks it
    ends."""
    clocks = list(moved)
    said: dict[str, Any] = {"clocks": [_said(one.clock) for one in clocks]} if clocks else {}
    return said | ended_details([one.task for one in clocks if one.task is not None])


def ended_details(tasks: Iterable[Item]) -> dict[str, Any]:
    """The tasks that were ended because what they waited for has come."""
    ended = [task["sk"] for task in tasks]
    return {"ended": ended, "ended_as": TaskEnd.ANSWERED.value} if ended else {}


def _said(clock: LifeClock) -> str:
    """`DECIDE#01 2026-11-25T09:40:00.000Z`, or `DECIDE#01 ANSWERED`."""
    named = keys.clock(clock.which).removeprefix(keys.CLOCK_PREFIX)
    return f"{named} {at_text(clock.due_at) if clock.due_at else clock.end}"
