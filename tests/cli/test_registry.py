"""The example registry: valid, and complete enough for every event file that is not malformed."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from functions.adapters import aws
from functions.cli.agency_findings import findings
from functions.cli.failure import CommandError
from functions.cli.office import Office
from functions.cli.outputs import REPO, Outputs
from functions.cli.registry import (
    APPLIER,
    EXAMPLE,
    apply_locally,
    mailboxes,
    read_registry,
    verified_lately,
)
from functions.cli.scenarios import (
    BAD_DAYS,
    CAME_BACK,
    CHANGED,
    FAILING_ENDPOINT,
    SCENARIOS,
    SILENT_ENDPOINT,
    TRAIL_OF,
)
from functions.domain.registry_rules import Stage, problems, stale_verifications
from schemas.agency import Mailbox, Registry
from schemas.codes import Addressee, AgencyType, Channel
from schemas.decision import Decided, DecisionRevised
from tests.cli.offices import PREFIX, Desk, a_desk
from tests.notices import a_hub_contact
from tests.stage_tables import REGION

EVENTS = REPO / "events"
DECISIONS = sorted(EVENTS.glob("decision.*.json"))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read_registry(EXAMPLE)


def test_every_agency_is_of_an_invented_domain(registry: Registry) -> None:
    mailboxes = (
        mailbox for agency in registry.agency for mailbox in (agency.email, agency.safeguarding_lead)
    )
    addresses = [mailbox.address for mailbox in mailboxes if mailbox]
    urls = [agency.webhook.url for agency in registry.agency if agency.webhook]
    assert all(address.endswith(".example") for address in addresses)
    assert all(url.split("/")[2].endswith(".example") for url in urls)


def test_whoever_may_be_told_by_email_has_a_mailbox_to_look_into(registry: Registry) -> None:
    """One that is told by webhook alone too, where an address is kept for the day that fails."""
    told_by_email = {agency.id for agency in registry.agency if Channel.EMAIL in agency.channels}
    instead = {agency.id for agency in registry.agency if agency.channels == (Channel.WEBHOOK,)}
    assert instead == {"north-police", SILENT_ENDPOINT}
    assert set(mailboxes(registry)) == told_by_email | instead


def test_the_example_shows_what_a_registry_can_say(registry: Registry) -> None:
    by_id = {agency.id: agency for agency in registry.agency}
    assert by_id["north-probation"].aliases == ("nps", "crc")
    assert {agency.type for agency in registry.agency if agency.told_of_unborn} == {
        AgencyType.HEALTH_VISITING,
        AgencyType.MIDWIFERY,
    }
    assert [agency.id for agency in registry.agency if agency.in_case_system] == ["northshire-adult-care"]
    assert by_id["oakfield-school"].safeguarding_lead is not None
    assert len(registry.hub.label) == len(registry.hub.lowered) == 1
    phones = [service.phone for service in registry.hub.service if service.phone]
    assert all(phone.startswith("01632 960 ") for phone in phones)


def test_the_example_has_a_name_for_every_team_and_council_of_an_event(registry: Registry) -> None:
    texts = [json.loads(path.read_bytes()) for path in DECISIONS]
    teams = {text["lead_team_code"] for text in texts if text.get("lead_team_code")}
    councils = {text["receiving_la"] for text in texts if text.get("receiving_la")}
    assert teams <= {team.code for team in registry.hub.team}
    assert councils <= {authority.code for authority in registry.hub.authority}


def test_the_example_breaks_no_rule_on_the_day_it_was_written(registry: Registry) -> None:
    assert problems(registry, Stage(managed_domains=("secure.example",))) == ()
    assert stale_verifications(registry.agency, date(2026, 11, 2)) == ()


@pytest.mark.parametrize("today", [date(2026, 11, 3), date(2027, 3, 1), date(2031, 2, 28), date(2026, 1, 1)])
def test_on_a_laptop_the_examples_days_move_with_the_calendar(registry: Registry, today: date) -> None:
    """Invented mailboxes cannot be verified again: with the file's days the demo would end after 90 days."""
    moved = verified_lately(registry, today)
    assert stale_verifications(moved.agency, today) == ()
    spread = {before.verified_at - after.verified_at for before, after in pairs(registry, moved)}
    assert len(spread) == 1, "how far the days lie apart stays"
    assert max(after.verified_at for _, after in pairs(registry, moved)) == today
    assert [agency.id for agency in moved.agency] == [agency.id for agency in registry.agency]
    assert moved.hub == registry.hub


def pairs(before: Registry, after: Registry) -> list[tuple[Mailbox, Mailbox]]:
    return [
        (mailbox, moved)
        for agency, other in zip(before.agency, after.agency, strict=True)
        for mailbox, moved in (
            (agency.email, other.email),
            (agency.safeguarding_lead, other.safeguarding_lead),
        )
        if mailbox is not None and moved is not None
    ]


