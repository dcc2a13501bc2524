"""Is the police risk-assessment form complete for this child? Pure rules over metadata; it gates nothing."""

from functions.domain.completeness.case import ReferredChild
from functions.domain.completeness.feed import NEVER_HEARD, FeedState, feed_cannot_answer, feed_is_silent
from functions.domain.completeness.forms import (
    form_rank,
    form_to_judge,
    is_shell,
    next_step_recommended,
)
from functions.domain.completeness.rules import DEPENDENTS, RULE_SET_VERSION, RULES
from functions.domain.completeness.verdict import check, of_no_referral

__all__ = [
    "DEPENDENTS",
    "NEVER_HEARD",
    "RULES",
    "RULE_SET_VERSION",
    "FeedState",
    "ReferredChild",
    "check",
    "feed_cannot_answer",
    "feed_is_silent",
    "form_rank",
    "form_to_judge",
    "is_shell",
    "next_step_recommended",
    "of_no_referral",
]
