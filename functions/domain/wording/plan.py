"""A plan in words, for those who read plans: its status, and how to reach who leads, never its content."""

from typing import Final

from functions.domain.wording.codes import LEAD_ROLES, PLAN_STATUSES
from functions.domain.wording.situation import as_phrase
from schemas.codes import LeadRole, PlanStatus
from schemas.notice import HubContact

_NO_PLAN_TO_TELL: Final[dict[PlanStatus, str]] = {
    PlanStatus.NONE: "There is no plan now.",
    PlanStatus.NOT_DISCLOSED: "We do not say in this message if there is a plan.",
}
_NOT_A_PLAN: Final = frozenset({PlanStatus.CP_ENQUIRY, PlanStatus.LOOKED_AFTER, PlanStatus.PRE_PROCEEDINGS})


def plan_now(status: PlanStatus) -> str:
    """Where there is no plan, or none to be told, a sentence says so rather than a word after a colon."""
    if status in _NO_PLAN_TO_TELL:
        return _NO_PLAN_TO_TELL[status]
    what = "status" if status in _NOT_A_PLAN else "plan"
    return f"The {what} now: {PLAN_STATUSES[status]}."


def who_leads(role: LeadRole | None, team: str | None) -> str:
    """By role and team, never by name; `team` is the hub's own words for it."""
    named = (role and f"the {LEAD_ROLES[role]}", team and as_phrase(team))
    return ", ".join(filter(None, named)) or "the duty manager"


def lead_contact(who: str, contact: HubContact) -> str:
    return f"The lead contact is {who}. To reach them, call us on {contact.duty_phone}."
