"""Rules on the form as a whole: occurrence, link, author, times, adults, co-factors, checks, crime."""

import re
from datetime import datetime

from functions.domain.completeness.case import Case
from schemas.risk_assessment import NO_OCCURRENCE, NOT_A_REFERENCE, SystemCheck
from schemas.risk_codes import FormBasis, YesNo, YesNoUnknown


def occurrence_ref_is_wrong(case: Case) -> bool:
    """RA01: missing, or not the configured pattern; DESK may answer NO_OCCURRENCE."""
    answer = case.form.police_occurrence_ref
    if answer == NO_OCCURRENCE:
        return case.form.form_basis is not FormBasis.DESK
    return answer is None or re.fullmatch(case.policy.occurrence_ref_pattern, answer) is None


def referral_ref_contradicts_the_link(case: Case) -> bool:
    """RA02: the officer names another referral than the linked one; no answer contradicts nothing."""
    return case.form.mash_referral_ref not in (None, case.referred.referral_ref)


def author_is_incomplete(case: Case) -> bool:
    """RA03: id, role or force missing."""
    return None in (case.form.author_id, case.form.author_role, case.form.author_force)


def form_predates_the_incident(case: Case) -> bool:
    """RA04, in part: completed before the incident; also makes the check stale."""
    incident, completed = case.form.incident_at, case.form.ra_completed_at
    return isinstance(incident, datetime) and completed is not None and completed < incident


def times_are_wrong(case: Case) -> bool:
    """RA04: either time missing; completed before the incident; either later than this evaluation."""
    incident, completed = case.form.incident_at, case.form.ra_completed_at
    if incident is None or completed is None or completed > case.now:
        return True
    in_future = isinstance(incident, datetime) and incident > case.now
    return in_future or form_predates_the_incident(case)


def adults_are_incomplete(case: Case) -> bool:
    """RA09: none listed and no reason; a role or relationship missing."""
    if not case.form.adults:
        return case.form.adults_unknown_reason is None
    return any(None in (adult.role_code, adult.relationship_code) for adult in case.form.adults)


def cofactor_is_unanswered(case: Case) -> bool:
    """RA11: any of the six not YES, NO or UNKNOWN."""
    return any(answer is None for _, answer in case.form.cofactors)


def _is_unaccounted(check: SystemCheck) -> bool:
    return check.done is not True and (check.done is None or check.not_done_reason is None)


def system_check_is_unaccounted(case: Case) -> bool:
    """RA12: any system neither searched nor not-searched with a reason."""
    return any(_is_unaccounted(check) for _, check in case.form.checks)


def crime_is_incomplete(case: Case) -> bool:
    """RA17: unanswered; YES without a status (PENDING is one); or neither officer in the case nor unit."""
    form = case.form
    if form.crime_recorded is None or (form.officer_in_case_id is None and form.unit is None):
        return True
    return form.crime_recorded is YesNo.YES and form.investigation_status is None


def domestic_abuse_tool_is_missing(case: Case) -> bool:
    """RA18: domestic abuse YES, and neither a tool with its reference nor a reason."""
    form = case.form
    if form.cofactors.domestic_abuse is not YesNoUnknown.YES or form.da_not_done_reason is not None:
        return False
    return form.da_tool is None or form.da_ref in (None, NOT_A_REFERENCE)


def family_contact_is_unanswered(case: Case) -> bool:
    """RA19: whether the family knows, or whether it is safe to contact them, unanswered."""
    return None in (case.form.family_aware, case.form.safe_to_contact)
