"""The clocks on paper after a decision: milestones, the plan, the police's case."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from functions.domain.due import (
    assessment_due_at,
    conference_due_at,
    joint_update_due_at,
    plan_update_due_at,
)
from tests.simulation.year.draws import POLICY
from tests.simulation.year.hearing import Counts
from tests.simulation.year.oracle.paper import Paper, Sweep

_ASSESSED = frozenset({"S17", "STR", "S47S", "S47J", "EMP", "ACC"})
_S47 = frozenset({"S47S", "S47J"})
WITHDRAWN = "WITHDRAWN_IN_ERROR"
_NOT_KEPT_UP = frozenset({"NONE", "CP_ENQUIRY", "NOT_DISCLOSED"})


def to_confer(mine: Sequence[Counts], sweep: Sweep) -> Paper:
    """From the strategy discussion until the conference, or until an enquiry that leads to none has ended."""
    paper = Paper(sweep)
    for one in mine:
        paper.until(one.at)
        if one.is_a_decision and one.outcomes & _S47:
            since = one.moment_of("strategy_discussion_at")
            if paper.end in ("CLOSED", "REVISED") or paper.since != since:
                paper.set(one.at, since, conference_due_at(since, POLICY))
        elif one.is_a_decision or one.type == WITHDRAWN:
            paper.over("REVISED", one.moment)
        elif one.type == "MILESTONE_ICPC_OUTCOME" or _needs_no_conference(one):
            paper.over("ANSWERED", one.moment)
        elif one.type == "CASE_CLOSED":
            paper.over("CLOSED", one.moment)
    return paper


def _needs_no_conference(one: Counts) -> bool:
    return one.type == "MILESTONE_S47_OUTCOME" and one.event["result"] != "ICPC"


def to_assess(mine: Sequence[Counts], sweep: Sweep) -> Paper:
    """From the receipt until the assessment is complete."""
    paper, receipts = Paper(sweep), list[datetime]()
    for one in mine:
        paper.until(one.at)
        if one.type == "REFERRAL_RECEIVED" or one.is_a_decision:
            receipts.append(one.moment_of("received_at"))
        if one.is_a_decision and one.outcomes & _ASSESSED:
            if paper.since is None or paper.end in ("CLOSED", "REVISED"):
                paper.set(one.at, min(receipts), assessment_due_at(min(receipts), POLICY))
        elif one.is_a_decision or one.type == WITHDRAWN:
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
        elif one.type == WITHDRAWN:
            paper.over("REVISED", one.moment)
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
        elif one.type == WITHDRAWN:
            is_joint = False
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
