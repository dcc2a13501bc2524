"""A person's order: where its rows stand in the trail, and what of it to say otherwise if it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact, Tip


class OrderRefusedError(Exception):
    """The message says what to do; `field` is what of the order to change, None where only waiting, or an act
    of another kind, helps.

    `on_a_page` says it to whoever has a page before them, and no commands: the message itself names none
    where it is not given.
    """

    def __init__(self, what_to_do: str, field: str | None = None, *, on_a_page: str | None = None) -> None:
        super().__init__(what_to_do)
        self.field = field
        self.on_a_page = on_a_page or what_to_do


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one act, and the row after which they are written."""

    partition: str
    tip: Tip
    facts: Sequence[Fact]

    @property
    def entries(self) -> tuple[str, ...]:
        """Where they stand, as whoever acted may look them up."""
        return tuple(
            f"{self.partition} {keys.entry(self.tip.seq + 1 + place)}" for place in range(len(self.facts))
        )
