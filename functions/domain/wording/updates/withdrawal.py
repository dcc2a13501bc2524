"""That a decision was sent in error: what was told must not be acted on, and is not named again."""

from functions.domain.wording.body import Body
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.uk_time import uk_date_and_time
from schemas.codes import NextStep, Role
from schemas.notice import FrozenUpdate, Pins


def withdrawal(update: FrozenUpdate, pins: Pins) -> Body:
    """By when its reader was told it: one who has a newer decision must not take that for void."""
    return Body(
        heading="Do not act on our earlier message",
        paragraphs=(
            f"{_which(update, pins)} It was sent in error. Do not act on it.",
            "If you have a newer decision for this child from us, that one counts.",
        ),
        next_steps=(
            "Delete the earlier message and any copy of it.",
            NEXT_STEPS[NextStep.SHOW_COLLEAGUES],
            f"If you have acted on it, call the duty manager on {update.contact.duty_phone} now.",
            "If we make a new decision, we will tell you.",
            NEXT_STEPS[NextStep.KEEP_WORKING],
        ),
    )


def _which(update: FrozenUpdate, pins: Pins) -> str:
    """Where nobody knows whether it arrived, by when it was withdrawn: what is newer was made after that."""
    mine = "your" if pins.role is Role.REFERRER else "a"
    told_at = pins.told_before.told_at if pins.told_before else None
    if told_at is not None:
        return f"On {uk_date_and_time(told_at)} we told you a decision about {mine} referral."
    before = uk_date_and_time(update.facts.happened_at)
    return f"We made a decision about {mine} referral before {before}, and you may have it."
