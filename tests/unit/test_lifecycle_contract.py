"""The lifecycle contracts: what each event must carry, and what none of them will take."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.domain.refusals import UNNAMED, Refusal
from schemas.codes import EventType, RefusalReason
from tests.lifecycle_events import NAMES, an_event, contract_of, read, refused

ENVELOPE = {"schema_version", "event_id", "event_type", "source", "occurred_at", "referral_ref"}
CHILD = {*ENVELOPE, "child_index"}
VERSION = {*CHILD, "decision_seq"}
CHALLENGE = {*CHILD, "challenge_id"}
REQUIRED: dict[str, set[str]] = {
    "acknowledged": {*ENVELOPE, "acknowledged_at", "asked_to_contribute"},
    "milestone-assessment-complete": {*CHILD, "completed_at", "plan_status"},
    "milestone-s47-outcome": {*CHILD, "ended_at", "result"},
    "milestone-icpc-outcome": {*CHILD, "held_at", "plan_status"},
    "plan-status-changed": {*CHILD, "changed_at", "plan_status"},
    "case-closed": {*CHILD, "closed_at"},
    "police-investigation-status-changed": {*CHILD, "changed_at", "status"},
    "ra-status-changed": {*CHILD, "statement"},
    "transfer-accepted": {*CHILD, "accepted_at", "receiving_la"},
    "challenge-raised": {*CHALLENGE, "raised_at", "raised_by"},
    "challenge-stage": {*CHALLENGE, "reached_at"},
    "challenge-resolved": {*CHALLENGE, "resolved_at", "result"},
    "released": {*VERSION, "reason", "released_by", "released_at"},
    "withheld": {*VERSION, "disclosure", "decided_by", "rationale_ref", "withheld_at"},
    "phone-confirmed": {*VERSION, "agency_id", "phoned_at", "reader_role"},
    "withdrawn-in-error": {*VERSION, "withdrawn_at"},
    "probation-enquiry": {*ENVELOPE, "agency_id", "received_at"},
}
OPTIONAL: dict[str, set[str]] = {
    "acknowledged": {"rag", "contribute_by"},
    "plan-status-changed": {"lead_role", "lead_team_code", "plan_agencies"},
    "police-investigation-status-changed": {"police_occurrence_ref"},
    "ra-status-changed": {"done_at", "policy_id", "reminder_id"},
    "released": {"agency_id"},
    "withheld": {"agency_id"},
    "probation-enquiry": {"own_ref", "answered_at", "answer"},
}
INSTANTS = [
    (name, field)
    for name in NAMES
    for field in an_event(name)
    if field.endswith("_at") or field == "contribute_by"
]
each_event = pytest.mark.parametrize("name", NAMES)
each_instant = pytest.mark.parametrize(("name", "field"), INSTANTS)


def optional(name: str) -> set[str]:
    return {"source_seq", *OPTIONAL.get(name, set())}


# --- What it carries


def test_each_type_that_is_no_arrival_decision_or_form_has_its_contract() -> None:
    types = {
        event_type
        for name in NAMES
        for event_type in contract_of(name).model_json_schema()["properties"]["event_type"].get("enum", ())
        or [an_event(name)["event_type"]]
    }
    others = {"REFERRAL_RECEIVED", "DECIDED", "DECISION_REVISED", "RA_FORM_METADATA", "RA_FEED_HEARTBEAT"}
    assert types == {event_type.value for event_type in EventType} - others


@each_event
def test_an_event_is_read_whole_and_written_as_it_came(name: str) -> None:
    event = read(name, an_event(name))
    assert json.loads(event.model_dump_json(exclude_unset=True)) == an_event(name)
    assert read(name, json.loads(event.model_dump_json())) == event


@each_event
def test_the_fields_here_are_those_of_the_contract(name: str) -> None:
    fields = contract_of(name).model_fields
    assert set(fields) == REQUIRED[name] | optional(name)
    assert {field for field, found in fields.items() if found.is_required()} == REQUIRED[name]


@pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name in NAMES for field in sorted(REQUIRED[name])]
)
def test_a_required_field_cannot_be_left_out(name: str, field: str) -> None:
    event = an_event(name)
    del event[field]
    assert refused(name, event) == Refusal(field, RefusalReason.MISSING)


@each_event
def test_nothing_optional_is_needed_and_null_says_the_same(name: str) -> None:
    said = {"done_at"} if name == "ra-status-changed" else set()
    bare = {field: value for field, value in an_event(name).items() if field in REQUIRED[name] | said}
    event = read(name, bare)
    assert event.model_dump(include=optional(name) - said, exclude_none=True) == {}
    assert read(name, {**bare, **dict.fromkeys(optional(name) - said)}) == event


@pytest.mark.parametrize(
    ("name", "field"), [("acknowledged", "asked_to_contribute"), ("plan-status-changed", "plan_agencies")]
)
def test_a_list_may_be_empty_and_has_nineteen_agencies_at_most(name: str, field: str) -> None:
    agencies = [{**an_event(name)[field][0], "agency_id": f"agency-{number}"} for number in range(20)]
    assert getattr(read(name, an_event(name, **{field: []})), field) == ()
    assert len(getattr(read(name, an_event(name, **{field: agencies[:19]})), field)) == 19
    assert refused(name, an_event(name, **{field: agencies})) == Refusal(field, RefusalReason.NOT_VALID)


def test_a_plan_whose_agencies_stay_is_told_from_one_without_any() -> None:
    assert (
        read("plan-status-changed", an_event("plan-status-changed", plan_agencies=None)).plan_agencies is None
    )


@pytest.mark.parametrize("field", ["agency_id", "child_index"])
def test_whoever_is_asked_is_named_and_the_child_too(field: str) -> None:
    asked = {"agency_id": "north-probation", "child_index": 1}
    del asked[field]
    refusal = refused("acknowledged", an_event("acknowledged", asked_to_contribute=[asked]))
    assert refusal == Refusal(f"asked_to_contribute.0.{field}", RefusalReason.MISSING)


def test_an_enquiry_and_an_acknowledgement_are_about_no_child() -> None:
    for name in ("probation-enquiry", "acknowledged"):
        refusal = refused(name, an_event(name, child_index=1))
        assert refusal == Refusal("child_index", RefusalReason.UNKNOWN_FIELD)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("released", "agency_id"),
        ("withheld", "agency_id"),
        ("phone-confirmed", "agency_id"),
        ("probation-enquiry", "agency_id"),
        ("challenge-raised", "raised_by"),
    ],
)
def test_an_agency_is_named_in_any_case_and_known_in_lower_case(name: str, field: str) -> None:
    assert getattr(read(name, an_event(name, **{field: "North-Police"})), field) == "north-police"
    refusal = refused(name, an_event(name, **{field: "North Police"}))
    assert refusal == Refusal(field, RefusalReason.NOT_VALID)


# --- What it will not take


@each_event
@pytest.mark.parametrize("field", ["narrative", "concern", "reasons", "childs_name", "notes", "location"])
def test_a_field_that_the_contract_does_not_know_is_refused(name: str, field: str) -> None:
    assert refused(name, an_event(name, **{field: "x"})) == Refusal(field, RefusalReason.UNKNOWN_FIELD)


@pytest.mark.parametrize(
    ("name", "field"), [("acknowledged", "asked_to_contribute"), ("plan-status-changed", "plan_agencies")]
)
def test_a_field_that_an_agency_of_a_list_does_not_have_is_refused(name: str, field: str) -> None:
    agency = {**an_event(name)[field][0], "contact": "x"}
    refusal = refused(name, an_event(name, **{field: [agency]}))
    assert refusal == Refusal(f"{field}.0.contact", RefusalReason.UNKNOWN_FIELD)


@each_event
def test_a_field_named_after_a_child_is_refused_and_its_name_not_repeated(name: str) -> None:
    assert refused(name, an_event(name, **{"Oliver Canary": 1})) == Refusal(
        UNNAMED, RefusalReason.UNKNOWN_FIELD
    )


@each_event
@pytest.mark.parametrize("version", ["1.1", "2.0", None, 1.0])
def test_another_version_is_refused(name: str, version: object) -> None:
    assert refused(name, an_event(name, schema_version=version)) == Refusal(
        "schema_version", RefusalReason.WRONG_VERSION
    )


@each_event
def test_no_contract_takes_an_event_of_another_type(name: str) -> None:
    own = set(contract_of(name).model_json_schema()["properties"]["event_type"].get("enum", ()))
    for other in {event_type.value for event_type in EventType} - own - {an_event(name)["event_type"]}:
        refusal = refused(name, an_event(name, event_type=other))
        assert refusal == Refusal("event_type", RefusalReason.UNKNOWN_CODE)


@each_instant
def test_a_moment_without_its_zone_is_refused(name: str, field: str) -> None:
    event = an_event(name, **{field: "2026-11-24T15:02:29"})
    assert refused(name, event) == Refusal(field, RefusalReason.NO_TIME_ZONE)


@each_instant
@pytest.mark.parametrize(
    "moment", ["2026-11-24", "yesterday at Oliver's school", 1764000000, "1999-12-31T23:59:59Z"]
)
def test_what_is_no_moment_is_refused(name: str, field: str, moment: object) -> None:
    assert refused(name, an_event(name, **{field: moment})) == Refusal(field, RefusalReason.NOT_VALID)


@given(
    st.sampled_from(INSTANTS),
    st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)),  # noqa: DTZ001
    st.integers(-23 * 60, 23 * 60),
)
def test_a_moment_is_the_same_moment_whatever_zone_it_was_told_in(
    one: tuple[str, str], local: datetime, minutes: int
) -> None:
    name, field = one
    moment = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    found = getattr(read(name, an_event(name, **{field: moment.isoformat()})), field)
    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [("child_index", 1, 99), ("decision_seq", 1, 9999), ("source_seq", 0, 2**53 - 1)],
)
def test_a_number_is_one_that_can_have_been(field: str, least: int, most: int) -> None:
    for name in (name for name in NAMES if field in contract_of(name).model_fields):
        for number in (least, most):
            assert getattr(read(name, an_event(name, **{field: number})), field) == number
        for wrong in (least - 1, most + 1, str(least), float(least), True):
            refusal = refused(name, an_event(name, **{field: wrong}))
            assert refusal == Refusal(field, RefusalReason.NOT_VALID)


@each_event
def test_an_event_once_read_cannot_be_changed(name: str) -> None:
    event = read(name, an_event(name))
    with pytest.raises(ValidationError):
        event.referral_ref = "NS-26-0AB1CD"
