"""What one recipient may read of a decision, as codes: e-mail and webhook both come from it."""

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Final

from functions.domain.wording.asked import asked_for, asked_to_act, filing_steps
from functions.domain.wording.audience import BIRTH_TYPES, WATCHES
from functions.domain.wording.outcomes import EXPECTS_REASON, EXPECTS_SUPPORT, FIXED
from functions.domain.wording.own_referral import made_this_referral
from schemas.base import ReferralRef, RegistryCode
from schemas.codes import (
    InfoNeeded,
    Level,
    MessageType,
    NextStep,
    Outcome,
    ReasonCode,
    ResponseChange,
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
_OF_A_CHANGE: Final = frozenset(
    {
        ReasonCode.NEW_INFORMATION,
        ReasonCode.MANAGER_REVIEW,
        ReasonCode.CHALLENGE_UPHELD,
        ReasonCode.RECORDED_IN_ERROR,
    }
)
"""Reasons for changing a decision: to whoever was never told the earlier one they speak of nothing."""
_SENSITIVE_SUPPORT: Final = frozenset(
    {SupportCode.DOMESTIC_ABUSE_SERVICE, SupportCode.SUBSTANCE_SERVICE, SupportCode.PARENT_MH}
)


class Shape(Enum):
    """Which message it is: the notice, the fixed sentence of EMP and LAD, or the outcome in full."""

    NOTICE = auto()
    FIXED = auto()
    FULL = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The codes one recipient may read; all empty in a notice, except how to file and show it.

    `needed` is None where this reader is not asked for information, and empty where the list was left out.
    """

    shape: Shape
    outcomes: tuple[Outcome, ...] = ()
    reasons: tuple[ReasonCode, ...] = ()
    support: tuple[SupportCode, ...] = ()
    ask_about_support: bool = False
    steps: tuple[NextStep, ...] = ()
    needed: tuple[InfoNeeded, ...] | None = None
    watch_for: tuple[WatchFor, ...] = ()
    response_change: ResponseChange | None = None
    receiving_la: RegistryCode | None = None
    transfer_accepted: bool | None = None
    family_contacted: bool | None = None
    expected_date_of_delivery: date | None = None
    original_ref: ReferralRef | None = None
    plan: bool = False


def told(notice: FrozenNotice, pins: Pins) -> Told:
    """What `pins` lets this recipient read of `notice`."""
    outcomes = (notice.outcome, *notice.additional)
    shape = _shape(outcomes, pins)
    if shape is Shape.NOTICE:
        return Told(shape=shape, steps=(*_show_colleagues(pins), *filing_steps(pins)))
    if shape is Shape.FIXED:
        fixed = tuple(outcome for outcome in outcomes if outcome in FIXED)
        steps = (NextStep.DO_NOT_TELL_FAMILY, *_show_colleagues(pins), *filing_steps(pins))
        return Told(shape=shape, outcomes=fixed, steps=steps)
    return _in_full(notice, pins, outcomes)


def _in_full(notice: FrozenNotice, pins: Pins, outcomes: tuple[Outcome, ...]) -> Told:
    """A field that belongs to one outcome is told beside that outcome only."""
    support = _support(notice, pins)
    opened, moved, advised = (code in outcomes for code in (Outcome.OPN, Outcome.TRF, Outcome.ADV))
    knows_original = pins.duplicate is not None and pins.duplicate.knows_original
    return Told(
        shape=Shape.FULL,
        outcomes=outcomes,
        reasons=_reasons(notice, pins, outcomes),
        support=support,
        ask_about_support=support != notice.support_codes
        or (not support and not EXPECTS_SUPPORT.isdisjoint(outcomes)),
        steps=(*asked_to_act(notice, pins, outcomes), *_show_colleagues(pins), *filing_steps(pins)),
        needed=asked_for(notice, pins, outcomes),
        watch_for=tuple(code for code in notice.watch_for_codes if pins.agency_type in WATCHES[code]),
        response_change=notice.response_change if opened else None,
        receiving_la=notice.receiving_la if moved and notice.labels.receiving_la else None,
        transfer_accepted=notice.transfer_accepted if moved else None,
        family_contacted=notice.family_contacted if advised else None,
        expected_date_of_delivery=(
            notice.expected_date_of_delivery if pins.agency_type in BIRTH_TYPES else None
        ),
        original_ref=notice.referral_ref if knows_original else None,
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


def outcome_told(notice: FrozenNotice, pins: Pins) -> Outcome | None:
    """The outcome that a message named to its reader, None for a notice: what a revision says was told."""
    codes = told(notice, pins)
    return main_outcome(codes.outcomes) if codes.outcomes else None


def is_revised(pins: Pins) -> bool:
    """Whether this reader had, or may have had, a message about an earlier version."""
    return pins.message_type is MessageType.OUTCOME_REVISED


def _show_colleagues(pins: Pins) -> tuple[NextStep, ...]:
    return (NextStep.SHOW_COLLEAGUES,) if is_revised(pins) else ()


def _reasons(notice: FrozenNotice, pins: Pins, outcomes: tuple[Outcome, ...]) -> tuple[ReasonCode, ...]:
    withheld = frozenset() if made_this_referral(pins) else _SAID_TO_THE_REFERRER
    if not is_revised(pins):
        withheld |= _OF_A_CHANGE
    reasons = tuple(code for code in notice.reason_codes if code not in withheld)
    if not reasons and main_outcome(outcomes) in EXPECTS_REASON:
        return (ReasonCode.OTHER_SEE_TEAM,)
    return reasons


def _support(notice: FrozenNotice, pins: Pins) -> tuple[SupportCode, ...]:
    """Suggestions that say something about a parent are for statutory referrers only (domain section 2)."""
    if pins.role is Role.REFERRER and pins.agency_type in STATUTORY_PARTNERS:
        return notice.support_codes
    return tuple(code for code in notice.support_codes if code not in _SENSITIVE_SUPPORT)
