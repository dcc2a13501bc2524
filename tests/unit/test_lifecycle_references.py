"""No lifecycle event has room for words: what it names, it names by an id, a code or a reference."""

from typing import Any

import pytest

from functions.domain.refusals import Refusal
from schemas.codes import RefusalReason
from tests.lifecycle_events import NAMES, Wire, an_event, read, refused

RECORD_IDS = [
    ("challenge-raised", "challenge_id"),
    ("challenge-stage", "challenge_id"),
    ("challenge-resolved", "challenge_id"),
    ("withheld", "rationale_ref"),
    ("police-investigation-status-changed", "police_occurrence_ref"),
    ("ra-status-changed", "policy_id"),
]
ODD_REFERENCES = ["", "Oliver Canary", "943 476 5919", "24/11/2019", "<b>", "x" * 200, "\n", "Ø"]


def with_id(name: str, field: str, record_id: object) -> Wire:
    """A policy stands beside NOT_NEEDED alone."""
    needs = {"statement": "NOT_NEEDED", "done_at": None} if field == "policy_id" else {}
    return an_event(name, **needs, **{field: record_id})


def places_of_text(value: object, *path: str | int) -> list[tuple[str | int, ...]]:
    """Where an event holds text, its own references apart: those are judged later, and blanked."""
    match value:
        case dict():
            return [place for key, part in value.items() for place in places_of_text(part, *path, key)]
        case list():
            return [place for at, part in enumerate(value) for place in places_of_text(part, *path, at)]
        case str():
            return [] if path[-1] == "own_ref" else [path]
    return []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "words", ["Oliver Canary, 4 High Street", "the child was cold", "Øliver1", "1\n2", ""]
)
def test_no_text_of_an_event_but_an_own_reference_takes_words(name: str, words: str) -> None:
    for place in places_of_text(an_event(name)):
        event = an_event(name)
        holder: Any = event
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = words
        assert refused(name, event).field == ".".join(map(str, place))


@pytest.mark.parametrize(("name", "field"), RECORD_IDS)
@pytest.mark.parametrize("record_id", ["1", "a1", "CH-2026-0107", "43261124/0917", "x" * 63 + "1"])
def test_a_record_is_named_by_an_id_with_a_digit(name: str, field: str, record_id: str) -> None:
    assert getattr(read(name, with_id(name, field, record_id)), field) == record_id


@pytest.mark.parametrize(("name", "field"), RECORD_IDS)
@pytest.mark.parametrize(
    "record_id",
    ["Oliver", "oliver-canary", "Oliver.Canary", "CANARY/OLIVER", "-1", "_1", "x" * 64 + "1", "1\n", 1, True],
)
def test_a_record_is_not_named_by_what_could_be_a_name(name: str, field: str, record_id: object) -> None:
    assert refused(name, with_id(name, field, record_id)) == Refusal(field, RefusalReason.NOT_VALID)


@pytest.mark.parametrize("own_ref", ODD_REFERENCES)
def test_an_odd_reference_of_an_agencys_own_is_no_reason_to_refuse(own_ref: str) -> None:
    enquiry = read("probation-enquiry", an_event("probation-enquiry", own_ref=own_ref))
    assert enquiry.own_ref == own_ref
    asked = [{"agency_id": "north-probation", "own_ref": own_ref, "child_index": 1}]
    acknowledged = read("acknowledged", an_event("acknowledged", asked_to_contribute=asked))
    assert acknowledged.asked_to_contribute[0].own_ref == own_ref
    planned = [{"agency_id": "north-probation", "own_ref": own_ref}]
    changed = read("plan-status-changed", an_event("plan-status-changed", plan_agencies=planned))
    assert changed.plan_agencies[0].own_ref == own_ref
