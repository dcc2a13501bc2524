"""The number by which a reader tells a newer message from an older one; what each is shown only ever rises.

It is the decision's version, except for whoever was told under one reference what another referral was
decided to be: those count both referrals' versions, and go on from there.
"""

from schemas.notice import Pins, SharedReferral, ToldBefore


def shown(version: int, pins: Pins) -> int:
    """What the message about this version of a decision calls itself."""
    return pins.shown_seq or _counted(version, pins.duplicate)


def to_be_pinned(version: int, duplicate: SharedReferral | None, before: ToldBefore | None) -> int | None:
    """The number to show where the counted one would not rise over what the reader was told before."""
    counted = _counted(version, duplicate)
    if before is None or before.decision_seq < counted:
        return None
    return before.decision_seq + 1


def _counted(version: int, duplicate: SharedReferral | None) -> int:
    return version + (duplicate.decision_seq - 1 if duplicate else 0)
