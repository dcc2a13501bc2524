"""Each rule of domain section 4: what passes it and what fails it."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.domain.completeness import NEVER_HEARD, RULES, ReferredChild, check
from schemas.codes import CinSource
from schemas.risk_assessment import RaPolicy, RaRule
from tests.forms import (
    COFACTORS,
    REFERRAL,
    SYSTEMS,
    Wire,
    a_child_on_the_form,
    a_complete_form_event,
    a_desk_form_event,
    a_toddlers_form_event,
    read_form,
)

NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
SCREEN = a_complete_form_event()["neglect_screen"]
CHECKS = a_complete_form_event()["checks"]
AFTER_NOW = "2026-11-24T15:02:31Z"


def broken_rules(event: Wire, *, unborn: bool = False, policy: RaPolicy | None = None) -> set[RaRule]:
    child = ReferredChild(
        referral_ref=REFERRAL,
        child_index=1,
        unborn=unborn,
        source_code=CinSource.POLICE,
        decided_at=NOW - timedelta(seconds=30),
    )
    found = check(child, [read_form(event)], NEVER_HEARD, policy or RaPolicy(), NOW)
    return {*found.failed_rules, *found.advisory_rules}


def attended(**changes: object) -> Wire:
    return a_complete_form_event(**changes)


def toddler(**changes: object) -> Wire:
    return a_toddlers_form_event(**changes)


def desk(**changes: object) -> Wire:
    return a_desk_form_event(**changes)


def child(**changes: object) -> Wire:
    return attended(children=[a_child_on_the_form(**changes)])


def screen(**changes: object) -> Wire:
    return attended(neglect_screen={**SCREEN, **changes})


def unsupervised(**changes: object) -> Wire:
    return attended(supervisor_id=None, **changes)


def standard(**changes: object) -> Wire:
    return attended(risk_grade="STANDARD", **changes)


PASSES = [
    (RaRule.RA01, attended(police_occurrence_ref="NP260001")),
    (RaRule.RA01, desk(police_occurrence_ref="43261124/0917")),
    (RaRule.RA01, desk(police_occurrence_ref="NO_OCCURRENCE")),
    (RaRule.RA02, attended(mash_referral_ref=None)),
    (RaRule.RA04, attended(incident_at="CONTINUING")),
    (RaRule.RA04, attended(incident_at="HISTORIC")),
    (RaRule.RA04, attended(incident_at="NOT_KNOWN")),
    (RaRule.RA04, attended(incident_at="2026-11-24T01:30:00Z")),
    (RaRule.RA04, attended(ra_completed_at="2026-11-24T15:02:30Z")),
    (RaRule.RA04, attended(incident_at="2026-11-24T15:02:30Z", ra_completed_at="2026-11-24T15:02:30Z")),
    (RaRule.RA05, attended(household_child_count=0)),
    (RaRule.RA05, attended(household_child_count=0, children=[a_child_on_the_form(in_household=False)])),
    (RaRule.RA05, attended(children=[a_child_on_the_form(in_household=None)])),
    (
        RaRule.RA05,
        attended(children=[a_child_on_the_form(), {"child_index": 2, "unborn": True}], unborn_count=1),
    ),
    (RaRule.RA06, child(seen="NO", not_seen_reason="UNSAFE")),
    (RaRule.RA06, desk(children=[{"child_index": 1}])),
    (RaRule.RA07, child(spoken_to="NO", not_spoken_reason="INTERVIEW_PLANNED")),
    (RaRule.RA07, child(spoken_to_alone="NO", not_spoken_reason="CARER_REFUSED")),
    (RaRule.RA07, desk(children=[{"child_index": 1}])),
    (RaRule.RA08, child(voice_length=10)),
    (RaRule.RA08, child(spoken_to="NO", not_spoken_reason="ASLEEP", voice_answered=False)),
    (RaRule.RA08, child(spoken_to="NO", not_spoken_reason="COMMUNICATION_NEED")),
    (RaRule.RA08, desk(children=[{"child_index": 1, "not_spoken_reason": "PRE_VERBAL"}])),
    (RaRule.RA09, attended(adults=[], adults_unknown_reason="NOT_IDENTIFIED")),
    (RaRule.RA10, screen(food="NOT_ASSESSED", not_assessed_reason="REFUSED_ENTRY")),
    (RaRule.RA10, toddler()),
    (RaRule.RA10, desk()),
    (RaRule.RA11, attended(cofactors=dict.fromkeys(COFACTORS, "UNKNOWN"))),
    (RaRule.RA12, toddler()),
    (RaRule.RA13, attended(risk_grade="MEDIUM")),
    (RaRule.RA15, attended(initial_action_code="NONE", initial_action_rationale_given=True)),
    (RaRule.RA16, attended(recommended_next_step="INFO_ONLY")),
    (RaRule.RA16, attended(recommended_next_step="OTHER", recommended_other_reason_code="AWAITING_MEDICAL")),
    (RaRule.RA17, attended(crime_recorded="NO", investigation_status=None)),
    (RaRule.RA17, attended(officer_in_case_id=None, unit="CHILD_ABUSE_UNIT")),
    (RaRule.RA18, attended(da_tool=None, da_ref=None, da_not_done_reason="HISTORIC")),
    (RaRule.RA18, attended(da_tool=None, cofactors=dict.fromkeys(COFACTORS, "UNKNOWN"))),
    (RaRule.RA19, attended(family_aware="NO", safe_to_contact="NO")),
    (RaRule.RA20, attended(supervisor_reviewed_at="2026-11-24T01:30:00Z")),
    (RaRule.RA21, attended(recommended_next_step="STRATEGY_MEETING")),
    (RaRule.RA21, attended(recommended_next_step="EARLY_HELP", override_reason_code="AWAITING_MEDICAL")),
    (RaRule.RA21, attended(police_protection_used="YES")),
    (RaRule.RA21, standard(recommended_next_step="EARLY_HELP")),
    (RaRule.RA22, attended(mash_regrade="HIGH")),
    (RaRule.RA22, attended(mash_regrade="MEDIUM", mash_regrade_rationale_given=True)),
]

FAILS = [
    (RaRule.RA01, attended(police_occurrence_ref=None)),
    (RaRule.RA01, attended(police_occurrence_ref="")),
    (RaRule.RA01, attended(police_occurrence_ref="see log")),
    (RaRule.RA01, attended(police_occurrence_ref="UNKNOWN")),
    (RaRule.RA01, attended(police_occurrence_ref="NO_OCCURRENCE")),
    (RaRule.RA02, attended(mash_referral_ref="NS-26-AAAAAA")),
    (RaRule.RA02, attended(mash_referral_ref="the one from last night")),
    (RaRule.RA03, attended(author_id=None)),
    (RaRule.RA03, attended(author_role=None)),
    (RaRule.RA03, attended(author_force=None)),
    (RaRule.RA04, attended(incident_at=None)),
    (RaRule.RA04, attended(ra_completed_at=None)),
    (RaRule.RA04, attended(incident_at="2026-11-24T01:30:01Z")),
    (RaRule.RA04, attended(incident_at="CONTINUING", ra_completed_at=AFTER_NOW)),
    (RaRule.RA04, attended(incident_at=AFTER_NOW)),
    (RaRule.RA05, attended(household_child_count=None)),
    (RaRule.RA05, attended(unborn_count=None)),
    (RaRule.RA05, attended(children=[])),
    (RaRule.RA05, attended(children=[a_child_on_the_form(2)])),
    (RaRule.RA05, attended(household_child_count=2)),
    (RaRule.RA05, attended(unborn_count=1)),
    (RaRule.RA05, attended(children=[a_child_on_the_form(in_household=False)])),
    (RaRule.RA05, attended(children=[a_child_on_the_form(unborn=True)])),
    (RaRule.RA06, child(seen=None)),
    (RaRule.RA06, child(seen="NO")),
    (RaRule.RA07, child(spoken_to=None)),
    (RaRule.RA07, child(spoken_to="NO")),
    (RaRule.RA07, child(spoken_to_alone=None)),
    (RaRule.RA07, child(spoken_to_alone="NO")),
    (RaRule.RA08, child(voice_answered=False)),
    (RaRule.RA08, child(voice_answered=None)),
    (RaRule.RA08, child(voice_is_placeholder=True)),
    (RaRule.RA08, child(voice_is_placeholder=None)),
    (RaRule.RA08, child(voice_length=9)),
    (RaRule.RA08, child(voice_length=None)),
    (RaRule.RA08, desk(children=[{"child_index": 1, "spoken_to": "YES"}])),
    (RaRule.RA08, child(spoken_to="NO", not_spoken_reason="PRE_VERBAL", observed_behaviour_answered=False)),
    (
        RaRule.RA08,
        child(spoken_to="NO", not_spoken_reason="COMMUNICATION_NEED", observed_behaviour_answered=None),
    ),
    (RaRule.RA09, attended(adults=[])),
    (RaRule.RA09, attended(adults=[{"role_code": "CARER"}])),
    (RaRule.RA09, attended(adults=[{"relationship_code": "MOTHER"}])),
    *((RaRule.RA10, screen(**{item: None})) for item in SCREEN),
    (RaRule.RA10, screen(food="NOT_ASSESSED")),
    (RaRule.RA10, screen(food="NOT_APPLICABLE")),
    (RaRule.RA10, screen(school="NOT_APPLICABLE")),
    (RaRule.RA10, attended(form_basis="DESK")),
    (RaRule.RA10, toddler(neglect_screen={**SCREEN, "food": "NOT_APPLICABLE"})),
    *(
        (RaRule.RA11, attended(cofactors={**dict.fromkeys(COFACTORS, "NO"), item: None}))
        for item in COFACTORS
    ),
    *((RaRule.RA12, attended(checks={**CHECKS, system: {}})) for system in SYSTEMS),
    (RaRule.RA12, attended(checks={**CHECKS, "pnd": {"done": False}})),
    (RaRule.RA12, attended(checks={**CHECKS, "pnd": {"not_done_reason": "NO_ACCESS"}})),
    (RaRule.RA13, attended(risk_grade=None)),
    (RaRule.RA13, attended(risk_grade="SEVERE")),
    (RaRule.RA14, attended(grade_rationale_length=None)),
    (RaRule.RA14, attended(grade_rationale_length=0)),
    (RaRule.RA14, attended(grade_rationale_is_placeholder=True)),
    (RaRule.RA15, attended(initial_action_code=None)),
    (RaRule.RA15, attended(child_now_with_code=None)),
    (RaRule.RA15, attended(initial_action_code="NONE")),
    (RaRule.RA16, attended(recommended_next_step=None)),
    (RaRule.RA16, attended(recommended_next_step="OTHER")),
    (RaRule.RA17, attended(crime_recorded=None)),
    (RaRule.RA17, attended(investigation_status=None)),
    (RaRule.RA17, attended(officer_in_case_id=None)),
    (RaRule.RA17, attended(crime_recorded="NO", officer_in_case_id=None)),
    (RaRule.RA18, attended(da_tool=None)),
    (RaRule.RA18, attended(da_ref=None)),
    (RaRule.RA18, attended(da_ref="in the log")),
    (RaRule.RA19, attended(family_aware=None)),
    (RaRule.RA19, attended(safe_to_contact=None)),
    (RaRule.RA20, attended(supervisor_id=None)),
    (RaRule.RA20, attended(supervisor_reviewed_at=None)),
    (RaRule.RA20, attended(supervisor_outcome=None)),
    (RaRule.RA20, attended(supervisor_id="NP-4471")),
    (RaRule.RA20, attended(supervisor_reviewed_at="2026-11-24T01:29:59Z")),
    (RaRule.RA21, attended(recommended_next_step="EARLY_HELP")),
    (RaRule.RA21, standard(police_protection_used="YES")),
    (RaRule.RA21, toddler(risk_grade="HIGH")),
    (RaRule.RA21, attended(rationale_codes=["DOMESTIC_ABUSE"])),
    (RaRule.RA22, attended(mash_regrade="MEDIUM")),
    (RaRule.RA22, attended(mash_regrade="MEDIUM", mash_regrade_rationale_given=False)),
]


def test_the_table_holds_every_rule_once_and_in_order() -> None:
    assert [rule.name for rule in RULES] == list(RaRule)


@pytest.mark.parametrize(("rule", "event"), PASSES)
def test_a_valid_answer_passes_its_rule(rule: RaRule, event: Wire) -> None:
    assert rule not in broken_rules(event)


@pytest.mark.parametrize(("rule", "event"), FAILS)
def test_an_invalid_answer_fails_its_rule(rule: RaRule, event: Wire) -> None:
    assert rule in broken_rules(event)


def test_every_rule_has_an_answer_that_fails_it() -> None:
    assert {rule for rule, _ in FAILS} == set(RaRule)


def test_domestic_abuse_never_answers_for_neglect() -> None:
    assert broken_rules(attended(neglect_screen={}, cofactors=dict.fromkeys(COFACTORS, "YES"))) == {
        RaRule.RA10
    }


def test_an_unborn_child_is_neither_seen_nor_spoken_to_and_no_item_applies() -> None:
    event = attended(
        household_child_count=0,
        unborn_count=1,
        children=[{"child_index": 1, "unborn": True}],
        neglect_screen=dict.fromkeys(SCREEN, "NOT_APPLICABLE"),
    )
    assert broken_rules(event, unborn=True) == set()


@pytest.mark.parametrize(("grade", "status"), [("HIGH", "INCORRECT"), ("MEDIUM", "COMPLETE")])
def test_a_supervisor_is_mandatory_only_for_a_high_grade(grade: str, status: str) -> None:
    child_one = ReferredChild(
        referral_ref=REFERRAL, child_index=1, unborn=False, source_code=CinSource.POLICE, decided_at=None
    )
    found = check(child_one, [read_form(unsupervised(risk_grade=grade))], NEVER_HEARD, RaPolicy(), NOW)
    assert found.status == status
    assert RaRule.RA20 in {*found.failed_rules, *found.advisory_rules}


def test_limits_come_from_the_hubs_policy() -> None:
    policy = RaPolicy(
        occurrence_ref_pattern="NP[0-9]{6}",
        min_voice_length=300,
        risk_scale=("LOW", "SEVERE"),
        high_grades=("SEVERE",),
    )
    assert broken_rules(attended(), policy=policy) == {RaRule.RA01, RaRule.RA08, RaRule.RA13}
    agreed = attended(
        police_occurrence_ref="NP260001",
        risk_grade="SEVERE",
        children=[a_child_on_the_form(voice_length=300)],
        supervisor_id=None,
    )
    assert broken_rules(agreed, policy=policy) == {RaRule.RA20}
