"""Events beside decisions, as the case system sends them about the worked example."""

from typing import Any

from tests.world import Wire, an_event_id

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


def an_acknowledgement(*asked: str, **changes: Any) -> Wire:
    """The MASH has seen the referral, and asks these agencies about its first child."""
    values = {
        "acknowledged_at": "2026-11-24T10:00:00Z",
        "rag": "RED",
        "asked_to_contribute": [{"agency_id": name, "child_index": 1} for name in asked],
        "contribute_by": "2026-11-24T12:00:00Z",
    }
    return an_event("ACKNOWLEDGED", **{**values, **changes})
