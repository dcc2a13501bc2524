"""What was released stays true: each published contract has everything of the copy that partners built on.

`released/` holds each contract as it was when its version was released, by its address. What is added is
copied there with the release that adds it; what must be taken away goes into a new version, beside this one.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.publication import Publication
from schemas.publish import PUBLICATIONS, PUBLISHED
from tests.house.additive import places, taken_away

RELEASED = Path(__file__).parent / "released"
BY_NAME = {publication.name: publication for publication in PUBLICATIONS}
Document = dict[str, Any]
Change = Callable[[Document], object]

each_publication = pytest.mark.parametrize("publication", PUBLICATIONS, ids=lambda one: one.name)


def released_as(publication: Publication) -> str:
    return publication.address.rpartition("/")[2]


def read(path: Path) -> Document:
    return dict(json.loads(path.read_text(encoding="utf-8")))


@each_publication
def test_a_contract_has_all_that_its_released_version_had(publication: Publication) -> None:
    released = read(RELEASED / released_as(publication))
    current = read(PUBLISHED / publication.file_name)
    assert taken_away(released, current, we_send_it=publication.we_send_it) == []


def test_every_version_that_was_released_is_still_published_beside_the_next_one() -> None:
    assert {path.name for path in RELEASED.iterdir()} == {released_as(one) for one in PUBLICATIONS}


def test_every_field_of_an_outcome_is_compared() -> None:
    found = places(read(RELEASED / "outcome-1.0.json"))
    assert {".id", ".data.police_form.status", ".data.decision.reason_codes[]", ".data.plan.status"} <= set(
        found
    )
    assert {"S47J", "NFA"} <= found[".data.decision.outcome"].codes
    assert found[".data.police_form"].required


# --- a planted change of each kind


def told(document: Document, model: str) -> Document:
    """One of the objects that an outcome is made of."""
    found: Document = document["$defs"][model]
    return found


def lose(document: Document, model: str, name: str) -> None:
    del told(document, model)["properties"][name]
    told(document, model)["required"].remove(name)


def lose_code(document: Document, codes: str, code: str) -> None:
    document["$defs"][codes]["enum"].remove(code)


def an_object(*required: str) -> Document:
    return {"type": "object", "properties": {name: {"type": "string"} for name in required}} | {
        "required": list(required)
    }


TAKES_AWAY: list[tuple[str, str, Change, str]] = [
    (
        "outcome",
        "a field vanishes",
        lambda it: lose(it, "ToldDecision", "supersedes"),
        ".data.decision.supersedes is gone",
    ),
    (
        "outcome",
        "a code vanishes",
        lambda it: lose_code(it, "PoliceFormStatus", "NOT_KNOWN"),
        ".data.police_form.status has no NOT_KNOWN any more",
    ),
    (
        "outcome",
        "the type's own name changes",
        lambda it: it["properties"]["type"].update(const="uk.mash.outcome.v2"),
        ".type has no uk.mash.outcome.v1 any more",
    ),
    (
        "outcome",
        "a number becomes text",
        lambda it: told(it, "ToldDecision")["properties"]["decision_seq"].update(type="string"),
        ".data.decision.decision_seq is of another type",
    ),
    (
        "outcome",
        "a time becomes a day",
        lambda it: told(it, "ToldDecision")["properties"]["decided_at"].update(format="date"),
        ".data.decision.decided_at is of another type",
    ),
    (
        "outcome",
        "what always was there may be null",
        lambda it: told(it, "OutcomeData")["properties"].update(
            police_form={"anyOf": [{"$ref": "#/$defs/ToldPoliceForm"}, {"type": "null"}]}
        ),
        ".data.police_form is of another type",
    ),
    (
        "outcome",
        "what always was there may be missing",
        lambda it: told(it, "OutcomeData")["required"].remove("police_form"),
        ".data.police_form may be missing",
    ),
    (
        "decided",
        "a field vanishes",
        lambda it: it["properties"].pop("source_seq"),
        ".source_seq is gone",
    ),
    (
        "decided",
        "a code vanishes",
        lambda it: lose_code(it, "Outcome", "NFA"),
        ".primary_outcome has no NFA any more",
    ),
    (
        "decided",
        "a number becomes text",
        lambda it: it["properties"]["child_index"].update(type="string"),
        ".child_index is of another type",
    ),
    (
        "decided",
        "a text becomes a list of codes",
        lambda it: it["properties"]["referral_ref"].update(enum=["NS-26-7KQ4ZP"]),
        ".referral_ref is of another type",
    ),
    (
        "decided",
        "a new field is demanded",
        lambda it: (it["properties"].update(team={"type": "string"}), it["required"].append("team")),
        ".team must be given",
    ),
    (
        "decided",
        "a field that could be left out is demanded",
        lambda it: it["required"].append("source_seq"),
        ".source_seq must be given",
    ),
    (
        "decided",
        "a rule across fields is new",
        lambda it: it["allOf"].append({"properties": {"child_index": {"maximum": 3}}}),
        " has a new rule",
    ),
    (
        "confirmation",
        "a role vanishes",
        lambda it: lose_code(it, "ReaderRole", "DUTY_WORKER"),
        ".role has no DUTY_WORKER any more",
    ),
]
ADDS: list[tuple[str, str, Change]] = [
    (
        "outcome",
        "a field that is always there",
        lambda it: (
            told(it, "OutcomeData")["properties"].update(more={"type": "string"}),
            told(it, "OutcomeData")["required"].append("more"),
        ),
    ),
    ("outcome", "a code", lambda it: it["$defs"]["PoliceFormStatus"]["enum"].append("ON_ITS_WAY")),
    ("outcome", "other words about a field", lambda it: it["properties"]["id"].update(description="new")),
    ("decided", "a field that may be left out", lambda it: it["properties"].update(team={"type": "string"})),
    (
        "decided",
        "an object that may be left out, with a field that it must have",
        lambda it: it["properties"].update(team=an_object("code")),
    ),
    ("decided", "a code", lambda it: it["$defs"]["Outcome"]["enum"].append("S48")),
    ("decided", "a field is demanded no more", lambda it: it["required"].remove("unborn")),
]


def found_after(name: str, change: Change) -> list[str]:
    released = read(RELEASED / released_as(BY_NAME[name]))
    changed = read(RELEASED / released_as(BY_NAME[name]))
    change(changed)
    assert changed != released
    return taken_away(released, changed, we_send_it=BY_NAME[name].we_send_it)


@pytest.mark.parametrize(
    ("name", "change", "missed"),
    [(name, change, missed) for name, _, change, missed in TAKES_AWAY],
    ids=[f"{name}: {what}" for name, what, _, _ in TAKES_AWAY],
)
def test_what_takes_away_is_found(name: str, change: Change, missed: str) -> None:
    assert missed in found_after(name, change)


@pytest.mark.parametrize(
    ("name", "change"),
    [(name, change) for name, _, change in ADDS],
    ids=[f"{name}: {what}" for name, what, _ in ADDS],
)
def test_what_only_adds_is_let_through(name: str, change: Change) -> None:
    assert found_after(name, change) == []
