"""The REFERRAL_RECEIVED contract: the arrival that starts the clocks, and children without a name."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from functions.domain.refusals import UNNAMED, Refusal, refusal_of
from schemas.codes import CinSource, Rag, ReferralKind, RefusalReason
from schemas.referral import ReferralReceived, ReferredChildEntry
from tests.world import a_receipt

Wire = dict[str, Any]

PSEUDONYM = "5f0c92b7ad3e4186b1d27c60e89f4a35"
REQUIRED = {
    "schema_version",
    "event_id",
    "event_type",
    "source",
    "occurred_at",
    "referral_ref",
    "kind",
    "received_at",
    "source_code",
    "referring_agency",
    "children",
}
OPTIONAL = {"source_seq", "rag"}


def a_child(child_index: int = 1, /, **changes: Any) -> Wire:
    """The first child has the pseudonym that tests know; each other one has another."""
    pseudonym = PSEUDONYM if child_index == 1 else f"{child_index:032x}"
    return {"child_index": child_index, "unborn": False, "child_pseudonym": pseudonym} | changes


def an_arrival(**changes: Any) -> Wire:
    """A police referral of two siblings, one of them unborn."""
    children = [a_child(), a_child(2, unborn=True, child_pseudonym=None)]
    return a_receipt(children=children) | changes


def read(event: Wire) -> ReferralReceived:
    return ReferralReceived.model_validate_json(json.dumps(event))


def refused(event: Wire) -> Refusal:
    with pytest.raises(ValidationError) as caught:
        read(event)
    return refusal_of(caught.value)


def test_an_arrival_is_read_whole() -> None:
    arrival = read(an_arrival())
    assert (arrival.kind, arrival.rag, arrival.source_code) == (
        ReferralKind.REFERRAL,
        Rag.RED,
        CinSource.POLICE,
    )
    assert arrival.received_at == datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
    assert arrival.children == (
        ReferredChildEntry(child_index=1, unborn=False, child_pseudonym=PSEUDONYM),
        ReferredChildEntry(child_index=2, unborn=True),
    )
    assert json.loads(arrival.model_dump_json(exclude_unset=True)) == an_arrival()


def test_the_fields_here_are_those_of_the_contract() -> None:
    assert set(ReferralReceived.model_fields) == REQUIRED | OPTIONAL
    assert {name for name, field in ReferralReceived.model_fields.items() if field.is_required()} == REQUIRED
    assert set(ReferredChildEntry.model_fields) == set(a_child())


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_required_field_cannot_be_left_out(name: str) -> None:
    event = an_arrival()
    del event[name]
    assert refused(event) == Refusal(name, RefusalReason.MISSING)


@pytest.mark.parametrize("name", ["child_index", "unborn"])
def test_a_child_is_told_apart_and_born_or_not(name: str) -> None:
    child = a_child()
    del child[name]
    assert refused(an_arrival(children=[a_child(2), child])) == Refusal(
        f"children.1.{name}", RefusalReason.MISSING
    )


def test_nothing_optional_is_needed() -> None:
    bare = {name: value for name, value in an_arrival().items() if name in REQUIRED}
    arrival = read({**bare, "children": [{"child_index": 1, "unborn": False}]})
    assert (arrival.source_seq, arrival.rag) == (None, None)
    assert arrival.children[0].child_pseudonym is None
    assert read({**bare, "source_seq": None, "rag": None, "children": [a_child(child_pseudonym=None)]}) == (
        arrival
    )


def test_a_member_of_the_publics_referral_has_no_referring_agency() -> None:
    arrival = read(an_arrival(referring_agency=None, source_code="1B"))
    assert arrival.referring_agency is None


def test_the_referrer_is_named_in_any_case_and_known_in_lower_case() -> None:
    arrival = read(an_arrival(referring_agency={"agency_id": "NPS"}))
    assert arrival.referring_agency is not None
    assert (arrival.referring_agency.agency_id, arrival.referring_agency.own_ref) == ("nps", None)


@pytest.mark.parametrize("kind", ReferralKind)
def test_an_arrival_is_counted_as_a_contact_or_a_referral(kind: ReferralKind) -> None:
    assert read(an_arrival(kind=kind.value)).kind is kind


# --- Each child once, and by no name


@pytest.mark.parametrize(
    "children",
    [
        [a_child(), a_child()],
        [a_child(), a_child(unborn=True, child_pseudonym=None)],
        [a_child(2), a_child(1), a_child(2, child_pseudonym="0" * 32)],
    ],
    ids=["in the same words", "in other words", "not side by side"],
)
def test_each_child_is_listed_once(children: list[Wire]) -> None:
    assert refused(an_arrival(children=children)) == Refusal("children", RefusalReason.CONTRADICTION)


def test_children_keep_the_order_of_the_referral() -> None:
    arrival = read(an_arrival(children=[a_child(3), a_child(1), a_child(99)]))
    assert [child.child_index for child in arrival.children] == [3, 1, 99]


def test_two_children_never_share_a_pseudonym() -> None:
    """In the chronology they would become one child (hazard H9)."""
    twins = [a_child(1), a_child(2, child_pseudonym=PSEUDONYM)]
    assert refused(an_arrival(children=twins)) == Refusal("children", RefusalReason.CONTRADICTION)
    unknown = [a_child(1, child_pseudonym=None), a_child(2, child_pseudonym=None)]
    assert len(read(an_arrival(children=unknown)).children) == 2


def test_one_to_twenty_children_arrive_together() -> None:
    twenty = [a_child(index) for index in range(1, 21)]
    assert len(read(an_arrival(children=twenty)).children) == 20
    for wrong in ([], [*twenty, a_child(21)]):
        assert refused(an_arrival(children=wrong)) == Refusal("children", RefusalReason.NOT_VALID)


@pytest.mark.parametrize("pseudonym", ["0" * 32, "f" * 64, PSEUDONYM, "0123456789abcdef" * 3, None])
def test_a_pseudonym_is_thirty_two_to_sixty_four_hexadecimal_digits(pseudonym: str | None) -> None:
    child = read(an_arrival(children=[a_child(child_pseudonym=pseudonym)])).children[0]
    assert child.child_pseudonym == pseudonym


@pytest.mark.parametrize(
    "pseudonym",
    [
        "",
        "0" * 31,
        "0" * 65,
        PSEUDONYM.upper(),
        PSEUDONYM.replace("f", "g"),
        f"{PSEUDONYM}\n",
        f" {PSEUDONYM}",
        f"0x{PSEUDONYM}",
        "c3e6b7f1-94d8-4d0e-a2b5-8f7061cd3e9a",
        "oliver-canary-of-the-high-street",
        "olivercanaryolivercanaryolivercanary",
        "Oliver Canary, born 24 November 2015",
        "\uff10" * 32,
        "\u0661" * 32,
        9434765919,
        int("1" * 32),
        True,
        [PSEUDONYM],
    ],
)
def test_a_pseudonym_that_could_be_a_name_or_a_number_of_somebodys_is_refused(pseudonym: object) -> None:
    event = an_arrival(children=[a_child(2), a_child(child_pseudonym=pseudonym)])
    assert refused(event) == Refusal("children.1.child_pseudonym", RefusalReason.NOT_VALID)


@pytest.mark.parametrize(
    "name",
    ["name", "surname", "date_of_birth", "expected_date_of_delivery", "nhs_number", "school", "address"],
)
def test_who_a_child_is_has_no_field_to_travel_in(name: str) -> None:
    event = an_arrival(children=[a_child(**{name: "x"})])
    assert refused(event) == Refusal(f"children.0.{name}", RefusalReason.UNKNOWN_FIELD)


@pytest.mark.parametrize("name", ["narrative", "concern", "opened_at", "child_index", "primary_outcome"])
def test_a_field_that_the_contract_does_not_know_is_refused(name: str) -> None:
    assert refused(an_arrival(**{name: "x"})) == Refusal(name, RefusalReason.UNKNOWN_FIELD)
    referrer = {"agency_id": "north-police", name: "x"}
    assert refused(an_arrival(referring_agency=referrer)) == Refusal(
        f"referring_agency.{name}", RefusalReason.UNKNOWN_FIELD
    )


def test_a_field_named_after_a_child_is_refused_and_its_name_not_repeated() -> None:
    for event in (an_arrival(**{"Oliver Canary": 1}), an_arrival(children=[a_child(**{"Oliver Canary": 1})])):
        refusal = refused(event)
        assert refusal.reason is RefusalReason.UNKNOWN_FIELD
        assert refusal.field.endswith(UNNAMED)


# --- Values out of their form


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("schema_version", "2.0", RefusalReason.WRONG_VERSION),
        ("schema_version", None, RefusalReason.WRONG_VERSION),
        ("event_type", "DECIDED", RefusalReason.UNKNOWN_CODE),
        ("event_id", "42", RefusalReason.NOT_VALID),
        ("source", "mash case", RefusalReason.NOT_VALID),
        ("source_seq", -1, RefusalReason.NOT_VALID),
        ("source_seq", "4171", RefusalReason.NOT_VALID),
        ("source_seq", 2**53, RefusalReason.NOT_VALID),
        ("referral_ref", "ns-26-7kq4zp", RefusalReason.NOT_VALID),
        ("referral_ref", None, RefusalReason.NOT_VALID),
        ("kind", "ENQUIRY", RefusalReason.UNKNOWN_CODE),
        ("kind", "referral", RefusalReason.UNKNOWN_CODE),
        ("kind", None, RefusalReason.UNKNOWN_CODE),
        ("rag", "BLACK", RefusalReason.UNKNOWN_CODE),
        ("source_code", "11", RefusalReason.UNKNOWN_CODE),
        ("source_code", 6, RefusalReason.UNKNOWN_CODE),
        ("occurred_at", "2026-11-24T09:44:36", RefusalReason.NO_TIME_ZONE),
        ("received_at", "2026-11-24T09:40:00", RefusalReason.NO_TIME_ZONE),
        ("received_at", "2026-11-24", RefusalReason.NOT_VALID),
        ("received_at", 1764000000, RefusalReason.NOT_VALID),
        ("received_at", "1999-12-31T23:59:59Z", RefusalReason.NOT_VALID),
        ("received_at", "9999-12-31T23:59:59-05:00", RefusalReason.NOT_VALID),
        ("received_at", None, RefusalReason.NOT_VALID),
        ("referring_agency", "north-police", RefusalReason.NOT_VALID),
        ("children", {}, RefusalReason.NOT_VALID),
        ("children", None, RefusalReason.NOT_VALID),
    ],
)
def test_a_value_out_of_its_form_is_refused_by_name(name: str, value: object, reason: RefusalReason) -> None:
    assert refused(an_arrival(**{name: value})) == Refusal(name, reason)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("child_index", 0),
        ("child_index", -1),
        ("child_index", 100),
        ("child_index", "1"),
        ("child_index", 1.0),
        ("child_index", True),
        ("child_index", None),
        ("unborn", 0),
        ("unborn", "no"),
        ("unborn", None),
    ],
)
def test_a_childs_value_out_of_its_form_is_refused_by_name(name: str, value: object) -> None:
    event = an_arrival(children=[a_child(**{name: value})])
    assert refused(event) == Refusal(f"children.0.{name}", RefusalReason.NOT_VALID)


def test_a_summer_arrival_is_kept_in_utc() -> None:
    assert read(an_arrival(received_at="2026-06-12T17:00:00+01:00")).received_at == datetime(
        2026, 6, 12, 16, tzinfo=UTC
    )


def test_an_arrival_once_read_cannot_be_changed() -> None:
    arrival = read(an_arrival())
    with pytest.raises(ValidationError):
        arrival.kind = ReferralKind.CONTACT  # type: ignore[misc]
