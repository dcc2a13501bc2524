"""A child is another council's: it accepts within the day, late, or never."""

from collections.abc import Mapping

from schemas.codes import Outcome
from tests.simulation.year.county import AUTHORITY
from tests.simulation.year.lives import Life, text

_ANSWERS: Mapping[str, float] = {"in time": 70, "late": 20, "never": 10}


def transferred(life: Life) -> None:
    """The other council's answer to each transfer."""
    for child in life.contact.children:
        if child.decided is None or Outcome.TRF not in child.decided.outcomes:
            continue
        answer = life.draws.weighted(_ANSWERS)
        if answer != "never":
            hours = (0.5, 8) if answer == "in time" else (30, 120)
            at = life.draws.in_office(child.decided.at, *hours)
            life.happens(
                at,
                "TRANSFER_ACCEPTED",
                child_index=child.index,
                accepted_at=text(at),
                receiving_la=AUTHORITY,
            )
