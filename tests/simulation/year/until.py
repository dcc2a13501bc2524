"""A year that stops at some moment, and leaves the tables as they are then."""

from datetime import datetime

from schemas.clocks import ClockPolicy
from tests.live_counts import count_live
from tests.simulation.year.hub import Hub
from tests.simulation.year.run import Player


def play_until(moment: datetime, player: Player) -> None:
    """Whatever happens before then."""
    player.begin()
    go_on_until(moment, player)


def go_on_until(moment: datetime, player: Player) -> None:
    """The same of a year that has begun: what was taken in meanwhile comes about."""
    while (at := player.next_at) and at < moment:
        player.step()
    player.clock.advance_to(moment)


def count(hub: Hub) -> None:
    """As the trail's stream would have had it counted."""
    count_live(hub.store, ClockPolicy(), hub.clock.now())
