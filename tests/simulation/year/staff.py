"""Whoever does the tasks of a simulated year: most in time, some late, some at last."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item, from_item
from functions.domain.by_hand import OF_AN_AGENCY, TO_END
from functions.domain.life_clocks.firing import TASKS
from functions.flows.acting import done, endpoint
from functions.flows.acting.keep import keep
from functions.flows.acting.order import NotPossibleError, Order
from functions.flows.releasing.order import NotReleasableError
from functions.flows.releasing.order import Order as ReleaseOrder
from functions.flows.releasing.release_hold import release
from schemas.codes import ActReason, ReleaseReason, TaskKind, TaskRole, TaskState
from tests.simulation.dynamodb import Written
from tests.simulation.year.agenda import Agenda
from tests.simulation.year.draws import Draws
from tests.simulation.year.hub import Hub

MANAGER = "mash-manager"
IN_TIME = 0.86
URGENT_HOURS = 2
"""What is due sooner is done whenever it comes; all else by whoever is at work by day."""
_HOLDS = frozenset({TaskKind.RELEASE_CHILD, TaskKind.RELEASE_AGENCY, TaskKind.RELEASE_ALLEGATION})
_CHASES = frozenset({*TASKS.values(), TaskKind.CHECK_SILENCE})
KEPT, CHASED = 0.1, 0.4
"""So often whoever is to release a hold keeps it, to decide anew; so many silences end because somebody rang
in time, the others when what was waited for comes, or when somebody rings at last."""
AT_LAST, GRADED_LATE = (1, 12), (2, 14)
"""So many working days after a task was due."""
GIVEN_UP = (12, 15)
"""So many working days after a police form was to be asked for again: by then it has come if it comes."""
GRADED_IN_TIME = 0.6
_GRADES: Mapping[ActReason, float] = {
    ActReason.FORM_GOOD: 6,
    ActReason.FORM_TO_IMPROVE: 3,
    ActReason.FORM_INADEQUATE: 1,
}
MOST_TRIES = 20


SpokenOf: TypeAlias = Callable[[str, str, str, datetime], None]
"""Told of each task about a source that a person ends: which source, its kind, what it is about, and when."""


class Staff:
    """See each task as it is opened, and do it when they come to it."""

    def __init__(self, hub: Hub, agenda: Agenda, draws: Draws, spoken: SpokenOf) -> None:
        self._hub = hub
        self._agenda = agenda
        self._draws = draws
        self._spoken = spoken
        self.stuck: list[str] = []
        """Tasks that could not be done as they are asked for."""

    def see(self, written: Written) -> None:
        """A task that was just opened, or opened again."""
        if written.after is None or not written.key[1].startswith(keys.TASK_PREFIX):
            return
        if written.after["st"]["S"] == TaskState.OPEN and not _stood_open(written.before):
            task = from_item(written.after)
            self._agenda.put(self._when(task), partial(self._do, written.key, MOST_TRIES))

    def _when(self, task: Item) -> datetime:
        kind, draws, now = TaskKind(task["kind"]), self._draws, self._hub.clock.now()
        due_at = datetime.fromisoformat(task["due_at"])
        left = (due_at - now) / timedelta(hours=1)
        if kind is TaskKind.CHASE_FORM:
            return draws.days_later(due_at, *GIVEN_UP)
        if kind is TaskKind.GRADE_FORM:
            in_time = draws.share(GRADED_IN_TIME)
            return draws.in_office(now, 1, 0.8 * left) if in_time else draws.days_later(due_at, *GRADED_LATE)
        if kind in _CHASES and not draws.share(CHASED):
            return draws.days_later(due_at, *AT_LAST)
        if not draws.share(IN_TIME):
            return draws.in_office(due_at, 0.2, 30)
        is_urgent = task["role"] == TaskRole.EMERGENCY_DUTY_TEAM or left < URGENT_HOURS
        return (draws.after if is_urgent else draws.in_office)(now, 0.1 * left, 0.95 * left)

    def _do(self, key: tuple[str, str], tries: int) -> None:
        task = self._hub.store.get(self._hub.store.state, *key)
        if task is None or task["st"] == TaskState.DONE:
            return
        try:
            self._act(key, task)
        except NotReleasableError:
            # Its address is not verified yet: once more, when somebody may have done that.
            later = self._draws.in_office(self._hub.clock.now(), 4, 12)
            if tries:
                self._agenda.put(later, partial(self._do, key, tries - 1))
        except NotPossibleError as exc:
            self.stuck.append(f"{key}: {exc}")

    def _act(self, key: tuple[str, str], task: Item) -> None:
        kind = TaskKind(task["kind"])
        if kind in _HOLDS and self._draws.share(KEPT):
            self._keep(key, task)
            return
        acts: Mapping[TaskKind, Callable[[Item], None]] = {
            **dict.fromkeys(_HOLDS, self._release),
            TaskKind.MEND_ENDPOINT: self._mend_endpoint,
            TaskKind.MEND_ADDRESS: self._mend_address,
            TaskKind.CHASE_FORM: self._give_up_the_form,
        }
        acts.get(kind, self._end)(task)

    def _give_up_the_form(self, task: Item) -> None:
        """Whoever is asked rings the force, and the form that comes ends the task: this is the rest."""
        which = done.WhichTask(TaskKind.CHASE_FORM, keys.owner_of(task), task["child"])
        done.done(which, self._order(ActReason.NOT_NEEDED), self._hub.acting)

    def _end(self, task: Item) -> None:
        kind = TaskKind(task["kind"])
        if keys.is_of_a_source(task):
            source = keys.owner_of(task)
            self._done(done.WhichTask(kind, about=task.get("about"), source=source))
            self._spoken(source, kind.value, task.get("about", ""), self._hub.clock.now())
            return
        ref = None if kind in OF_AN_AGENCY else keys.owner_of(task)
        self._done(done.WhichTask(kind, ref, task["child"], task.get("agency"), task.get("about")))

    def _done(self, which: done.WhichTask) -> None:
        is_graded = which.kind is TaskKind.GRADE_FORM
        reason = self._draws.weighted(_GRADES) if is_graded else TO_END[which.kind][0]
        done.done(which, self._order(reason), self._hub.acting)

    def _keep(self, key: tuple[str, str], task: Item) -> None:
        """It waits for as long again, and somebody decides anew."""
        by_address = task["role"] == TaskRole.DIRECTORY_OWNER
        reason = ActReason.ADDRESS_NOT_VERIFIED if by_address else ActReason.NOT_SAFE_YET
        kept = keep(task, self._order(reason), self._hub.acting)
        again = {**task, "due_at": kept.task.due_at.isoformat()}
        self._agenda.put(self._when(again), partial(self._do, key, MOST_TRIES))

    def _release(self, task: Item) -> None:
        reason = ReleaseReason.TOLD_BY_PHONE_FIRST
        outcomes = self._outcomes(task)
        if task["kind"] == TaskKind.RELEASE_ALLEGATION or (outcomes == {"LAD"} and "agency" not in task):
            reason = ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER
        order = ReleaseOrder(
            ref=keys.referral_of(task),
            child=task["child"],
            reason=reason,
            actor=MANAGER,
            request=self._hub.new_id(),
            agency_id=task.get("agency"),
            allegation=task["kind"] == TaskKind.RELEASE_ALLEGATION,
        )
        release(order, self._hub.releasing)

    def _outcomes(self, task: Item) -> set[str]:
        child = self._hub.store.get(self._hub.store.state, task["pk"], keys.child(task["child"])) or {}
        return {child.get("outcome", ""), *child.get("additional", ())}

    def _mend_endpoint(self, task: Item) -> None:
        """Once the agency has mended it; what waited goes at once."""
        agency, now = keys.agency_id_of(task), self._hub.clock.now()
        spell = next((one for one in self._hub.agencies.spells.get(agency, ()) if one.covers(now)), None)
        if spell is not None:
            self._agenda.put(
                self._draws.after(spell.until, 0.1, 2), partial(self._do, (task["pk"], task["sk"]), 0)
            )
            return
        if self._hub.acting.health.pause_of(agency) is None:
            self._done(done.WhichTask(TaskKind.MEND_ENDPOINT, agency_id=agency))
            return
        endpoint.resume(agency, self._order(ActReason.ENDPOINT_MENDED), self._hub.acting)
        for _ in endpoint.put_forward(agency, self._hub.acting):
            pass

    def _mend_address(self, task: Item) -> None:
        self._hub.verify(task["agency"] if "agency" in task else keys.agency_id_of(task))

    def _order(self, reason: ActReason) -> Order:
        return Order(MANAGER, reason, self._hub.new_id())


def _stood_open(before: Mapping[str, Any] | None) -> bool:
    return before is not None and before["st"]["S"] != TaskState.DONE
