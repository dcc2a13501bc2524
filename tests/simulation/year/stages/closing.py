"""Children's social care closes a case: where its plan has ended, and in the end of most that had none."""

from datetime import datetime

from tests.simulation.year.lives import Life, text
from tests.simulation.year.stages.milestones import ASSESSED

CLOSED_WITHOUT_A_PLAN = 0.6


def closed(life: Life) -> None:
    """The end of each case, after the last that was told of it."""
    for child in life.contact.children:
        is_assessed = child.decided is not None and ASSESSED & set(child.decided.outcomes)
        if child.closed_at is None and is_assessed and life.draws.share(CLOSED_WITHOUT_A_PLAN):
            child.closed_at = life.draws.days_later(_last(life), 2, 15)
        if child.closed_at is not None:
            at = child.closed_at
            life.happens(at, "CASE_CLOSED", child_index=child.index, closed_at=text(at))


def _last(life: Life) -> datetime:
    return max(said.at for said in life.said)
