"""A story of the demo goes on once everything that was due has been done."""

import time_machine

from functions.adapters.ledger.everything import Everything
from functions.cli.waiting import settled
from tests.world import MORNING, World, a_decision, a_receipt

A_MOMENT = 0.01
"""Seconds."""


def is_settled(world: World) -> bool:
    with time_machine.travel(world.now, tick=True):
        return settled(Everything(world.store), within_seconds=A_MOMENT)


def test_a_message_that_is_still_to_go_is_waited_for(world: World) -> None:
    world.chases, world.now = True, MORNING
    world.take(a_decision())
    assert not is_settled(world)
    while world.send_due():
        pass
    assert is_settled(world)


def test_a_clock_whose_time_has_come_is_waited_for(world: World) -> None:
    """What it says when it fires belongs to the story that it is waited for in."""
    world.chases, world.now = True, MORNING
    world.take(a_receipt())
    world.send_due()
    assert is_settled(world)
    world.later(days=3)
    assert not is_settled(world)
    world.send_due()
    assert is_settled(world)
