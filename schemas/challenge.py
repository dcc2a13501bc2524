"""A professional disagrees with a decision: from the phone call to the end of the way up, version 1.0."""

from typing import Final, Literal

from schemas.base import AgencyName, Instant, RecordId
from schemas.child_event import ChildEvent
from schemas.codes import ChallengeResult, EventType

_STAGES: Final = {
    EventType.CHALLENGE_STAGE_2: 2,
    EventType.CHALLENGE_STAGE_3: 3,
    EventType.CHALLENGE_STAGE_4: 4,
}
"""Of the escalation's four; the first is that the challenge is raised."""


class ChallengeEvent(ChildEvent):
    """Something about one challenge to a child's decision; `challenge_id` is the sender's."""

    challenge_id: RecordId


class ChallengeRaised(ChallengeEvent):
    """An agency of any type disagrees."""

    event_type: Literal[EventType.CHALLENGE_RAISED]
    raised_at: Instant
    raised_by: AgencyName

    @property
    def stage(self) -> int:
        """Where every challenge begins."""
        return 1


class ChallengeStageReached(ChallengeEvent):
    """It was not settled below, and has gone up one stage; each stage has an event type of its own."""

    event_type: Literal[EventType.CHALLENGE_STAGE_2, EventType.CHALLENGE_STAGE_3, EventType.CHALLENGE_STAGE_4]
    reached_at: Instant

    @property
    def stage(self) -> int:
        """How far up it has gone."""
        return _STAGES[self.event_type]


class ChallengeResolved(ChallengeEvent):
    """It is settled; a decision that it changes comes as an event of its own."""

    event_type: Literal[EventType.CHALLENGE_RESOLVED]
    resolved_at: Instant
    result: ChallengeResult
