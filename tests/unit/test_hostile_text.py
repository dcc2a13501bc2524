"""Names, header breaks and markup in every text of the newer events: refused by field, repeated nowhere."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from functions.domain.refusals import UNNAMED, Refusal, refusal_of
from schemas.codes import RefusalReason
from schemas.decision import DecisionRevised, HoldRequest, InvolvedAgency, NamedAgency
from schemas.referral import ReferralReceived, ReferredChildEntry
from tests.world import a_decision, a_receipt

Wire = dict[str, Any]
Path = tuple[str | int, ...]

A_WHOLE_REVISION = a_decision(
    event_type="DECISION_REVISED",
    decision_seq=2,
    supersedes=1,
    unborn=True,
    expected_date_of_delivery="2027-02-01",
    additional_outcomes=["LAD"],
    reason_codes=["NEW_INFORMATION"],
    support_codes=["FAMILY_HUB"],
    watch_for_codes=["ADULT_DISENGAGES"],
    info_needed_codes=["CHRONOLOGY"],
    info_due_at="2026-11-25T15:02:00Z",
    divergence_reason="NEW_INFORMATION",
    hold_codes=[{"code": "STAFF_LINK", "agency_id": "north-probation"}],
    response_change="STEP_UP",
    receiving_la="SOUTHSHIRE",
    transfer_accepted=False,
    family_contacted=True,
    leading_agency_id="north-probation",
    information_asked_of=["north-police"],
    duplicate_of="NS-26-5RB6LN",
    duplicate_of_child=1,
)
A_WHOLE_ARRIVAL = a_receipt(
    children=[{"child_index": 1, "unborn": False, "child_pseudonym": "5f0c92b7ad3e4186b1d27c60e89f4a35"}]
)
WHOLE: dict[type[BaseModel], Wire] = {
    DecisionRevised: A_WHOLE_REVISION,
    ReferralReceived: A_WHOLE_ARRIVAL,
}
WITHIN: list[tuple[type[BaseModel], Wire]] = [
    (NamedAgency, A_WHOLE_REVISION["referring_agency"]),
    (InvolvedAgency, A_WHOLE_REVISION["involved_agencies"][0]),
    (HoldRequest, A_WHOLE_REVISION["hold_codes"][0]),
    (NamedAgency, A_WHOLE_ARRIVAL["referring_agency"]),
    (ReferredChildEntry, A_WHOLE_ARRIVAL["children"][0]),
]

# What stands before and after a right value, and what stands instead of one; each is found again if repeated.
AROUND = [
    ("", " Canary"),
    ("", "\n"),
    ("", "\r\nBcc: canary@evil.example"),
    ("Canary\r\n", ""),
    ("<b>", "</b>"),
    ("", "\u202eyranaC"),
    ("", "\x00Canary"),
]
INSTEAD = [
    "Oliver Canary",
    "Oliver Canary, 24/11/2015",
    "Ol\u00edver C\u00e1nary",
    "\r\nSubject: Canary\r\n\r\n",
    "<script>alert('Canary')</script>",
    "<img src=x onerror=Canary>",
    "{{ Canary }}",
    "${Canary}",
    "'; DROP TABLE canary; --",
    "canary@evil.example",
    "https://evil.example/canary?x=1",
    "Canary " * 1000,
    "",
]


def texts(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where each text of an event stands, an agency's own reference excepted."""
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(part, (*path, key))
    elif isinstance(value, str) and path[-1] != "own_ref":
        yield path


def objects(value: Any, path: Path = ()) -> Iterator[Path]:
    if isinstance(value, dict):
        yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from objects(part, (*path, key))


def at(event: Any, path: Path) -> Any:
    for key in path:
        event = event[key]
    return event


def changed(contract: type[BaseModel], path: Path, value: object) -> Wire:
    event = copy.deepcopy(WHOLE[contract])
    at(event, path[:-1])[path[-1]] = value
    return event


