"""The clocks on paper of challenges: each stage has its time, until the challenge goes up or ends."""

from collections.abc import Sequence

from functions.domain.due import challenge_stage_due_at
from tests.simulation.year.draws import POLICY
from tests.simulation.year.hearing import Counts
from tests.simulation.year.oracle.paper import Paper, Sweep

_ENDS = "CHALLENGE_RESOLVED"


def challenges(mine: Sequence[Counts], sweep: Sweep) -> dict[str, Paper]:
    """By its id, each from the moment it was raised or went up until it ends."""
    papers: dict[str, Paper] = {}
    for one in mine:
        for paper in papers.values():
            paper.until(one.at)
        if one.type == _ENDS and one.event["challenge_id"] in papers:
            papers[one.event["challenge_id"]].over("ANSWERED", one.moment)
        elif one.type.startswith("CHALLENGE_") and one.type != _ENDS:
            paper = papers.setdefault(one.event["challenge_id"], Paper(sweep))
            paper.set(one.at, one.moment, challenge_stage_due_at(one.moment, POLICY))
    return papers
