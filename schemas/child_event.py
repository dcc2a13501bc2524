"""What every event about one child of a referral says."""

from schemas.base import ReferralRef
from schemas.decision import ChildIndex, DecisionSeq, Envelope


class ChildEvent(Envelope):
    """Something about one child of a referral."""

    referral_ref: ReferralRef
    child_index: ChildIndex


class VersionEvent(ChildEvent):
    """What somebody did about one version of a child's decision."""

    decision_seq: DecisionSeq
