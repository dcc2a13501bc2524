"""The list of referrals, each with what became of it and of its police form."""

from dataclasses import dataclass

from functions.console.shown.listing import Around
from functions.console.shown.parts import Link, Tag


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferralLine:
    """One child of one referral; `about` says which child where there are several."""

    reference: Link
    about: str
    outcome: str
    decided: str
    told: Tag
    told_detail: str
    police_form: Tag
    police_detail: str
    referred_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Referrals:
    around: Around
    lines: tuple[ReferralLine, ...]
