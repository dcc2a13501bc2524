"""What was told before it was withheld: no person has a machine tell it again."""

from typing import Any

import pytest

from functions.flows.acting.order import NotPossibleError, Which
from functions.flows.acting.resend import what_would_go
from schemas.codes import Channel
from tests.flows.lives import a_challenge, a_withholding
from tests.flows.sweeps import REF
from tests.world import World, a_decision, a_revision


@pytest.fixture
def told(world: World) -> World:
    """The worked example, told to all."""
    world.take(a_decision())
    world.send_due()
    return world


def again(world: World, agency: str, channel: Channel) -> Any:
    return what_would_go(Which(REF, 1, agency, channel), world.act_desk, by_email=False)


@pytest.mark.parametrize("agency", [None, "north-probation"])
def test_what_is_withheld_since_is_not_told_again(told: World, agency: str | None) -> None:
    assert again(told, "north-probation", Channel.EMAIL)
    told.take(a_withholding(agency_id=agency))
    with pytest.raises(NotPossibleError, match="withheld from north-probation since"):
        again(told, "north-probation", Channel.EMAIL)


def test_what_is_withheld_from_one_agency_is_told_another_again(told: World) -> None:
    told.take(a_withholding(agency_id="north-probation"))
    assert again(told, "north-police", Channel.WEBHOOK)


def test_a_newer_decision_that_is_not_withheld_is_told_again(told: World) -> None:
    told.take(a_withholding())
    told.take(a_revision())
    told.send_due()
    assert again(told, "north-probation", Channel.EMAIL)


def test_what_is_told_beside_a_decision_may_go_again(told: World) -> None:
    told.take(a_challenge("north-probation"))
    told.send_due()
    told.take(a_withholding())
    (key,) = [
        item["message_id"]
        for item in told.all_items("state")
        if item["sk"].startswith("N#01#0001#north-probation#email#UCHALLENGE")
    ]
    which = Which(REF, 1, "north-probation", Channel.EMAIL, key)
    assert what_would_go(which, told.act_desk, by_email=False).key.line
