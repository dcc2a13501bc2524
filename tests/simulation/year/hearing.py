"""What the events of one referral count for, in the order in which they were heard: each once, in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from tests.world import Wire

# A small model of its own of what the domain says: an event counts once; an older version, and older news of
# one kind, count for nothing; what comes before what it is about waits for that.

_DECISIONS = frozenset({"DECIDED", "DECISION_REVISED"})
_OF_NO_CLOCK = frozenset({"RA_FORM_METADATA"})
_MOMENTS = {
    "MILESTONE_ASSESSMENT_COMPLETE": "completed_at",
    "MILESTONE_S47_OUTCOME": "ended_at",
    "MILESTONE_ICPC_OUTCOME": "held_at",
    "PLAN_STATUS_CHANGED": "changed_at",
    "POLICE_INVESTIGATION_STATUS_CHANGED": "changed_at",
    "CASE_CLOSED": "closed_at",
    "TRANSFER_ACCEPTED": "accepted_at",
}
"""In which field an event about a child says when it happened; a further type is a further row."""


class Heard(NamedTuple):
    """One event as the hub took it in, and when."""

    at: datetime
    event: Wire


@dataclass(frozen=True, slots=True)
class Counts:
    """An event that counts, from when on, and what of it the rules of clocks ask."""

    at: datetime
    event: Wire

    @property
    def type(self) -> str:
        return str(self.event["event_type"])

    @property
    def is_a_decision(self) -> bool:
        return self.type in _DECISIONS

    @property
    def child(self) -> int:
        return int(self.event.get("child_index", 0))

    @property
    def outcomes(self) -> frozenset[str]:
        """Of a decision."""
        return frozenset((self.event["primary_outcome"], *self.event["additional_outcomes"]))

    @property
    def moment(self) -> datetime:
        """When it happened, as it says itself."""
        field_name = "decided_at" if self.is_a_decision else _MOMENTS[self.type]
        return self.moment_of(field_name)

    def moment_of(self, name: str) -> datetime:
        return datetime.fromisoformat(self.event[name])


@dataclass(frozen=True, slots=True)
class Waited:
    """An event that came before its time: from when, and until when unless that is not over yet."""

    event: Wire
    since: datetime
    until: datetime | None


@dataclass
class Hearing:
    """Everything that one referral heard, sorted out."""

    counts: list[Counts] = field(default_factory=list)
    waited: list[Waited] = field(default_factory=list)

    @property
    def children(self) -> list[int]:
        """Of whom anything counts."""
        listed = {one.child for one in self.counts}
        for one in self.counts:
            listed |= {entry["child_index"] for entry in one.event.get("children", ())}
        return sorted(listed - {0})


def hear(heard: Sequence[Heard]) -> Hearing:
    """Sorts out what was heard."""
    return _Ear().listen(heard)


class _Ear:
    def __init__(self) -> None:
        self._told = Hearing()
        self._received = False
        self._newest: dict[int, int] = {}
        self._live: dict[int, bool] = {}
        self._last: dict[tuple[int, str], datetime] = {}
        self._waiting: list[Heard] = []

    def listen(self, heard: Sequence[Heard]) -> Hearing:
        seen = set[str]()
        for one in heard:
            event_id = one.event["event_id"]
            if event_id not in seen and one.event["event_type"] not in _OF_NO_CLOCK:
                seen.add(event_id)
                self._listen(one)
        self._told.waited += (Waited(one.event, one.at, None) for one in self._waiting)
        return self._told

    def _listen(self, heard: Heard) -> None:
        counts = Counts(*heard)
        if counts.is_a_decision:
            if counts.event["decision_seq"] <= self._newest.get(counts.child, 0):
                return
            self._newest[counts.child] = counts.event["decision_seq"]
            self._live[counts.child] = counts.event["plan_status"] != "NONE"
        elif counts.type == "REFERRAL_RECEIVED":
            self._received = True
        elif self._is_early(counts):
            self._waiting.append(heard)
            return
        else:
            self._take(counts)
            return
        self._told.counts.append(counts)
        self._take_up(heard.at)

    def _is_early(self, counts: Counts) -> bool:
        if counts.type == "ACKNOWLEDGED":
            return not self._received
        return counts.child not in self._newest

    def _take_up(self, at: datetime) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            counts = Counts(at, one.event)
            if self._is_early(counts):
                self._waiting.append(one)
            else:
                self._told.waited.append(Waited(one.event, one.at, at))
                self._take(counts)

    def _take(self, counts: Counts) -> None:
        """Unless something later of its kind has been heard."""
        if counts.type != "ACKNOWLEDGED" and self._is_old(counts):
            return
        self._told.counts.append(counts)

    def _is_old(self, counts: Counts) -> bool:
        child, kind, at = counts.child, counts.type, counts.moment
        if (known := self._last.get((child, kind))) is not None and at < known:
            return True
        self._last[child, kind] = at
        plan = self._last.get((child, "PLAN_STATUS_CHANGED"))
        if kind == "CASE_CLOSED":
            if plan is not None and at < plan:
                return self._live[child]  # it was opened again, and that has been told
            self._last[child, "PLAN_STATUS_CHANGED"], self._live[child] = at, False
        elif kind == "PLAN_STATUS_CHANGED":
            self._live[child] = counts.event["plan_status"] != "NONE"
        return False
