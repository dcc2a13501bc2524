"""A referrer whose outcome is held has the acknowledgement, like everybody (domain section 6.3): the very
same bytes, and nothing else until a person has acted."""

from typing import Any

import pytest

from schemas.codes import Channel, Series
from tests.flows.lives import an_acknowledgement
from tests.flows.test_holds_never_show import HOLDS, LINK, POLICE, nothing
from tests.world import World, a_decision, a_receipt, a_world

ACKNOWLEDGED = f"U{Series.ACKNOWLEDGEMENT}"
STAFF_LINK = [{"code": "STAFF_LINK", "agency_id": POLICE}]
EVERY_HOLD = {name: (before, holds) for name, (before, _, holds) in HOLDS.items()} | {
    "STAFF_LINK": (nothing, STAFF_LINK)
}
each_hold = pytest.mark.parametrize("hold", EVERY_HOLD)


def referred_and_acknowledged(world: World) -> None:
    world.take(a_receipt())
    world.take(an_acknowledgement())
    world.send_due()


def decided(world: World, **changes: Any) -> None:
    """A decision, and five hours after it, in which whatever was to leave has left."""
    world.take(a_decision(**changes))
    world.send_due()
    world.later(hours=5)
    world.send_due()


def heard(world: World) -> list[tuple[str, bytes]]:
    """What has left for the referrer by either channel, in its order, but for what is random in it."""
    sent = [one for door in world.doors.values() for one in door.sent if one[0].agency_id == POLICE]
    return [(str(pins.message_id), LINK.sub(rb"/\1/...", body)) for pins, body in sent]


def held_world(world: World, hold: str) -> None:
    """Acknowledged, then decided and held for that reason."""
    meanwhile, holds = EVERY_HOLD[hold]
    referred_and_acknowledged(world)
    meanwhile(world)
    decided(world, hold_codes=holds)


def heard_as_ever() -> list[tuple[str, bytes]]:
    with a_world() as world:
        referred_and_acknowledged(world)
        decided(world)
        return heard(world)


@pytest.mark.usefixtures("_no_real_account")
@each_hold
def test_a_held_referrer_has_the_acknowledgement_that_everybody_has_and_the_outcome_waits(hold: str) -> None:
    acknowledgement, _ = heard_as_ever()
    with a_world() as world:
        held_world(world, hold)
        assert heard(world) == [acknowledgement]
        assert world.delivery(POLICE, Channel.WEBHOOK, nonce=ACKNOWLEDGED)["st"] == "SENT"
        waiting = world.delivery(POLICE, Channel.WEBHOOK)
        assert (waiting["st"], waiting["attempt"], "due_pk" in waiting) == ("PENDING", 0, False)
        assert hold in waiting["held"]


@pytest.mark.usefixtures("_no_real_account")
@pytest.mark.parametrize("hold", HOLDS)
def test_released_it_reads_what_everybody_reads_after_the_acknowledgement(hold: str) -> None:
    as_ever = heard_as_ever()
    assert len(as_ever) == len(("acknowledgement", "outcome"))
    with a_world() as world:
        held_world(world, hold)
        _, act, _ = HOLDS[hold]
        act(world)
        world.send_due()
        assert heard(world) == as_ever
