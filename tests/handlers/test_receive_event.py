"""The intake door: what a batch of the intake queue becomes."""

import json
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.flows.intake.arrivals import MOST_BYTES
from functions.handlers import receive_event
from tests.handlers.conftest import sqs_event
from tests.world import World, a_decision, wrapped

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
ACCEPTED: dict[str, Any] = {"batchItemFailures": []}


def handle(context: LambdaContext, *bodies: str) -> dict[str, Any]:
    return receive_event.handler(sqs_event(*bodies), context)


def test_a_batch_is_taken_in_whole(world: World, context: LambdaContext) -> None:
    bodies = [
        wrapped(a_decision(), "11111111-0000-4000-8000-000000000001"),
        wrapped(a_decision(event_id=ANOTHER_ID, child_index=2), "11111111-0000-4000-8000-000000000002"),
        "not json at all",
    ]
    assert handle(context, *bodies) == ACCEPTED
    assert world.kinds() == ["DECISION", "RA_CHECK"] * 2
    assert [row["reason"] for row in world.refused()] == ["NOT_JSON"]


def test_a_message_that_cannot_be_written_comes_back_and_its_neighbours_do_not(
    world: World, context: LambdaContext
) -> None:
    """The second referral's head is spoilt: its message fails, the first is taken in all the same."""
    world.store.write(
        [world.store.put("x", "state", {"pk": "R#NS-26-BROKEN", "sk": "HEAD", "seq": 1, "tip": ""})]
    )
    world.store.write([world.store.put("x", "state", {"pk": "R#NS-26-BROKEN", "sk": "CHILD#zz"})])
    bodies = [
        wrapped(a_decision(), "11111111-0000-4000-8000-000000000001"),
        wrapped(
            a_decision(event_id=ANOTHER_ID, referral_ref="NS-26-BROKEN"),
            "11111111-0000-4000-8000-000000000002",
        ),
    ]
    assert handle(context, *bodies) == {"batchItemFailures": [{"itemIdentifier": "message-0002"}]}
    assert world.kinds() == ["DECISION", "RA_CHECK"]


def changed(**changes: Any) -> dict[str, Any]:
    return a_decision(**changes)


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in a_decision().items() if name != field}


BAD_INPUT = [
    ("unknown field", changed(child_surname="Canary"), "child_surname", "UNKNOWN_FIELD"),
    ("unknown field with a hostile name", changed(**{"Canary Surname": 1}), "(unnamed)", "UNKNOWN_FIELD"),
    ("unknown code", changed(primary_outcome="CANARY"), "primary_outcome", "UNKNOWN_CODE"),
    ("unknown hold", changed(hold_codes=[{"code": "CANARY"}]), "hold_codes.0.code", "UNKNOWN_CODE"),
    ("wrong version", changed(schema_version="9.9"), "schema_version", "WRONG_VERSION"),
    ("missing", without("decided_at"), "decided_at", "MISSING"),
    ("naive time", changed(decided_at="2026-11-24T15:02:00"), "decided_at", "NO_TIME_ZONE"),
    ("no time at all", changed(decided_at="Canary"), "decided_at", "NOT_VALID"),
    ("referral", changed(referral_ref="Canary Surname"), "referral_ref", "NOT_VALID"),
    ("text for a number", changed(decision_seq="1"), "decision_seq", "NOT_VALID"),
    (
        "unknown agency",
        changed(referring_agency={"agency_id": "canary-agency"}),
        "referring_agency.agency_id",
        "UNKNOWN_AGENCY",
    ),
    (
        "unknown involved agency",
        changed(involved_agencies=[{"agency_id": "canary-agency", "holds_plan_role": False}]),
        "involved_agencies.0.agency_id",
        "UNKNOWN_AGENCY",
    ),
    (
        "twenty-one recipients",
        changed(
            involved_agencies=[{"agency_id": f"canary-{n}", "holds_plan_role": False} for n in range(20)]
        ),
        "involved_agencies",
        "TOO_MANY_RECIPIENTS",
    ),
    (
        "birth date of a born child",
        changed(expected_date_of_delivery="2027-01-01"),
        "expected_date_of_delivery",
        "CONTRADICTION",
    ),
    ("a duplicate of nothing", changed(primary_outcome="DUP"), "duplicate_of", "CONTRADICTION"),
    (
        "a duplicate of itself",
        changed(primary_outcome="DUP", duplicate_of="NS-26-7KQ4ZP"),
        "duplicate_of",
        "CONTRADICTION",
    ),
    (
        "a duplicate that decides something beside",
        changed(primary_outcome="DUP", additional_outcomes=["NFA"], duplicate_of="NS-26-0R1G1N"),
        "additional_outcomes",
        "CONTRADICTION",
    ),
    (
        "a revision of what comes after it",
        changed(event_type="DECISION_REVISED", supersedes=1),
        "supersedes",
        "CONTRADICTION",
    ),
    (
        "somebody leads who is not named",
        changed(leading_agency_id="canary-agency"),
        "leading_agency_id",
        "CONTRADICTION",
    ),
    (
        "somebody is asked who is not named",
        changed(information_asked_of=["canary-agency"]),
        "information_asked_of",
        "CONTRADICTION",
    ),
    (
        "a staff link with an agency that does not exist",
        changed(hold_codes=[{"code": "STAFF_LINK", "agency_id": "canary-agency"}]),
        "hold_codes.0.agency_id",
        "UNKNOWN_AGENCY",
    ),
]


