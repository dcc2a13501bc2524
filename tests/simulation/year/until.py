"""A year that stops at some moment, and leaves the tables as they are then."""

from collections import Counter
from datetime import datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.patience import Patience
from functions.flows.measuring.live import CountDesk, count_up_to
from schemas.clocks import ClockPolicy
from tests.simulation.year.hub import Hub
from tests.simulation.year.run import Player


def play_until(moment: datetime, player: Player) -> None:
    """Whatever happens before then."""
    player.begin()
    while (at := player.next_at) and at < moment:
        player.step()
    player.clock.advance_to(moment)


def count(hub: Hub) -> None:
    """As the trail's stream would have had it counted."""
    desk = CountDesk(
        Counters(hub.store),
        Partitions(hub.store),
        hub.directory,
        ClockPolicy(),
        Patience(lambda: 0.0, lambda _: None, lambda: 0.0, 1),
        hub.clock.now,
    )
    as_of = desk.as_of()
    newest = Counter(pk for pk, _ in hub.tables.tables[hub.store.audit].items)
    for pk, rows in sorted(newest.items()):
        if ref := keys.ref_in(pk):
            count_up_to(rows, ref, as_of, desk)
