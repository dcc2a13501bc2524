"""Which clocks an event sets and ends: the one table that says what each type of event means for them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from functions.domain.due import early_event_due_at
from functions.domain.life_clocks import afterwards, decided, until_decided
from functions.domain.life_clocks.clock import LifeClock, Over, Wanted, Which, Word, moved
from functions.domain.life_clocks.known import Known
from functions.domain.tasks import or_sooner
from schemas.clocks import ClockPolicy
from schemas.codes import ClockEnd, ClockKind, EventType

_RULES: Final[Mapping[EventType, Callable[[Any, Known, ClockPolicy], Iterable[Word]]]] = {
    EventType.REFERRAL_RECEIVED: until_decided.received,
    EventType.ACKNOWLEDGED: until_decided.acknowledged,
    EventType.DECIDED: decided.decided,
    EventType.DECISION_REVISED: decided.decided,
    EventType.WITHDRAWN_IN_ERROR: decided.withdrawn,
    EventType.TRANSFER_ACCEPTED: decided.accepted,
    EventType.MILESTONE_ASSESSMENT_COMPLETE: afterwards.assessed,
    EventType.MILESTONE_S47_OUTCOME: afterwards.enquired,
    EventType.MILESTONE_ICPC_OUTCOME: afterwards.conferred,
    EventType.PLAN_STATUS_CHANGED: afterwards.planned,
    EventType.POLICE_INVESTIGATION_STATUS_CHANGED: afterwards.investigated,
    EventType.CASE_CLOSED: afterwards.closed,
}
"""An event of any other type says nothing of a clock."""


class Event(Protocol):
    """As much of an event as all of them have."""

    @property
    def event_type(self) -> EventType: ...
    @property
    def event_id(self) -> UUID: ...
    @property
    def occurred_at(self) -> datetime: ...


def after(event: Event, known: Known, policy: ClockPolicy) -> list[LifeClock]:
    """The clocks that the event sets or ends; its agencies by their ids. None of an enquiry of probation's.

    One that waited for its time ends its own clock, too.
    """
    rule = _RULES.get(event.event_type)
    said = list(rule(event, known, policy)) if rule else []
    return moved([*said, _settled(event)], known.clocks)


def kept(event: Event, came_at: datetime, known: Known, policy: ClockPolicy) -> list[LifeClock]:
    """The clock of an event that waits for its referral, or for a decision."""
    due_at = or_sooner(lambda: early_event_due_at(came_at, policy), came_at)
    return moved([Wanted(_early(event), came_at, due_at)], known.clocks)


def given_up(event: Event, known: Known) -> list[LifeClock]:
    """The same clock once the event is refused after all."""
    return moved([_settled(event)], known.clocks)


def _settled(event: Event) -> Over:
    """What an event says of its own clock, if it had to wait."""
    which = _early(event)
    return Over(which.kind, which.child, ClockEnd.ANSWERED, event.occurred_at, which.about)


def _early(event: Event) -> Which:
    return Which(ClockKind.EARLY, getattr(event, "child_index", 0), str(event.event_id))
