"""The DECIDED contract: what it must carry, and what it will not take."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.base import instant_text
from schemas.codes import Outcome
from schemas.decision import MAX_INVOLVED_AGENCIES, Decided
from tests.world import a_decision

OPTIONAL = {
    "source_seq",
    "expected_date_of_delivery",
    "rag",
    "watch_for_codes",
    "info_needed_codes",
    "info_due_at",
    "lead_role",
    "lead_team_code",
    "agencies_contributing",
    "police_recommended_next_step",
    "recommendation_followed",
    "divergence_reason",
    "strategy_discussion_at",
    "response_change",
    "receiving_la",
    "transfer_accepted",
    "family_contacted",
    "leading_agency_id",
    "information_asked_of",
    "duplicate_of",
    "duplicate_of_child",
}
REQUIRED = {
    "schema_version",
    "event_id",
    "event_type",
    "source",
    "occurred_at",
    "referral_ref",
    "child_index",
    "decision_seq",
    "unborn",
    "received_at",
    "decided_at",
    "source_code",
    "primary_outcome",
    "additional_outcomes",
    "reason_codes",
    "support_codes",
    "next_step_codes",
    "plan_status",
    "risk_assessment_mode",
    "referring_agency",
    "involved_agencies",
    "hold_codes",
}
INSTANTS = ["occurred_at", "received_at", "decided_at", "strategy_discussion_at", "info_due_at"]


def read(event: dict[str, Any]) -> Decided:
    return Decided.model_validate_json(json.dumps(event))


def involved(count: int) -> list[dict[str, Any]]:
    return [{"agency_id": f"agency-{n}", "own_ref": None, "holds_plan_role": False} for n in range(count)]


def errors(event: dict[str, Any]) -> list[tuple[tuple[int | str, ...], str]]:
    """Where the contract objects, and its type of objection."""
    with pytest.raises(ValidationError) as caught:
        read(event)
    return [(error["loc"], error["type"]) for error in caught.value.errors()]


def test_the_worked_example_is_read_whole() -> None:
    decision = read(a_decision())
    assert (decision.referral_ref, decision.child_index, decision.decision_seq) == ("NS-26-7KQ4ZP", 1, 1)
    assert decision.outcomes == (Outcome.S47J,)
    assert decision.decided_at == datetime(2026, 11, 24, 15, 2, tzinfo=UTC)
    assert json.loads(decision.model_dump_json(exclude_unset=True)) == a_decision()


def test_the_fields_here_are_those_of_the_contract() -> None:
    assert set(Decided.model_fields) == REQUIRED | OPTIONAL
    assert {name for name, field in Decided.model_fields.items() if field.is_required()} == REQUIRED


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_required_field_cannot_be_left_out(name: str) -> None:
    event = a_decision()
    del event[name]
    assert errors(event) == [((name,), "missing")]


def test_nothing_optional_is_needed() -> None:
    decision = read({name: value for name, value in a_decision().items() if name in REQUIRED})
    assert decision.model_dump(include=OPTIONAL, exclude_none=True) == {
        "agencies_contributing": (),
        "info_needed_codes": (),
        "information_asked_of": (),
        "watch_for_codes": (),
    }


@pytest.mark.parametrize(
    ("event", "where"),
    [
        (a_decision(narrative="x"), ("narrative",)),
        (
            a_decision(referring_agency={"agency_id": "a-b", "own_ref": None, "name": "x"}),
            ("referring_agency", "name"),
        ),
        (a_decision(involved_agencies=[{**involved(1)[0], "x": 1}]), ("involved_agencies", 0, "x")),
        (a_decision(hold_codes=[{"code": "SENSITIVE", "why": "x"}]), ("hold_codes", 0, "why")),
    ],
)
def test_a_field_that_the_contract_does_not_know_is_refused_at_every_depth(
    event: dict[str, Any], where: tuple[int | str, ...]
) -> None:
    assert errors(event) == [(where, "extra_forbidden")]


@pytest.mark.parametrize("version", ["1.1", "1", "2.0", "", None, 1.0, 1])
def test_another_version_is_refused(version: object) -> None:
    assert errors(a_decision(schema_version=version)) == [(("schema_version",), "literal_error")]


@pytest.mark.parametrize("name", INSTANTS)
def test_a_moment_without_a_zone_is_refused(name: str) -> None:
    assert errors(a_decision(**{name: "2026-11-24T15:02:29"})) == [((name,), "timezone_aware")]


@pytest.mark.parametrize("name", INSTANTS)
@pytest.mark.parametrize(
    "moment",
    [
        1764000000,
        1764000000.5,
        "2026-11-24",
        "24/11/2026 15:02",
        "2026-02-30T00:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
    ],
)
def test_what_is_no_moment_is_refused_and_breaks_nothing(name: str, moment: object) -> None:
    assert [where for where, _ in errors(a_decision(**{name: moment}))] == [(name,)]


@given(st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)), st.integers(-23 * 60, 23 * 60))  # noqa: DTZ001
def test_a_moment_is_the_same_moment_whatever_zone_it_was_told_in(local: datetime, minutes: int) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    decision = read(a_decision(occurred_at=moment.isoformat()))
    assert decision.occurred_at == moment
    assert decision.occurred_at.tzinfo is UTC


def test_a_summer_moment_is_kept_in_utc() -> None:
    decision = read(a_decision(decided_at="2026-06-10T10:30:00+01:00"))
    assert instant_text(decision.decided_at) == "2026-06-10T09:30:00Z"
    assert instant_text(datetime(2026, 6, 10, 9, 30, 0, 120_000, tzinfo=UTC)) == "2026-06-10T09:30:00.120Z"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("child_index", "1"),
        ("child_index", 1.0),
        ("child_index", True),
        ("decision_seq", "1"),
        ("source_seq", "4182"),
        ("transfer_accepted", "yes"),
        ("family_contacted", 1),
        ("duplicate_of_child", "2"),
        ("unborn", 1),
        ("unborn", "false"),
        ("recommendation_followed", "yes"),
        ("recommendation_followed", 0),
        ("primary_outcome", 47),
        ("reason_codes", "HISTORIC"),
        ("reason_codes", None),
        ("hold_codes", {}),
        ("referral_ref", 1234),
        ("event_id", 1),
        ("expected_date_of_delivery", 20270201),
    ],
)
def test_a_value_of_another_type_is_not_bent_into_shape(name: str, value: object) -> None:
    assert {where[0] for where, _ in errors(a_decision(**{name: value}))} == {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("child_index", 0),
        ("child_index", -1),
        ("child_index", 100),
        ("decision_seq", 0),
        ("decision_seq", 10_000),
        ("source_seq", -1),
        ("source_seq", 2**53),
        ("duplicate_of_child", 0),
        ("duplicate_of_child", 100),
        ("leading_agency_id", "North Police"),
        ("information_asked_of", ["north police"]),
        ("event_id", "0d0f2c9e-8a53-4a0e-9f0e"),
        ("source", "M"),
        ("source", "Mash.case-system"),
        ("source", "mash case"),
        ("referral_ref", "ABC"),
        ("referral_ref", "A" * 19),
        ("referral_ref", "ns-26-7kq4zp"),
        ("referral_ref", "-NS26"),
        ("referral_ref", "NS-26#7KQ4ZP"),
        ("referral_ref", "NS-26-7KQ4ZP\n"),
        ("lead_team_code", "Team two"),
        ("receiving_la", "westshire"),
        ("duplicate_of", "x"),
        ("agencies_contributing", ["North Police"]),
    ],
)
def test_an_identifier_out_of_its_form_is_refused(name: str, value: object) -> None:
    assert {where[0] for where, _ in errors(a_decision(**{name: value}))} == {name}


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("event_type", "DECISION_REVISED", "literal_error"),
        ("rag", "BLACK", "enum"),
        ("source_code", "11", "enum"),
        ("primary_outcome", "S47", "enum"),
        ("primary_outcome", "s47j", "enum"),
        ("additional_outcomes", ["NFA", "XYZ"], "enum"),
        ("reason_codes", ["BECAUSE"], "enum"),
        ("support_codes", ["FRIENDS"], "enum"),
        ("next_step_codes", ["WAIT"], "enum"),
        ("watch_for_codes", ["WEATHER"], "enum"),
        ("info_needed_codes", ["EVERYTHING"], "enum"),
        ("plan_status", "SECRET", "enum"),
        ("lead_role", "BOSS", "enum"),
        ("risk_assessment_mode", "ALONE", "enum"),
        ("police_recommended_next_step", "NONE", "enum"),
        ("divergence_reason", "MOOD", "enum"),
        ("response_change", "STEP", "enum"),
        ("hold_codes", [{"code": "UNVERIFIED_ADDRESS"}], "enum"),
    ],
)
def test_a_code_that_no_list_has_is_refused(name: str, value: object, kind: str) -> None:
    found = errors(a_decision(**{name: value}))
    assert [(where[0], what) for where, what in found] == [(name, kind)]


@pytest.mark.parametrize(
    ("name", "repeated", "kept"),
    [
        ("reason_codes", ["HISTORIC", "OUT_OF_AREA", "HISTORIC"], ("HISTORIC", "OUT_OF_AREA")),
        ("support_codes", ["FAMILY_HUB", "FAMILY_HUB"], ("FAMILY_HUB",)),
        ("next_step_codes", ["KEEP_WORKING", "REFER_AGAIN", "KEEP_WORKING"], ("KEEP_WORKING", "REFER_AGAIN")),
        ("watch_for_codes", ["ADULT_DISENGAGES"] * 3, ("ADULT_DISENGAGES",)),
        ("info_needed_codes", ["HOUSEHOLD", "CHRONOLOGY", "HOUSEHOLD"], ("HOUSEHOLD", "CHRONOLOGY")),
    ],
)
def test_a_code_written_twice_is_taken_once_in_the_order_given(
    name: str, repeated: list[str], kept: tuple[str, ...]
) -> None:
    assert getattr(read(a_decision(**{name: repeated})), name) == kept


def test_a_senders_count_goes_as_far_as_every_system_can_count() -> None:
    assert read(a_decision(source_seq=2**53 - 1)).source_seq == 9_007_199_254_740_991


def test_at_most_twenty_recipients_are_named_in_one_event() -> None:
    assert MAX_INVOLVED_AGENCIES == 19
    assert len(read(a_decision(involved_agencies=involved(19))).involved_agencies) == 19
    assert errors(a_decision(involved_agencies=involved(20))) == [(("involved_agencies",), "too_long")]


def test_a_decision_with_no_professional_referrer_says_so() -> None:
    assert read(a_decision(referring_agency=None)).referring_agency is None


@pytest.mark.parametrize("own_ref", ["x" * 200, "<b>", "9434765919", "", None])
def test_a_wrong_reference_of_an_agencys_own_never_refuses_the_decision(own_ref: str | None) -> None:
    decision = read(a_decision(referring_agency={"agency_id": "north-police", "own_ref": own_ref}))
    assert decision.referring_agency is not None
    assert decision.referring_agency.own_ref == own_ref


@pytest.mark.parametrize("missing", ["reason_codes", "support_codes", "next_step_codes"])
@pytest.mark.parametrize("outcome", ["NFA", "ADV", "TRF", "OPN", "S47J"])
def test_missing_codes_never_refuse_the_decision(missing: str, outcome: str) -> None:
    read(a_decision(primary_outcome=outcome, strategy_discussion_at=None, **{missing: []}))


@pytest.mark.parametrize("name", a_decision())
def test_an_error_never_repeats_what_was_sent(name: str) -> None:
    for wrong in ("Oliver Canary", ["Oliver Canary"], {"agency_id": "Oliver Canary"}):
        with pytest.raises(ValidationError) as caught:
            read(a_decision(**{name: wrong}))
        assert "Canary" not in str(caught.value)


def test_a_decision_once_read_cannot_be_changed() -> None:
    decision = read(a_decision())
    with pytest.raises(ValidationError):
        decision.primary_outcome = Outcome.NFA  # type: ignore[misc]


@pytest.mark.parametrize("field", INSTANTS)
@pytest.mark.parametrize(
    "written",
    [
        "1764000000",
        "2026-11-24 15:02:00Z",
        "2026-11-24T15:02Z",
        "2026-11-24T15:02:00z",
        "2026-13-24T15:02:00Z",
    ],
)
def test_a_moment_is_taken_in_the_published_form_only(field: str, written: str) -> None:
    """Digits would be read as seconds since 1970, and nobody would see it."""
    assert errors(a_decision(**{field: written})) == [((field,), "value_error")]


@pytest.mark.parametrize("written", ["1801440000", "0001-01-01", "9999-12-31", "2027-2-14", "2027-02-30"])
def test_a_day_is_taken_in_the_published_form_and_inside_a_lifetime(written: str) -> None:
    found = errors(a_decision(unborn=True, expected_date_of_delivery=written))
    assert found == [(("expected_date_of_delivery",), "value_error")]
