"""What the police risk-assessment contracts take in, refuse and can never hold."""

import json

import pytest
from pydantic import ValidationError

from schemas.codes import CinSource, RaStatus
from schemas.risk_assessment import (
    NOT_A_REFERENCE,
    PoliceCheck,
    RaFormMetadata,
    RaPolicy,
    RaRule,
)
from schemas.risk_codes import FeedStatus, IncidentTime
from tests.forms import (
    Wire,
    a_child_on_the_form,
    a_complete_form,
    a_complete_form_event,
    a_desk_form,
    a_heartbeat_event,
    a_shell_event,
    a_toddlers_form,
    an_incorrect_form,
    read_form,
    read_heartbeat,
)

A_CHECK = {
    "rule_set_version": "2026-11",
    "evaluated_at": "2026-11-24T15:02:30Z",
    "stale": False,
    "after_decision": False,
    "advisory_rules": [],
}
REQUIRED = (
    "schema_version",
    "event_id",
    "event_type",
    "source",
    "occurred_at",
    "form_id",
    "form_version",
    "form_basis",
    "form_source",
)


def refused_field(event: Wire) -> str:
    """The first field that the refusal names, as a dotted path."""
    with pytest.raises(ValidationError) as refusal:
        read_form(event)
    return ".".join(map(str, refusal.value.errors()[0]["loc"]))


@pytest.mark.parametrize("form", [a_complete_form(), a_toddlers_form(), a_desk_form(), an_incorrect_form()])
def test_a_form_read_back_from_its_own_json_is_the_same_form(form: RaFormMetadata) -> None:
    assert RaFormMetadata.model_validate_json(form.model_dump_json()) == form


def test_every_answer_may_be_missing_or_null() -> None:
    header = {key: value for key, value in a_shell_event().items() if key in REQUIRED}
    bare = read_form(header)
    blocks = {"children", "adults", "rationale_codes", "neglect_screen", "cofactors", "checks"}
    answers = set(RaFormMetadata.model_fields) - set(REQUIRED) - blocks
    assert read_form({**header, **dict.fromkeys(answers)}) == bare


@pytest.mark.parametrize("field", REQUIRED)
def test_a_form_without_its_identity_is_refused_by_name(field: str) -> None:
    event = a_complete_form_event()
    del event[field]
    assert refused_field(event) == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"narrative": "text"}, "narrative"),
        ({"schema_version": "2.0"}, "schema_version"),
        ({"event_type": "DECIDED"}, "event_type"),
        ({"referral_ref": "not a ref"}, "referral_ref"),
        ({"form_version": "2"}, "form_version"),
        ({"form_version": 0}, "form_version"),
        ({"form_basis": "BY_PHONE"}, "form_basis"),
        ({"author_id": "Robin"}, "author_id"),
        ({"author_id": "PC 4471 Robin Example"}, "author_id"),
        ({"officer_in_case_id": "Robin"}, "officer_in_case_id"),
        ({"supervisor_id": "Robin"}, "supervisor_id"),
        ({"ra_completed_at": "2026-11-24T01:30:00"}, "ra_completed_at"),
        ({"risk_grade": "quite high, I think"}, "risk_grade"),
        ({"recommended_next_step": "WAIT"}, "recommended_next_step"),
        ({"household_child_count": -1}, "household_child_count"),
        ({"cofactors": {"domestic_abuse": "MAYBE"}}, "cofactors.domestic_abuse"),
        ({"neglect_screen": {"home": "FINE"}}, "neglect_screen.home"),
        ({"checks": {"pnc": {"result": "NO_TRACE"}}}, "checks.pnc.result"),
        ({"children": [{"child_index": 0}]}, "children.0.child_index"),
        ({"children": [{"seen": "YES"}]}, "children.0.child_index"),
        ({"children": [a_child_on_the_form(seen=True)]}, "children.0.seen"),
        ({"adults": [{"name": "Robin"}]}, "adults.0.name"),
    ],
)
def test_identity_unknown_fields_and_unknown_codes_are_refused_by_name(changes: Wire, field: str) -> None:
    assert refused_field(a_complete_form_event(**changes)) == field


def test_a_naive_incident_time_is_refused() -> None:
    assert refused_field(a_complete_form_event(incident_at="2026-11-23T21:10:00")).startswith("incident_at")


@pytest.mark.parametrize("field", ["voice", "voice_text", "child_voice", "name", "date_of_birth"])
def test_the_voice_of_a_child_and_who_it_is_have_no_field_to_travel_in(field: str) -> None:
    event = a_complete_form_event(children=[a_child_on_the_form(**{field: "words"})])
    assert refused_field(event) == f"children.0.{field}"


def test_a_child_is_listed_once() -> None:
    with pytest.raises(ValidationError, match="twice"):
        read_form(a_complete_form_event(children=[a_child_on_the_form(), a_child_on_the_form()]))


