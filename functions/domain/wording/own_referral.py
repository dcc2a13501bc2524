"""The referral as its reader knows it: a duplicate's reader has another reference than the one decided."""

from dataclasses import dataclass
from datetime import datetime

from schemas.base import ReferralRef
from schemas.codes import Role
from schemas.notice import Frozen, Pins


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnReferral:
    """What a message may call the referral: everything a reader sees comes from here, never from the notice.

    The notice's own reference belongs to somebody else's referral where the reader's was a duplicate of it.
    """

    ref: ReferralRef
    child_index: int
    received_at: datetime


def own_referral(notice: Frozen, pins: Pins) -> OwnReferral:
    """The reader's referral; for a duplicate, the reader's own and not the one that was decided."""
    known = pins.duplicate or notice
    return OwnReferral(ref=known.referral_ref, child_index=known.child_index, received_at=known.received_at)


def made_this_referral(pins: Pins) -> bool:
    """Whether the decided referral is the reader's own work: untrue of whoever sent a duplicate of it."""
    return pins.role is Role.REFERRER and pins.duplicate is None
