"""The people's clock beside a delivery: what happens next if the agency is still not told, or has not read
it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from functions.domain.due import cannot_wait, red_alert_due_at, unread_call_due_at, untold_call_due_at
from functions.domain.tasks import or_sooner
from schemas.clocks import ClockPolicy
from schemas.codes import Outcome, Rag, Watch

# From the moment a delivery may go, beside its attempts:
#
#   due ---30 min--- FALLBACK ---to 4 working hours--- CALL ---to 1 h before a working day--- RED_ALERT
#                    an e-mail,   (2 hours if urgent)  a task                                 an alarm
#                    if a webhook
#   told ---------------------- 1 working day (4 hours if urgent) ---------------------------- UNREAD, a task


@dataclass(frozen=True, slots=True)
class Clock:
    """The next stage and when it is reached."""

    stage: Watch
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Urgency:
    """What decides how long an agency may go without an outcome."""

    outcomes: Collection[Outcome]
    rag: Rag | None

    @property
    def cannot_wait(self) -> bool:
        """Whether somebody rings about it day and night."""
        return cannot_wait(self.outcomes, self.rag)


def after_stage(stage: Watch, since: datetime, urgency: Urgency, policy: ClockPolicy) -> Clock | None:
    """The stage that follows `stage`, counted from the start of the wait; None after the last."""
    match stage:
        case Watch.FALLBACK:
            outcomes, rag = urgency.outcomes, urgency.rag
            call_at = or_sooner(lambda: untold_call_due_at(outcomes, rag, since, policy), since)
            return Clock(Watch.CALL, call_at)
        case Watch.CALL:
            return Clock(Watch.RED_ALERT, or_sooner(lambda: red_alert_due_at(since, policy), since))
        case Watch.RED_ALERT | Watch.UNREAD:
            return None
        case _:
            assert_never(stage)


def told(at: datetime, urgency: Urgency, policy: ClockPolicy) -> Clock:
    """The clock of a message that has arrived: somebody must say that they have read it."""
    return Clock(Watch.UNREAD, or_sooner(lambda: unread_call_due_at(urgency.outcomes, at, policy), at))


def at_once(now: datetime) -> Clock:
    """The clock of a message that will not go by itself any more: a person is called for with the next
    sweep."""
    return Clock(Watch.CALL, now)
