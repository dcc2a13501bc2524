"""Everything that one decision causes outside: what is made, held, released and sent, byte for byte."""

import re
from typing import Any

from functions.adapters.ledger import keys
from functions.flows.releasing.release_hold import Order, release
from schemas.codes import AgencyType, Channel, ReleaseReason
from tests.world import BOTH, Wire, World, a_registry, a_world, an_agency

REF = "NS-26-7KQ4ZP"
TOKEN = re.compile(rb"/(read|police-form)/[0-9a-f]{32}\b")
"""It hangs on the referral's key, which is another in each world."""
OF_CHANCE = {"cipher", "uid", "prev", "salt", "gsk", "dsk"}
OWN_ROWS = {"DECISION", "RA_CHECK"}
"""What says what was decided is not what became of it."""


def came_of(decision: Wire) -> dict[str, Any]:
    """The decision in a world of its own, released after an hour if it is held, and sent whenever it may."""
    with a_world() as world:
        world.apply(a_registry(an_agency("north-gp", AgencyType.GP, *BOTH)))
        world.take(decision)
        sent = [sent_now(world)]
        world.later(hours=1)
        for hold in [name for name, task in world.tasks().items() if is_open_hold(task)]:
            release(_order(hold), world.release_desk)
        sent.append(sent_now(world))
        return {"sent": sent, **_written(world)}


def is_open_hold(task: Wire) -> bool:
    return (str(task["kind"]).partition("_")[0], task["st"]) == ("RELEASE", "OPEN")


def _order(hold: str) -> Order:
    """Always the same request: what a release makes is named after it."""
    kind, _, *agency = hold.split("#")
    of_allegation = kind == "RELEASE_ALLEGATION"
    agreed, told = ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER, ReleaseReason.TOLD_BY_PHONE_FIRST
    return Order(
        ref=REF,
        child=1,
        reason=agreed if of_allegation else told,
        actor="mash-manager",
        request=hold,
        agency_id=agency[0] if agency else None,
        allegation=of_allegation,
    )


def sent_now(world: World) -> list[tuple[str, bytes]]:
    """What leaves at this moment, by which way."""
    before = {channel: len(world.doors[channel].sent) for channel in Channel}
    world.send_due()
    return sorted(
        (f"{pins.agency_id} {channel}", TOKEN.sub(rb"/\1/token", body))
        for channel in Channel
        for pins, body in world.doors[channel].sent[before[channel] :]
    )


def _written(world: World) -> dict[str, Any]:
    """The deliveries, the child, and every row that says what became of them."""
    state = world.store.partition("state", keys.referral(REF))
    items = [item for item in state if item["sk"].startswith(("N#", "CHILD#"))]
    rows = [row for row in world.rows() if row["type"] not in OWN_ROWS and not _is_a_look(row)]
    return {
        "items": [_of_no_chance(item, "fingerprint", "token_sha256", "body_sha256") for item in items],
        "rows": [_of_no_chance(row, "sk", "body_sha256", "took_ms") for row in rows],
    }


def _is_a_look(row: Wire) -> bool:
    return (row["type"], str(row.get("task")).partition("_")[0]) == ("TASK", "CHECK")


def _of_no_chance(item: Wire, *more: str) -> Wire:
    return {name: value for name, value in item.items() if name not in OF_CHANCE.union(more)}
