"""The chase of the police on paper: when they are reminded of a child's form, and when it is over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from functions.domain.clock import working_days_later
from functions.domain.due import ra_due_at
from schemas.codes import Rag
from tests.simulation.year.draws import POLICY
from tests.simulation.year.hearing import Counts
from tests.simulation.year.oracle.paper import Sweep

AT_RECEIPT, WHEN_DUE, BY_THE_NAMED_ROLE, THE_MANAGERS = 1, 2, 3, 4


class Step(NamedTuple):
    """One firing; without a step it is over, `unread` where somebody must read what came too late."""

    at: datetime
    step: int
    unread: bool = False


@dataclass
class Chase:
    """One child's form as far as it is known, and the next time at which somebody looks at it."""

    sweep: Sweep
    received_at: datetime
    colour: Rag | None = None
    decided_at: datetime | None = None
    """When it was first."""
    complete: bool = False
    told_incomplete: bool = False
    """Whether the newest decision went out with a form that was not."""
    step: int = AT_RECEIPT
    due_at: datetime | None = None
    over: bool = False
    """Complete: what is told of it is told, unless it is complete no longer."""
    elsewhere: bool = False
    """Its form is its original's."""
    taken: list[Step] = field(default_factory=list)
    _set_at: datetime | None = None

    @property
    def form_due_at(self) -> datetime:
        return ra_due_at(self.received_at, self.colour, self.decided_at, POLICY)

    def until(self, moment: datetime) -> None:
        """Lets time pass; what happens at the moment of a sweep happens before it."""
        while self.due_at is not None and self._set_at is not None:
            at = self.sweep(max(self.due_at, self._set_at))
            if at >= moment:
                return
            self._look(at)

    def begin(self, at: datetime, heard_at: datetime) -> None:
        """At receipt, at once: what came at night, or late, is not overdue for that."""
        self.step, self.over, self.elsewhere = AT_RECEIPT, False, False
        self._set(at, max(self.received_at, heard_at))

    def sooner(self, at: datetime) -> None:
        """The form may be due sooner than it was when it was asked for."""
        if self.step == WHEN_DUE and self.due_at is not None and self.form_due_at < self.due_at:
            self._set(at, self.form_due_at)

    def form(self, at: datetime, *, complete: bool, has_gaps: bool) -> None:
        """A newer form; `has_gaps` if it is the first: the police do not know yet what it lacks."""
        self.complete = complete
        if self.elsewhere:
            return
        if complete:
            if not self.over:
                self._set(at, at)
        elif self.over:
            self.step, self.over = AT_RECEIPT, False
            self._set(at, at)
        elif has_gaps and self.step == WHEN_DUE and self.due_at is not None:
            self._set(at, min(self.due_at, at))

    def leave(self) -> None:
        """Nobody asks for a duplicate's form; one that is over stays so."""
        if not self.over:
            self.due_at, self.elsewhere = None, True

    def _set(self, at: datetime, due_at: datetime) -> None:
        self._set_at, self.due_at = at, due_at

    def _look(self, at: datetime) -> None:
        if self.complete:
            self.taken.append(Step(at, 0, unread=self.told_incomplete))
            self.due_at, self.over = None, True
            return
        planned, due_at = self.due_at or at, self.form_due_at
        if self.step <= WHEN_DUE:
            self.step = AT_RECEIPT if at < due_at else WHEN_DUE
        self.taken.append(Step(at, self.step))
        then: datetime | None = None
        match self.step:
            case 1:
                then = due_at
            case 2:
                then = _not_past(_a_working_day_after(max(self.received_at, due_at)), at)
            case 3:
                then = _not_past(_a_working_day_after(planned), at)
        self.step = min(self.step + 1, THE_MANAGERS)
        self._set_at, self.due_at = at, then


def _a_working_day_after(moment: datetime) -> datetime:
    return working_days_later(moment, POLICY.ra_last_reminder_after_working_days, POLICY)


def _not_past(due_at: datetime, now: datetime) -> datetime:
    """The police have a working day from each reminder, however late it goes."""
    return due_at if due_at > now else _a_working_day_after(now)


def chased(mine: Sequence[Counts], sweep: Sweep, ends: datetime) -> Iterator[Step]:
    """Each step of the chase for a child's form until then."""
    child = _Child(sweep)
    for one in mine:
        child.hears(one)
    if child.chase is not None:
        child.chase.until(ends)
        yield from child.chase.taken


@dataclass
class _Child:
    """What is heard of one child, as far as its form depends on it."""

    sweep: Sweep
    chase: Chase | None = None
    colour: Rag | None = None
    is_decided: bool = False
    best: tuple[bool, int] = (False, 0)
    """A form that is filled in outranks one that is not, and a newer version an older one."""
    complete: bool = False

    def hears(self, one: Counts) -> None:
        if self.chase is not None:
            self.chase.until(one.at)
        if one.type == "RA_FORM_METADATA":
            self._form(one)
        elif one.is_a_decision or (not self.is_decided and one.type in _BEFORE_A_DECISION):
            self.is_decided |= one.is_a_decision
            self.colour = one.colour or self.colour
            self._known(one)

    def _form(self, one: Counts) -> None:
        rank = (one.is_filled_in, one.event["form_version"])
        if rank <= self.best:
            return
        is_first, self.best, self.complete = self.best == (False, 0), rank, one.is_complete
        if self.chase is not None:
            self.chase.form(one.at, complete=self.complete, has_gaps=is_first and one.is_filled_in)

    def _known(self, one: Counts) -> None:
        if self.chase is None:
            if one.type == "ACKNOWLEDGED" or (one.is_a_decision and "DUP" in one.outcomes):
                return
            self.chase = Chase(self.sweep, one.moment_of("received_at"), complete=self.complete)
            self.chase.begin(one.at, one.moment_of("occurred_at"))
        self.chase.colour = self.colour
        if one.is_a_decision:
            _decided(self.chase, one)
        self.chase.sooner(one.at)


_BEFORE_A_DECISION = frozenset({"REFERRAL_RECEIVED", "ACKNOWLEDGED"})


def _decided(chase: Chase, one: Counts) -> None:
    chase.decided_at = chase.decided_at or one.moment
    chase.told_incomplete = not chase.complete
    if "DUP" in one.outcomes:
        chase.leave()
    elif chase.elsewhere:
        chase.begin(one.at, one.moment_of("occurred_at"))
