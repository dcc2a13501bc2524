"""Events beside decisions, as the case system sends them about the worked example."""

from typing import Any

from functions.adapters.ledger import keys
from tests.world import Wire, World, an_event_id

REF = "NS-26-7KQ4ZP"


def an_event(event_type: str, **fields: Any) -> Wire:
    """One event of that type about the worked example; `fields` are its own."""
    event: Wire = {
        "schema_version": "1.0",
        "event_id": an_event_id(event_type, sorted(fields.items(), key=str)),
        "event_type": event_type,
        "source": "mash.case-system",
        "source_seq": None,
        "occurred_at": "2026-11-24T10:01:00Z",
        "referral_ref": REF,
    }
    return event | fields


def thread_in(world: World, matter: str) -> str:
    """What messages about a matter of the worked example call it: a hash under the referral's own key."""
    key, _ = world.intake_desk.key_for(keys.referral(REF))
    return key.fingerprint(f"thread|{matter}".encode())[:8]


def an_acknowledgement(*asked: str, **changes: Any) -> Wire:
    """The MASH has seen the referral, and asks these agencies about its first child."""
    values = {
        "acknowledged_at": "2026-11-24T10:00:00Z",
        "rag": "RED",
        "asked_to_contribute": [{"agency_id": name, "child_index": 1} for name in asked],
        "contribute_by": "2026-11-24T12:00:00Z",
    }
    return an_event("ACKNOWLEDGED", **{**values, **changes})


NEXT_DAY = "2026-11-25T10:00:00Z"
"""The morning after the worked example was decided: what follows a decision happens then."""


def of_the_child(event_type: str, moment: str, **fields: Any) -> Wire:
    """Something that happened to the first child the next morning; `moment` is the field that says so."""
    return an_event(event_type, **{"child_index": 1, moment: NEXT_DAY, **fields})


def an_assessment_complete(**changes: Any) -> Wire:
    values = {"plan_status": "CIN_PLAN", **changes}
    return of_the_child("MILESTONE_ASSESSMENT_COMPLETE", "completed_at", **values)


def an_enquiry_that_ended(**changes: Any) -> Wire:
    return of_the_child("MILESTONE_S47_OUTCOME", "ended_at", **{"result": "S17_SERVICES", **changes})


def a_conference_held(**changes: Any) -> Wire:
    return of_the_child("MILESTONE_ICPC_OUTCOME", "held_at", **{"plan_status": "CP_PLAN", **changes})


def a_transfer_accepted(**changes: Any) -> Wire:
    return of_the_child("TRANSFER_ACCEPTED", "accepted_at", **{"receiving_la": "SOUTHSHIRE", **changes})


def a_plan_change(*agencies: str | Wire, **changes: Any) -> Wire:
    """The child has a child protection plan now, in which these have a part; with none named, as before."""
    named = [{"agency_id": one} if isinstance(one, str) else one for one in agencies]
    values = {
        "plan_status": "CP_PLAN",
        "lead_role": "LCPP",
        "lead_team_code": "ASSESSMENT_2",
        "plan_agencies": named or None,
    }
    return of_the_child("PLAN_STATUS_CHANGED", "changed_at", **{**values, **changes})


def a_case_closed(**changes: Any) -> Wire:
    return of_the_child("CASE_CLOSED", "closed_at", **changes)


def an_investigation(status: str = "CLOSED_CHARGED", **changes: Any) -> Wire:
    """What the police say of an investigation that the child is part of."""
    values = {"status": status, "police_occurrence_ref": "43261124/0917"}
    return of_the_child("POLICE_INVESTIGATION_STATUS_CHANGED", "changed_at", **{**values, **changes})


CHALLENGE = "CH-2026-0117"
"""The case system's own id of a challenge."""


def a_challenge(by: str = "north-probation", **changes: Any) -> Wire:
    """An agency disagrees with what was decided for the first child."""
    values = {
        "child_index": 1,
        "challenge_id": CHALLENGE,
        "raised_at": "2026-11-25T10:00:00Z",
        "raised_by": by,
    }
    return an_event("CHALLENGE_RAISED", **{**values, **changes})


def a_challenge_at(stage: int, **changes: Any) -> Wire:
    """It has gone up to that stage."""
    values = {"child_index": 1, "challenge_id": CHALLENGE, "reached_at": f"2026-11-2{4 + stage}T10:00:00Z"}
    return an_event(f"CHALLENGE_STAGE_{stage}", **{**values, **changes})


def a_challenge_resolved(result: str, **changes: Any) -> Wire:
    """It has ended."""
    values = {"child_index": 1, "challenge_id": CHALLENGE, "resolved_at": "2026-11-30T10:00:00Z"}
    return an_event("CHALLENGE_RESOLVED", **{**values, "result": result, **changes})


def a_withdrawal(seq: int = 1, **changes: Any) -> Wire:
    """That version was sent in error."""
    values = {"child_index": 1, "decision_seq": seq, "withdrawn_at": "2026-11-24T16:10:00Z"}
    return an_event("WITHDRAWN_IN_ERROR", **{**values, **changes})


def a_release(reason: str = "TOLD_BY_PHONE_FIRST", **changes: Any) -> Wire:
    """Somebody has ended a hold in the case system."""
    values = {
        "child_index": 1,
        "decision_seq": 1,
        "agency_id": None,
        "reason": reason,
        "released_by": "MASH_MANAGER",
        "released_at": "2026-11-24T15:30:00Z",
    }
    return an_event("RELEASED", **{**values, **changes})


def a_withholding(**changes: Any) -> Wire:
    """Somebody has decided not to tell it."""
    values = {
        "child_index": 1,
        "decision_seq": 1,
        "agency_id": None,
        "disclosure": "WITHHELD_DETRIMENT",
        "decided_by": "MASH_MANAGER",
        "rationale_ref": "RAT-2026-0042",
        "withheld_at": "2026-11-24T15:30:00Z",
    }
    return an_event("WITHHELD", **{**values, **changes})


def a_phone_call(agency: str = "north-probation", **changes: Any) -> Wire:
    """Somebody at the agency was told by telephone."""
    values = {
        "child_index": 1,
        "decision_seq": 1,
        "agency_id": agency,
        "phoned_at": "2026-11-24T15:40:00Z",
        "reader_role": "DUTY_WORKER",
    }
    return an_event("PHONE_CONFIRMED", **{**values, **changes})


ENQUIRY = "NS-26-ENQ001"


def an_enquiry(answer: str | None = None, **changes: Any) -> Wire:
    """Probation asks what is known; with an answer, it is answered."""
    values = {
        "referral_ref": ENQUIRY,
        "agency_id": "north-probation",
        "own_ref": "PR-77001",
        "received_at": "2026-11-24T09:00:00Z",
        "answered_at": "2026-11-24T14:00:00Z" if answer else None,
        "answer": answer,
    }
    return an_event("PROBATION_ENQUIRY", **{**values, **changes})


def a_statement(statement: str = "DONE", **changes: Any) -> Wire:
    """What the police say of their form for the first child."""
    said = {"DONE": {"done_at": "2026-11-24T09:30:00Z"}, "NOT_NEEDED": {"policy_id": "POLICY-1"}}[statement]
    return an_event("RA_STATUS_CHANGED", **{"child_index": 1, "statement": statement, **said, **changes})
