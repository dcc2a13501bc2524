"""A decision was sent in error: it is taken back within the day, and mostly decided anew."""

from tests.simulation.year.lives import Life, text
from tests.simulation.year.stages.decision import another_outcome, tell_version

WITHDRAWN, DECIDED_ANEW, AT_ONCE = 0.008, 0.85, 0.3
"""Some are taken back before anybody can have read them."""


def withdrawn(life: Life) -> None:
    """The newest version of a child's."""
    draws = life.draws
    for child in life.contact.children:
        newest = child.decided
        if newest is None or not draws.share(WITHDRAWN):
            continue
        at = draws.after(newest.at, *((0.02, 0.2) if draws.share(AT_ONCE) else (0.5, 20)))
        life.happens(
            at,
            "WITHDRAWN_IN_ERROR",
            child_index=child.index,
            decision_seq=newest.seq,
            withdrawn_at=text(at),
        )
        if draws.share(DECIDED_ANEW):
            tell_version(life, child, another_outcome(life), draws.in_office(at, 1, 30))
