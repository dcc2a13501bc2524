"""Whoever may put events on the bus may do so in its own names alone, and each stage lets it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from functions.cli.bus import read_entries
from infra.stage import CONFIG, Stage
from schemas.beat import BEAT_SOURCE, BEAT_TYPE
from schemas.codes import EventType
from schemas.lifecycle import STATUS_PAGE
from schemas.risk_assessment import POLICE_DESK
from schemas.sources import SHEETS
from tests.house.tree import ROOT
from tests.infra.template import Resource, Template
from tests.infra.test_permissions import listed

STAGES = sorted(path.stem for path in CONFIG.glob("*.toml") if not path.stem.startswith("agencies"))
CEILING = "BoundaryCeiling"
"""It grants nothing: what a function may do is in its own policy as well."""
NO_KNOWN_TYPE = "STRATEGY_MEETING"


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest) -> Stage:
    return Stage.named(request.param)


def documents(resource: Resource) -> Iterator[Mapping[str, Any]]:
    """Every policy that a resource holds, its own and those written into it."""
    found = [resource.properties, *resource.properties.get("Policies", ())]
    yield from (holder["PolicyDocument"] for holder in found if "PolicyDocument" in holder)


def speakers(template: Template) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Who may put events on the bus of a real stage, and on which condition."""
    for resource in template.resources():
        if resource.name == CEILING or resource.body.get("Condition") == "Local":
            continue
        for document in documents(resource):
            for statement in document["Statement"]:
                puts = {"events:PutEvents", "events:*", "*"} & set(listed(statement.get("Action", ())))
                if puts and statement["Effect"] == "Allow":
                    yield resource.name, statement.get("Condition", {})


def test_nobody_puts_events_on_the_bus_but_under_the_sources_it_speaks_for(template: Template) -> None:
    said = dict(speakers(template))
    assert said == {
        "OperatorPolicy": {
            "StringEquals": {"events:source": {"Fn::Split": [",", {"Ref": "SourceNames"}]}},
        },
        "BeatRole": {"StringEquals": {"events:source": BEAT_SOURCE, "events:detail-type": BEAT_TYPE}},
        "ConfirmAcknowledgeRoleDefaultPolicy": {
            "StringEquals": {"events:source": STATUS_PAGE, "events:detail-type": "RA_STATUS_CHANGED"}
        },
        "ConsoleRoleDefaultPolicy": {
            "StringEquals": {"events:source": POLICE_DESK, "events:detail-type": "RA_FORM_METADATA"}
        },
    }
    assert len(list(speakers(template))) == len(said)


def test_the_operator_speaks_for_the_sources_that_the_stage_registers_but_for_our_own_page(
    stage: Stage,
) -> None:
    """What the police say by a reminder's link nobody says for them."""
    told = stage.parameters()
    registered = json.loads(told["RegisteredSources"]).keys()
    assert set(told["SourceNames"].split(",")) == registered - {STATUS_PAGE, POLICE_DESK}
    assert BEAT_SOURCE not in stage.registered_sources


def test_a_stage_lets_in_what_the_service_itself_puts_on_the_bus(stage: Stage) -> None:
    assert EventType.RA_STATUS_CHANGED in stage.registered_sources[STATUS_PAGE]
    assert EventType.RA_FORM_METADATA in stage.registered_sources[SHEETS]
    assert EventType.RA_FORM_METADATA in stage.registered_sources[POLICE_DESK]


def test_a_stage_lets_somebody_say_each_thing_that_can_be_said(stage: Stage) -> None:
    """A type that nobody may send is refused, each time that it comes."""
    assert {kind for types in stage.registered_sources.values() for kind in types} == set(EventType)


def test_who_decides_releases_and_withdraws_is_the_case_system_alone(stage: Stage) -> None:
    acts = {
        EventType.DECIDED, EventType.DECISION_REVISED, EventType.RELEASED, EventType.WITHHELD,
        EventType.PHONE_CONFIRMED, EventType.WITHDRAWN_IN_ERROR, EventType.CASE_CLOSED,
    }  # fmt: skip
    assert {name for name, types in stage.registered_sources.items() if acts & set(types)} == {
        "mash.case-system"
    }


@pytest.mark.parametrize("path", sorted((ROOT / "events").glob("*.json")), ids=lambda path: Path(path).stem)
def test_a_stage_lets_in_the_events_that_the_demo_shows(stage: Stage, path: Path) -> None:
    for entry in read_entries(path):
        if entry.detail is not None and "event_type" in entry.detail:
            granted = stage.registered_sources[entry.source]
            assert entry.detail_type in (*granted, NO_KNOWN_TYPE), entry.label
