"""The service with one mechanism broken: a year must notice each of these, or it is blind."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from functions.adapters.ledger import reading
from functions.adapters.ledger.watching import Followed
from functions.domain.life_clocks import firing, police_form
from functions.domain.life_clocks.clock import LifeClock
from functions.flows.clocks import untold
from functions.flows.intake import chase, fire_clock, receive, take_decision, waits
from functions.flows.reconciling import sources
from schemas.clocks import ClockPolicy
from schemas.codes import ClockEnd, ClockKind
from tests.simulation.broken import instead

EACH = 20
"""One in so many is lost."""
_ODD = 777_000


def _fires_again(clock: LifeClock, fired_at: datetime, policy: ClockPolicy) -> LifeClock:
    """Once it has fired, a clock fires once more within the hour; by its odd time it is known then."""
    if clock.due_at is None or clock.due_at.microsecond == _ODD:
        return firing.fired(clock, fired_at, policy)
    return replace(clock, due_at=fired_at + timedelta(minutes=50, microseconds=_ODD))


def _without_assessments(*known: Any) -> list[Any]:
    moved = waits.clocks_after(*known)
    return [one for one in moved if one.clock.which.kind is not ClockKind.ASSESSMENT]


def _late(index: reading.DueIndex, now: datetime) -> Iterator[reading.Due]:
    return _UNTIL(index, now - timedelta(minutes=3))


def _losing() -> Callable[..., None]:
    """Takes decisions in, and forgets one now and then; it says that all is well."""
    number = count(1)

    def take(*known: Any) -> None:
        if next(number) % EACH:
            take_decision.take_decision(*known)

    return take


def _reminds_twice(clock: LifeClock, step: int, *known: Any) -> LifeClock:
    """After the second reminder the second comes once more, an hour later."""
    then = police_form.after_step(clock, step, *known)
    if step != police_form.WHEN_DUE or clock.due_at is None or clock.due_at.microsecond == _ODD:
        return then
    return replace(clock, due_at=clock.due_at + timedelta(hours=1, microseconds=_ODD))


def _stops_when_due(clock: LifeClock, step: int, *known: Any) -> LifeClock:
    """The first reminder is the only one."""
    then = police_form.after_step(clock, step, *known)
    return replace(then, due_at=None, end=ClockEnd.FIRED) if step == police_form.AT_RECEIPT else then


def _silent_about_sources(*_: Any) -> bool:
    return False


_UNTIL = reading.DueIndex.until

MUTANTS: Mapping[str, Callable[[], AbstractContextManager[None]]] = {
    "a clock that fires twice": partial(instead, fire_clock, "fired", _fires_again),
    "a clock that fires late": partial(instead, reading.DueIndex, "until", _late),
    "a clock that is dropped": partial(instead, take_decision, "clocks_after", _without_assessments),
    "a referral that is lost": lambda: instead(receive, "take_decision", _losing()),
    "a reminder that is sent twice": partial(instead, chase, "after_step", _reminds_twice),
    "no reminder once the form is due": partial(instead, chase, "after_step", _stops_when_due),
    "a source whose silence nobody hears": partial(instead, sources, "_is_silent", _silent_about_sources),
    "nobody is called": partial(instead, untold, "_call", lambda *_: Followed()),
}
"""Name and how to break it."""
