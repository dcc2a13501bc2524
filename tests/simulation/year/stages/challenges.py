"""An agency disagrees: mostly it is settled at once, some go up stage by stage, of a few nothing is heard."""

from collections.abc import Mapping
from datetime import datetime

from schemas.codes import ChallengeResult
from tests.simulation.year.contacts import Child
from tests.simulation.year.county import PARTNERS
from tests.simulation.year.lives import Life, text
from tests.simulation.year.stages.decision import another_outcome, tell_version

RAISED = 0.015
BY_SOMEBODY_ELSE = 0.15
LAST_STAGE = 4
_THEN: Mapping[str, float] = {"settled": 62, "settled late": 12, "up": 20, "never": 6}
_RESULTS: Mapping[ChallengeResult, float] = {
    ChallengeResult.UPHELD: 15,
    ChallengeResult.REVISED: 20,
    ChallengeResult.NOT_UPHELD: 45,
    ChallengeResult.WITHDRAWN: 20,
}
_CHANGES = (ChallengeResult.UPHELD, ChallengeResult.REVISED)
CHANGED = 0.9


def challenged(life: Life) -> None:
    """Each challenge from the agency's call to its end."""
    for child in life.contact.children:
        if child.decided is not None and life.draws.share(RAISED):
            _challenge(life, child)


def _challenge(life: Life, child: Child) -> None:
    draws = life.draws
    told = child.decided.told if child.decided else ()
    by = draws.one_of(PARTNERS if not told or draws.share(BY_SOMEBODY_ELSE) else told)
    which = f"CH-{life.contact.number:06d}-{child.index}"
    at = draws.days_later(life.said[-1].at, 0, 3)
    about = {"child_index": child.index, "challenge_id": which}
    life.happens(at, "CHALLENGE_RAISED", **about, raised_at=text(at), raised_by=by)
    for stage in range(2, LAST_STAGE + 1):
        then = draws.weighted(_THEN)
        if then == "never":
            return
        if then != "up":
            _settled(life, child, about, draws.days_later(at, *((1, 4) if then == "settled" else (6, 12))))
            return
        at = draws.days_later(at, 3, 7)
        life.happens(at, f"CHALLENGE_STAGE_{stage}", **about, reached_at=text(at))
    _settled(life, child, about, draws.days_later(at, 1, 4))


def _settled(life: Life, child: Child, about: Mapping[str, object], at: datetime) -> None:
    result = life.draws.weighted(_RESULTS)
    life.happens(at, "CHALLENGE_RESOLVED", **about, resolved_at=text(at), result=result.value)
    if result in _CHANGES and life.draws.share(CHANGED):
        decided_at = life.draws.in_office(at, -1, 20)
        tell_version(life, child, another_outcome(life), decided_at)
