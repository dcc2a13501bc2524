"""Builders of police risk-assessment forms, as the police side sends them (JSON) and as we read them."""

import json
from typing import Any

from schemas.risk_assessment import RaFeedHeartbeat, RaFormMetadata

Wire = dict[str, Any]
"""An event's Detail, as JSON values."""

REFERRAL = "NS-26-7KQ4ZP"
SYSTEMS = ("pnc", "local_rms", "pnd", "visor_mosovo", "prior_ppn")
SCREENED = ("home", "hygiene", "food", "supervision", "medical_dental", "school")
COFACTORS = (
    "domestic_abuse",
    "substances",
    "parental_mental_health",
    "exploitation_cse_cce",
    "missing",
    "offender_in_household",
)


def _envelope(event_type: str) -> Wire:
    return {
        "schema_version": "1.0",
        "event_id": "5b0c7a52-1c1e-4c52-9a63-0d8f1b9a2e01",
        "event_type": event_type,
        "source": "north-police.ra-feed",
        "occurred_at": "2026-11-24T02:16:00Z",
    }


def a_child_on_the_form(child_index: int = 1, /, **changes: object) -> Wire:
    """A school-age child who was seen, and spoken to alone."""
    return {
        "child_index": child_index,
        "unborn": False,
        "under_five": False,
        "in_household": True,
        "seen": "YES",
        "spoken_to": "YES",
        "spoken_to_alone": "YES",
        "voice_answered": True,
        "voice_length": 212,
        "voice_is_placeholder": False,
        "observed_behaviour_answered": True,
        **changes,
    }


def a_complete_form_event(**changes: object) -> Wire:
    """ATTENDED, graded HIGH and supervised, neglect seen and domestic abuse besides: every rule passes."""
    return {
        **_envelope("RA_FORM_METADATA"),
        "referral_ref": REFERRAL,
        "form_id": "NP-RA-000417",
        "form_version": 2,
        "form_basis": "ATTENDED",
        "form_source": "FEED",
        "police_occurrence_ref": "43261124/0917",
        "mash_referral_ref": REFERRAL,
        "author_id": "NP-4471",
        "author_role": "RESPONSE_OFFICER",
        "author_force": "NORTH_POLICE",
        "incident_at": "2026-11-23T21:10:00Z",
        "ra_completed_at": "2026-11-24T01:30:00Z",
        "household_child_count": 1,
        "unborn_count": 0,
        "children": [a_child_on_the_form()],
        "adults": [{"role_code": "CARER", "relationship_code": "MOTHER"}],
        "neglect_screen": {
            "home": "CONCERN_SEEN",
            "hygiene": "CONCERN_SEEN",
            "food": "NONE_SEEN",
            "supervision": "CONCERN_SEEN",
            "medical_dental": "NONE_SEEN",
            "school": "NONE_SEEN",
        },
        "cofactors": {**dict.fromkeys(COFACTORS, "NO"), "domestic_abuse": "YES"},
        "checks": {system: {"done": True} for system in SYSTEMS},
        "risk_grade": "HIGH",
        "grade_rationale_length": 480,
        "grade_rationale_is_placeholder": False,
        "initial_action_code": "ARREST",
        "child_now_with_code": "OTHER_PARENT",
        "recommended_next_step": "JOINT_INVESTIGATION",
        "crime_recorded": "YES",
        "investigation_status": "PENDING",
        "officer_in_case_id": "NP-5102",
        "da_tool": "DASH",
        "da_ref": "DASH-2026-1188",
        "family_aware": "YES",
        "safe_to_contact": "YES",
        "supervisor_id": "NP-2210",
        "supervisor_reviewed_at": "2026-11-24T02:15:00Z",
        "supervisor_outcome": "AGREED",
        "rationale_codes": ["NEGLECT", "DOMESTIC_ABUSE"],
        **changes,
    }


