"""Before anything is decided: that a referral has arrived, and what partners are asked to contribute."""

from typing import Final

from functions.domain.wording.body import Body
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.uk_time import uk_date, uk_date_and_time
from schemas.codes import AgencyType, NextStep
from schemas.notice import FrozenUpdate, Pins

_A_DENTISTS_PATHWAY: Final = (
    "How a referral from a dental practice goes on: we read it the day it arrives and ask other agencies"
    " what they know. A manager then decides. It may be an assessment by a social worker, early help,"
    " advice, or no further action for now."
)
"""The letter found dental teams unsure how child protection works (page 13): it stands where they read."""
_WE_ASK: Final = "We want to hear what your agency knows before we do."
_YOU_WILL_HEAR: Final = "You hear from us whichever it is. If you have not heard{by_then}, call us."


def acknowledgement(update: FrozenUpdate, pins: Pins) -> Body:
    """To whoever referred: it has arrived, and by when they hear more."""
    came_on = uk_date(update.received_at)
    due_at = update.facts.due_at
    heard_by = f" We will tell you what we decide by {uk_date_and_time(due_at)}." if due_at else ""
    return Body(
        heading="We have your referral",
        paragraphs=(
            f"You made a referral to us on {came_on}. We have it and are looking at it.{heard_by}",
            *_pathway(pins.agency_type, by_then=" by then" if due_at else ""),
        ),
        next_steps=(
            "You do not need to send it again.",
            NEXT_STEPS[NextStep.TELL_US_CHANGES],
            NEXT_STEPS[NextStep.KEEP_WORKING],
        ),
    )


def _pathway(agency_type: AgencyType, *, by_then: str) -> tuple[str, ...]:
    if agency_type is not AgencyType.DENTIST:
        return ()
    return _A_DENTISTS_PATHWAY, _YOU_WILL_HEAR.format(by_then=by_then)


def contribution(update: FrozenUpdate, pins: Pins) -> Body:
    """To a partner, before the decision: what is known there, by phone, and nothing to the family."""
    due_at = update.facts.due_at
    due = f"by {uk_date_and_time(due_at)}" if due_at else "as soon as you can"
    which = () if pins.own_ref else ("We will tell you by phone which child it is about.",)
    return Body(
        heading="Please tell us what you know",
        paragraphs=(
            f"Please call us {due}. We have a referral about a child and have not decided yet. {_WE_ASK}",
            *which,
        ),
        next_steps=(
            f"Call the duty manager on {update.contact.duty_phone} and give this referral's reference.",
            "If you know nothing about the child, tell us that too.",
            "Do not put anything about the child in an email.",
            "Do not tell the family that we asked unless we have agreed it with you.",
        ),
    )
