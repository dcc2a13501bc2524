"""A clock that waits for something, and what becomes of it when somebody says something new about that."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeAlias, assert_never

from schemas.codes import ClockEnd, ClockKind, Rag

# A clock from its first word to its last:
#
#   set -- answered ------------------------------ ANSWERED   nothing more happens
#    |---- not needed any more ------------------- REVISED, CLOSED
#    '---- its time has come --- FIRED, and a task waits --- ANSWERED, and the task ends
#                             '- PLAN and JOINT go on running: each time they fire, they are set anew;
#                                POLICE_FORM, too, until its last step

_BY_THE_LAST_WORD: Final = frozenset({ClockKind.PLAN, ClockKind.JOINT})
"""An older word that comes late does not end them."""


@dataclass(frozen=True, slots=True, order=True)
class Which:
    """One clock of a referral; child 0 where it is about no one child, `about` tells several of a kind
    apart."""

    kind: ClockKind
    child: int = 0
    about: str = ""


@dataclass(frozen=True, slots=True)
class LifeClock:
    """`since` is the moment it counts from, `ended_at` that of what ended it; neither is when we heard.

    `rag` is the colour that a decision's clock counts by, once there is one; `step` the next one of a chase.
    """

    which: Which
    since: datetime
    due_at: datetime | None = None
    end: ClockEnd | None = None
    ended_at: datetime | None = None
    rag: Rag | None = None
    step: int | None = None

    @property
    def runs(self) -> bool:
        return self.end is None

    @property
    def waits(self) -> bool:
        """Whether what it waits for has not come, in time or not."""
        return self.end in (None, ClockEnd.FIRED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an event says of a clock: it is to run, from then until then."""

    which: Which
    since: datetime
    due_at: datetime
    rag: Rag | None = None
    step: int | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """What an event says of a child's clocks of a kind, of all where it does not say which: nobody need wait
    for it any more."""

    kind: ClockKind
    child: int
    end: ClockEnd
    at: datetime
    about: str | None = None

    def is_about(self, which: Which) -> bool:
        return (which.kind, which.child) == (self.kind, self.child) and self.about in (None, which.about)


Word: TypeAlias = Wanted | Over


def moved(words: Iterable[Word], standing: Mapping[Which, LifeClock]) -> list[LifeClock]:
    """The clocks as the words leave them, without those that stay as they are.

    What is wanted, none ends; of two that end a clock the first says why.
    """
    said = list(words)
    wanted = {word.which: word for word in said if isinstance(word, Wanted)}
    begun = [
        LifeClock(which, word.since, word.due_at, rag=word.rag, step=word.step)
        for which, word in wanted.items()
        if _begins(word, standing.get(which))
    ]
    over = [word for word in said if isinstance(word, Over)]
    ended = {clock.which: clock for word in reversed(over) for clock in _ended(word, standing)}
    return [*begun, *(clock for which, clock in ended.items() if which not in wanted)]


def _begins(word: Wanted, clock: LifeClock | None) -> bool:
    """Whether it runs from now on as the word says; what is only said again restarts nothing."""
    if clock is None or clock.end is ClockEnd.REVISED:
        return True
    match word.which.kind:
        case ClockKind.DECIDE:
            is_other = (clock.due_at, clock.rag) != (word.due_at, word.rag)
            return clock.end is ClockEnd.ANSWERED or (clock.runs and is_other)
        case ClockKind.ACKNOWLEDGE | ClockKind.ASSESSMENT:
            return clock.end is ClockEnd.CLOSED or (clock.runs and word.since < clock.since)
        case ClockKind.CONFERENCE:
            return clock.end is ClockEnd.CLOSED or word.since != clock.since
        case ClockKind.TRANSFER | ClockKind.EARLY | ClockKind.POLICE_FORM:
            return _is_hastened(word, clock)
        case ClockKind.CONTRIBUTE | ClockKind.PLAN | ClockKind.JOINT:
            return word.since > clock.since if clock.ended_at is None else word.since >= clock.ended_at
        case _:
            assert_never(word.which.kind)


def _is_hastened(word: Wanted, clock: LifeClock) -> bool:
    """Whether the step of a chase that comes next is due sooner than was known; others have no steps."""
    is_next = word.step is not None and word.step == clock.step
    return is_next and clock.due_at is not None and word.due_at < clock.due_at


def _ended(word: Over, standing: Mapping[Which, LifeClock]) -> Iterator[LifeClock]:
    for clock in standing.values():
        if not (clock.waits and word.is_about(clock.which)):
            continue
        is_old = word.kind in _BY_THE_LAST_WORD and word.at < clock.since
        if word.end is ClockEnd.REVISED or not is_old:
            yield replace(clock, due_at=None, end=word.end, ended_at=word.at)
