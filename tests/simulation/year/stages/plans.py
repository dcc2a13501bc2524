"""A live plan is looked at every few weeks; now and then nobody says anything of it for months."""

from datetime import datetime

from schemas.codes import PlanStatus
from tests.simulation.year.contacts import Child
from tests.simulation.year.county import PARTNERS, TEAM
from tests.simulation.year.lives import Life, text

_KEPT_UP = frozenset(
    {
        PlanStatus.CIN_PLAN,
        PlanStatus.CP_PLAN,
        PlanStatus.EARLY_HELP_FAMILY_HELP,
        PlanStatus.LOOKED_AFTER,
    }
)
MOST_REVIEWS = 5
SILENT = 0.12
"""How often a review is followed by a silence that is too long."""
ENDS_WITHOUT_A_WORD = 0.05


def reviewed(life: Life) -> None:
    """Each live plan's changes, until it ends or its case is closed."""
    for child in life.contact.children:
        if child.decided is not None and child.plan in _KEPT_UP:
            _reviews(life, child, child.decided.at)


def _reviews(life: Life, child: Child, since: datetime) -> None:
    draws, at = life.draws, max(since, child.plan_since or since)
    for _ in range(draws.whole(1, MOST_REVIEWS)):
        at = draws.days_later(at, *((33, 70) if draws.share(SILENT) else (8, 28)))
        _changed(life, child, child.plan, at)
    if draws.share(ENDS_WITHOUT_A_WORD):
        return
    at = draws.days_later(at, 8, 28)
    if draws.share(0.5):
        child.closed_at = at
    else:
        _changed(life, child, PlanStatus.NONE, at)


def _changed(life: Life, child: Child, status: PlanStatus, at: datetime) -> None:
    named = None if life.draws.share(0.7) else life.draws.some(PARTNERS, 3)
    life.happens(
        at,
        "PLAN_STATUS_CHANGED",
        child_index=child.index,
        changed_at=text(at),
        plan_status=status.value,
        lead_role=None if status is PlanStatus.NONE else "LCPP",
        lead_team_code=TEAM,
        plan_agencies=named
        if named is None
        else [{"agency_id": one, "own_ref": life.contact.own_ref(one)} for one in named],
    )
