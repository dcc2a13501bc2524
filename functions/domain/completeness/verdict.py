"""The police check: a child's forms in, one of five statuses out, always."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from functions.domain.completeness.case import Case, ReferredChild
from functions.domain.completeness.feed import FeedState, feed_cannot_answer
from functions.domain.completeness.form_rules import (
    form_predates_the_incident,
    referral_ref_contradicts_the_link,
)
from functions.domain.completeness.forms import answers_for, form_to_judge, is_shell
from functions.domain.completeness.rules import RULE_SET_VERSION, RULES
from schemas.codes import RaStatus
from schemas.risk_assessment import PoliceCheck, RaFormMetadata, RaPolicy

FOR_REFERRALS_ALONE: Final = "REFERRALS-0"
"""The policy of domain section 4 itself, under which what is no referral needs no form; no hub's own."""


def check(
    referred: ReferredChild,
    forms: Iterable[RaFormMetadata],
    feed: FeedState,
    policy: RaPolicy,
    now: datetime,
) -> PoliceCheck:
    """The status of one referred child's form at `now`, by domain section 4.

    `forms` are all that are linked to the referral, whichever child they list; `now` becomes `evaluated_at`.
    The due time is the caller's and decides nothing: it is told beside the status, except where no form is
    due at all.
    """
    policy_id = _excluded_by(referred, policy)
    if policy_id is not None:
        return _without_rules(RaStatus.NOT_REQUIRED, now, policy_id=policy_id)
    form = form_to_judge(referred, forms)
    if form is None:
        unknown = feed_cannot_answer(feed, policy, now)
        return _without_rules(RaStatus.UNKNOWN if unknown else RaStatus.ABSENT, now, due_at=referred.due_at)
    if is_shell(form):
        return _without_rules(RaStatus.ABSENT, now, due_at=referred.due_at, form_version=form.form_version)
    child = answers_for(form, referred.child_index)
    return _judged(Case(form=form, referred=referred, policy=policy, now=now, child=child))


def of_no_referral(now: datetime) -> PoliceCheck:
    """An enquiry is no referral, and a form is due for referrals alone: that is the policy which it names."""
    return _without_rules(RaStatus.NOT_REQUIRED, now, policy_id=FOR_REFERRALS_ALONE)


def _excluded_by(referred: ReferredChild, policy: RaPolicy) -> str | None:
    """The id of the first policy under which this referral needs no form."""
    applies = (one.policy_id for one in policy.not_required if referred.source_code in one.source_codes)
    return next(applies, None)


def _without_rules(
    status: RaStatus,
    now: datetime,
    *,
    due_at: datetime | None = None,
    policy_id: str | None = None,
    form_version: int | None = None,
) -> PoliceCheck:
    """Nothing was judged, so nothing can be late: a form that is not there yet is overdue at most."""
    return PoliceCheck(
        status=status,
        failed_rules=(),
        advisory_rules=(),
        rule_set_version=RULE_SET_VERSION,
        evaluated_at=now,
        stale=False,
        after_decision=False,
        form_version=form_version,
        policy_id=policy_id,
        due_at=due_at,
    )


def _judged(case: Case) -> PoliceCheck:
    broken = [rule for rule in RULES if rule.fails(case)]
    failed = tuple(rule.name for rule in broken if rule.decides_status(case))
    return PoliceCheck(
        status=RaStatus.INCORRECT if failed else RaStatus.COMPLETE,
        failed_rules=failed,
        advisory_rules=tuple(rule.name for rule in broken if not rule.decides_status(case)),
        rule_set_version=RULE_SET_VERSION,
        evaluated_at=case.now,
        stale=referral_ref_contradicts_the_link(case) or form_predates_the_incident(case),
        after_decision=_completed_after(case.referred.decided_at, case),
        form_version=case.form.form_version,
        due_at=case.referred.due_at,
        late=_completed_after(case.referred.due_at, case),
    )


def _completed_after(limit: datetime | None, case: Case) -> bool:
    completed = case.form.ra_completed_at
    return completed is not None and limit is not None and completed > limit