def refused(contract: type[BaseModel], event: Wire) -> tuple[Refusal, str]:
    """The refusal, and the library's own words on it."""
    with pytest.raises(ValidationError) as caught:
        contract.model_validate_json(json.dumps(event))
    return refusal_of(caught.value), str(caught.value)


def dotted(path: Path) -> str:
    return ".".join(map(str, path))


TEXTS = [(contract, path) for contract, event in WHOLE.items() for path in texts(event)]
each_text = pytest.mark.parametrize(
    ("contract", "path"), TEXTS, ids=[f"{contract.__name__}.{dotted(path)}" for contract, path in TEXTS]
)


@pytest.mark.parametrize(("model", "event"), [*WHOLE.items(), *WITHIN])
def test_the_events_here_use_every_field_there_is(model: type[BaseModel], event: Wire) -> None:
    assert set(event) == set(model.model_fields)
    assert all(value not in (None, [], "") for value in event.values())


@pytest.mark.parametrize(("contract", "event"), WHOLE.items())
def test_the_events_here_are_right_but_for_what_a_test_changes(
    contract: type[BaseModel], event: Wire
) -> None:
    assert json.loads(contract.model_validate_json(json.dumps(event)).model_dump_json()) == event


@each_text
def test_hostile_text_is_refused_by_its_field_and_never_repeated(
    contract: type[BaseModel], path: Path
) -> None:
    right = at(WHOLE[contract], path)
    for hostile in [*INSTEAD, *(f"{before}{right}{after}" for before, after in AROUND)]:
        refusal, words = refused(contract, changed(contract, path, hostile))
        assert refusal.field == dotted(path), repr(hostile)
        assert refusal.reason is not RefusalReason.CONTRADICTION
        told = f"{refusal} {words}".lower()
        assert not [part for part in ("canary", "oliver", "evil", "script", "bcc") if part in told], told


@each_text
@pytest.mark.parametrize("value", [["Oliver Canary"], {"Oliver Canary": "Oliver Canary"}, 9434765919])
def test_no_other_value_is_bent_into_text_or_repeated(
    contract: type[BaseModel], path: Path, value: object
) -> None:
    refusal, _ = refused(contract, changed(contract, path, value))
    assert refusal.field == dotted(path)
    assert "Canary" not in repr(refusal)


@pytest.mark.parametrize(
    ("contract", "path"), [(contract, path) for contract, event in WHOLE.items() for path in objects(event)]
)
@pytest.mark.parametrize("name", ["Oliver Canary", "<script>", "a\r\nb", "", "x" * 41, "__proto__\u202e"])
def test_a_hostile_field_name_is_refused_where_it_stands_and_never_repeated(
    contract: type[BaseModel], path: Path, name: str
) -> None:
    refusal, _ = refused(contract, changed(contract, (*path, name), "Canary"))
    assert refusal == Refusal(dotted((*path, UNNAMED)), RefusalReason.UNKNOWN_FIELD)


@pytest.mark.parametrize(
    ("contract", "path"),
    [
        (DecisionRevised, ("referring_agency", "own_ref")),
        (DecisionRevised, ("involved_agencies", 0, "own_ref")),
        (ReferralReceived, ("referring_agency", "own_ref")),
    ],
)
def test_an_agencys_own_reference_alone_is_taken_as_it_comes(contract: type[BaseModel], path: Path) -> None:
    """It is blanked and flagged later (tests of `usable_own_ref`): no reason to refuse a decision."""
    for hostile in ("Oliver Canary", "\r\nBcc: canary@evil.example", "<b>", "9434765919", "x" * 200):
        contract.model_validate_json(json.dumps(changed(contract, path, hostile)))
    refusal, words = refused(contract, changed(contract, path, "Canary" * 34))
    assert refusal == Refusal(dotted(path), RefusalReason.NOT_VALID)
    assert "Canary" not in words
