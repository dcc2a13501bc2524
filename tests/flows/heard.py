"""What left beside the decisions, as the agencies' systems and mailboxes have it."""

import json
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.adapters.render import EmailParts
from functions.domain.series import is_of_an_update
from tests.flows.sweeps import REF, rows_of
from tests.world import World, a_decision


def decided(world: World, **changes: Any) -> None:
    """The worked example, told; what leaves from now on is beside it."""
    world.take(a_decision(**changes))
    world.send_due()
    forget(world)


def forget(world: World) -> None:
    """What has left so far is of no interest."""
    for door in world.doors.values():
        door.sent.clear()
        door.mails.clear()


def posts(world: World, agency: str = "north-police") -> list[dict[str, Any]]:
    """The data of every update to that agency's system."""
    events = (json.loads(body) for pins, body in world.police.sent if pins.agency_id == agency)
    return [event["data"] for event in events if event["type"] == "uk.mash.update.v1"]


def mails(world: World, agency: str = "north-probation") -> list[EmailParts]:
    return [mail for pins, mail in world.mailbox.mails if pins.agency_id == agency]


def told(world: World) -> dict[str, int]:
    """Each agency that something left for since it was decided, and at which level."""
    sent = (pins for door in world.doors.values() for pins, _ in door.sent)
    return {pins.agency_id: int(pins.level) for pins in sent}


def update_rows(world: World, ref: str = REF) -> list[Item]:
    return rows_of(world, "UPDATE", ref)


def event_rows(world: World, event_type: str, ref: str = REF) -> list[Item]:
    return [row for row in rows_of(world, "LIFECYCLE", ref) if row["event_type"] == event_type]


def child(world: World, ref: str = REF, index: int = 1) -> Item:
    item = world.store.get("state", keys.referral(ref), keys.child(index))
    assert item is not None
    return item


def updates(world: World, ref: str = REF) -> list[Item]:
    """The deliveries of everything beside the decisions."""
    items = world.store.partition("state", keys.referral(ref), keys.DELIVERY_PREFIX)
    return [item for item in items if is_of_an_update(item["sk"].rpartition("#")[2])]
