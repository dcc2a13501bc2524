"""What one recipient may read of a decision, as codes: e-mail and webhook both come from it."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from functions.domain.wording.codes import EDUCATION_TYPES, HEALTH_TYPES, TYPES_THAT_LEAD
from functions.domain.wording.outcomes import EXPECTS_REASON, EXPECTS_SUPPORT, FIXED, KEEP_FROM_FAMILY
from schemas.codes import (
    AgencyType,
    LeadRole,
    Level,
    NextStep,
    Outcome,
    ReasonCode,
    Role,
    SupportCode,
    WatchFor,
)
from schemas.entitlement import STATUTORY_PARTNERS
from schemas.notice import FrozenNotice, Pins

_SAID_TO_THE_REFERRER: Final = frozenset(
    {
        ReasonCode.INFO_ONLY_NOTIFICATION,
        ReasonCode.NEED_MET_BY_EXISTING_SERVICE,
        ReasonCode.INSUFFICIENT_INFO_AFTER_CHASE,
    }
)
"""Reasons about what the referrer sent, said or was asked: untrue for anybody else."""
_SENSITIVE_SUPPORT: Final = frozenset(
    {SupportCode.DOMESTIC_ABUSE_SERVICE, SupportCode.SUBSTANCE_SERVICE, SupportCode.PARENT_MH}
)
_WATCHERS: Final = frozenset({AgencyType.ADULT_MENTAL_HEALTH, AgencyType.SUBSTANCE_MISUSE})
_ONLY_FOR: Final[dict[NextStep, frozenset[AgencyType]]] = {
    NextStep.HIDE_ONLINE: HEALTH_TYPES,
    NextStep.NOT_ON_PORTAL: EDUCATION_TYPES,
}
"""Where a message must be filed with care; these go on every message to these types, a notice included."""


class Shape(Enum):
    """Which message it is: the notice, the fixed sentence of EMP and LAD, or the outcome in full."""

    NOTICE = auto()
    FIXED = auto()
    FULL = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The codes one recipient may read; all empty in a notice, except how to file it."""

    shape: Shape
    outcomes: tuple[Outcome, ...] = ()
    reasons: tuple[ReasonCode, ...] = ()
    support: tuple[SupportCode, ...] = ()
    ask_about_support: bool = False
    steps: tuple[NextStep, ...] = ()
    watch_for: tuple[WatchFor, ...] = ()
    plan: bool = False


def told(notice: FrozenNotice, pins: Pins) -> Told:
    """What `pins` lets this recipient read of `notice`."""
    outcomes = (notice.outcome, *notice.additional)
    shape = _shape(outcomes, pins)
    if shape is Shape.NOTICE:
        return Told(shape=shape, steps=_filing_steps(pins))
    if shape is Shape.FIXED:
        fixed = tuple(outcome for outcome in outcomes if outcome in FIXED)
        return Told(shape=shape, outcomes=fixed, steps=(NextStep.DO_NOT_TELL_FAMILY, *_filing_steps(pins)))
    support = _support(notice, pins)
    return Told(
        shape=shape,
        outcomes=outcomes,
        reasons=_reasons(notice, pins, outcomes),
        support=support,
        ask_about_support=support != notice.support_codes
        or (not support and not EXPECTS_SUPPORT.isdisjoint(outcomes)),
        steps=_steps(notice, pins, outcomes),
        watch_for=_watch_for(notice, pins),
        plan=pins.level is Level.PLAN,
    )


def _shape(outcomes: tuple[Outcome, ...], pins: Pins) -> Shape:
    """EMP speaks for the whole decision; LAD only for itself, so beside another outcome it is one more line.

    The fixed sentence is the level 1 that the matrix gives EMP and LAD; a stated reason makes it a notice.
    """
    only_fixed = Outcome.EMP in outcomes or all(outcome in FIXED for outcome in outcomes)
    if pins.level <= Level.NOTICE and (pins.notice_reason is not None or not only_fixed):
        return Shape.NOTICE
    return Shape.FIXED if only_fixed else Shape.FULL


def main_outcome(outcomes: tuple[Outcome, ...]) -> Outcome:
    """The one that the message is about: the first, but EMP and LAD only add their sentence to another."""
    return min(outcomes, key=lambda outcome: outcome in FIXED)


def _reasons(notice: FrozenNotice, pins: Pins, outcomes: tuple[Outcome, ...]) -> tuple[ReasonCode, ...]:
    withheld = frozenset() if pins.role is Role.REFERRER else _SAID_TO_THE_REFERRER
    reasons = tuple(code for code in notice.reason_codes if code not in withheld)
    if not reasons and main_outcome(outcomes) in EXPECTS_REASON:
        return (ReasonCode.OTHER_SEE_TEAM,)
    return reasons


def _support(notice: FrozenNotice, pins: Pins) -> tuple[SupportCode, ...]:
    """Suggestions that say something about a parent are for statutory referrers only (domain section 2)."""
    if pins.role is Role.REFERRER and pins.agency_type in STATUTORY_PARTNERS:
        return notice.support_codes
    return tuple(code for code in notice.support_codes if code not in _SENSITIVE_SUPPORT)


def _steps(notice: FrozenNotice, pins: Pins, outcomes: tuple[Outcome, ...]) -> tuple[NextStep, ...]:
    coded = (_who_leads(step, notice, pins) for step in notice.next_step_codes if step not in _ONLY_FOR)
    secret = () if KEEP_FROM_FAMILY.isdisjoint(outcomes) else (NextStep.DO_NOT_TELL_FAMILY,)
    return tuple(dict.fromkeys((*coded, *secret, *_filing_steps(pins))))


def _filing_steps(pins: Pins) -> tuple[NextStep, ...]:
    return tuple(step for step, types in _ONLY_FOR.items() if pins.agency_type in types)


def _who_leads(step: NextStep, notice: FrozenNotice, pins: Pins) -> NextStep:
    """One decision goes to many agencies and names the lead by role only: several of them may fit it.

    So "your agency leads" is for the referrer whose type fits, and is never read from a role not stated.
    """
    leads = pins.role is Role.REFERRER and may_lead(notice.lead_role, pins.agency_type)
    return NextStep.OTHER_LEADS if step is NextStep.YOU_LEAD and not leads else step


def may_lead(lead_role: LeadRole | None, agency_type: AgencyType) -> bool:
    """Whether agencies of this type lead under `lead_role`; if this one does, the decision does not say."""
    return lead_role is not None and agency_type in TYPES_THAT_LEAD.get(lead_role, frozenset())


def _watch_for(notice: FrozenNotice, pins: Pins) -> tuple[WatchFor, ...]:
    return notice.watch_for_codes if pins.agency_type in _WATCHERS else ()