def outputs_of(stage: str, desk: Desk) -> Outputs:
    told: dict[str, Any] = {name: f"the {name}" for name in Outputs.model_fields} | {
        "stage": stage,
        "audit_table_name": "audit",
        "state_table_name": "state",
        "keys_table_name": "keys",
        "secret_prefix": PREFIX,
        "receiver_origin": desk.origin,
        "managed_domains": "secure.example",
        "hub": a_hub_contact().model_dump_json(),
    }
    return Outputs.model_validate_json(json.dumps(told))


@pytest.fixture
def desk(_no_real_account: None, tmp_path: Path) -> Iterator[Desk]:
    (folder := tmp_path / "webhooks").mkdir()
    with a_desk(folder) as desk:
        aws.point_at({"region_name": REGION})
        yield desk
    aws.point_at({})


def test_the_local_stage_applies_the_example_with_every_endpoint_checked(
    registry: Registry, desk: Desk
) -> None:
    desk.now = datetime(2027, 9, 1, 12, tzinfo=UTC)
    with time_machine.travel(desk.now, tick=False):
        apply_locally(registry, outputs_of("local", desk), desk.now)
        entries = desk.office.active()
        assert len(entries) == len(registry.agency)
        for entry in entries:
            for channel in entry.channels:
                assert entry.is_verified(channel, Addressee.ROLE_MAILBOX, desk.now.date()), entry
        assert list(findings(desk.office)) == []
    assert list(desk.folder.iterdir()) == [], "nothing that an account would count"
    assert {row["actor"] for row in desk.rows("G#north-police")} == {APPLIER}


def test_a_registry_of_ones_own_keeps_its_days(registry: Registry, desk: Desk) -> None:
    own = registry.model_copy(update={"approved_by": "another-lead"})
    with pytest.raises(
        CommandError, match=r"oakfield-school: email\.verified_at: 2026-10-12 is more than 90"
    ):
        apply_locally(own, outputs_of("local", desk), datetime(2027, 9, 1, tzinfo=UTC))
    assert desk.office.directory.all() == []


@pytest.mark.parametrize("stage", ["demo", "live", "LOCAL", "local-2", ""])
def test_only_the_local_stage_moves_a_day_or_points_an_endpoint_here(
    registry: Registry, desk: Desk, stage: str
) -> None:
    with pytest.raises(CommandError, match="is a real stage"):
        apply_locally(registry, outputs_of(stage, desk), desk.now)
    assert desk.office.directory.all() == []


def test_only_the_local_stage_posts_to_a_receiver_of_its_own(desk: Desk) -> None:
    assert Office.of(outputs_of("local", desk), "x").stage.local_receivers == (desk.origin,)
    assert Office.of(outputs_of("demo", desk), "x").stage.local_receivers == ()


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_names_agencies_that_the_example_lists(registry: Registry, path: Path) -> None:
    written = json.loads(path.read_bytes())
    contract = DecisionRevised if written["event_type"] == "DECISION_REVISED" else Decided
    decision = contract.model_validate_json(path.read_bytes())
    named = {agency.agency_id for agency in decision.involved_agencies}
    if decision.referring_agency is not None:
        named.add(decision.referring_agency.agency_id)
    assert named <= {name for agency in registry.agency for name in (agency.id, *agency.aliases)}


def test_the_demo_tells_every_event_file() -> None:
    steps = [step for scenario in SCENARIOS for step in scenario.steps if isinstance(step, tuple)]
    told = {name for step in steps for name in step}
    # Those of the mail service are its own: nobody else may put them on a bus.
    assert told == {path.name for path in EVENTS.glob("*.json") if not path.name.startswith("receipt.")}


def test_the_demo_knows_its_failing_endpoint_and_the_trail_it_ends_with(registry: Registry) -> None:
    failing = json.loads((EVENTS / "decision.endpoint-fails-once.json").read_bytes())
    assert failing["referring_agency"]["agency_id"] == FAILING_ENDPOINT
    revised = json.loads((EVENTS / "decision.changed-to-enquiry.json").read_bytes())
    assert (revised["referral_ref"], revised["event_type"]) == (CHANGED, "DECISION_REVISED")
    followed = json.loads((EVENTS / "plan.changed.json").read_bytes())
    assert (followed["referral_ref"], followed["event_type"]) == (TRAIL_OF, "PLAN_STATUS_CHANGED")
    assert {FAILING_ENDPOINT, SILENT_ENDPOINT} <= {agency.id for agency in registry.agency if agency.webhook}
    silent = json.loads((EVENTS / "decision.endpoint-fails-for-long.json").read_bytes())
    assert silent["referring_agency"]["agency_id"] == SILENT_ENDPOINT
    assert BAD_DAYS == ("west-police=fails:1", "northshire-hospital=fails:4")
    bounced = json.loads((EVENTS / "decision.email-comes-back.json").read_bytes())
    assert bounced["referral_ref"] == CAME_BACK


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
