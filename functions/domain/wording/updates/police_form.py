"""The police form that is awaited, to the police alone; and that it is settled, to whoever was told that it
was not."""

from datetime import datetime
from typing import Final

from functions.domain.form_link import carries_form_link
from functions.domain.wording.body import Body
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.uk_time import uk_date_and_time
from schemas.codes import AgencyType, NextStep, RaStatus
from schemas.notice import FrozenUpdate, Pins

_HOW_IT_STANDS: Final = {
    RaStatus.ABSENT: "It has not reached us.",
    RaStatus.INCORRECT: "We have a form, but it is not complete. The rules that it does not meet are below.",
    RaStatus.COMPLETE: "",
    RaStatus.NOT_REQUIRED: "",
    RaStatus.UNKNOWN: (
        "We cannot see if you have sent it: your system has not been in touch, or tells us of a fault."
    ),
}
_WAITING: Final = "We are waiting for your risk-assessment form for this referral."
_OTHERS_ACT: Final = "Without your form, other agencies are acting on part of the picture."
_LAST: Final = 3


def form_awaited(update: FrozenUpdate, pins: Pins) -> Body:
    """Draft 5, less its sentence about the decision: a reminder of a form needs no outcome."""
    facts, status = update.facts, update.police_form.status
    return Body(
        heading="Please complete the risk-assessment form",
        paragraphs=(
            " ".join(
                filter(None, (_WAITING, _due(facts.due_at, update), _HOW_IT_STANDS[status], _OTHERS_ACT))
            ),
            _which_reminder(update),
        ),
        next_steps=(
            "Complete the form in your own system. Do not reply with it.",
            *(() if carries_form_link(update, pins) else _by_telephone(update.contact.duty_phone)),
        ),
    )


def say_so_here(link: str) -> str:
    """Where a system shows its reader no links of ours, the address stands in the sentence."""
    return f"If it is done, or not needed, say so here: {link}"


def _by_telephone(phone: str) -> tuple[str, ...]:
    """Of a reminder that names no page: one made before there was one."""
    return (
        f"If it is done, call the duty manager on {phone}. Say when it was done.",
        "If it is not needed, call us and name the policy that says so.",
    )


def _due(due_at: datetime | None, update: FrozenUpdate) -> str:
    if due_at is None:
        return ""
    is_over = due_at <= update.police_form.evaluated_at
    return f"It {'was' if is_over else 'is'} due on {uk_date_and_time(due_at)}."


def _which_reminder(update: FrozenUpdate) -> str:
    number, next_at = update.facts.reminder or 1, update.facts.next_reminder_at
    if number == _LAST:
        return (
            "This is reminder 3 of 3. If the form is still not complete, a MASH manager will call your force."
        )
    to_whom = "to the role your force named for this " if number + 1 == _LAST else ""
    when = f" Reminder {number + 1} goes {to_whom}on {uk_date_and_time(next_at)}." if next_at else ""
    return f"This is reminder {number} of 3.{when}"


def form_settled(update: FrozenUpdate, pins: Pins) -> Body:
    """To the police that we wait no more; to partners that what they were told of the form has changed."""
    complete = update.police_form.status is RaStatus.COMPLETE
    heading = f"The police risk-assessment form is {'complete' if complete else 'not needed'}"
    if pins.agency_type is AgencyType.POLICE:
        thanks = "Thank you. Your" if complete else "Your"
        state = "complete" if complete else "not needed"
        return Body(
            heading=heading,
            paragraphs=(
                f"{thanks} risk-assessment form for this referral is {state}. We will not remind you again.",
            ),
            next_steps=(NEXT_STEPS[NextStep.TELL_US_CHANGES],),
        )
    return Body(
        heading=heading,
        paragraphs=(
            "When we told you our decision, the police risk-assessment form was not complete. It is now.",
            "Our decision stays as it is until we tell you of a change.",
        ),
        next_steps=(NEXT_STEPS[NextStep.KEEP_WORKING], NEXT_STEPS[NextStep.TELL_US_CHANGES]),
    )
