"""How an endpoint fares after an attempt: the breaker opens, stays open or closes, or the endpoint is
paused."""

from dataclasses import dataclass
from datetime import datetime

from functions.adapters.registry.endpoint_health import ACTOR, EndpointHealth
from functions.domain.delivery import Next
from functions.domain.endpoint import COOLDOWN, Answered, EndpointState
from functions.domain.tasks import Task, endpoint_task
from functions.log_lines import (
    EGRESS_RECOVERED,
    ENDPOINT_FAILING,
    ENDPOINT_PAUSED,
    ENDPOINT_RECOVERED,
    TASK_OPENED,
    log,
)
from schemas.clocks import ClockPolicy
from schemas.codes import Breaker


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt at an endpoint: what was known `before`, what it answered, and what follows for the
    delivery."""

    agency_id: str
    before: EndpointState
    answered: Answered
    then: Next


def note_health(health: EndpointHealth, tried: Tried, policy: ClockPolicy) -> None:
    """Opens, keeps open or closes the breaker, or pauses the endpoint.

    In a write of its own after the attempt's commit: what a crash leaves undone here the next attempt sees
    again, because the slots remember the answers. The owner's task is opened once for each time that the
    breaker opens, never for each message.
    """
    agency_id, before, now = tried.agency_id, tried.before, tried.answered.at
    if (cause := tried.then.pauses) is not None:
        task = endpoint_task(now, policy)
        if health.pause(agency_id, cause, by=ACTOR, task=task, now=now):
            log(ENDPOINT_PAUSED, agency=agency_id, reason=cause.value)
            _ring(task)
    elif tried.answered.took_it:
        _took_it(health, agency_id, before, now)
        note_egress_works(health, agency_id, before)
    elif before.breaker is Breaker.OPEN:
        health.stay_open(agency_id, until=now + COOLDOWN)
    elif not before.egress_failing and (before.breaker is None or before.opens_after(tried.answered)):
        task = endpoint_task(now, policy)
        if health.open(agency_id, until=now + COOLDOWN, task=task, now=now):
            log(ENDPOINT_FAILING, agency=agency_id)
            _ring(task)


def note_canary(health: EndpointHealth, agency_id: str, before: EndpointState, answered: Answered) -> None:
    """What a canary says of an endpoint: answered, it may close the breaker; unanswered, it never opens one.

    Where the breaker was open, the canary was its probe.
    """
    if answered.took_it:
        _took_it(health, agency_id, before, answered.at)
    elif before.breaker is Breaker.OPEN:
        health.stay_open(agency_id, until=answered.at + COOLDOWN)


def note_egress_works(health: EndpointHealth, agency_id: str, before: EndpointState) -> None:
    """Somebody outside was reached: if our way out was at fault, it is no longer."""
    if before.egress_failing and health.egress_works():
        log(EGRESS_RECOVERED, agency=agency_id)


def _ring(task: Task) -> None:
    """Says that somebody is to do something, as for every other task: a list is read by those who look."""
    log(TASK_OPENED, task=task.kind.value, role=task.role.value)


def _took_it(health: EndpointHealth, agency_id: str, before: EndpointState, now: datetime) -> None:
    match before.breaker:
        case Breaker.OPEN:
            if health.close(agency_id, now=now):
                log(ENDPOINT_RECOVERED, agency=agency_id)
        case None:
            health.first_answer(agency_id)
        case Breaker.CLOSED:
            pass
