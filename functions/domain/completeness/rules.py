"""The table of domain section 4: each rule, whether it decides the status, and when it fails."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.domain.completeness import child_rules, form_rules, grade_rules
from functions.domain.completeness.case import Case
from schemas.risk_assessment import RaRule

RULE_SET_VERSION = "2026-11"
"""Changes whenever a verdict could: it is frozen into every message and trail row."""

Verdict = Callable[[Case], bool]


def mandatory(_case: Case) -> bool:
    """M: decides the status."""
    return True


def advisory(_case: Case) -> bool:
    """A: a quality flag for police and MASH."""
    return False


def mandatory_if_high(case: Case) -> bool:
    """M if the risk is graded HIGH, else A."""
    return case.is_high


@dataclass(frozen=True)
class Rule:
    """A row of the table; `fails` and `decides_status` are total functions of the case."""

    name: RaRule
    decides_status: Verdict
    fails: Verdict


RULES = (
    Rule(RaRule.RA01, mandatory, form_rules.occurrence_ref_is_wrong),
    Rule(RaRule.RA02, mandatory, form_rules.referral_ref_contradicts_the_link),
    Rule(RaRule.RA03, mandatory, form_rules.author_is_incomplete),
    Rule(RaRule.RA04, mandatory, form_rules.times_are_wrong),
    Rule(RaRule.RA05, mandatory, child_rules.child_or_count_is_missing),
    Rule(RaRule.RA06, mandatory, child_rules.seen_is_unanswered),
    Rule(RaRule.RA07, mandatory, child_rules.spoken_to_is_unanswered),
    Rule(RaRule.RA08, mandatory, child_rules.child_is_unheard),
    Rule(RaRule.RA09, mandatory, form_rules.adults_are_incomplete),
    Rule(RaRule.RA10, mandatory, child_rules.neglect_screen_is_incomplete),
    Rule(RaRule.RA11, mandatory, form_rules.cofactor_is_unanswered),
    Rule(RaRule.RA12, mandatory, form_rules.system_check_is_unaccounted),
    Rule(RaRule.RA13, mandatory, grade_rules.grade_is_off_the_scale),
    Rule(RaRule.RA14, advisory, grade_rules.grade_has_no_rationale),
    Rule(RaRule.RA15, mandatory, grade_rules.initial_action_is_incomplete),
    Rule(RaRule.RA16, mandatory, grade_rules.recommendation_is_missing),
    Rule(RaRule.RA17, mandatory, form_rules.crime_is_incomplete),
    Rule(RaRule.RA18, mandatory, form_rules.domestic_abuse_tool_is_missing),
    Rule(RaRule.RA19, mandatory, form_rules.family_contact_is_unanswered),
    Rule(RaRule.RA20, mandatory_if_high, grade_rules.supervision_is_incomplete),
    Rule(RaRule.RA21, advisory, grade_rules.judgement_is_at_odds),
    Rule(RaRule.RA22, advisory, grade_rules.regrade_has_no_rationale),
)

DEPENDENTS: dict[RaRule, frozenset[RaRule]] = {
    RaRule.RA03: frozenset({RaRule.RA20}),  # the reviewer must not be the author
    RaRule.RA04: frozenset({RaRule.RA20}),  # reviewed after completion
    RaRule.RA05: frozenset(
        {RaRule.RA06, RaRule.RA07, RaRule.RA08, RaRule.RA10, RaRule.RA21}
    ),  # the child's own row
    RaRule.RA06: frozenset({RaRule.RA21}),  # HIGH, unseen, no action
    RaRule.RA07: frozenset({RaRule.RA08}),  # a voice is asked of a child spoken to
    RaRule.RA10: frozenset({RaRule.RA21}),  # neglect seen must be weighed
    RaRule.RA11: frozenset({RaRule.RA18}),  # a tool is asked where domestic abuse is YES
    RaRule.RA13: frozenset({RaRule.RA20, RaRule.RA21, RaRule.RA22}),  # what HIGH asks for; a regrade of it
    RaRule.RA15: frozenset({RaRule.RA21}),  # HIGH, unseen, no action
    RaRule.RA16: frozenset({RaRule.RA21}),  # HIGH asks for strategy or joint
}
"""The rules that also read an answer of this one: deleting it may change their verdict, and no other's.

Deleting an answer of a COMPLETE form makes a *mandatory* dependent fail in one case only: RA10, when the
child's row goes (RA05) and with it the word that the child is under five.
"""
