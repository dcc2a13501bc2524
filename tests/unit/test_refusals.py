"""A refusal names the field and the reason, and repeats nothing that its sender wrote."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from functions.domain.refusals import UNNAMED, WHAT_TO_DO, WHOLE_EVENT, Refusal, RefusedError, refusal_of
from schemas.codes import RefusalReason
from schemas.decision import Decided
from tests.world import a_decision

CANARY = "Oliver Canary 24/11/2015"
AGENCY = {"agency_id": "north-gp", "own_ref": None, "holds_plan_role": False}


def refused(text: str) -> Refusal:
    with pytest.raises(ValidationError) as caught:
        Decided.model_validate_json(text)
    return refusal_of(caught.value)


def refused_with(**changes: Any) -> Refusal:
    return refused(json.dumps(a_decision(**changes)))


def without(name: str) -> str:
    return json.dumps({key: value for key, value in a_decision().items() if key != name})


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"schema_version": "2.0"}, "schema_version", RefusalReason.WRONG_VERSION),
        ({"schema_version": 1.0}, "schema_version", RefusalReason.WRONG_VERSION),
        ({"event_type": "RA_FORM_METADATA"}, "event_type", RefusalReason.UNKNOWN_CODE),
        ({"primary_outcome": CANARY}, "primary_outcome", RefusalReason.UNKNOWN_CODE),
        ({"reason_codes": ["HISTORIC", CANARY]}, "reason_codes.1", RefusalReason.UNKNOWN_CODE),
        ({"occurred_at": "2026-11-24T15:02:29"}, "occurred_at", RefusalReason.NO_TIME_ZONE),
        ({"occurred_at": "yesterday"}, "occurred_at", RefusalReason.NOT_VALID),
        ({"occurred_at": "0001-01-01T00:00:00+05:00"}, "occurred_at", RefusalReason.NOT_VALID),
        ({"decided_at": "9999-12-31T23:59:59-05:00"}, "decided_at", RefusalReason.NOT_VALID),
        ({"event_id": CANARY}, "event_id", RefusalReason.NOT_VALID),
        ({"referral_ref": CANARY}, "referral_ref", RefusalReason.NOT_VALID),
        ({"referral_ref": "NS-26-7KQ4ZP\n"}, "referral_ref", RefusalReason.NOT_VALID),
        ({"child_index": "1"}, "child_index", RefusalReason.NOT_VALID),
        ({"narrative": CANARY}, "narrative", RefusalReason.UNKNOWN_FIELD),
        ({CANARY: 1}, UNNAMED, RefusalReason.UNKNOWN_FIELD),
        ({"<script>": 1}, UNNAMED, RefusalReason.UNKNOWN_FIELD),
        ({"a\nb": 1}, UNNAMED, RefusalReason.UNKNOWN_FIELD),
        ({"x" * 41: 1}, UNNAMED, RefusalReason.UNKNOWN_FIELD),
        ({"": 1}, UNNAMED, RefusalReason.UNKNOWN_FIELD),
        (
            {"referring_agency": {"agency_id": "a-b", "own_ref": None, CANARY: CANARY}},
            f"referring_agency.{UNNAMED}",
            RefusalReason.UNKNOWN_FIELD,
        ),
        ({"referring_agency": {"own_ref": None}}, "referring_agency.agency_id", RefusalReason.MISSING),
        (
            {"involved_agencies": [AGENCY, {**AGENCY, "agency_id": CANARY}]},
            "involved_agencies.1.agency_id",
            RefusalReason.NOT_VALID,
        ),
        (
            {"involved_agencies": [{**AGENCY, "agency_id": f"agency-{n}"} for n in range(20)]},
            "involved_agencies",
            RefusalReason.TOO_MANY_RECIPIENTS,
        ),
        ({"involved_agencies": [AGENCY, AGENCY]}, "involved_agencies", RefusalReason.CONTRADICTION),
        ({"additional_outcomes": ["S47J"]}, "additional_outcomes", RefusalReason.CONTRADICTION),
        (
            {"expected_date_of_delivery": "2027-02-01"},
            "expected_date_of_delivery",
            RefusalReason.CONTRADICTION,
        ),
        ({"hold_codes": [{"code": "STAFF_LINK"}]}, "hold_codes.0.agency_id", RefusalReason.CONTRADICTION),
        (
            {"hold_codes": [{"code": "LADO", "agency_id": "north-gp"}]},
            "hold_codes.0.agency_id",
            RefusalReason.CONTRADICTION,
        ),
    ],
)
def test_each_error_becomes_its_reason_and_names_its_field(
    changes: dict[str, Any], field: str, reason: RefusalReason
) -> None:
    assert refused_with(**changes) == Refusal(field, reason)


@pytest.mark.parametrize("name", ["schema_version", "event_id", "primary_outcome", "involved_agencies"])
def test_a_missing_field_is_named(name: str) -> None:
    assert refused(without(name)) == Refusal(name, RefusalReason.MISSING)


@pytest.mark.parametrize("text", ["", "{", "not json", '{"a":1}}'])
def test_what_is_not_json_is_told_of_the_whole_event(text: str) -> None:
    assert refused(text) == Refusal(WHOLE_EVENT, RefusalReason.NOT_JSON)


@pytest.mark.parametrize("text", ["[]", "null", '"text"', "1"])
def test_json_that_is_no_object_is_not_valid_as_a_whole(text: str) -> None:
    assert refused(text) == Refusal(WHOLE_EVENT, RefusalReason.NOT_VALID)


@pytest.mark.parametrize("name", a_decision())
def test_no_field_however_wrong_has_its_value_repeated(name: str) -> None:
    for wrong in (CANARY, [CANARY], {CANARY: CANARY}, [{"agency_id": CANARY, CANARY: CANARY}]):
        refusal = refused_with(**{name: wrong})
        assert refusal.field.split(".")[0] == name
        assert "Canary" not in repr(refusal)


def test_every_reason_says_what_to_do() -> None:
    assert WHAT_TO_DO.keys() == set(RefusalReason)
    assert all(sentence.endswith(".") and sentence.isascii() for sentence in WHAT_TO_DO.values())


def test_whoever_refuses_says_why_and_perhaps_of_which_arrival() -> None:
    refusal = Refusal("decision_seq", RefusalReason.DECISION_SEQ_REUSED)
    refused = RefusedError(refusal, "bus-once")
    assert (refused.refusal, refused.bus_id, str(refused)) == (refusal, "bus-once", "DECISION_SEQ_REUSED")
    assert RefusedError(refusal).bus_id is None
