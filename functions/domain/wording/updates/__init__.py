"""What is told beside the decisions, series by series: one module for each stage of a referral's life."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from functions.domain.updates import SAYS_NOTHING_OF_THE_CHILD
from functions.domain.wording.asked import filing_steps
from functions.domain.wording.body import Body
from functions.domain.wording.codes import NEXT_STEPS
from functions.domain.wording.unwritten import how_to_hear_it, there_is_news
from functions.domain.wording.updates.around_the_plan import case_closed, investigation_ended, plan_changed
from functions.domain.wording.updates.before_decision import acknowledgement, contribution
from functions.domain.wording.updates.challenge import challenge
from functions.domain.wording.updates.enquiry import enquiry_answer
from functions.domain.wording.updates.milestones import (
    assessment_complete,
    conference_held,
    enquiry_ended,
    transfer_accepted,
)
from functions.domain.wording.updates.police_form import form_awaited, form_settled
from functions.domain.wording.updates.reminders import joint_case, stale_plan
from functions.domain.wording.updates.withdrawal import withdrawal
from schemas.codes import Level, MessageType, Role, Series
from schemas.notice import Frozen, FrozenUpdate, Pins
from schemas.update import UpdateType

MESSAGE_TYPES: Final[Mapping[Series, UpdateType]] = {
    Series.ACKNOWLEDGEMENT: MessageType.ACKNOWLEDGEMENT,
    Series.CONTRIBUTION: MessageType.CONTRIBUTION_REQUEST,
    Series.ASSESSMENT: MessageType.MILESTONE_UPDATE,
    Series.ENQUIRY: MessageType.MILESTONE_UPDATE,
    Series.CONFERENCE: MessageType.MILESTONE_UPDATE,
    Series.TRANSFER: MessageType.MILESTONE_UPDATE,
    Series.PLAN: MessageType.PLAN_STATUS_UPDATE,
    Series.POLICE_CASE: MessageType.POLICE_INVESTIGATION_UPDATE,
    Series.CLOSED: MessageType.CASE_CLOSED_UPDATE,
    Series.STALE_PLAN: MessageType.STALE_PLAN_REMINDER,
    Series.JOINT_CASE: MessageType.JOINT_CASE_REMINDER,
    Series.CHALLENGE: MessageType.CHALLENGE_UPDATE,
    Series.WITHDRAWAL: MessageType.WITHDRAWN_NOTICE,
    Series.PROBATION_ENQUIRY: MessageType.ENQUIRY_ANSWER,
    Series.RA_REMINDER: MessageType.RA_REMINDER,
    Series.RA_STATUS: MessageType.RA_STATUS_UPDATE,
}
"""What sort of message each series is."""

_BODIES: Final[Mapping[Series, Callable[[FrozenUpdate, Pins], Body]]] = {
    Series.ACKNOWLEDGEMENT: acknowledgement,
    Series.CONTRIBUTION: contribution,
    Series.ASSESSMENT: assessment_complete,
    Series.ENQUIRY: enquiry_ended,
    Series.CONFERENCE: conference_held,
    Series.TRANSFER: transfer_accepted,
    Series.PLAN: plan_changed,
    Series.POLICE_CASE: investigation_ended,
    Series.CLOSED: case_closed,
    Series.STALE_PLAN: stale_plan,
    Series.JOINT_CASE: joint_case,
    Series.CHALLENGE: challenge,
    Series.WITHDRAWAL: withdrawal,
    Series.PROBATION_ENQUIRY: enquiry_answer,
    Series.RA_REMINDER: form_awaited,
    Series.RA_STATUS: form_settled,
}
_ASKS_FOR_ACTION: Final = frozenset(
    {Series.CONTRIBUTION, Series.RA_REMINDER, Series.STALE_PLAN, Series.JOINT_CASE}
)
_OF_NO_DECISION: Final = frozenset(
    {
        Series.ACKNOWLEDGEMENT,
        Series.CONTRIBUTION,
        Series.RA_REMINDER,
        Series.RA_STATUS,
        Series.STALE_PLAN,
        Series.JOINT_CASE,
        Series.WITHDRAWAL,
        Series.PROBATION_ENQUIRY,
    }
)


def update_body(update: FrozenUpdate, pins: Pins) -> Body:
    """The sections for one recipient; a notice says only that there is something to be told by phone."""
    body = _BODIES[update.series](update, pins) if is_told(update, pins) else _notice_only(update, pins)
    filed = tuple(NEXT_STEPS[step] for step in filing_steps(pins))
    return replace(body, next_steps=(*body.next_steps, *filed), form_in_brief=pins.level is Level.NOTICE)


def is_told(update: FrozenUpdate, pins: Pins) -> bool:
    """Whether the news itself may be written to this recipient: above a notice's level, or where it says
    nothing that a notice would keep back."""
    return pins.level > Level.NOTICE or update.series in SAYS_NOTHING_OF_THE_CHILD


def update_suffix(update: FrozenUpdate, pins: Pins) -> str:
    """How the subject ends (domain section 6.2): never what the update is about."""
    if update.series in _ASKS_FOR_ACTION:
        return "action needed"
    if update.series is Series.PROBATION_ENQUIRY:
        return "answer to your enquiry"
    return f"update on {'your' if pins.role is Role.REFERRER else 'a'} referral"


def how_to_hear_of(update: FrozenUpdate, reference: str) -> tuple[str, ...]:
    """What a notice asks for, by when where it asks for more than to listen; a form's own time may have
    passed."""
    is_set = update.series in _ASKS_FOR_ACTION and update.series is not Series.RA_REMINDER
    by = update.facts.due_at if is_set else None
    return how_to_hear_it(update, reference, by=by)


def may_be_disagreed_with(notice: Frozen) -> bool:
    """Whether the message is about a decision, so that it names the way to challenge it."""
    return not isinstance(notice, FrozenUpdate) or notice.series not in _OF_NO_DECISION


def _notice_only(update: FrozenUpdate, pins: Pins) -> Body:
    mine = "your" if pins.role is Role.REFERRER else "a"
    what = "enquiry" if update.series is Series.PROBATION_ENQUIRY else "referral"
    return Body(
        heading=f"There is news about {mine} {what}",
        paragraphs=there_is_news(update, pins, "this email"),
        next_steps=how_to_hear_of(update, "the reference above"),
    )