@pytest.mark.parametrize(
    ("event", "field", "reason"), [row[1:] for row in BAD_INPUT], ids=[row[0] for row in BAD_INPUT]
)
def test_bad_input_is_refused_with_its_field_kept_for_the_operator_and_nowhere_else(
    world: World,
    context: LambdaContext,
    capsys: pytest.CaptureFixture[str],
    *,
    event: dict[str, Any],
    field: str,
    reason: str,
) -> None:
    body = wrapped(event, "11111111-0000-4000-8000-000000000001")
    assert handle(context, body) == ACCEPTED
    assert handle(context, body) == ACCEPTED
    (row,) = world.refused()
    assert (row["field"], row["reason"], row["bytes"]) == (field, reason, len(body))
    assert row["pk"] == "X#2026-11-24#mash.case-system"
    kept = boto3.client("s3").get_object(Bucket=world.bucket, Key=row["kept_as"])
    assert kept["Body"].read() == body.encode()
    assert world.kinds() == []
    tables = str([world.all_items(table) for table in ("audit", "state", "keys")])
    assert "canary" not in (tables + capsys.readouterr().out).lower()


@pytest.mark.parametrize(
    ("body", "field", "reason", "source"),
    [
        ("", "event", "NOT_JSON", "unknown"),
        ("{", "event", "NOT_JSON", "unknown"),
        ("[" * 50_000, "event", "NOT_JSON", "unknown"),
        ("null", "detail", "NOT_AN_EVENT", "unknown"),
        ('{"detail-type": "DECIDED", "detail": "text"}', "detail", "NOT_AN_EVENT", "unknown"),
        (json.dumps(a_decision()), "detail", "NOT_AN_EVENT", "unknown"),
        (" " * (MOST_BYTES + 1), "event", "TOO_LARGE", "unknown"),
        (
            wrapped(a_decision(), "short", detail_type="ACKNOWLEDGED"),
            "event_type",
            "EVENT_TYPE_NOT_HANDLED",
            "mash.case-system",
        ),
        (
            wrapped(a_decision(source="north-police.ra-feed"), "short", detail_type="RA_FORM_METADATA"),
            "event_type",
            "EVENT_TYPE_NOT_HANDLED",
            "north-police.ra-feed",
        ),
        (
            wrapped({"source": "mash.case-system"}, "short", detail_type="DECIDED"),
            "event_type",
            "MISSING",
            "mash.case-system",
        ),
        (wrapped(a_decision(event_id="\ud800"), "short"), "event", "NOT_JSON", "mash.case-system"),
        (wrapped(a_decision(source="\ud800"), "short"), "source", "UNKNOWN_SOURCE", "unknown"),
        (
            wrapped(a_decision(source="not.registered", child_index=0), "x"),
            "source",
            "UNKNOWN_SOURCE",
            "unknown",
        ),
        (
            wrapped(a_decision(), "short", source="not.registered"),
            "source",
            "SOURCE_DIFFERS",
            "unknown",
        ),
        (
            wrapped(a_decision(), "short", source="north-police.ra-feed"),
            "source",
            "SOURCE_DIFFERS",
            "north-police.ra-feed",
        ),
        (
            wrapped(a_decision(source="north-police.ra-feed"), "short"),
            "event_type",
            "TYPE_NOT_GRANTED",
            "north-police.ra-feed",
        ),
    ],
)
def test_whatever_stands_in_the_queue_ends_in_the_trail(
    world: World, context: LambdaContext, *, body: str, field: str, reason: str, source: str
) -> None:
    assert handle(context, body) == ACCEPTED
    (row,) = world.refused()
    assert (row["field"], row["reason"]) == (field, reason)
    assert row["pk"] == f"X#2026-11-24#{source}"
    assert "not.registered" not in str(world.all_items("audit"))


def test_an_event_too_large_to_read_is_still_known_by_the_bus_s_own_id(
    world: World, context: LambdaContext
) -> None:
    """Its sender got that id from the bus, and looks for it in the trail."""
    bus_id = "11111111-0000-4000-8000-000000000009"
    handle(context, wrapped(a_decision(padding="x" * MOST_BYTES), bus_id))
    (row,) = world.refused()
    assert (row["reason"], row["cause"]) == ("TOO_LARGE", bus_id)
