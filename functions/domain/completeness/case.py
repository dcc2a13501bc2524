"""What a rule looks at: one referred child, one form, the hub's policy and the moment of judging."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from schemas.base import ReferralRef
from schemas.codes import CinSource
from schemas.decision import Decision
from schemas.risk_assessment import ChildAnswers, RaFormMetadata, RaPolicy


@dataclass(frozen=True)
class ReferredChild:
    """The MASH's own facts of the child; they win over what the form says of it.

    `decided_at` is None while nothing is decided. `due_at` is when the form is due, by whoever asks for the
    check: computing it can fail where the bank holidays end, and no check may fail with it.
    """

    referral_ref: ReferralRef
    child_index: int
    unborn: bool
    source_code: CinSource
    decided_at: datetime | None
    due_at: datetime | None = None

    @classmethod
    def of(cls, decision: Decision, *, due_at: datetime | None = None) -> Self:
        return cls(
            referral_ref=decision.referral_ref,
            child_index=decision.child_index,
            unborn=decision.unborn,
            source_code=decision.source_code,
            decided_at=decision.decided_at,
            due_at=due_at,
        )


@dataclass(frozen=True)
class Case:
    """One form, to be judged for one child at `now`."""

    form: RaFormMetadata
    referred: ReferredChild
    policy: RaPolicy
    now: datetime
    child: ChildAnswers | None
    """The form's answers for this child; None where the form does not list it."""

    @property
    def is_high(self) -> bool:
        return self.form.risk_grade in self.policy.high_grades
