"""An agency that nothing reaches, and when its people's clocks run out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Item
from functions.domain.delivery import Answer
from schemas.codes import AgencyType, AttemptResult, Channel, ErrorWord
from tests.flows.sweeps import (
    REF,
    fails,
    rows_of,
    sweep,
)
from tests.world import World, a_decision, a_registry, an_agency

CALM: dict[str, Any] = {"primary_outcome": "S17", "rag": "AMBER", "strategy_discussion_at": None}
AT_11 = datetime(2026, 11, 25, 11, 2, 30, tzinfo=UTC)
"""Four working hours after Tuesday 15:02:30, when all here is decided."""
AT_14 = AT_11.replace(hour=14)
"""An hour before one working day has passed."""
AT_15 = AT_11.replace(hour=15)
NEXT_TRY = AT_11 + timedelta(hours=9)
"""By then the schedule has another attempt."""
GP_MAIL = DeliveryKey(REF, 1, 1, "north-gp", Channel.EMAIL)
GP_WEBHOOK = replace(GP_MAIL, channel=Channel.WEBHOOK)
FOR_EVER = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)
CALL, UNREAD = "CALL_UNTOLD#01#", "CALL_UNREAD#01#"


def untold(world: World, **changes: Any) -> World:
    """Only the police are told; their webhook fails, and so does the e-mail in its place."""
    world.take(a_decision(involved_agencies=[], **changes))
    for channel in Channel:
        fails(world, channel)
    sweep(world)
    return world


def untold_on_both(world: World, **changes: Any) -> World:
    """A practice has a mailbox and a system, and nothing gets through to either."""
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)))
    referred = {"agency_id": "north-gp", "own_ref": "GP-9"}
    return untold(world, referring_agency=referred, **changes)


def set_(world: World, key: DeliveryKey, **attributes: Any) -> None:
    """What another part of the service writes on a delivery."""
    change = Change(attributes)
    world.store.write([world.store.update("x", "state", (key.pk, key.sk), change=change)])


def watch(item: Item) -> tuple[str | None, str | None]:
    return item.get("watch"), item.get("watch_at")


def fired(world: World, stage: str) -> list[Item]:
    return [row for row in rows_of(world, "CLOCK_FIRED") if row["watch"] == stage]


def until(world: World, moment: datetime) -> None:
    """A sweep at each half-hour, so that every clock before `moment` runs out in its turn; none at it."""
    while world.now < moment - timedelta(minutes=30):
        world.later(minutes=30)
        sweep(world)
    world.now = moment
