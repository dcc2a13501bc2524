"""How much of an update an agency may be told: no more than of its decision, but for a notice about its
plan."""

from typing import Final

from functions.domain.entitlement import Entitlement
from schemas.codes import AgencyType, Level, NoticeReason, Series
from schemas.entitlement import PUBLIC

SAYS_NOTHING_OF_THE_CHILD: Final = frozenset({Series.ACKNOWLEDGEMENT, Series.CHALLENGE, Series.WITHDRAWAL})
"""What names no outcome and tells of no child: any mailbox may have its words, a notice about it would only
hide them. Of the police form it says as little as a notice does, wherever another message would be one.
"""
OF_THE_FORM = frozenset({Series.RA_REMINDER, Series.RA_STATUS})
_OF_THE_PLAN = frozenset({Series.PLAN, Series.STALE_PLAN})
"""Of a plan's status only statutory partners read (domain section 6.1); others hear by phone."""
_TO_ALL_IN_THE_PLAN = frozenset({Series.PLAN, Series.STALE_PLAN, Series.POLICE_CASE, Series.CLOSED})
"""Nobody works on under a plan without hearing of these (inspection letter, 3 and 10)."""


def before_the_decision(agency_type: AgencyType, *, mailbox_managed: bool) -> Entitlement:
    """What may be said while nothing is decided: no outcome stands behind it that a level could protect.

    A request tells that there is a referral, and both it and an acknowledgement how the police form stands,
    so they need a mailbox that may have that.
    """
    if agency_type in PUBLIC:
        return Entitlement(Level.NOTHING)
    if agency_type is AgencyType.CHILDMINDER:
        return Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)
    if not mailbox_managed:
        return Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)
    return Entitlement(Level.OUTCOME)


def of_no_outcome(agency_type: AgencyType, of_the_decision: Entitlement) -> Entitlement:
    """What says nothing of the child is for everybody whom a machine may tell anything; the level says how
    much of the police form stands beside it: no more than beside the decision's own news."""
    if agency_type in PUBLIC:
        return Entitlement(Level.NOTHING)
    if of_the_decision.level > Level.NOTICE:
        return Entitlement(Level.OUTCOME)
    return Entitlement(Level.NOTICE, of_the_decision.notice_reason or NoticeReason.PHONE_ONLY)


def beside_the_decision(
    series: Series, of_the_decision: Entitlement, *, has_a_part: bool = False
) -> Entitlement:
    """What may be said of what follows, to whoever may be told so much of the decision.

    A fixed sentence says nothing that an update could go on from, so it is a notice. `has_a_part` in the plan
    is for a notice even where the decision itself is not for that kind of agency.
    """
    level, reason = of_the_decision.level, of_the_decision.notice_reason
    if level is Level.NOTHING and has_a_part and series in _TO_ALL_IN_THE_PLAN:
        return Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)
    if level is Level.NOTICE or (series in _OF_THE_PLAN and Level.NOTICE < level < Level.PLAN):
        return Entitlement(Level.NOTICE, reason or NoticeReason.PHONE_ONLY)
    return of_the_decision


def about_the_form(agency_type: AgencyType, *, mailbox_managed: bool) -> Entitlement | None:
    """What the police are told of their own form, decided or not: no outcome stands in it. None for anybody
    else, who hears of it beside the decision."""
    if agency_type is not AgencyType.POLICE:
        return None
    if not mailbox_managed:
        return Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)
    return Entitlement(Level.OUTCOME)
