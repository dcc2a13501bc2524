"""The milestones after a decision: an assessment, an enquiry, a conference, a transfer."""

from typing import Final

from functions.domain.wording.body import Body
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.situation import as_phrase
from functions.domain.wording.updates.after_decision import NO_FINDING, Happened, led_to, opening
from schemas.codes import Level, NextStep, S47Result
from schemas.notice import FrozenUpdate, Pins

_ENQUIRY: Final = Happened("The section 47 enquiry", "that followed your referral", "ended")
_ASSESSMENT: Final = Happened("The social work assessment", "that followed your referral", "ended")
_CONFERENCE: Final = Happened("The child protection conference", "that followed your referral", "was held")

_NO_CONFERENCE: Final = "The enquiry did not lead to a child protection conference."

ENQUIRY_RESULTS: Final[dict[S47Result, str]] = {
    S47Result.ICPC: (
        "The enquiry led to a child protection conference."
        " There we and others will agree what to do to keep a child safe."
    ),
    S47Result.S17_SERVICES: f"{_NO_CONFERENCE} Support for the family continues.",
    S47Result.ASSESSMENT_CONTINUES: f"{_NO_CONFERENCE} The social work assessment goes on.",
    S47Result.OTHER_AGENCY_MONITORS: (
        f"{_NO_CONFERENCE} An agency that knows the family will watch how things go."
    ),
    S47Result.LEGAL_ACTION: "The enquiry led to legal action.",
    S47Result.SHORT_BREAK: f"{_NO_CONFERENCE} The family will have help through short breaks.",
    S47Result.NO_FURTHER_ACTION: (
        f"{_NO_CONFERENCE} We are taking no further action as children's social care."
        f" This is based on the information available. {NO_FINDING}"
    ),
    S47Result.OTHER: "The enquiry had another result. To hear it, call us.",
}
"""What a section 47 enquiry led to; that of S17_SERVICES is agreed word for word (domain 10.3, draft 6)."""

_IT_IS_OVER: Final = tuple(
    NEXT_STEPS[step] for step in (NextStep.NOTHING_MORE, NextStep.REFER_AGAIN, NextStep.KEEP_RECORDS)
)
_GO_ON: Final = (NEXT_STEPS[NextStep.KEEP_WORKING], NEXT_STEPS[NextStep.TELL_US_CHANGES])
_STEPS: Final[dict[S47Result, tuple[str, ...]]] = {
    **dict.fromkeys(S47Result, _IT_IS_OVER),
    S47Result.ICPC: (NEXT_STEPS[NextStep.REPORT_OR_CONFERENCE], *_GO_ON),
    S47Result.LEGAL_ACTION: (
        "Do not tell the family about it unless we have agreed that with you.",
        "Call us if you need to know more.",
        *_GO_ON,
    ),
}
"""What is asked after an enquiry; of legal action the family may not know yet."""


def enquiry_ended(update: FrozenUpdate, pins: Pins) -> Body:
    """Draft 6, and its like for each other result."""
    result = update.facts.enquiry_result or S47Result.OTHER
    return Body(
        heading="The section 47 enquiry has ended",
        paragraphs=(opening(update, pins, _ENQUIRY),),
        why=(ENQUIRY_RESULTS[result],),
        next_steps=_STEPS[result],
    )


def assessment_complete(update: FrozenUpdate, pins: Pins) -> Body:
    return Body(
        heading="The assessment has ended",
        paragraphs=(
            opening(update, pins, _ASSESSMENT),
            *led_to(update, pins),
        ),
        next_steps=(*_ask_us(update, pins), *_IT_IS_OVER),
    )


def conference_held(update: FrozenUpdate, pins: Pins) -> Body:
    return Body(
        heading="The child protection conference has been held",
        paragraphs=(
            opening(update, pins, _CONFERENCE),
            *led_to(update, pins),
        ),
        next_steps=(*_ask_us(update, pins), *_IT_IS_OVER),
    )


def transfer_accepted(update: FrozenUpdate, pins: Pins) -> Body:
    """By the name in the hub's directory alone: a code that it does not list could be anything."""
    listed = update.labels.receiving_la
    council = as_phrase(listed) if listed else "the other council"
    accepted = Happened(f"{council[0].upper()}{council[1:]} accepted the transfer", "of your referral")
    return Body(
        heading="Another council has accepted the transfer",
        paragraphs=(
            opening(update, pins, accepted),
            "They lead the work from now on.",
        ),
        next_steps=(
            f"If you have new concerns, tell {council}. If you do not know how, call us.",
            NEXT_STEPS[NextStep.KEEP_WORKING],
            NEXT_STEPS[NextStep.KEEP_RECORDS],
        ),
    )


def _ask_us(update: FrozenUpdate, pins: Pins) -> tuple[str, ...]:
    """Who may not read of plans may ask."""
    if pins.level is Level.PLAN:
        return ()
    return (f"To hear what it led to, call the duty manager on {update.contact.duty_phone}.",)
