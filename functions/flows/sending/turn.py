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
from schemas.codes import Watch

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
            _put_off(waiting, desk, now + PAUSED, fallback_now(waiting, now))
            return False
        case Turn.REST:
            _put_off(waiting, desk, now + rest(waiting.waited(now), SHORTEST_REST))
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


def _put_off(waiting: Waiting, desk: SendDesk, due_at: datetime, clock: Clock | None = None) -> None:
    try:
        desk.sending.put_off(waiting.key, seen=waiting.delivery, due_at=due_at, clock=clock)
    except ConditionsFailedError as exc:
        raise ContendedError("the delivery changed") from exc
