"""A hold leaves no trace for its reader: after release every byte is what it would have been without one."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import pytest

from schemas.agency import Mailbox
from schemas.codes import AgencyType, Channel
from tests.world import World, a_decision, a_registry, a_world, an_agency, change_agency

POLICE, PROBATION = "north-police", "north-probation"
UNMANAGED = Mailbox(address="office@hill.example", verified_at=date(2026, 11, 2))
EVERY_AUDIENCE = a_registry(
    an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, email=UNMANAGED),
    an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK),
    an_agency("north-dentist", AgencyType.DENTIST, Channel.EMAIL),
    an_agency("north-centre", AgencyType.VOLUNTARY, Channel.WEBHOOK),
)
INVOLVED = [
    {"agency_id": PROBATION, "own_ref": "PR-55120", "holds_plan_role": True},
    {"agency_id": "hill-school", "own_ref": "HS/204", "holds_plan_role": True},
    {"agency_id": "north-gp", "own_ref": None, "holds_plan_role": False},
    {"agency_id": "north-dentist", "own_ref": "DE/17", "holds_plan_role": True},
    {"agency_id": "north-centre", "own_ref": "VC/17", "holds_plan_role": True},
]
LINK = re.compile(rb"/(read|police-form)/[0-9a-f]{32}")
"""Made with the referral's key, which is another one in each world."""
Act: TypeAlias = Callable[[World], object]


def nothing(world: World) -> None:
    """Nobody has to act."""


def messages(before: Act = nothing, act: Act = nothing, **changes: Any) -> dict[str, tuple[str, bytes]]:
    """By message id, to whom and which bytes left about one decision, once `act` was done hours later."""
    with a_world() as world:
        world.apply(EVERY_AUDIENCE)
        before(world)
        world.take(a_decision(involved_agencies=INVOLVED, **changes))
        world.send_due()
        world.later(hours=5)
        act(world)
        world.send_due()
        sent = [(channel, one) for channel, door in world.doors.items() for one in door.sent]
        assert all(item["st"] == "SENT" for item in world.all_items("state") if "message_id" in item)
        assert len(sent) == len({pins.message_id for _, (pins, _) in sent})
        return {
            pins.message_id: (f"{pins.agency_id} {channel}", LINK.sub(rb"/\1/...", body))
            for channel, (pins, body) in sent
        }


def released(**which: Any) -> Act:
    return lambda world: world.release(**which)


def unchecked(world: World) -> None:
    change_agency(world, POLICE, checked_url="https://elsewhere.example/outcomes")
    change_agency(world, PROBATION, verified_at="2026-01-05")


def verified(world: World) -> None:
    change_agency(world, POLICE, checked_url=f"https://{POLICE}.example/outcomes")
    change_agency(world, PROBATION, verified_at="2026-11-24")
    world.release(agency=POLICE)
    world.release(agency=PROBATION)


HOLDS: dict[str, tuple[Act, Act, list[dict[str, str]]]] = {
    "EMERGENCY": (nothing, released(), [{"code": "EMERGENCY"}]),
    "LADO": (nothing, released(), [{"code": "LADO"}]),
    "RESTRICTED_RECORD": (nothing, released(child=1), [{"code": "RESTRICTED_RECORD"}]),
    "SENSITIVE": (nothing, released(), [{"code": "SENSITIVE"}]),
    "REFERRER_IS_FAMILY": (nothing, released(agency=POLICE), [{"code": "REFERRER_IS_FAMILY"}]),
    "UNVERIFIED_ADDRESS": (unchecked, verified, []),
}


@pytest.mark.usefixtures("_no_real_account")
@pytest.mark.parametrize(("outcome", "messages_due"), [("S47J", 5), ("NFA", 7)])
def test_no_reader_can_tell_that_a_hold_existed(outcome: str, messages_due: int) -> None:
    """Ids and bytes alike, for every audience and channel, whatever the hold was and however long."""
    as_ever = messages(primary_outcome=outcome)
    assert len(as_ever) == messages_due
    for before, act, holds in HOLDS.values():
        assert messages(before, act, primary_outcome=outcome, hold_codes=holds) == as_ever
