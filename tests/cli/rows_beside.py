"""Rows about what happens beside the decisions: one event of each type, as the intake writes its row."""

from typing import Any

from functions.adapters.ledger.store import Item

Wire = dict[str, Any]

AT = "2026-11-27T10:20:31Z"
"""10:20am, UK time."""

OWN_FIELDS: dict[str, tuple[Wire, Wire]] = {
    "ACKNOWLEDGED": (
        {"acknowledged_at": AT, "asked_to_contribute": []},
        {
            "rag": "RED",
            "contribute_by": "2026-11-27T12:00:00Z",
            "asked_to_contribute": [
                {"agency_id": "north-probation", "child_index": 1},
                {"agency_id": "hill-school", "child_index": 2},
            ],
            "already_decided": [3, 4],
            "outcome_held": [4],
        },
    ),
    "MILESTONE_ASSESSMENT_COMPLETE": ({"child": 1, "completed_at": AT, "plan_status": "CIN_PLAN"}, {}),
    "MILESTONE_S47_OUTCOME": ({"child": 1, "ended_at": AT, "result": "ICPC"}, {}),
    "MILESTONE_ICPC_OUTCOME": ({"child": 1, "held_at": AT, "plan_status": "CP_PLAN"}, {}),
    "PLAN_STATUS_CHANGED": (
        {"child": 1, "changed_at": AT, "plan_status": "CP_PLAN"},
        {
            "lead_role": "LCPP",
            "lead_team_code": "ASSESSMENT_2",
            "plan_agencies": [{"agency_id": "north-police"}, {"agency_id": "hill-school"}],
        },
    ),
    "CASE_CLOSED": ({"child": 1, "closed_at": AT}, {}),
    "POLICE_INVESTIGATION_STATUS_CHANGED": (
        {"child": 1, "changed_at": AT, "status": "CLOSED_CHARGED"},
        {"police_occurrence_ref": "43261124/0917"},
    ),
    "RA_STATUS_CHANGED": ({"child": 1, "statement": "DONE"}, {"done_at": AT}),
    "TRANSFER_ACCEPTED": ({"child": 1, "accepted_at": AT, "receiving_la": "SOUTHSHIRE"}, {}),
    "CHALLENGE_RAISED": (
        {"child": 1, "challenge_id": "CH-2026-0107", "raised_at": AT, "raised_by": "harbour-dental"},
        {},
    ),
    **{
        f"CHALLENGE_STAGE_{stage}": ({"child": 1, "challenge_id": "CH-2026-0107", "reached_at": AT}, {})
        for stage in (2, 3, 4)
    },
    "CHALLENGE_RESOLVED": (
        {"child": 1, "challenge_id": "CH-2026-0107", "resolved_at": AT, "result": "REVISED"},
        {},
    ),
    "RELEASED": (
        {
            "child": 1, "decision_seq": 2, "reason": "SAFE_TO_TELL", "released_by": "MASH_MANAGER",
            "released_at": AT,
        },
        {"agency_id": "hill-school"},
    ),
    "WITHHELD": (
        {
            "child": 1, "decision_seq": 2, "disclosure": "WITHHELD_DETRIMENT", "decided_by": "MASH_MANAGER",
            "rationale_ref": "DD-2026-0031", "withheld_at": AT,
        },
        {"agency_id": "hill-school"},
    ),
    "PHONE_CONFIRMED": (
        {
            "child": 1, "decision_seq": 2, "agency_id": "north-probation", "phoned_at": AT,
            "reader_role": "PRACTITIONER",
        },
        {},
    ),
    "WITHDRAWN_IN_ERROR": ({"child": 1, "decision_seq": 2, "withdrawn_at": AT}, {}),
    "PROBATION_ENQUIRY": (
        {"agency_id": "north-probation", "received_at": AT},
        {"answered_at": "2026-11-27T12:15:00Z", "answer": "KNOWN_CALL_US"},
    ),
}  # fmt: skip
"""By the event's type: what its row always has, and what it may have besides."""


def beside(event_type: str, *, in_full: bool = False, **changes: Any) -> Item:
    """The row of one event; `in_full` with all that it may have."""
    always, sometimes = OWN_FIELDS[event_type]
    return {
        "type": "LIFECYCLE",
        "event_type": event_type,
        **always,
        **(sometimes if in_full else {}),
        **changes,
    }


def an_update(**changes: Any) -> Item:
    """The row of the plan's second update: two are told, nobody is left out."""
    row: Item = {
        "type": "UPDATE", "pk": "R#NS-26-7KQ4ZP", "child": 1, "dver": 2, "series": "PLAN", "ra": "COMPLETE",
        "recipients": ["north-police#webhook#3#UPLAN", "hill-school#email#1#UPLAN"],
    }  # fmt: skip
    return row | changes
