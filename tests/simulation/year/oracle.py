"""When each clock of a referral should fire, worked out from what was told of it and from nothing of ours but
the due times."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypeAlias

from functions.domain.due import (
    acknowledgement_due_at,
    assessment_due_at,
    conference_due_at,
    contribution_due_at,
    decision_due_at,
    early_event_due_at,
    joint_update_due_at,
    plan_update_due_at,
    transfer_answer_due_at,
)
from schemas.codes import Rag
from tests.simulation.year.draws import POLICY
from tests.simulation.year.hearing import Counts, Hearing, Heard, hear

_ASSESSED = frozenset({"S17", "STR", "S47S", "S47J", "EMP", "ACC"})
_S47 = frozenset({"S47S", "S47J"})
_NOT_KEPT_UP = frozenset({"NONE", "CP_ENQUIRY", "NOT_DISCLOSED"})


class Firing(NamedTuple):
    """One clock that fires at one sweep; `settled` where it turns out that nobody need act."""

    ref: str
    clock: str
    at: datetime
    settled: bool = False


@dataclass
class Paper:
    """One clock on paper: it runs until a moment, is ended, or fires with the first sweep after it."""

    sweep: Callable[[datetime], datetime]
    renewed: Callable[[datetime], datetime] | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    end: str = ""
    ended_at: datetime | None = None
    colour: Rag | None = None
    fired: list[datetime] = field(default_factory=list)
    _set_at: datetime | None = None

    @property
    def runs(self) -> bool:
        return self.due_at is not None

    @property
    def waits(self) -> bool:
        """Whether what it waits for has not come."""
        return self.runs or self.end == "FIRED"

    def until(self, moment: datetime) -> None:
        """Lets time pass; what happens at the moment of a sweep happens before it."""
        while self.due_at is not None and self._set_at is not None:
            at = self.sweep(max(self.due_at, self._set_at))
            if at >= moment:
                return
            self.fired.append(at)
            self.due_at = self.renewed(at) if self.renewed else None
            self.end = "" if self.renewed else "FIRED"

    def set(self, at: datetime, since: datetime, due_at: datetime) -> None:
        self.since, self.due_at, self._set_at = since, due_at, at
        self.end, self.ended_at = "", None

    def over(self, end: str, ended_at: datetime) -> None:
        """Nobody need wait any more; only once."""
        if self.waits:
            self.due_at, self.end, self.ended_at = None, end, ended_at


Sweep: TypeAlias = Callable[[datetime], datetime]


@dataclass(frozen=True)
class Oracle:
    """What should fire until the end of a year; `heard` by referral."""

    heard: Mapping[str, Sequence[Heard]]
    sweep: Sweep
    ends: datetime

    def expects(self) -> Iterator[Firing]:
        """Every firing there should be."""
        for ref, heard in self.heard.items():
            told = hear(heard)
            yield from self._early(ref, told)
            yield from self._acknowledgement(ref, told)
            for child in told.children:
                yield from self._of_a_child(ref, child, told)

    def _fired(self, ref: str, name: str, paper: Paper) -> Iterator[Firing]:
        paper.until(self.ends + timedelta(microseconds=1))
        yield from (Firing(ref, name, at) for at in paper.fired)

    def _early(self, ref: str, told: Hearing) -> Iterator[Firing]:
        """An event that waits for longer than a working day."""
        for one in told.waited:
            paper = Paper(self.sweep)
            paper.set(one.since, one.since, early_event_due_at(one.since, POLICY))
            if one.until is not None:
                paper.until(one.until)
                paper.over("ANSWERED", one.until)
            child = one.event.get("child_index", 0)
            yield from self._fired(ref, f"EARLY#{child:02d}#{one.event['event_id']}", paper)

    def _acknowledgement(self, ref: str, told: Hearing) -> Iterator[Firing]:
        """From the receipt until the acknowledgement, or until each child is decided, which says more."""
        paper, known, decided = Paper(self.sweep), set[int](), set[int]()
        for one in told.counts:
            paper.until(one.at)
            if one.type == "REFERRAL_RECEIVED":
                listed = {entry["child_index"] for entry in one.event["children"]}
                known |= listed
                if listed - decided and paper.since is None:
                    since = one.moment_of("received_at")
                    paper.set(one.at, since, acknowledgement_due_at(since, POLICY))
            elif one.type == "ACKNOWLEDGED":
                paper.over("ANSWERED", one.at)
            elif one.is_a_decision:
                known.add(one.child)
                decided.add(one.child)
                if known == decided:
                    paper.over("ANSWERED", one.at)
        yield from self._fired(ref, "ACKNOWLEDGE#00", paper)

    def _of_a_child(self, ref: str, child: int, told: Hearing) -> Iterator[Firing]:
        mine = [one for one in told.counts if one.child in (0, child)]
        settled_at: datetime | None = None
        for firing in self._fired(ref, f"DECIDE#{child:02d}", to_decide(mine, child, self.sweep)):
            settled = self._is_told_there(mine, firing.at)
            settled_at = firing.at if settled else settled_at
            yield firing._replace(settled=settled)
        for agency, paper in contributions(mine, child, self.sweep).items():
            for firing in self._fired(ref, f"CONTRIBUTE#{child:02d}#{agency}", paper):
                yield firing._replace(settled=settled_at is not None and firing.at >= settled_at)
        for council, paper in transfers(mine, self.sweep).items():
            yield from self._fired(ref, f"TRANSFER#{child:02d}#{council}", paper)
        for kind, rules in AFTERWARDS.items():
            yield from self._fired(ref, f"{kind}#{child:02d}", rules(mine, self.sweep))

    def _is_told_there(self, mine: Sequence[Counts], at: datetime) -> bool:
        """Whether the child is a duplicate then of one that is decided."""
        newest = [one for one in mine if one.is_a_decision and one.at <= at][-1:]
        if not newest or "DUP" not in newest[0].outcomes:
            return False
        original, child = newest[0].event["duplicate_of"], newest[0].event["duplicate_of_child"]
        told = [one for one in hear(self.heard.get(original, ())).counts if one.at <= at]
        there = [one for one in told if one.child in (0, child)]
        paper = to_decide(there, child, self.sweep)
        paper.until(at)
        return any(one.is_a_decision for one in there) and not paper.waits


def to_decide(mine: Sequence[Counts], child: int, sweep: Sweep) -> Paper:
    """From the receipt, by the colour, until a code that settles it; provisional ones begin it anew."""
    paper, accepted, colour, decided = Paper(sweep), set[str](), None, False
    received_at: datetime | None = None
    for one in mine:
        paper.until(one.at)
        if one.type == "REFERRAL_RECEIVED" and not decided:
            received_at = min(filter(None, (received_at, one.moment_of("received_at"))))
            colour = _colour(one) or colour
            _wanted(paper, one.at, received_at, _colour(one) or paper.colour or colour)
        elif one.type == "ACKNOWLEDGED":
            colour = _colour(one) or colour if not decided else colour
            if _colour(one) and paper.runs and paper.since is not None:
                _wanted(paper, one.at, paper.since, _colour(one))
        elif one.type == "TRANSFER_ACCEPTED":
            accepted.add(one.event["receiving_la"])
            paper.over("ANSWERED", one.moment)
        elif one.is_a_decision:
            decided = True
            received_at = min(filter(None, (received_at, one.moment_of("received_at"))))
            if _settles(one, accepted):
                paper.over("ANSWERED", one.moment)
            else:
                _wanted(paper, one.at, received_at, _colour(one) or paper.colour or colour)
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


def _colour(one: Counts) -> Rag | None:
    rag = one.event.get("rag")
    return Rag(rag) if rag else None


def _settles(one: Counts, accepted: set[str]) -> bool:
    provisional = {"INF", "DUP"}
    if not one.event.get("transfer_accepted") and one.event.get("receiving_la") not in accepted:
        provisional.add("TRF")
    return not one.outcomes <= provisional


def contributions(mine: Sequence[Counts], child: int, sweep: Sweep) -> dict[str, Paper]:
    """From the acknowledgement that asks, until the child is decided."""
    papers: dict[str, Paper] = {}
    accepted, colour, decided = set[str](), None, False
    for one in mine:
        for paper in papers.values():
            paper.until(one.at)
        if one.type in ("REFERRAL_RECEIVED", "ACKNOWLEDGED") and not decided:
            colour = _colour(one) or colour
        over = one.type == "TRANSFER_ACCEPTED"
        if one.type == "ACKNOWLEDGED" and not decided:
            for asked in one.event["asked_to_contribute"]:
                if asked["child_index"] == child:
                    since = one.moment_of("acknowledged_at")
                    by = one.event["contribute_by"] and one.moment_of("contribute_by")
                    paper = papers.setdefault(asked["agency_id"], Paper(sweep))
                    paper.set(one.at, since, by or contribution_due_at(since, colour, POLICY))
        elif one.type == "TRANSFER_ACCEPTED":
            accepted.add(one.event["receiving_la"])
        elif one.is_a_decision:
            decided, over = True, _settles(one, accepted)
        if over:
            for paper in papers.values():
                paper.over("ANSWERED", one.at)
    return papers


def transfers(mine: Sequence[Counts], sweep: Sweep) -> dict[str, Paper]:
    """From a transfer that is pending until the other council has accepted it."""
    papers: dict[str, Paper] = {}
    for one in mine:
        for paper in papers.values():
            paper.until(one.at)
        if one.type == "TRANSFER_ACCEPTED" and one.event["receiving_la"] in papers:
            papers[one.event["receiving_la"]].over("ANSWERED", one.moment)
        elif one.is_a_decision and "TRF" not in one.outcomes:
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


def to_confer(mine: Sequence[Counts], sweep: Sweep) -> Paper:
    """From the strategy discussion until the conference, or until an enquiry that leads to none has ended."""
    paper = Paper(sweep)
    for one in mine:
        paper.until(one.at)
        if one.is_a_decision and one.outcomes & _S47:
            since = one.moment_of("strategy_discussion_at")
            if paper.end in ("CLOSED", "REVISED") or paper.since != since:
                paper.set(one.at, since, conference_due_at(since, POLICY))
        elif one.is_a_decision:
            paper.over("REVISED", one.moment)
        elif one.type == "MILESTONE_ICPC_OUTCOME":
            paper.over("ANSWERED", one.moment)
        elif one.type == "MILESTONE_S47_OUTCOME" and one.event["result"] != "ICPC":
            paper.over("ANSWERED", one.moment)
        elif one.type == "CASE_CLOSED":
            paper.over("CLOSED", one.moment)
    return paper


def to_assess(mine: Sequence[Counts], sweep: Sweep) -> Paper:
    """From the receipt until the assessment is complete."""
    paper, received_at = Paper(sweep), None
    for one in mine:
        paper.until(one.at)
        if one.type == "REFERRAL_RECEIVED" or one.is_a_decision:
            received_at = min(filter(None, (received_at, one.moment_of("received_at"))))
        if one.is_a_decision and one.outcomes & _ASSESSED:
            if paper.since is None or paper.end in ("CLOSED", "REVISED"):
                paper.set(one.at, received_at, assessment_due_at(received_at, POLICY))
        elif one.is_a_decision:
            paper.over("REVISED", one.moment)
        elif one.type == "MILESTONE_ASSESSMENT_COMPLETE":
            paper.over("ANSWERED", one.moment)
        elif one.type == "CASE_CLOSED":
            paper.over("CLOSED", one.moment)
    return paper


def of_the_plan(mine: Sequence[Counts], sweep: Sweep) -> Paper:
    """From each word about a plan that is kept up to date until the next."""
    paper = Paper(sweep, renewed=lambda at: plan_update_due_at(at, POLICY))
    for one in mine:
        paper.until(one.at)
        if "plan_status" in one.event:
            status = "NONE" if one.is_a_decision and "DUP" in one.outcomes else one.event["plan_status"]
            if status not in _NOT_KEPT_UP:
                _news(paper, one, plan_update_due_at(one.moment, POLICY))
            else:
                _no_more(paper, one, "ANSWERED")
        elif one.type == "CASE_CLOSED":
            _no_more(paper, one, "CLOSED")
    return paper


def of_the_joint_case(mine: Sequence[Counts], sweep: Sweep) -> Paper:
    """From each news of a case that is worked on with the police until the next."""
    paper, is_joint = Paper(sweep, renewed=lambda at: joint_update_due_at(at, POLICY)), False
    for one in mine:
        paper.until(one.at)
        if one.is_a_decision:
            is_joint = "S47J" in one.outcomes
            if is_joint:
                _news(paper, one, joint_update_due_at(one.moment, POLICY))
            else:
                paper.over("REVISED", one.moment)
        elif one.type == "MILESTONE_S47_OUTCOME" and paper.runs:
            _news(paper, one, joint_update_due_at(one.moment, POLICY))
        elif one.type == "POLICE_INVESTIGATION_STATUS_CHANGED":
            if one.event["status"] != "OPEN":
                _no_more(paper, one, "ANSWERED")
            elif is_joint:
                _news(paper, one, joint_update_due_at(one.moment, POLICY))
        elif one.type == "CASE_CLOSED":
            _no_more(paper, one, "CLOSED")
    return paper


def _news(paper: Paper, one: Counts, due_at: datetime) -> None:
    """Only if it happened after what is known."""
    if paper.since is None or paper.end == "REVISED":
        is_new = True
    elif paper.ended_at is not None:
        is_new = one.moment >= paper.ended_at
    else:
        is_new = one.moment > paper.since
    if is_new:
        paper.set(one.at, one.moment, due_at)


def _no_more(paper: Paper, one: Counts, end: str) -> None:
    if paper.since is not None and one.moment >= paper.since:
        paper.over(end, one.moment)


AFTERWARDS: Final[Mapping[str, Callable[[Sequence[Counts], Sweep], Paper]]] = {
    "CONFERENCE": to_confer,
    "ASSESSMENT": to_assess,
    "PLAN": of_the_plan,
    "JOINT": of_the_joint_case,
}
"""What runs after a decision, one for each child; further kinds of clock are further rows."""
