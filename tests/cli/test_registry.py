"""The example registry: valid, and complete enough for every event file that is not malformed."""

import json
from pathlib import Path

import pytest

from functions.cli.failure import CommandError
from functions.cli.outputs import REPO
from functions.cli.registry import EXAMPLE, mailboxes, read_registry
from functions.cli.scenarios import FAILING_ENDPOINT, SCENARIOS, TRAIL_OF
from schemas.agency import Registry
from schemas.codes import Channel
from schemas.decision import Decided

EVENTS = REPO / "events"
DECISIONS = sorted(EVENTS.glob("decision.*.json"))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read_registry(EXAMPLE)


def test_every_agency_is_of_an_invented_domain(registry: Registry) -> None:
    addresses = [agency.email.address for agency in registry.agency if agency.email]
    urls = [agency.webhook.url for agency in registry.agency if agency.webhook]
    assert all(address.endswith(".example") for address in addresses)
    assert all(url.split("/")[2].endswith(".example") for url in urls)


def test_only_agencies_told_by_email_have_a_mailbox_to_look_into(registry: Registry) -> None:
    told_by_email = {agency.id for agency in registry.agency if Channel.EMAIL in agency.channels}
    assert set(mailboxes(registry)) == told_by_email


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_names_agencies_that_the_example_lists(registry: Registry, path: Path) -> None:
    decision = Decided.model_validate_json(path.read_bytes())
    named = {agency.agency_id for agency in decision.involved_agencies}
    if decision.referring_agency is not None:
        named.add(decision.referring_agency.agency_id)
    assert named <= {agency.id for agency in registry.agency}


def test_the_demo_tells_every_event_file() -> None:
    told = {name for scenario in SCENARIOS for step in scenario.steps for name in step}
    assert told == {path.name for path in EVENTS.glob("*.json")}


def test_the_demo_knows_its_failing_endpoint_and_the_trail_it_ends_with(registry: Registry) -> None:
    failing = json.loads((EVENTS / "decision.endpoint-fails-once.json").read_bytes())
    assert (failing["referral_ref"], failing["referring_agency"]["agency_id"]) == (TRAIL_OF, FAILING_ENDPOINT)
    assert FAILING_ENDPOINT in {agency.id for agency in registry.agency if agency.webhook}


def test_every_event_file_has_its_line_in_the_readme() -> None:
    readme = (EVENTS / "README.md").read_text(encoding="utf-8")
    assert not [path.name for path in EVENTS.glob("*.json") if f"`{path.name}`" not in readme]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("approved_by = ", "is not TOML"),
        ('approved_by = "lead"\nagency = []\nextra = 1', "extra - Extra inputs are not permitted"),
    ],
)
def test_a_registry_with_a_mistake_names_it(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "agencies.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=says):
        read_registry(path)
