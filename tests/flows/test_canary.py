"""A person's data put into every field that will take it comes out nowhere (invariant I11)."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest
from pydantic import ValidationError

from schemas.decision import Decided
from schemas.risk_assessment import RaFormMetadata
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import World, a_decision

CANARIES = ("Zebedee Quillfeather", "zebedee-quillfeather", "ZEBEDEE_QUILLFEATHER")
"""A name in the three spellings that patterns for text, ids and codes might let through."""

ISSUED_CODES = frozenset(
    {"referral_ref", "duplicate_of", "mash_referral_ref", "form_id", "lead_team_code", "receiving_la"}
)
"""What the hub or the force issues in capitals, and messages repeat: of these only a pattern can be asked."""

EVENTS = {
    "decision": a_decision(
        expected_date_of_delivery=None, receiving_la="SOUTHSHIRE", duplicate_of="NS-26-OTHER1"
    ),
    "form": a_complete_form_event(event_id="5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"),
    "heartbeat": a_heartbeat_event(event_id="9f1b6a52-7a7e-4f0c-9f0e-3d2c1b0a9f8e"),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every leaf."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*path, name))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))
    else:
        yield path


def planted(value: Any, path: tuple[Any, ...], canary: str) -> Any:
    """`value` with the canary at `path`."""
    if not path:
        return canary
    head, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[head] = planted(value[head], tuple(rest), canary)
    return copy


@pytest.fixture
def outputs(world: World, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Any:
    """Whatever left, was kept readable, or was logged."""

    def read() -> str:
        sent = [str(door.sent) for door in world.doors.values()]
        kept = [str(world.all_items(table)) for table in ("audit", "state", "keys")]
        logged = capsys.readouterr().out + caplog.text + str([vars(record) for record in caplog.records])
        return "\n".join([*sent, *kept, logged])

    return read


@pytest.mark.parametrize("name", EVENTS)
def test_a_name_in_any_field_appears_in_no_output_row_or_log(world: World, outputs: Any, name: str) -> None:
    """Each field in turn, each time as an event of its own, so that what is accepted is also sent."""
    for number, path in enumerate(places(EVENTS[name]), start=1):
        identity = {"event_id": str(uuid5(NAMESPACE_OID, f"{name}-{number}"))}
        version = {"decision_seq": number} if name == "decision" else {}
        issued = {str(part) for part in path} & ISSUED_CODES
        for canary in CANARIES[: 1 if issued else None]:
            world.take(planted(EVENTS[name] | identity | version, path, canary))
            world.send_due()
    said = outputs().lower()
    assert [canary for canary in CANARIES if canary.lower() in said] == []


def test_the_canary_is_really_planted_in_what_contracts_accept_as_well_as_in_what_they_refuse() -> None:
    """Without this, a contract that refused everything would pass the test above for the wrong reason."""
    accepted = 0
    for name, contract in (("decision", Decided), ("form", RaFormMetadata)):
        for path in places(EVENTS[name]):
            for canary in CANARIES:
                try:
                    contract.model_validate(planted(EVENTS[name], path, canary), strict=False)
                except ValidationError:
                    continue
                accepted += 1
    assert accepted >= len(CANARIES)
