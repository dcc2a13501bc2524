"""Whether a webhook's endpoint may be sent to now; what waits for it costs no attempt."""

from datetime import datetime, timedelta

from functions.adapters.errors import ContendedError
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import ConditionsFailedError
from functions.adapters.ledger.waiting import Waiting
from functions.adapters.registry.directory import ACTIVE
from functions.domain.backoff import rest
from functions.domain.delivery import PAUSED
from functions.domain.endpoint import Turn
from functions.domain.watch import Clock
from functions.flows.sending.desk import EndpointBusyError, SendDesk
from functions.flows.sending.facts import unknown
from schemas.codes import DeliveryState, Watch

SHORTEST_REST = timedelta(seconds=60)
"""What waits for an open breaker is looked at no sooner: so often does the sweep look."""


def has_its_turn(waiting: Waiting, desk: SendDesk, now: datetime) -> bool:
    """Whether the endpoint may be sent to now; if not, what waits for it costs no attempt.

    Raises EndpointBusyError while all its slots are taken. An agency that is not active has no turn to wait
    for.
    """
    if waiting.endpoint is None or waiting.agency.get("status") != ACTIVE:
        return True
    match waiting.endpoint.turn(now):
        case Turn.PAUSED:
            clock = fallback_now(waiting, now)
            _put_off(waiting, desk, Turn.PAUSED, due_at=now + PAUSED, clock=clock, now=now)
            return False
        case Turn.REST:
            due_at = now + rest(waiting.waited(now), SHORTEST_REST)
            _put_off(waiting, desk, Turn.REST, due_at=due_at, clock=None, now=now)
            return False
        case Turn.WAIT:
            raise EndpointBusyError("the endpoint has as many messages on their way as it may")
        case Turn.GO | Turn.PROBE:
            return True


def fallback_now(waiting: Waiting, now: datetime) -> Clock | None:
    """Nobody can tell when a paused endpoint is resumed: the e-mail that takes its place goes at once."""
    item = waiting.delivery
    unused = item.get("watch") == Watch.FALLBACK and item["watch_at"] > at_text(now)
    return Clock(Watch.FALLBACK, now) if unused else None


def _put_off(
    waiting: Waiting, desk: SendDesk, turn: Turn, *, due_at: datetime, clock: Clock | None, now: datetime
) -> None:
    """An attempt whose sender never came back is closed now, and not when the endpoint is back: until then
    nobody could stop the message, nor put it forward."""
    closed = [unknown(waiting, DeliveryState.RETRY, due_at)] if waiting.abandoned(now) else []
    try:
        desk.sending.put_off(waiting, closed, turn=turn, due_at=due_at, clock=clock, now=now)
    except ConditionsFailedError as exc:
        raise ContendedError("the delivery or its endpoint changed") from exc
