"""A referral as the clocks' rules know it, told event by event."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from functions.domain.life_clocks.clock import LifeClock, Which
from functions.domain.life_clocks.firing import fired
from functions.domain.life_clocks.known import Known, KnownChild
from functions.domain.life_clocks.moves import after
from schemas.clocks import ClockPolicy
from schemas.codes import ClockEnd, ClockKind, Rag
from schemas.decision import Decided, Decision, DecisionRevised
from schemas.referral import ReferralReceived
from tests.lifecycle_events import an_event, read
from tests.world import a_decision, a_receipt, a_revision

POLICY = ClockPolicy()
RECEIVED = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
DECIDED = datetime(2026, 11, 24, 15, 2, tzinfo=UTC)
ACKNOWLEDGE = Which(ClockKind.ACKNOWLEDGE)
DECIDE, ASSESSMENT, CONFERENCE, PLAN, JOINT, TRANSFER = (
    Which(kind, 1)
    for kind in (
        ClockKind.DECIDE,
        ClockKind.ASSESSMENT,
        ClockKind.CONFERENCE,
        ClockKind.PLAN,
        ClockKind.JOINT,
        ClockKind.TRANSFER,
    )
)
TO_SOUTHSHIRE = Which(ClockKind.TRANSFER, 1, "SOUTHSHIRE")
OF_PROBATION = Which(ClockKind.CONTRIBUTE, 1, "north-probation")
OF_A_GP = Which(ClockKind.CONTRIBUTE, 1, "north-gp")


def at(day: int, hour: int = 10, minute: int = 0, month: int = 12, year: int = 2026) -> datetime:
    """A moment of that winter, in which London keeps UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def received(*children: int, **changes: Any) -> ReferralReceived:
    return ReferralReceived.model_validate_json(json.dumps(a_receipt(*children, **changes)))


def decided(outcome: str = "S17", **changes: Any) -> Decided:
    """A first version; of an enquiry with its strategy discussion, as its sender would say it."""
    values = {"primary_outcome": outcome, "plan_status": "NONE", **_discussed(outcome), **changes}
    return Decided.model_validate_json(json.dumps(a_decision(**values)))


def revised(seq: int, outcome: str, **changes: Any) -> DecisionRevised:
    """A later version, an hour later."""
    values = {"primary_outcome": outcome, "plan_status": "NONE", **_discussed(outcome), **changes}
    return DecisionRevised.model_validate_json(json.dumps(a_revision(seq, **values)))


def _discussed(outcome: str) -> dict[str, Any]:
    return {"strategy_discussion_at": "2026-11-24T14:30:00Z" if outcome.startswith("S47") else None}


def acknowledged(*asked: str, **changes: Any) -> Any:
    """Seen by the MASH twenty minutes after it came; these agencies are asked about the first child."""
    values: dict[str, Any] = {
        "acknowledged_at": "2026-11-24T10:00:00Z",
        "rag": None,
        "asked_to_contribute": [{"agency_id": name, "child_index": 1} for name in asked],
        "contribute_by": None,
    }
    return read("acknowledged", an_event("acknowledged", **{**values, **changes}))


def happens(name: str, **changes: Any) -> Any:
    """What is published under that name, of the first child."""
    return read(name, an_event(name, child_index=1, **changes))


@dataclass
class Story:
    """What is known so far; each event that is heard adds to it."""

    policy: ClockPolicy = POLICY
    received_at: datetime | None = None
    children: dict[int, KnownChild] = field(default_factory=dict)
    clocks: dict[Which, LifeClock] = field(default_factory=dict)

    @property
    def known(self) -> Known:
        return Known(self.received_at, self.children, self.clocks)

    def hear(self, *events: Any) -> "Story":
        """The clocks as the events move them, and what is known afterwards."""
        for event in events:
            self.clocks |= {clock.which: clock for clock in after(event, self.known, self.policy)}
            self._learn(event)
        return self

    def _learn(self, event: Any) -> None:
        if isinstance(event, ReferralReceived):
            self.received_at = min(filter(None, (event.received_at, self.received_at)))
            for one in event.children:
                known = self.known.child(one.child_index)
                rag = event.rag or known.rag
                self.children[one.child_index] = replace(known, received_at=self.received_at, rag=rag)
        elif isinstance(event, Decision):
            self.children[event.child_index] = KnownChild(
                event.received_at, event.rag, event.decision_seq, event.outcomes
            )
        elif getattr(event, "rag", None):
            self.children = {index: replace(one, rag=event.rag) for index, one in self.children.items()}

    def fire(self, *which: Which, now: datetime = DECIDED) -> "Story":
        """These clocks run out."""
        for one in which:
            self.clocks[one] = fired(self.clocks[one], now, self.policy)
        return self

    def running(self) -> dict[Which, datetime | None]:
        """What runs, and until when, beside the chase for the police form: that has tests of its own."""
        return {which: clock.due_at for which, clock in self._others() if clock.runs}

    def ended(self) -> dict[Which, ClockEnd | None]:
        """What has ended, and why, likewise."""
        return {which: clock.end for which, clock in self._others() if not clock.runs}

    def _others(self) -> Iterator[tuple[Which, LifeClock]]:
        return (one for one in self.clocks.items() if one[0].kind is not ClockKind.POLICE_FORM)


def of_child(index: int, which: Which) -> Which:
    """The same clock of another child."""
    return replace(which, child=index)


def with_rag(rag: Rag | None) -> dict[str, Any]:
    """How an event says a colour."""
    return {"rag": rag.value if rag else None}
