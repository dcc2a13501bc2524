"""In joint cases the police say that they go on, and at last that they have ended; or nothing for weeks."""

from datetime import datetime

from schemas.codes import InvestigationStatus, Outcome
from tests.simulation.year.contacts import Child
from tests.simulation.year.lives import Life, text

MOST_WORDS = 4
SILENT = 0.2
NEVER_CLOSED = 0.15
SEVERAL = 0.2
"""Of so many the police have a second investigation beside the first."""
_ENDS = (
    InvestigationStatus.CLOSED_CHARGED,
    InvestigationStatus.CLOSED_NO_FURTHER_ACTION,
    InvestigationStatus.CLOSED_OTHER,
)


def investigated(life: Life) -> None:
    """The police's word on each child that is worked on with them."""
    for child in life.contact.children:
        if child.decided is not None and Outcome.S47J in child.decided.outcomes:
            for number in range(1, 2 + life.draws.share(SEVERAL)):
                named = f"43{child.decided.at:%y%m%d}/{life.contact.number % 10_000:04d}-{number}"
                _words(life, child, child.decided.at, named)


def _words(life: Life, child: Child, since: datetime, named: str) -> None:
    draws, at = life.draws, since
    for _ in range(draws.whole(0, MOST_WORDS)):
        at = draws.days_later(at, *((12, 30) if draws.share(SILENT) else (3, 9)))
        _said(life, child, InvestigationStatus.OPEN, at, named)
    if not draws.share(NEVER_CLOSED):
        at = draws.days_later(at, *((12, 30) if draws.share(SILENT) else (3, 9)))
        _said(life, child, draws.one_of(_ENDS), at, named)


def _said(life: Life, child: Child, status: InvestigationStatus, at: datetime, named: str) -> None:
    life.happens(
        at,
        "POLICE_INVESTIGATION_STATUS_CHANGED",
        child_index=child.index,
        changed_at=text(at),
        status=status.value,
        police_occurrence_ref=named,
    )
