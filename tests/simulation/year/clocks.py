"""What became of each clock of a year by the trail's rows, held against what should have fired."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.simulation.year.oracle.paper import Firing

Said = Mapping[str, Any]


@dataclass
class OfAKind:
    """One kind of clock."""

    set: int = 0
    answered: int = 0
    """In time: what it waited for came before it fired."""
    ended: int = 0
    """Nobody need wait any more: decided otherwise, closed, or told with another referral."""
    fired: int = 0
    late: int = 0
    """Fired later than with the first sweep after its time."""
    twice: int = 0
    runs: int = 0
    """Still, when the time is over."""
    silences: Counter[str] = field(default_factory=Counter)
    """What answered those that fired."""
    steps: Counter[int] = field(default_factory=Counter)
    """Of a chase: how often each was taken."""


@dataclass
class Clocks:
    """Counts as it goes, a referral at a time."""

    minute: Callable[[datetime], datetime]
    fired: Counter[Firing] = field(default_factory=Counter)
    kinds: defaultdict[str, OfAKind] = field(default_factory=lambda: defaultdict(OfAKind))
    _rang: Counter[tuple[str, ...]] = field(default_factory=Counter)
    """Each clock of people's, of a task or a message, by its time."""

    def add(self, ref: str, rows: Sequence[Said]) -> None:
        """One referral's rows."""
        lives: dict[str, _Life] = {}
        for row in rows:
            for said in row.get("clocks", ()):
                name, what = said.rsplit(" ", 1)
                lives.setdefault(name, _Life(name.startswith(_A_CHASE))).told(what, row)
            if row["type"] == "CLOCK_FIRED" and "clock" in row:
                name = row["cause"].removeprefix("CLOCK#")
                at, settled = datetime.fromisoformat(row["at"]), "task" not in row
                self.fired[Firing(ref, name, at, settled, row.get("step", 0))] += 1
                lives.setdefault(name, _Life(name.startswith(_A_CHASE))).fires(row)
            elif row["type"] == "CLOCK_FIRED":
                at = row.get("watch_at", row.get("due_at", ""))
                self._rang[ref, row["cause"], row.get("watch", row.get("task")), at] += 1
            if row.get("done") and row.get("task") in _CHASES:
                for name, life in lives.items():
                    life.rung(name, row)
        for name, life in lives.items():
            self._add(self.kinds[name.partition("#")[0]], life)

    def rang_twice(self) -> list[tuple[str, ...]]:
        """Clocks of tasks and of messages that ran out more than once for one time."""
        return [which for which, times in self._rang.items() if times > 1]

    @property
    def rang(self) -> Counter[str]:
        """How often people's clocks ran out, by what each is about."""
        return Counter(which[2] for which in self._rang)

    def _add(self, kind: OfAKind, life: "_Life") -> None:
        kind.set += life.set
        kind.answered += life.answered
        kind.ended += life.ended
        kind.fired += len(life.fired)
        kind.late += sum(at > self.minute(due) for due, at in life.fired)
        kind.steps += life.steps
        kind.twice += life.twice
        kind.runs += life.until is not None
        kind.silences += life.silences()


@dataclass
class _Life:
    """One clock of one referral; a chase is over once it is seen to be, whatever else is said of it."""

    is_chase: bool = False
    set: int = 0
    answered: int = 0
    ended: int = 0
    twice: int = 0
    until: str | None = None
    set_at: str = ""
    """When it was last heard of: a clock may be set to a time that has passed."""
    steps: Counter[int] = field(default_factory=Counter)
    fired: list[tuple[datetime, datetime]] = field(default_factory=list)
    open: bool = False
    """It has fired, and nothing has answered it."""
    answers: Counter[str] = field(default_factory=Counter)

    def told(self, what: str, row: Said) -> None:
        """An event's word: until when it runs, or why it does not any more."""
        if what[0].isdigit():
            if not self.is_chase:
                self._answered_by("what was waited for")
            self.set += self.until is None
            self.until, self.set_at = what, row["at"]
        elif self.until is None or self.is_chase:
            self._answered_by("what was waited for" if what == "ANSWERED" else "decided anew, or closed")
            self.ended += self.until is not None
            self.until = None
        else:
            self._answered_by("what was waited for")
            self.until = None
            self.answered += what == "ANSWERED"
            self.ended += what != "ANSWERED"

    def fires(self, row: Said) -> None:
        if row["clock_at"] != self.until:
            self.twice += 1
        if row.get("ended_by") == "ANSWERED":
            self._answered_by("what was waited for")
            self._is_seen_to_be_over(row)
        else:
            self._answered_by("the next reminder")
            due = datetime.fromisoformat(max(row["clock_at"], self.set_at))
            self.fired.append((due, datetime.fromisoformat(row["at"])))
            self.steps[row.get("step", 0)] += 1
            self.open = True
        self.until, self.set_at = row.get("next_at"), row["at"]

    def _is_seen_to_be_over(self, row: Said) -> None:
        """A form that came before anybody was reminded of it came in time; else it answered the reminders."""
        if self.is_chase:
            self.answered += not self.fired
        else:
            self.ended += 1

    def rung(self, name: str, row: Said) -> None:
        """Somebody says that its task is done."""
        about = row.get("task_agency", row.get("about", ""))
        if _CHASES[row["task"]] == name.partition("#")[0] and name.endswith(
            "#".join(filter(None, (f"#{row['child']:02d}", about)))
        ):
            self._answered_by("a person")

    def _answered_by(self, what: str) -> None:
        self.answers[what] += self.open
        self.open = False

    def silences(self) -> Counter[str]:
        return self.answers + Counter({"nothing yet": int(self.open)})


_A_CHASE = "POLICE_FORM"
_CHASES = {
    "ACKNOWLEDGE_LATE": "ACKNOWLEDGE",
    "DECIDE_LATE": "DECIDE",
    "CHASE_CONTRIBUTION": "CONTRIBUTE",
    "CHASE_TRANSFER": "TRANSFER",
    "CHASE_CONFERENCE": "CONFERENCE",
    "CHASE_ASSESSMENT": "ASSESSMENT",
    "CHASE_PLAN": "PLAN",
    "CHASE_POLICE": "JOINT",
    "CHECK_EARLY_EVENT": "EARLY",
    "CHASE_FORM": "POLICE_FORM",
}
