"""Somebody rings an agency about what cannot wait, and the case system says that it was told."""

from schemas.codes import Outcome, ReaderRole
from tests.simulation.year.lives import Life, text
from tests.simulation.year.stages.decision import S47

URGENT = S47 | {Outcome.STR, Outcome.EMP, Outcome.LAD}
RUNG = {True: 0.4, False: 0.015}
"""By whether it is urgent."""


def rung(life: Life) -> None:
    """About the first decision of each child: one of those it names."""
    draws = life.draws
    for child in life.contact.children:
        first = next(iter(child.versions), None)
        if first is None or not first.told or not draws.share(RUNG[bool(URGENT & set(first.outcomes))]):
            continue
        at = draws.after(first.at, 0.2, 6)
        life.happens(
            at,
            "PHONE_CONFIRMED",
            child_index=child.index,
            decision_seq=first.seq,
            agency_id=draws.one_of(first.told),
            phoned_at=text(at),
            reader_role=draws.one_of(tuple(ReaderRole)).value,
        )
