"""Whoever does the tasks of a simulated year: most in time, some late, some never."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item, from_item
from functions.domain.by_hand import OF_AN_AGENCY, TO_END
from functions.domain.life_clocks.firing import TASKS
from functions.flows.acting import done, endpoint
from functions.flows.acting.order import NotPossibleError, Order
from functions.flows.releasing.order import NotReleasableError
from functions.flows.releasing.order import Order as ReleaseOrder
from functions.flows.releasing.release_hold import release
from schemas.codes import ActReason, ReleaseReason, TaskKind, TaskState
from tests.simulation.dynamodb import Written
from tests.simulation.year.agenda import Agenda
from tests.simulation.year.draws import Draws
from tests.simulation.year.hub import Hub

MANAGER = "mash-manager"
IN_TIME, LATE = 0.86, 0.12
_HOLDS = frozenset({TaskKind.RELEASE_CHILD, TaskKind.RELEASE_AGENCY, TaskKind.RELEASE_ALLEGATION})
_CHASES = frozenset({*TASKS.values(), TaskKind.CHECK_SILENCE})
NEVER_RELEASED, CHASED = 0.06, 0.4
"""Of those holds a person decides to keep; so many silences end because somebody rang, the others when what
was waited for comes."""
MOST_TRIES = 20


Chased: TypeAlias = Callable[[datetime], float]
"""How likely somebody asks after what has not come, by when it falls to them."""
SpokenOf: TypeAlias = Callable[[str, str, str, datetime], None]
"""Told of each task about a source that a person ends: which source, its kind, what it is about, and when."""


class Staff:
    """See each task as it is opened, and do it when they come to it."""

    def __init__(
        self, hub: Hub, agenda: Agenda, draws: Draws, spoken: SpokenOf, chased: Chased = lambda _: CHASED
    ) -> None:
        self._hub = hub
        self._agenda = agenda
        self._draws = draws
        self._spoken = spoken
        self._chased = chased
        self.stuck: list[str] = []
        """Tasks that could not be done as they are asked for."""

    def see(self, written: Written) -> None:
        """A task that was just opened, or opened again."""
        if written.after is None or not written.key[1].startswith(keys.TASK_PREFIX):
            return
        if written.after["st"]["S"] == TaskState.OPEN and not _stood_open(written.before):
            task = from_item(written.after)
            if (at := self._when(task)) is not None:
                self._agenda.put(at, partial(self._do, written.key, MOST_TRIES))

    def _when(self, task: Item) -> datetime | None:
        """None where nobody ever does it."""
        kind, draws, now = TaskKind(task["kind"]), self._draws, self._hub.clock.now()
        if kind in _HOLDS and draws.share(NEVER_RELEASED):
            return None
        if kind in _CHASES and not draws.share(self._chased(now)):
            return None
        due_at = datetime.fromisoformat(task["due_at"])
        drawn, left = draws.between(0, 1), (due_at - now) / timedelta(hours=1)
        if drawn < IN_TIME:
            return draws.after(now, 0.1 * left, 0.95 * left)
        if drawn < IN_TIME + LATE or kind not in _CHASES:
            return draws.in_office(due_at, 0.2, 30)
        return None

    def _do(self, key: tuple[str, str], tries: int) -> None:
        task = self._hub.store.get(self._hub.store.state, *key)
        if task is None or task["st"] == TaskState.DONE:
            return
        try:
            self._act(TaskKind(task["kind"]), task)
        except NotReleasableError:
            # Its address is not verified yet: once more, when somebody may have done that.
            later = self._draws.in_office(self._hub.clock.now(), 4, 12)
            if tries:
                self._agenda.put(later, partial(self._do, key, tries - 1))
        except NotPossibleError as exc:
            self.stuck.append(f"{key}: {exc}")

    def _act(self, kind: TaskKind, task: Item) -> None:
        acts: Mapping[TaskKind, Callable[[Item], None]] = {
            **dict.fromkeys(_HOLDS, self._release),
            TaskKind.MEND_ENDPOINT: self._mend_endpoint,
            TaskKind.MEND_ADDRESS: self._mend_address,
            TaskKind.CHASE_FORM: self._give_up_the_form,
        }
        acts.get(kind, self._end)(task)

    def _give_up_the_form(self, task: Item) -> None:
        """A form that has come by now has ended its task itself."""
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
        done.done(which, self._order(TO_END[which.kind][0]), self._hub.acting)

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
