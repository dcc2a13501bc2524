"""One delivery of the worked example, claimed and closed by hand, as a test of one condition needs it."""

from datetime import timedelta
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Change, Item
from functions.adapters.ledger.waiting import Claim, Waiting
from functions.domain.delivery import LEASE, Next
from functions.domain.endpoint import Answered, Slot
from functions.domain.watch import Clock
from schemas.codes import AuditKind, Channel, DeliveryState
from tests.world import MORNING, World

REF = "NS-26-7KQ4ZP"
POLICE = DeliveryKey(REF, 1, 1, "north-police", Channel.WEBHOOK)
PROBATION = DeliveryKey(REF, 1, 1, "north-probation", Channel.EMAIL)
BEFORE, NOW, AFTER = (at_text(MORNING + timedelta(seconds=seconds)) for seconds in (-1, 0, 1))
LEASE_END = MORNING + LEASE
THE_SLOT = 2
"""Which of its four an attempt here holds."""

PLACES = {
    "delivery": (POLICE.pk, POLICE.sk),
    "lane": (keys.lane(REF, 1, "north-police"), keys.LANE),
    "slot": (keys.agency("north-police"), keys.slot(THE_SLOT)),
    "endpoint": (keys.agency("north-police"), keys.ENDPOINT),
}


def everything(world: World) -> list[list[Item]]:
    return [world.all_items(table) for table in ("audit", "state", "keys")]


def sending(world: World) -> Sending:
    return Sending(world.store, world.chain)


def a_fact(kind: AuditKind, name: str) -> Fact:
    return Fact(kind, name, actor="mash-outcomes", cause="test", details={}, agency_id="north-police")


def change(world: World, place: str, *remove: str, **attributes: Any) -> None:
    """Makes one item say something else, as another writer might have."""
    changed = Change(attributes, remove=remove)
    world.store.write([world.store.update("x", "state", PLACES[place], change=changed)])


def stands(world: World, place: str) -> Item:
    """What one item says, without its key; empty where nothing stands."""
    item = world.store.get("state", *PLACES[place]) or {}
    return {name: value for name, value in item.items() if name not in {"pk", "sk"}}


def forget(world: World, place: str) -> None:
    """The item is lost."""
    pk, sk = PLACES[place]
    world.store.client.delete_item(TableName="state", Key={"pk": {"S": pk}, "sk": {"S": sk}})


def read(world: World, key: DeliveryKey = POLICE) -> Waiting:
    waiting = sending(world).load(key)
    assert waiting is not None
    return waiting


def the_claim(waiting: Waiting, owner: str = "me") -> Claim:
    """An attempt's own; an e-mail holds no slot."""
    slot = waiting.endpoint.slots[THE_SLOT] if waiting.endpoint else None
    return Claim(owner, waiting.attempt, LEASE_END, slot)


def claim(world: World, waiting: Waiting, *, owner: str = "me", token_sha256: str | None = None) -> Claim:
    started = a_fact(AuditKind.ATTEMPT_STARTED, f"{owner} starts {waiting.attempt} of {waiting.key.sk}")
    mine = the_claim(waiting, owner)
    sending(world).claim(
        waiting,
        waiting.tip,
        [started],
        claim=mine,
        body_sha256="0" * 64,
        token_sha256=token_sha256,
        now=world.now,
    )
    return mine


SENT = Next(DeliveryState.SENT, None)


def close(
    world: World,
    waiting: Waiting,
    then: Next = SENT,
    *,
    clock: Clock | None = None,
    took_it: bool = True,
) -> None:
    """Ends the attempt that `claim` started after `waiting` was read."""
    key = waiting.key
    sending(world).close(
        waiting,
        sending(world).tip(key),
        a_fact(AuditKind.ATTEMPT_CLOSED, "closed"),
        claim=the_claim(waiting),
        then=then,
        clock=clock,
        answered=Answered(world.now, took_it=took_it),
        now=world.now,
    )


def a_slot(world: World) -> Slot:
    """The slot as the tables have it."""
    endpoint = read(world).endpoint
    assert endpoint is not None
    return endpoint.slots[THE_SLOT]
