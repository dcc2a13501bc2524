"""What must hold of the clocks that wait for something: each fires once, and in time."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Item
from schemas.codes import AuditKind, ClockEnd
from tests.simulation.receipt_rules import Require
from tests.simulation.service import Service


class ClockRules:
    """Looks at every clock and at every row that says that one fired."""

    def __init__(self, service: Service, require: Require) -> None:
        self._service = service
        self._require = require

    def at_the_end(self, rows: Sequence[Item], _: Mapping[DeliveryKey, Item]) -> None:
        """Everything that only shows when it is over."""
        fired = Counter((row["pk"], row["cause"], row["clock_at"]) for row in _fired(rows))
        too_often = fired - Counter(_set(rows))
        self._require(not too_often, "I12", f"fired more often than set: {too_often}")
        now = at_text(self._service.schedule.clock.now())
        for clock in self._service.clocks():
            where = f"{clock['pk']} {clock['sk']}"
            self._require(
                ("due_pk" in clock) != ("ended_by" in clock), "I12", f"{where} neither runs nor ended"
            )
            self._require(clock.get("due_at", "~") > now, "I12", f"{where} was due and has not fired")
            if clock.get("ended_by") == ClockEnd.FIRED:
                told = any(pk == clock["pk"] and cause == clock["sk"] for pk, cause, _ in fired)
                self._require(told, "I12", f"{where} fired, and no row says so")

    def paths(self, rows: Sequence[Item]) -> Iterator[str]:
        """Names of what fired into what."""
        for row in _fired(rows):
            yield f"clock {row['clock']} {'with a task' if 'task' in row else 'settled meanwhile'}"


def _set(rows: Sequence[Item]) -> Iterator[tuple[str, str, str]]:
    """Each clock that an event set, and until when; and each that ran on when it had fired."""
    for row in rows:
        for said in row.get("clocks", ()):
            name, until = said.rsplit(" ", 1)
            yield row["pk"], f"{keys.CLOCK_PREFIX}{name}", until
        if "next_at" in row:
            yield row["pk"], row["cause"], row["next_at"]


def _fired(rows: Sequence[Item]) -> Iterator[Item]:
    return (row for row in rows if row["type"] == AuditKind.CLOCK_FIRED and "clock" in row)
