"""When nothing was heard for too long: of a plan, to whoever holds a role in it; of a joint case, to the
police."""

from typing import Final

from functions.domain.wording.body import Body
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.uk_time import uk_date
from schemas.codes import NextStep
from schemas.notice import FrozenUpdate, Pins

_LOOKED_AT: Final = "It should be looked at regularly, so it may no longer fit."
_OTHERS_WAIT: Final = "Other agencies wait to hear if it goes on."


def stale_plan(update: FrozenUpdate, _: Pins) -> Body:
    """That the plan may be out of date; nothing of what is in it."""
    phone, last_on = update.contact.duty_phone, uk_date(update.facts.happened_at)
    return Body(
        heading="The plan may be out of date",
        paragraphs=(f"We last heard about the plan on {last_on}. {_LOOKED_AT}",),
        next_steps=(
            f"If you know of a change, call the duty manager on {phone} and give the reference above.",
            "If your agency has a part in the plan, ask the lead worker when you next meet.",
            NEXT_STEPS[NextStep.TELL_US_CHANGES],
            NEXT_STEPS[NextStep.KEEP_WORKING],
        ),
    )


def joint_case(update: FrozenUpdate, _: Pins) -> Body:
    """That we wait for news of the police's part; nothing of the investigation itself."""
    phone, last_on = update.contact.duty_phone, uk_date(update.facts.happened_at)
    return Body(
        heading="Please tell us how the joint enquiry stands",
        paragraphs=(f"We last heard about the joint section 47 enquiry on {last_on}. {_OTHERS_WAIT}",),
        next_steps=(
            f"Call the duty manager on {phone} and give the reference above.",
            "If the investigation has ended, tell us that too.",
            NEXT_STEPS[NextStep.TELL_US_CHANGES],
        ),
    )
