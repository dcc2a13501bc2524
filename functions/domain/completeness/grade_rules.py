"""Rules on the officer's judgement: grade, first action, recommendation, supervision, regrade."""

from functions.domain.completeness.case import Case
from functions.domain.completeness.child_rules import findings
from schemas.codes import PoliceNextStep
from schemas.risk_codes import NeglectFinding, YesNo

NO_ACTION = "NONE"
NEGLECT = "NEGLECT"
"""The rationale code that says neglect was weighed (RA21)."""

STRATEGY_OR_JOINT = frozenset({PoliceNextStep.STRATEGY_MEETING, PoliceNextStep.JOINT_INVESTIGATION})


def grade_is_off_the_scale(case: Case) -> bool:
    """RA13: missing, or not in the configured scale."""
    return case.form.risk_grade not in case.policy.risk_scale


def grade_has_no_rationale(case: Case) -> bool:
    """RA14: rationale empty or a placeholder."""
    return not case.form.grade_rationale_length or case.form.grade_rationale_is_placeholder is not False


def initial_action_is_incomplete(case: Case) -> bool:
    """RA15: first action, or whom the child is now with, missing; action NONE without rationale."""
    form = case.form
    if form.initial_action_code is None or form.child_now_with_code is None:
        return True
    return form.initial_action_code == NO_ACTION and form.initial_action_rationale_given is not True


def recommendation_is_missing(case: Case) -> bool:
    """RA16: no next step recommended; OTHER without its reason."""
    form = case.form
    if form.recommended_next_step is PoliceNextStep.OTHER:
        return form.recommended_other_reason_code is None
    return form.recommended_next_step is None


def supervision_is_incomplete(case: Case) -> bool:
    """RA20: supervisor, time or outcome missing; the reviewer is the author; reviewed before completion.

    Without an author or a completion time there is nothing to compare with: RA03 and RA04 say so.
    """
    form = case.form
    if form.supervisor_id is None or form.supervisor_reviewed_at is None or form.supervisor_outcome is None:
        return True
    reviewed_too_soon = (
        form.ra_completed_at is not None and form.supervisor_reviewed_at < form.ra_completed_at
    )
    return form.supervisor_id == form.author_id or reviewed_too_soon


def judgement_is_at_odds(case: Case) -> bool:
    """RA21: the answers do not fit together, in any of the four ways returned at the end."""
    form = case.form
    joint_or_overridden = (
        form.recommended_next_step in STRATEGY_OR_JOINT or form.override_reason_code is not None
    )
    s46_used = form.police_protection_used is YesNo.YES
    unseen = case.child is not None and case.child.seen is YesNo.NO
    neglect_seen = any(answer is NeglectFinding.CONCERN_SEEN for _, answer in findings(case))
    return (
        (case.is_high and not joint_or_overridden)
        or (s46_used and not case.is_high)
        or (case.is_high and unseen and form.initial_action_code == NO_ACTION)
        or (neglect_seen and NEGLECT not in form.rationale_codes)
    )


def regrade_has_no_rationale(case: Case) -> bool:
    """RA22: the MASH changed the grade and gave no rationale."""
    form = case.form
    return form.mash_regrade not in (None, form.risk_grade) and form.mash_regrade_rationale_given is not True
