"""What waits for an endpoint at rest is put off for as long as that rest stands, and for nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.items import watch_attributes
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.ledger.waiting import Waiting
from functions.domain.endpoint import Turn
from functions.domain.watch import Clock
from schemas.codes import AuditKind, Channel, Watch
from tests.adapters.attempts import AFTER, BEFORE, NOW, POLICE, a_fact, change, everything, read, sending
from tests.world import MORNING, World

LATER = MORNING + timedelta(minutes=5)
FALLBACK_NOW = Clock(Watch.FALLBACK, MORNING)
PAUSED, RESTING = {"paused": "BY_HAND"}, {"breaker": "OPEN", "open_until": AFTER}
AT_REST: dict[Turn, dict[str, str]] = {Turn.PAUSED: PAUSED, Turn.REST: RESTING}


def police(world: World) -> Item:
    return world.delivery("north-police", Channel.WEBHOOK)


def put_off(
    world: World, waiting: Waiting, clock: Clock | None = None, *facts: Fact, turn: Turn = Turn.PAUSED
) -> None:
    sending(world).put_off(waiting, facts, turn=turn, due_at=LATER, clock=clock, now=world.now)


def due_later(item: Item) -> Item:
    later = at_text(LATER)
    return item | {"due_at": later, "due_sk": f"{later}#{POLICE.text}"}


@pytest.mark.parametrize("turn", AT_REST)
def test_one_whose_endpoint_is_at_rest_is_put_off_without_a_row_or_an_attempt(
    decided: World, turn: Turn
) -> None:
    change(decided, "endpoint", **AT_REST[turn])
    waiting, rows = read(decided), decided.rows()
    put_off(decided, waiting, turn=turn)
    assert police(decided) == due_later(waiting.delivery)
    put_off(decided, waiting, FALLBACK_NOW, turn=turn)
    assert police(decided) == due_later(waiting.delivery) | watch_attributes(POLICE, FALLBACK_NOW)
    assert decided.rows() == rows


def test_an_abandoned_attempt_at_it_is_closed_and_the_message_is_to_be_tried_again(decided: World) -> None:
    change(decided, "endpoint", **PAUSED)
    change(decided, "delivery", st="SENDING", attempt=1, owner="me", lease_until=BEFORE)
    put_off(decided, read(decided), FALLBACK_NOW, a_fact(AuditKind.ATTEMPT_CLOSED, "abandoned"))
    item = police(decided)
    assert (item["st"], item["attempt"], item["due_at"]) == ("RETRY", 1, at_text(LATER))
    assert not {"owner", "lease_until"} & item.keys()
    assert watch_attributes(POLICE, FALLBACK_NOW).items() <= item.items()
    assert decided.rows()[-1]["uid"] == "abandoned"


@pytest.mark.parametrize(
    "says",
    [{"st": "SENDING"}, {"st": "RETRY"}, {"attempt": 1}, {"held": ["SENSITIVE"]}, {"st": "SUPERSEDED"}],
    ids=["being sent", "tried since", "another attempt", "held since", "superseded"],
)
def test_one_that_is_no_longer_as_seen_is_not_put_off(decided: World, says: dict[str, Any]) -> None:
    change(decided, "endpoint", **PAUSED)
    waiting = read(decided)
    change(decided, "delivery", **says)
    not_put_off(decided, waiting, Turn.PAUSED, "delivery")


RISEN: dict[str, tuple[Turn, tuple[str, ...], dict[str, str]]] = {
    "resumed": (Turn.PAUSED, ("paused",), {}),
    "resumed while it rested": (Turn.REST, ("breaker", "open_until"), {}),
    "rested enough": (Turn.REST, (), {"open_until": NOW}),
}


@pytest.mark.parametrize(("turn", "gone", "says"), RISEN.values(), ids=RISEN)
def test_nothing_is_put_off_for_an_endpoint_that_is_at_rest_no_more(
    decided: World, turn: Turn, gone: tuple[str, ...], says: dict[str, str]
) -> None:
    change(decided, "endpoint", **AT_REST[turn])
    waiting = read(decided)
    change(decided, "endpoint", *gone, **says)
    not_put_off(decided, waiting, turn, "endpoint")


def not_put_off(world: World, waiting: Waiting, turn: Turn, because_of: str) -> None:
    before = everything(world)
    with pytest.raises(ConditionsFailedError) as caught:
        put_off(world, waiting, FALLBACK_NOW, a_fact(AuditKind.ATTEMPT_CLOSED, "abandoned"), turn=turn)
    assert list(caught.value.found) == [because_of]
    assert everything(world) == before
