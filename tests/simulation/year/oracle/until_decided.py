"""The clocks on paper until a decision: the decision itself, what agencies are asked, a transfer's answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from functions.domain.due import contribution_due_at, decision_due_at, transfer_answer_due_at
from schemas.codes import Rag
from tests.simulation.year.draws import POLICY
from tests.simulation.year.hearing import Counts
from tests.simulation.year.oracle.paper import Paper, Sweep


def nowhere_else(_: datetime) -> bool:
    """Of a child that is no duplicate."""
    return False


def to_decide(
    mine: Sequence[Counts],
    child: int,
    sweep: Sweep,
    told_there: Callable[[datetime], bool] = nowhere_else,
) -> Paper:
    """From the receipt, by the colour, until a code that settles it; provisional ones begin it anew.

    `told_there`: whether the child is a duplicate then of one that is decided. Then that is the answer, and
    nobody is asked: what follows begins it anew all the same.
    """
    paper, accepted, pending, colour, decided = Paper(sweep), set[str](), set[str](), None, False
    received_at: datetime | None = None
    for one in mine:
        paper.until(one.at)
        if paper.end == "FIRED" and told_there(paper.fired[-1]):
            paper.end = "ANSWERED"
        if one.type == "REFERRAL_RECEIVED" and not decided:
            received_at = min(filter(None, (received_at, one.moment_of("received_at"))))
            colour = one.colour or colour
            _wanted(paper, one.at, received_at, one.colour or paper.colour or colour)
        elif one.type == "ACKNOWLEDGED":
            colour = one.colour or colour if not decided else colour
            if one.colour and paper.runs and paper.since is not None:
                _wanted(paper, one.at, paper.since, one.colour)
        elif one.type == "TRANSFER_ACCEPTED" and one.event["receiving_la"] in pending:
            accepted.add(one.event["receiving_la"])
            paper.over("ANSWERED", one.moment)
        elif one.type == "WITHDRAWN_IN_ERROR" and received_at is not None:
            pending.clear()
            _wanted(paper, one.at, received_at, paper.colour or colour)
        elif one.is_a_decision:
            decided, colour = True, one.colour or colour
            received_at = min(filter(None, (received_at, one.moment_of("received_at"))))
            pending = {one.event["receiving_la"]} if "TRF" in one.outcomes else set()
            if _settles(one, accepted):
                paper.over("ANSWERED", one.moment)
            else:
                _wanted(paper, one.at, received_at, one.colour or paper.colour or colour)
    return paper


def _wanted(paper: Paper, at: datetime, since: datetime, colour: Rag | None) -> None:
    """A clock that has fired does not begin anew; one that runs may be due sooner, and no later."""
    if paper.end == "FIRED":
        return
    since = min(since, paper.since or since)
    due_at = decision_due_at(since, colour, POLICY)
    if paper.due_at is not None and paper.colour is not None:
        due_at = min(due_at, paper.due_at)
    if not paper.runs or (paper.due_at, paper.colour) != (due_at, colour):
        paper.set(at, since, due_at)
        paper.colour = colour


def _settles(one: Counts, accepted: set[str]) -> bool:
    provisional = {"INF", "DUP"}
    if not one.event.get("transfer_accepted") and one.event.get("receiving_la") not in accepted:
        provisional.add("TRF")
    return not one.outcomes <= provisional


@dataclass
class _Asked:
    """Who was asked about a child, as far as it is not decided."""

    child: int
    sweep: Sweep
    papers: dict[str, Paper] = field(default_factory=dict)
    colour: Rag | None = None

    def hears(self, one: Counts) -> None:
        self.colour = one.colour or self.colour
        for asked in one.event.get("asked_to_contribute", ()):
            if asked["child_index"] == self.child:
                since = one.moment_of("acknowledged_at")
                by = one.event["contribute_by"] and one.moment_of("contribute_by")
                due_at = by or contribution_due_at(since, self.colour, POLICY)
                self.papers.setdefault(asked["agency_id"], Paper(self.sweep)).set(one.at, since, due_at)

    def over(self, at: datetime) -> None:
        for paper in self.papers.values():
            paper.over("ANSWERED", at)


def contributions(mine: Sequence[Counts], child: int, sweep: Sweep) -> dict[str, Paper]:
    """From the acknowledgement that asks, until the child is decided."""
    asked, accepted, decided = _Asked(child, sweep), set[str](), False
    for one in mine:
        for paper in asked.papers.values():
            paper.until(one.at)
        if one.type == "TRANSFER_ACCEPTED":
            accepted.add(one.event["receiving_la"])
            asked.over(one.at)
        elif one.is_a_decision:
            decided = True
            if _settles(one, accepted):
                asked.over(one.at)
        elif not decided and one.type in ("REFERRAL_RECEIVED", "ACKNOWLEDGED"):
            asked.hears(one)
    return asked.papers


def transfers(mine: Sequence[Counts], sweep: Sweep) -> dict[str, Paper]:
    """From a transfer that is pending until the other council has accepted it."""
    papers: dict[str, Paper] = {}
    for one in mine:
        for paper in papers.values():
            paper.until(one.at)
        if one.type == "TRANSFER_ACCEPTED" and one.event["receiving_la"] in papers:
            papers[one.event["receiving_la"]].over("ANSWERED", one.moment)
        elif one.type == "WITHDRAWN_IN_ERROR" or (one.is_a_decision and "TRF" not in one.outcomes):
            for paper in papers.values():
                paper.over("REVISED", one.moment)
        elif one.is_a_decision:
            council = one.event["receiving_la"]
            paper = papers.get(council, Paper(sweep))
            if one.event.get("transfer_accepted"):
                paper.over("ANSWERED", one.moment)
            elif paper.since is None or paper.end == "REVISED":
                papers[council] = paper
                paper.set(one.at, one.moment, transfer_answer_due_at(one.moment, POLICY))
    return papers
