"""A person's data put into every field that will take it comes out nowhere (invariant I11)."""

from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import pytest

from functions.adapters.ledger.store import Item, to_item
from tests.forms import a_complete_form_event, a_heartbeat_event
from tests.world import Wire, World, a_decision

CANARIES = TEXT, ID, CODE = ("Zebedee Quillfeather", "zebedee-quillfeather", "ZEBEDEE_QUILLFEATHER")
"""A name in the three spellings that patterns for text, ids and codes might let through."""

EVENTS = {
    "decision": a_decision(
        expected_date_of_delivery=None, receiving_la="SOUTHSHIRE", duplicate_of="NS-26-OTHER1"
    ),
    "form": a_complete_form_event(),
    "heartbeat": a_heartbeat_event(),
}

ACCEPTED: dict[str, dict[str, tuple[str, ...]]] = {
    "decision": {
        "lead_team_code": (CODE,),
        "agencies_contributing.0": (ID,),
        "agencies_contributing.1": (ID,),
        "referring_agency.own_ref": CANARIES,
        "involved_agencies.0.own_ref": CANARIES,
        "receiving_la": (CODE,),
    },
    "form": {
        "form_id": (ID, CODE),
        "police_occurrence_ref": CANARIES,
        "mash_referral_ref": CANARIES,
        "author_role": (CODE,),
        "author_force": (CODE,),
        "adults.0.role_code": (CODE,),
        "adults.0.relationship_code": (CODE,),
        "risk_grade": (CODE,),
        "initial_action_code": (CODE,),
        "child_now_with_code": (CODE,),
        "investigation_status": (CODE,),
        "da_ref": CANARIES,
        "supervisor_outcome": (CODE,),
        "rationale_codes.0": (CODE,),
        "rationale_codes.1": (CODE,),
    },
    "heartbeat": {},
}
"""Every place that takes the name in, with the spellings it takes; everywhere else it is refused."""


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


def of_its_own(kind: str, serial: int) -> Wire:
    """An identity that no event before had: what is accepted is then neither a duplicate nor stale."""
    ref = f"NS-26-{serial:06d}"
    identity: Wire = {"event_id": str(uuid5(NAMESPACE_OID, f"{kind} {serial}"))}
    if kind == "heartbeat":
        return identity
    return identity | {"referral_ref": ref} | ({"mash_referral_ref": ref} if kind == "form" else {})


def accepted(world: World, event: Wire, caplog: pytest.LogCaptureFixture) -> bool:
    refusals = caplog.messages.count("EVENT_REFUSED")
    world.take(event)
    return caplog.messages.count("EVENT_REFUSED") == refusals


def said(world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> str:
    """Whatever left, was kept readable, or was logged since the last time; the tables are emptied of it."""
    records = [vars(record) for record in caplog.records]
    words = [capsys.readouterr().out, caplog.text, str(records)]
    caplog.clear()
    for door in world.doors.values():
        words += [str(door.sent), str(door.mails)]
        door.sent.clear()
        door.mails.clear()
    for table in ("audit", "state", "keys"):
        items = world.all_items(table)
        words.append(str(items))
        forget(world, table, [item for item in items if not item["pk"].startswith("G#")])
    return "\n".join(words).lower()


def forget(world: World, table: str, items: list[Item]) -> None:
    """What was read once is not read again: less of it is a faster test."""
    for item in items:
        world.store.client.delete_item(TableName=table, Key=to_item({"pk": item["pk"], "sk": item["sk"]}))


@pytest.mark.slow
@pytest.mark.parametrize("kind", EVENTS)
def test_a_name_in_any_field_appears_in_no_output_row_or_log(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], *, kind: str
) -> None:
    """Each field and each spelling as an event and a referral of its own; a form's decision follows it."""
    taken: dict[str, tuple[str, ...]] = {}
    appeared = set()
    serials = count(1)
    for path in places(EVENTS[kind]):
        place = ".".join(map(str, path))
        told = 0
        for canary, serial in zip(CANARIES, serials, strict=False):
            if not accepted(world, planted(EVENTS[kind] | of_its_own(kind, serial), path, canary), caplog):
                continue
            taken[place] = (*taken.get(place, ()), canary)
            told += 0 if kind == "heartbeat" else 2
            if kind == "form":
                assert accepted(world, a_decision(**of_its_own("decision", serial)), caplog)
        assert (world.send_due() if told else 0) == told
        words = said(world, caplog, capsys)
        if any(canary.lower() in words for canary in CANARIES):
            appeared.add(place)
    assert taken == ACCEPTED[kind]
    assert appeared == set()
