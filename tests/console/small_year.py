"""A hub's first weeks, lived through in memory, so that real pages have something real to show."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from functions.adapters.vault import Vault
from schemas.clocks import ClockPolicy
from tests.console.every_page import a_held_decision
from tests.console.office import Office
from tests.simulation.dynamodb import DynamoDB
from tests.simulation.year.county import AGREE_TO_TESTS
from tests.simulation.year.run import Player
from tests.simulation.year.until import count, go_on_until, play_until
from tests.stage_tables import store_over
from tests.world import a_receipt, wrapped

SEED = 1
CONTACTS = 40
"""Enough for a page to have something of everything."""
UNTIL = datetime(2026, 11, 26, 8, 45, tzinfo=UTC)
"""A Thursday's morning."""
OWED_REF = "NS-26-0WED01"
"""A referral of two days before, whose police form has not come."""


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
    play_until(UNTIL - timedelta(minutes=5), player)
    player.hub.take_in(wrapped(a_receipt(ref=OWED_REF), "bus-owed"))
    go_on_until(UNTIL, player)
    player.hub.take_in(wrapped(a_held_decision(), "bus-held"))
    player.hub.agree_to_tests(*AGREE_TO_TESTS)
    count(player.hub)
    return SmallYear(player.hub.tables, player.hub.intake.vault)
