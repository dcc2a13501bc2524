"""Messages that wait for one endpoint, and what is known of it, for stories of slots, breaker and pause."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Item
from functions.adapters.ledger.waiting import Waiting
from functions.flows.sending.send import send
from tests.flows.sweeps import POLICE, desk_of, item_of
from tests.world import World, a_decision, an_event_id, is_whole

AGENCY = keys.agency("north-police")
COOLDOWN = timedelta(seconds=120)


def decided_for_police(world: World, count: int) -> list[DeliveryKey]:
    """So many referrals, each of which the police alone are told of."""
    refs = [f"NS-26-{number:04d}" for number in range(count)]
    for ref in refs:
        world.take(a_decision(referral_ref=ref, event_id=an_event_id(ref), involved_agencies=[]))
    return [replace(POLICE, ref=ref) for ref in refs]


def states(world: World, waiting: list[DeliveryKey]) -> list[str]:
    return [item_of(world, key)["st"] for key in waiting]


def attempts(world: World, waiting: list[DeliveryKey]) -> list[int]:
    return [item_of(world, key)["attempt"] for key in waiting]


def endpoint(world: World) -> Item:
    return world.store.get("state", AGENCY, keys.ENDPOINT) or {}


def endpoint_rows(world: World) -> list[str]:
    """What the agency's own chain, which must be whole, says of its endpoint."""
    chain = world.store.partition("audit", AGENCY, "E#")
    assert is_whole(chain)
    return [row["result"] for row in chain if row["type"] == "ENDPOINT"]


def owners_task(world: World) -> Item:
    return world.store.get("state", AGENCY, "TASK#MEND_ENDPOINT#00") or {}


def forget_endpoint(world: World) -> None:
    at = {"pk": {"S": AGENCY}, "sk": {"S": keys.ENDPOINT}}
    world.store.client.delete_item(TableName="state", Key=at)


class ReadEarlier(Sending):
    """A worker that read before somebody else acted."""

    seen: Waiting | None = None

    def load(self, key: DeliveryKey) -> Waiting | None:
        return self.seen


def slow_worker(world: World, key: DeliveryKey) -> Callable[[], None]:
    """Reads now, claims later."""
    slow = ReadEarlier(world.store, world.chain)
    slow.seen = Sending(world.store, world.chain).load(key)
    return lambda: send(key, replace(desk_of(world, key.channel), sending=slow))
