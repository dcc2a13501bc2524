"""A hub's first weeks, lived through in memory, so that real pages have something real to show."""

from dataclasses import dataclass
from datetime import UTC, datetime

from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.patience import Patience
from functions.adapters.vault import Vault
from functions.flows.measuring.live import CountDesk, count_up_to
from schemas.clocks import ClockPolicy
from tests.console.every_page import a_held_decision
from tests.console.office import Office
from tests.simulation.dynamodb import DynamoDB
from tests.simulation.year.hub import Hub
from tests.simulation.year.run import Player
from tests.stage_tables import store_over
from tests.world import wrapped

SEED = 1
CONTACTS = 40
"""Enough for a page to have something of everything."""
UNTIL = datetime(2026, 11, 26, 8, 45, tzinfo=UTC)
"""A Thursday's morning."""


@dataclass(frozen=True, slots=True)
class SmallYear:
    """The tables as that morning finds them, and what opens what was sent."""

    tables: DynamoDB
    vault: Vault

    def office(self, base: str, sign_in_at: str) -> Office:
        return Office(
            store_over(self.tables), ClockPolicy(), lambda: UNTIL, base, sign_in_at, vault=self.vault
        )


def a_small_year(contacts: int = CONTACTS) -> SmallYear:
    """The same each time."""
    player = Player(SEED, contacts, lambda *_: None)
    player.begin()
    while (at := player.next_at) and at < UNTIL:
        player.step()
    player.clock.advance_to(UNTIL)
    player.hub.take_in(wrapped(a_held_decision(), "bus-held"))
    _count(player.hub)
    return SmallYear(player.hub.tables, player.hub.intake.vault)


def _count(hub: Hub) -> None:
    """As the trail's stream would have had it counted."""
    desk = CountDesk(
        Counters(hub.store),
        Partitions(hub.store),
        hub.directory,
        ClockPolicy(),
        Patience(lambda: 0.0, lambda _: None, lambda: 0.0, 1),
        lambda: UNTIL,
    )
    as_of = desk.as_of()
    partitions = {pk for pk, _ in hub.tables.tables["audit"].items}
    for ref in sorted(ref for pk in partitions if pk.startswith("R#") and (ref := keys.ref_in(pk))):
        count_up_to(len(desk.partitions.rows(keys.referral(ref))), ref, as_of, desk)
