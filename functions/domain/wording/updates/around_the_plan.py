"""What changes around a child's plan: its status and lead, a police investigation, the end of the case."""

from typing import Final

from functions.domain.wording.body import Body
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.plan import lead_contact, plan_now, who_leads
from functions.domain.wording.updates.after_decision import NO_FINDING, Happened, opening
from schemas.codes import Level, NextStep, PlanStatus
from schemas.notice import FrozenUpdate, Pins

_PLAN: Final = Happened("The plan status or lead contact", "linked to your referral", "changed")
_INVESTIGATION: Final = Happened("A police investigation", "linked to your referral", "ended")
_CASE: Final = Happened("We closed the case", "that followed your referral")


def plan_changed(update: FrozenUpdate, pins: Pins) -> Body:
    """To those who read plans; everybody else with a part in it has a notice."""
    facts = update.facts
    status = facts.plan_status or PlanStatus.NOT_DISCLOSED
    lead = lead_contact(who_leads(facts.lead_role, update.labels.team), update.contact)
    ended = status is PlanStatus.NONE
    return Body(
        heading="The plan status or lead contact has changed",
        paragraphs=(
            opening(update, pins, _PLAN),
            f"{plan_now(status)} {lead}",
            *((NO_FINDING,) if ended else ()),
        ),
        next_steps=(
            "Use this from now on. Any earlier message from us about the plan is out of date.",
            NEXT_STEPS[NextStep.KEEP_WORKING],
            NEXT_STEPS[NextStep.TELL_US_CHANGES],
            *((NEXT_STEPS[NextStep.REFER_AGAIN],) if ended else ()),
        ),
    )


def investigation_ended(update: FrozenUpdate, pins: Pins) -> Body:
    """That it has ended, and never how: what the police found or did is theirs to tell."""
    return Body(
        heading="A police investigation has ended",
        paragraphs=(
            opening(update, pins, _INVESTIGATION),
            "We do not say in this message how it ended. It does not mean that the risk is low.",
            "The plan stays as it is until we tell you of a change.",
        ),
        next_steps=(
            "Leave it to the police to tell the family.",
            NEXT_STEPS[NextStep.KEEP_WORKING],
            NEXT_STEPS[NextStep.TELL_US_CHANGES],
        ),
    )


def case_closed(update: FrozenUpdate, pins: Pins) -> Body:
    """That nobody at children's social care works on it any more, and that this reassures nobody."""
    no_plan = (plan_now(PlanStatus.NONE),) if pins.level is Level.PLAN else ()
    return Body(
        heading="We have closed the case",
        paragraphs=(
            opening(update, pins, _CASE),
            *no_plan,
            NO_FINDING,
        ),
        next_steps=(
            NEXT_STEPS[NextStep.KEEP_WORKING],
            NEXT_STEPS[NextStep.REFER_AGAIN],
            NEXT_STEPS[NextStep.KEEP_RECORDS],
        ),
    )
