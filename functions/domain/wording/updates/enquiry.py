"""The answer to an enquiry that was no referral: to call us, or that there is nothing to share."""

from typing import Final

from functions.domain.wording.body import Body
from functions.domain.wording.uk_time import uk_date
from schemas.codes import EnquiryAnswer
from schemas.notice import FrozenUpdate, Pins

_NO_REFERRAL: Final = "This answers an enquiry. It is not a referral, so there is no police form for it."
_IF_WORRIED: Final = "If you are worried about a child, make a referral to us."


def enquiry_answer(update: FrozenUpdate, _pins: Pins) -> Body:
    """What is known is told by telephone; that nothing is to be shared reassures nobody (hazard H6)."""
    asked = f"You asked us on {uk_date(update.received_at)} what we know."
    if update.facts.enquiry_answer is EnquiryAnswer.NOTHING_TO_SHARE:
        return Body(
            heading="We have nothing to share with you",
            paragraphs=(
                f"{asked} We have looked and have nothing to share.",
                "This is not a finding that there is no concern.",
                _NO_REFERRAL,
            ),
            next_steps=(_IF_WORRIED, "Ask us again if something changes."),
        )
    return Body(
        heading="Please call us about your enquiry",
        paragraphs=(
            f"{asked} We have something to tell you, and we share it by phone only.",
            _NO_REFERRAL,
        ),
        next_steps=(
            f"Call the duty manager on {update.contact.duty_phone} and give the reference above.",
            _IF_WORRIED,
        ),
    )