def a_toddlers_form_event(**changes: object) -> Wire:
    """COMPLETE by every other road: asleep, pre-verbal, not assessed, checks not done, an unborn sibling."""
    reason = {"done": False, "not_done_reason": "SYSTEM_DOWN"}
    form = {
        **a_complete_form_event(),
        "incident_at": "CONTINUING",
        "unborn_count": 1,
        "children": [
            a_child_on_the_form(
                under_five=True,
                seen="NO",
                not_seen_reason="ASLEEP",
                spoken_to="NO",
                spoken_to_alone=None,
                not_spoken_reason="PRE_VERBAL",
                voice_answered=False,
                voice_length=0,
            ),
            {"child_index": 2, "unborn": True},
        ],
        "adults": [],
        "adults_unknown_reason": "NOT_IDENTIFIED",
        "neglect_screen": {
            "home": "NONE_SEEN",
            "hygiene": "NOT_ASSESSED",
            "food": "NOT_ASSESSED",
            "supervision": "NONE_SEEN",
            "medical_dental": "NONE_SEEN",
            "school": "NOT_APPLICABLE",
            "not_assessed_reason": "REFUSED_ENTRY",
        },
        "checks": {system: dict(reason) for system in SYSTEMS},
        "risk_grade": "MEDIUM",
        "initial_action_code": "NONE",
        "initial_action_rationale_given": True,
        "recommended_next_step": "OTHER",
        "recommended_other_reason_code": "AWAITING_MEDICAL",
        "crime_recorded": "NO",
        "unit": "CHILD_ABUSE_UNIT",
        "da_not_done_reason": "DECLINED",
    }
    for answer in ("investigation_status", "officer_in_case_id", "da_tool", "da_ref"):
        del form[answer]
    return {**form, **changes}


def a_desk_form_event(**changes: object) -> Wire:
    """COMPLETE from the desk: no occurrence, nobody seen or spoken to, neglect not assessed and why."""
    screen = dict.fromkeys(SCREENED, "NOT_ASSESSED")
    return a_complete_form_event(
        **{
            "form_basis": "DESK",
            "form_source": "DESK_CHECK",
            "police_occurrence_ref": "NO_OCCURRENCE",
            "incident_at": "NOT_KNOWN",
            "children": [{"child_index": 1}],
            "neglect_screen": {**screen, "not_assessed_reason": "NOT_ATTENDED"},
            "risk_grade": "STANDARD",
            **changes,
        }
    )


def an_incorrect_form_event(**changes: object) -> Wire:
    """A half-filled form: it fails RA06, RA07, RA10, RA12, RA16 and RA19, and is flagged for RA14."""
    form = a_complete_form_event(
        children=[a_child_on_the_form(seen=None, spoken_to="NO", spoken_to_alone=None)],
        neglect_screen={"home": "CONCERN_SEEN"},
        checks={"pnc": {"done": True}},
        grade_rationale_length=4,
        grade_rationale_is_placeholder=True,
        override_reason_code="AWAITING_MEDICAL",
    )
    for answer in ("recommended_next_step", "family_aware"):
        del form[answer]
    return {**form, **changes}


def a_shell_event(**changes: object) -> Wire:
    """A form somebody opened and left: ids, and what a blank form says of its empty boxes."""
    blank = {"voice_answered": False, "voice_length": 0, "voice_is_placeholder": False}
    return {
        **_envelope("RA_FORM_METADATA"),
        "referral_ref": REFERRAL,
        "form_id": "NP-RA-000417",
        "form_version": 1,
        "form_basis": "ATTENDED",
        "form_source": "FEED",
        "police_occurrence_ref": "43261124/0917",
        "author_id": "NP-4471",
        "author_role": "RESPONSE_OFFICER",
        "author_force": "NORTH_POLICE",
        "children": [{"child_index": 1, "unborn": False, **blank}],
        "checks": {"pnc": {"done": False}},
        "grade_rationale_length": 0,
        **changes,
    }


def a_heartbeat_event(**changes: object) -> Wire:
    return {**_envelope("RA_FEED_HEARTBEAT"), "feed_status": "ok", **changes}


def read_form(event: Wire) -> RaFormMetadata:
    """The form as the service reads it from the wire."""
    return RaFormMetadata.model_validate_json(json.dumps(event))


def read_heartbeat(event: Wire) -> RaFeedHeartbeat:
    return RaFeedHeartbeat.model_validate_json(json.dumps(event))


def a_complete_form(**changes: object) -> RaFormMetadata:
    return read_form(a_complete_form_event(**changes))


def a_toddlers_form(**changes: object) -> RaFormMetadata:
    return read_form(a_toddlers_form_event(**changes))


def a_desk_form(**changes: object) -> RaFormMetadata:
    return read_form(a_desk_form_event(**changes))


def an_incorrect_form(**changes: object) -> RaFormMetadata:
    return read_form(an_incorrect_form_event(**changes))


def a_shell(**changes: object) -> RaFormMetadata:
    return read_form(a_shell_event(**changes))