@pytest.mark.parametrize("field", ["police_occurrence_ref", "mash_referral_ref", "da_ref"])
def test_a_sentence_where_a_reference_belongs_is_accepted_and_not_kept(field: str) -> None:
    form = read_form(a_complete_form_event(**{field: "see log, Robin was asleep"}))
    assert getattr(form, field) == NOT_A_REFERENCE
    assert "Robin" not in form.model_dump_json()
    assert read_form(json.loads(form.model_dump_json())) == form


def test_an_incident_may_have_no_single_moment() -> None:
    assert a_complete_form(incident_at="CONTINUING").incident_at is IncidentTime.CONTINUING


def test_a_heartbeat_belongs_to_no_referral() -> None:
    assert read_heartbeat(a_heartbeat_event(feed_status="failing")).feed_status is FeedStatus.FAILING
    with pytest.raises(ValidationError, match="referral_ref"):
        read_heartbeat(a_heartbeat_event(referral_ref="NS-26-7KQ4ZP"))
    with pytest.raises(ValidationError, match="feed_status"):
        read_heartbeat(a_heartbeat_event(feed_status="fine"))


@pytest.mark.parametrize("status", list(RaStatus))
def test_a_status_and_its_evidence_cannot_disagree(status: RaStatus) -> None:
    rules = ["RA06"] if status is RaStatus.INCORRECT else []
    policy = "NS-RA-POLICY-3" if status is RaStatus.NOT_REQUIRED else None
    wire = {**A_CHECK, "status": status, "failed_rules": rules, "policy_id": policy}
    assert PoliceCheck.model_validate_json(json.dumps(wire)).failed_rules == tuple(map(RaRule, rules))
    with pytest.raises(ValidationError, match="failed_rules"):
        PoliceCheck.model_validate_json(json.dumps({**wire, "failed_rules": [] if rules else ["RA06"]}))
    with pytest.raises(ValidationError, match="policy_id"):
        PoliceCheck.model_validate_json(json.dumps({**wire, "policy_id": None if policy else "P-1"}))


A_COMPLETE_CHECK = {**A_CHECK, "status": "COMPLETE", "failed_rules": []}


def test_a_check_frozen_before_forms_had_due_times_can_be_read() -> None:
    check = PoliceCheck.model_validate_json(json.dumps(A_COMPLETE_CHECK))
    assert (check.due_at, check.late) == (None, False)
    assert PoliceCheck.model_validate_json(check.model_dump_json()) == check


def test_when_a_form_was_due_is_kept_in_utc() -> None:
    due = {"due_at": "2026-06-10T10:30:00+01:00", "late": True}
    check = PoliceCheck.model_validate_json(json.dumps({**A_COMPLETE_CHECK, **due}))
    assert json.loads(check.model_dump_json())["due_at"] == "2026-06-10T09:30:00Z"
    assert PoliceCheck.model_validate_json(check.model_dump_json()) == check


@pytest.mark.parametrize(
    "contradiction",
    [
        {"due_at": None},
        {"status": "ABSENT"},
        {"status": "UNKNOWN"},
        {"status": "NOT_REQUIRED", "policy_id": "NS-RA-POLICY-3"},
    ],
)
def test_only_a_form_that_was_judged_and_due_can_have_been_late(contradiction: Wire) -> None:
    late = {**A_COMPLETE_CHECK, "due_at": "2026-11-24T01:00:00Z", "late": True}
    assert PoliceCheck.model_validate_json(json.dumps(late)).late
    incorrect = {**late, "status": "INCORRECT", "failed_rules": ["RA06"]}
    assert PoliceCheck.model_validate_json(json.dumps(incorrect)).late
    with pytest.raises(ValidationError, match="late needs a form"):
        PoliceCheck.model_validate_json(json.dumps({**late, **contradiction}))


def test_an_empty_policy_is_the_domains_default() -> None:
    policy = RaPolicy.model_validate_json("{}")
    assert policy == RaPolicy()
    assert policy.not_required == ()
    assert policy.feed_silent_after_hours == 4


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"occurrence_ref_pattern": "[A-Z"}, "not a regular expression"),
        ({"high_grades": ["SEVERE"]}, "high_grades must be grades of risk_scale"),
        ({"risk_scale": []}, "risk_scale"),
        ({"not_required": [{"source_codes": ["6"]}]}, "policy_id"),
        ({"not_required": [{"policy_id": "P-1", "source_codes": []}]}, "source_codes"),
        ({"not_required": [{"policy_id": "oliver-canary", "source_codes": ["6"]}]}, "policy_id"),
        ({"feed_silent_after_hours": 0}, "feed_silent_after_hours"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(changes: Wire, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        RaPolicy.model_validate_json(json.dumps(changes))


def test_an_exclusion_names_its_policy_and_whom_it_excludes() -> None:
    agreed = {"not_required": [{"policy_id": "NS-RA-POLICY-3", "source_codes": ["3D"]}]}
    [exclusion] = RaPolicy.model_validate_json(json.dumps(agreed)).not_required
    assert (exclusion.policy_id, exclusion.source_codes) == (
        "NS-RA-POLICY-3",
        (CinSource.OTHER_PRIMARY_HEALTH,),
    )
