"""What one recipient is asked to do or to send: the next-step and information codes meant for this reader."""

from collections.abc import Iterator
from typing import Final

from functions.domain.wording.audience import FILED_WITH_CARE, may_lead
from functions.domain.wording.codes import INFO_NEEDED
from functions.domain.wording.outcomes import KEEP_FROM_FAMILY
from functions.domain.wording.own_referral import made_this_referral
from schemas.codes import InfoNeeded, NextStep, Outcome
from schemas.notice import FrozenNotice, Pins

_WHO_LEADS: Final = frozenset({NextStep.YOU_LEAD, NextStep.OTHER_LEADS})
_AUTOMATIC: Final = frozenset({*FILED_WITH_CARE, NextStep.SHOW_COLLEAGUES, NextStep.SEND_INFO})
"""Steps that this reader gets or not, whatever the decision listed for everybody."""


def asked_to_act(notice: FrozenNotice, pins: Pins, outcomes: tuple[Outcome, ...]) -> tuple[NextStep, ...]:
    """The steps of an outcome told in full, each once; how to file and show the message comes after them."""
    return tuple(
        dict.fromkeys(
            (
                *_lead_unasked(notice, pins, outcomes),
                *((NextStep.SEND_INFO,) if _must_send(notice, pins, outcomes) else ()),
                *_coded(notice, pins),
                *((NextStep.DO_NOT_TELL_FAMILY,) if _secret(pins, outcomes) else ()),
            )
        )
    )


def filing_steps(pins: Pins) -> tuple[NextStep, ...]:
    """How this kind of agency must file any message, so that no family finds it in a record or a portal."""
    return tuple(step for step, types in FILED_WITH_CARE.items() if pins.agency_type in types)


def asked_for(
    notice: FrozenNotice, pins: Pins, outcomes: tuple[Outcome, ...]
) -> tuple[InfoNeeded, ...] | None:
    """The information this reader is asked for, None if not asked.

    Without a request these codes grade the referral, and that is for the MASH to raise by phone.
    """
    if not _must_send(notice, pins, outcomes):
        return None
    return tuple(code for code in notice.info_needed_codes if code in INFO_NEEDED)


def leads(notice: FrozenNotice, pins: Pins) -> bool:
    """Whether the reader's own agency leads the response.

    Where the decision names the lead by role only, several agencies may fit it: then "your agency leads" is
    for the referrer whose type fits, and is never read from a role not stated.
    """
    if notice.leading_agency_id is not None:
        return notice.leading_agency_id == pins.agency_id
    return made_this_referral(pins) and may_lead(notice.lead_role, pins.agency_type)


def _coded(notice: FrozenNotice, pins: Pins) -> Iterator[NextStep]:
    """The decision's own steps; one decision goes to many agencies, so it may list both ways of leading."""
    listed = [step for step in notice.next_step_codes if step not in _AUTOMATIC]
    settled = notice.leading_agency_id is not None or NextStep.YOU_LEAD in listed
    who_leads = NextStep.YOU_LEAD if settled and leads(notice, pins) else NextStep.OTHER_LEADS
    return (who_leads if step in _WHO_LEADS else step for step in listed)


def _lead_unasked(notice: FrozenNotice, pins: Pins, outcomes: tuple[Outcome, ...]) -> tuple[NextStep, ...]:
    """Who leads, where no step says it: to the one that does, and of a SAL to everybody."""
    if not _WHO_LEADS.isdisjoint(notice.next_step_codes):
        return ()
    if not {Outcome.SAL, Outcome.EHF}.isdisjoint(outcomes) and notice.leading_agency_id == pins.agency_id:
        return (NextStep.YOU_LEAD,)
    return (NextStep.OTHER_LEADS,) if Outcome.SAL in outcomes else ()


def _must_send(notice: FrozenNotice, pins: Pins, outcomes: tuple[Outcome, ...]) -> bool:
    """A request without named agencies is for whoever the matrix lets read it, but not for a duplicate's
    sender: it asks about a referral that somebody else made."""
    if Outcome.INF not in outcomes and NextStep.SEND_INFO not in notice.next_step_codes:
        return False
    if notice.information_asked_of:
        return pins.agency_id in notice.information_asked_of
    return pins.duplicate is None


def _secret(pins: Pins, outcomes: tuple[Outcome, ...]) -> bool:
    """Also where only the earlier outcome is one to keep: a revision names it again to its reader."""
    before = pins.told_before.outcome if pins.told_before else None
    return not KEEP_FROM_FAMILY.isdisjoint({*outcomes, before})
