"""How a child's decision was made: when the clock stopped, against which limits, and what it says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from functions.domain.due import decision_due_at, measured_in_hours_due_at
from functions.domain.measures.decisions import Final, outcomes
from functions.domain.measures.received import Received
from functions.domain.measures.said import events
from functions.domain.reconciliation.evidence import Row
from functions.domain.tasks import or_sooner
from functions.domain.wording.outcomes import EXPECTS_REASON
from schemas.clocks import ClockPolicy
from schemas.codes import EventType, Outcome, QualityFlag, Rag, RiskAssessmentMode

_SAYS_OF_A_RECOMMENDATION = ("recommendation_given", "police_recommended_next_step")
"""Older rows said which it was."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A child's final decision: times are the first one's, which no revision changes; the rest the newest."""

    at: datetime
    in_a_day: bool
    """Within the elapsed hours that K4 measures by."""
    in_a_working_day: bool
    """Within the working days that K5 measures by; neither stands for the other."""
    rag: Rag | None
    in_colour: bool
    outcome: Outcome
    is_joint: bool | None
    names_a_recommendation: bool
    followed: bool | None
    newest_at: datetime
    """When the newest one was made."""
    expects_reason: bool
    leaves_reason: bool
    """Whether it says to ring the duty team for its reason, or gives none, and is sent with that."""

    @property
    def is_nfa(self) -> bool:
        """No further action."""
        return self.outcome is Outcome.NFA


def decided(
    finals: Sequence[Final], rows: Sequence[Row], received: Received, clocks: ClockPolicy
) -> Decided | None:
    """None while nothing final is decided."""
    if not finals:
        return None
    at, newest = finals[0].at, finals[-1].row.said
    rag = _colour(finals[0].row, rows)
    mode = newest.get("risk_assessment_mode")
    return Decided(
        at=at,
        in_a_day=at <= measured_in_hours_due_at(received.at, clocks),
        in_a_working_day=at <= _due_at(None, received.at, clocks),
        rag=rag,
        in_colour=rag is not None and at <= _due_at(rag, received.at, clocks),
        outcome=Outcome(newest["outcome"]),
        is_joint=mode == RiskAssessmentMode.JOINT if mode else None,
        names_a_recommendation=any(map(newest.get, _SAYS_OF_A_RECOMMENDATION)),
        followed=newest.get("recommendation_followed"),
        newest_at=finals[-1].at,
        expects_reason=not EXPECTS_REASON.isdisjoint(map(Outcome, outcomes(finals[-1].row))),
        leaves_reason=bool(newest.get("reason_left_to_team"))
        or QualityFlag.REASON_MISSING in newest.get("flags", ()),
    )


def _due_at(rag: Rag | None, received_at: datetime, clocks: ClockPolicy) -> datetime:
    return or_sooner(lambda: decision_due_at(received_at, rag, clocks), received_at)


def _colour(first: Row, rows: Sequence[Row]) -> Rag | None:
    """The most urgent one until the clock stopped: an upgrade counts from the receipt, and no event carries
    the reason that a downgrade needs."""
    told = set(_colours(first, rows))
    return next((rag for rag in Rag if rag in told), None)


def _colours(first: Row, rows: Sequence[Row]) -> Iterator[str]:
    before = [row for row in rows if row.seq <= first.seq]
    for event_type in (EventType.REFERRAL_RECEIVED, EventType.ACKNOWLEDGED):
        yield from (row.said["rag"] for row in events(before, event_type) if "rag" in row.said)
    earlier = (row for row in before if row.child == first.child and row.kind == first.kind)
    yield from (row.said["rag"] for row in earlier if "rag" in row.said)
