"""What becomes of an endpoint that fails or is stopped: its breaker and its pause, with the row that says
so."""

from datetime import datetime
from typing import Any

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import canaries, keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.items import ABOUT_NO_CHILD, end_task, task_attributes, task_key
from functions.adapters.ledger.store import Change, Condition, ConditionsFailedError, Part, Store
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.registry.obstacles import Pause
from functions.domain.tasks import Task
from schemas.codes import Breaker, PauseCause, TaskKind

ACTOR = "mash-outcomes"
TEST_ASKED = "TEST_ASKED"
"""What an endpoint's row says of a canary that a person asked for."""


class EndpointHealth:
    """Changes the state of one endpoint; each method answers whether it changed anything."""

    def __init__(self, store: Store, rows: EndpointRows) -> None:
        self._store = store
        self._rows = rows

    def pause_of(self, agency_id: str) -> Pause | None:
        """Why nothing is sent to it, and since when; None if it is not paused."""
        return Pause.of(self._store.get(self._store.state, keys.agency(agency_id), keys.ENDPOINT) or {})

    def open(self, agency_id: str, *, until: datetime, task: Task, now: datetime) -> bool:
        """The breaker opens: nothing is sent until `until`, and somebody is to ring the agency's desk."""
        not_open = "attribute_not_exists(#breaker) OR #breaker = :closed"
        opened = self._endpoint(
            agency_id,
            Change({"breaker": Breaker.OPEN.value, "open_until": at_text(until)}, remove=("probe_until",)),
            Condition(not_open, {"closed": Breaker.CLOSED.value}),
        )
        said = {"result": "FAILING", "open_until": at_text(until)}
        beside = [opened, self._open_task(agency_id, task, now)]
        return self._say(agency_id, said, by=ACTOR, now=now, beside=beside)

    def stay_open(self, agency_id: str, *, until: datetime) -> bool:
        """The probe failed: the cooldown starts again, and nobody is told a second time."""
        change = Change({"open_until": at_text(until)}, remove=("probe_until",))
        return self._quietly(self._endpoint(agency_id, change, _IS_OPEN))

    def close(self, agency_id: str, *, now: datetime) -> bool:
        """The probe was answered: everything may go again, and nobody need ring."""
        said = {"result": "RECOVERED"}
        beside = [self._endpoint(agency_id, _CLOSED, _IS_OPEN), self._end_task(agency_id)]
        return self._say(agency_id, said, by=ACTOR, now=now, beside=beside)

    def first_answer(self, agency_id: str) -> bool:
        """An endpoint of which nothing was known has answered: that is no recovery."""
        unknown = Condition("attribute_not_exists(#breaker)", {})
        return self._quietly(self._endpoint(agency_id, _CLOSED, unknown))

    def pause(
        self,
        agency_id: str,
        cause: PauseCause,
        *,
        by: str,
        now: datetime,
        task: Task | None = None,
        reason: str | None = None,
        request: str | None = None,
    ) -> bool:
        """Nothing is sent until somebody resumes it; `reason` is a person's code, `request` their request's
        id."""
        change = Change({"paused": cause.value, "paused_at": at_text(now)})
        paused = self._endpoint(agency_id, change, Condition("attribute_not_exists(#paused)", {}))
        said: dict[str, Any] = {"result": "PAUSED", "cause": cause.value}
        said |= {"reason": reason, "req": request} if reason else {}
        beside = [paused, *([self._open_task(agency_id, task, now)] if task else [])]
        return self._say(agency_id, said, by=by, now=now, beside=beside)

    def resume(self, agency_id: str, *, by: str, reason: str, request: str, now: datetime) -> bool:
        """It may be sent to again, one message first: whether it answers now is not known."""
        unknown = Change({}, remove=("paused", "paused_at", "breaker", "open_until", "probe_until"))
        resumed = self._endpoint(agency_id, unknown, Condition("attribute_exists(#paused)", {}))
        said = {"result": "RESUMED", "reason": reason, "req": request}
        return self._say(agency_id, said, by=by, now=now, beside=[resumed, self._end_task(agency_id)])

    def ask_for_test(self, agency_id: str, *, by: str, request: str, now: datetime) -> bool:
        """The next canary is due now; false where one is due already, or none ever."""
        said = {"result": TEST_ASKED, "req": request}
        due = canaries.due_before_its_time(self._store, agency_id, now)
        return self._say(agency_id, said, by=by, now=now, beside=[due])

    def egress_fails(self, *, now: datetime) -> bool:
        """Our own way out is at fault: until it works again no endpoint's breaker opens."""
        change = Change({"since": at_text(now)})
        return self._quietly(self._egress(change, Condition("attribute_not_exists(#since)", {})))

    def egress_works(self) -> bool:
        """Somebody was reached."""
        change = Change({}, remove=("since",))
        return self._quietly(self._egress(change, Condition("attribute_exists(#since)", {})))

    def _say(
        self, agency_id: str, said: dict[str, Any], *, by: str, now: datetime, beside: list[Part]
    ) -> bool:
        try:
            self._rows.append(agency_id, said, by=by, now=now, beside=beside)
        except ConditionsFailedError:
            return False
        return True

    def _quietly(self, part: Part) -> bool:
        """A change that no row need tell; somebody else's answer may have decided already."""
        try:
            self._store.write([part])
        except (ConditionsFailedError, ContendedError):
            return False
        return True

    def _endpoint(self, agency_id: str, change: Change, condition: Condition) -> Part:
        address = (keys.agency(agency_id), keys.ENDPOINT)
        return self._store.update("endpoint", self._store.state, address, change=change, condition=condition)

    def _egress(self, change: Change, condition: Condition) -> Part:
        address = (keys.EGRESS, keys.HEAD)
        return self._store.update("egress", self._store.state, address, change=change, condition=condition)

    def _open_task(self, agency_id: str, task: Task, now: datetime) -> Part:
        pk = keys.agency(agency_id)
        at = task_key(pk, ABOUT_NO_CHILD, task)
        change = Change(task_attributes(pk, ABOUT_NO_CHILD, ABOUT_NO_CHILD, task, now))
        return self._store.update(f"task {at.sk}", self._store.state, (at.pk, at.sk), change=change)

    def _end_task(self, agency_id: str) -> Part:
        return end_task(
            self._store, keys.agency(agency_id), keys.task(TaskKind.MEND_ENDPOINT, ABOUT_NO_CHILD)
        )


_CLOSED = Change({"breaker": Breaker.CLOSED.value}, remove=("open_until", "probe_until"))
_IS_OPEN = Condition("#breaker = :open", {"open": Breaker.OPEN.value})
