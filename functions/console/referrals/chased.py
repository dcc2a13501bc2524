"""The chase for a child's police form as the trail tells it: what each step did, and whether the form is
overdue.

Of a referral in the morning the first reminder goes at once, which says nothing of how late anybody is: the
second step is the one that is taken when the form is due.
"""

from collections.abc import Sequence
from datetime import datetime

from functions.adapters.ledger.store import Item
from functions.domain.life_clocks.police_form import LAST_REMINDER, SETTLED, WHEN_DUE
from functions.domain.measures.facts import Case
from functions.domain.series import nonce_of
from functions.domain.wording.uk_time import uk_date_and_time
from schemas.codes import AttemptResult, AuditKind, ClockKind, RaStatus, Series

OVER = "Police form awaited no longer"
BECAME_OVERDUE = "Police risk assessment became overdue"
ESCALATED = "Police form passed to the MASH manager"


def is_of_the_chase(row: Item) -> bool:
    """Whether a clock's row is of a police form that is waited for."""
    return row["type"] == AuditKind.CLOCK_FIRED and row.get("clock") == ClockKind.POLICE_FORM


def step_title(row: Item) -> str:
    """`Police reminder 1 of 3`: whom it was sent to, if to anybody, entries of their own say."""
    if "step" not in row:
        return OVER
    if row["step"] > LAST_REMINDER:
        return ESCALATED
    reminder = f"reminder {row['step']} of {LAST_REMINDER}"
    return f"{BECAME_OVERDUE}: {reminder}" if row["step"] == WHEN_DUE else f"Police {reminder}"


def is_past_due(row: Item) -> bool:
    """Whether the form was due by the moment of that step: the first is taken only until then."""
    return int(row.get("step", 0)) >= WHEN_DUE


def overdue_words(rows: Sequence[Item], child: int, case: Case) -> str | None:
    """What a form that is overdue needs said of it; None of one that is settled, or not due yet."""
    if case.check is None or RaStatus(case.check.status) in SETTLED:
        return None
    steps = [row for row in rows if is_of_the_chase(row) and row["child"] == child]
    if not steps or not is_past_due(steps[-1]):
        return None
    return f"The police risk assessment is overdue. {_reminded(rows, child)}"


def _reminded(rows: Sequence[Item], child: int) -> str:
    """By the newest reminder that left: a step sends nothing where no force is known or it is kept out of
    it, and the last step never does."""
    left = [row["at"] for row in rows if _is_reminder_sent(row) and row["child"] == child]
    if not left:
        return "No reminder has been sent to the police."
    return f"The police were last reminded on {uk_date_and_time(datetime.fromisoformat(left[-1]))}."


def _is_reminder_sent(row: Item) -> bool:
    is_sent = row["type"] == AuditKind.ATTEMPT_CLOSED and row["result"] == AttemptResult.SUCCESS
    return is_sent and str(row.get("nonce", "")).startswith(nonce_of(Series.RA_REMINDER))
