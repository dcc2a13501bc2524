"""How an endpoint fares after an attempt: the breaker opens, stays open or closes, or the endpoint is
paused."""

from dataclasses import dataclass

from functions.adapters.registry.endpoint_health import ACTOR, EndpointHealth
from functions.domain.delivery import Next
from functions.domain.endpoint import COOLDOWN, Answered, EndpointState
from functions.domain.tasks import endpoint_task
from functions.log_lines import ENDPOINT_FAILING, ENDPOINT_PAUSED, ENDPOINT_RECOVERED, log
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
        if health.pause(agency_id, cause, by=ACTOR, task=endpoint_task(now, policy), now=now):
            log(ENDPOINT_PAUSED, agency=agency_id, reason=cause.value)
    elif tried.answered.took_it:
        _took_it(health, tried)
    elif before.breaker is Breaker.OPEN:
        health.stay_open(agency_id, until=now + COOLDOWN)
    elif before.breaker is None or before.opens_after(tried.answered):
        task = endpoint_task(now, policy)
        if health.open(agency_id, until=now + COOLDOWN, task=task, now=now):
            log(ENDPOINT_FAILING, agency=agency_id)


def _took_it(health: EndpointHealth, tried: Tried) -> None:
    match tried.before.breaker:
        case Breaker.OPEN:
            if health.close(tried.agency_id, now=tried.answered.at):
                log(ENDPOINT_RECOVERED, agency=tried.agency_id)
        case None:
            health.first_answer(tried.agency_id)
        case Breaker.CLOSED:
            pass
