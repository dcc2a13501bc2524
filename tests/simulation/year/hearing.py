"""What the events of one referral count for, in the order in which they were heard: each once, in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from schemas.codes import Rag
from tests.world import Wire

# A small model of its own of what the domain says: an event counts once; an older version, and older news of
# one kind, count for nothing; what comes before what it is about waits for that.

_DECISIONS = frozenset({"DECIDED", "DECISION_REVISED"})
_OF_NO_REFERRAL = frozenset({"PROBATION_ENQUIRY"})
_OF_NO_CHILD = frozenset({"REFERRAL_RECEIVED", "RA_FORM_METADATA"})
_OF_A_VERSION = frozenset({"RELEASED", "WITHHELD", "WITHDRAWN_IN_ERROR", "PHONE_CONFIRMED"})
_CHALLENGED = "CHALLENGE_"
_MOMENTS = {
    "MILESTONE_ASSESSMENT_COMPLETE": "completed_at",
    "MILESTONE_S47_OUTCOME": "ended_at",
    "MILESTONE_ICPC_OUTCOME": "held_at",
    "PLAN_STATUS_CHANGED": "changed_at",
    "POLICE_INVESTIGATION_STATUS_CHANGED": "changed_at",
    "CASE_CLOSED": "closed_at",
    "TRANSFER_ACCEPTED": "accepted_at",
    "WITHDRAWN_IN_ERROR": "withdrawn_at",
    "CHALLENGE_RAISED": "raised_at",
    "CHALLENGE_STAGE_2": "reached_at",
    "CHALLENGE_STAGE_3": "reached_at",
    "CHALLENGE_STAGE_4": "reached_at",
    "CHALLENGE_RESOLVED": "resolved_at",
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
    def colour(self) -> Rag | None:
        """How urgent it says that it is."""
        rag = self.event.get("rag")
        return Rag(rag) if rag else None

    @property
    def is_filled_in(self) -> bool:
        """Of a form: more than somebody opened and left."""
        return "ra_completed_at" in self.event

    @property
    def is_complete(self) -> bool:
        """Of a form: nothing is missing."""
        return self.is_filled_in and "recommended_next_step" in self.event

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
        self._known: set[int] = set()
        self._newest: dict[int, int] = {}
        self._withdrawn: set[int] = set()
        self._live: dict[int, bool] = {}
        self._last: dict[tuple[int, str], datetime] = {}
        self._challenges: dict[tuple[int, str], int] = {}
        """The stage of each; none once it has ended."""
        self._waiting: list[Heard] = []

    def listen(self, heard: Sequence[Heard]) -> Hearing:
        seen = set[str]()
        for one in heard:
            event_id = one.event["event_id"]
            if event_id not in seen and one.event["event_type"] not in _OF_NO_REFERRAL:
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
            self._known.add(counts.child)
            self._withdrawn.discard(counts.child)
            self._live[counts.child] = counts.event["plan_status"] != "NONE"
        elif counts.type in _OF_NO_CHILD:
            if counts.type == "REFERRAL_RECEIVED":
                self._received = True
                self._known |= {entry["child_index"] for entry in counts.event["children"]}
        elif self._is_early(counts):
            self._waiting.append(heard)
            return
        else:
            self._take(counts)
            if counts.type == "CHALLENGE_RAISED":
                self._take_up(heard.at)
            return
        self._told.counts.append(counts)
        if counts.type != "RA_FORM_METADATA":
            self._take_up(heard.at)

    def _is_early(self, counts: Counts) -> bool:
        if counts.type == "ACKNOWLEDGED":
            return not self._received
        if counts.type == "RA_STATUS_CHANGED":
            return counts.child not in self._known
        if counts.type in _OF_A_VERSION:
            return self._newest.get(counts.child, 0) < int(counts.event["decision_seq"])
        if counts.type.startswith(_CHALLENGED) and counts.type != "CHALLENGE_RAISED":
            return _challenge(counts) not in self._challenges
        return counts.child not in self._newest

    def _take_up(self, at: datetime) -> None:
        """One after the other, in the order in which they came; each may be what another waited for."""
        while (
            one := next((one for one in self._waiting if not self._is_early(Counts(*one))), None)
        ) is not None:
            self._waiting.remove(one)
            self._told.waited.append(Waited(one.event, one.at, at))
            self._take(Counts(at, one.event))

    def _next_in_time(self) -> Heard | None:
        return next((one for one in self._waiting if not self._is_early(Counts(*one))), None)

    def _take(self, counts: Counts) -> None:
        """Unless something later of its kind has been heard."""
        if counts.type.startswith(_CHALLENGED):
            is_old = self._is_settled_already(counts)
        elif counts.type == "WITHDRAWN_IN_ERROR":
            is_old = self._is_no_longer_told(counts)
        else:
            is_old = counts.type in _MOMENTS and self._is_old(counts)
        if not is_old:
            self._told.counts.append(counts)

    def _is_settled_already(self, counts: Counts) -> bool:
        """A challenge goes up stage by stage, and ends once."""
        which, stage = _challenge(counts), counts.type.rpartition("_")[2]
        at = self._challenges.get(which)
        if counts.type == "CHALLENGE_RAISED":
            self._challenges.setdefault(which, 1)
            return at is not None
        if at == _ENDED or (stage.isdigit() and int(stage) != (at or 0) + 1):
            return True
        self._challenges[which] = int(stage) if stage.isdigit() else _ENDED
        return False

    def _is_no_longer_told(self, counts: Counts) -> bool:
        """Only the newest version can be taken back, and once."""
        child, is_newest = counts.child, counts.event["decision_seq"] == self._newest[counts.child]
        if not is_newest or child in self._withdrawn:
            return True
        self._withdrawn.add(child)
        return False

    def _is_old(self, counts: Counts) -> bool:
        child, kind, at = counts.child, counts.type, counts.moment
        line = f"{kind}#{counts.event.get('police_occurrence_ref', '')}"
        if (known := self._last.get((child, line))) is not None and at < known:
            return True
        self._last[child, line] = at
        plan = self._last.get((child, _PLAN))
        if kind == "CASE_CLOSED":
            if plan is not None and at < plan:
                return self._live[child]  # it was opened again, and that has been told
            self._last[child, _PLAN], self._live[child] = at, False
        elif kind == "PLAN_STATUS_CHANGED":
            self._live[child] = counts.event["plan_status"] != "NONE"
        return False


_PLAN, _ENDED = "PLAN_STATUS_CHANGED#", 9


def _challenge(counts: Counts) -> tuple[int, str]:
    return counts.child, counts.event["challenge_id"]
