"""Putting events on the bus of a stack, and what became of each by its trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from functions.adapters.ledger.store import Store
from functions.cli.arrivals import Arrivals
from functions.cli.bus import Bus, Entry
from functions.cli.stack import Stack
from functions.cli.verdicts import Verdict, verdicts
from functions.cli.waiting import taken_in


@dataclass(frozen=True, slots=True)
class WayIn:
    """A stack's bus, and the tables in which the rows of what it brings stand."""

    bus: Bus
    store: Store

    @classmethod
    def of(cls, stack: Stack) -> Self:
        """Those of a running stack."""
        return cls(Bus.of(stack), stack.store())

    def take(self, entries: Sequence[Entry], *, within_seconds: float) -> list[Verdict]:
        """Sends the entries and waits for their rows; the verdict of each, in their order.

        Raises CommandError naming those that did not go.
        """
        sent = self.bus.send(entries)
        arrivals = Arrivals(self.store, sent)
        taken_in(sent, arrivals.rows, within_seconds=within_seconds)
        return verdicts(sent, arrivals.with_what_followed())
