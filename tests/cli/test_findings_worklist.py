"""The letter's finding about oversight: whatever is held, overdue or undelivered is on somebody's list."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from functions.adapters.ledger import keys
from functions.cli import main
from functions.cli.main import cli
from functions.cli.outputs import Outputs
from functions.domain.tasks import endpoint_task
from functions.flows.acting.done import WhichTask, done
from schemas.clocks import ClockPolicy
from schemas.codes import ActReason, AgencyType, Channel, PauseCause, TaskKind, TaskState
from tests.cli.typed import FOR_GOOD
from tests.world import Wire, World, a_decision, a_duplicate, a_registry, a_revision, an_agency, an_event_id

OVERDUE, LINKED, ALLEGED = "NS-26-0VERDU", "NS-26-L1NKED", "NS-26-A11EGA"
FAILED, UNREAD, PUBLIC = "NS-26-FA11ED", "NS-26-UNREAD", "NS-26-PUB11C"
UNSEEN, UNKNOWN, CALLED = "NS-26-UNSEEN", "NS-26-N0WHER", "NS-26-CA11ED"


def take(world: World, ref: str, *, by: str | None = "north-police", **changes: Any) -> None:
    """One referrer's decision, and nobody else involved."""
    referred = {"agency_id": by, "own_ref": "REF-88"} if by else None
    alone: Wire = {"involved_agencies": [], "agencies_contributing": [], "referring_agency": referred}
    world.take(a_decision(referral_ref=ref, event_id=an_event_id(ref), source_seq=None, **alone, **changes))
    world.send_due()


def a_backlog(world: World) -> None:
    """One of everything that waits for a person, four hours later; one call has been made meanwhile."""
    world.apply(
        a_registry(
            an_agency("hill-gp", AgencyType.GP, Channel.EMAIL),
            an_agency("west-police", AgencyType.POLICE, Channel.WEBHOOK),
        )
    )
    take(world, OVERDUE, primary_outcome="EMP")
    link = [{"code": "STAFF_LINK", "agency_id": "hill-gp"}]
    take(world, LINKED, by="hill-gp", primary_outcome="S17", hold_codes=link)
    take(world, ALLEGED, primary_outcome="S17", additional_outcomes=["LAD"])
    for ref in (FAILED, CALLED):
        world.mailbox.answers = [FOR_GOOD]
        take(world, ref, by="hill-gp", primary_outcome="S17")
    take(world, UNREAD, primary_outcome="S47S")
    take(world, PUBLIC, by=None, primary_outcome="NFA")
    world.take(a_revision(referral_ref=UNSEEN))
    world.take(a_duplicate(of=UNKNOWN, referring_agency={"agency_id": "hill-gp", "own_ref": "GP-9"}))
    mend = endpoint_task(world.now, ClockPolicy())
    world.health.pause("west-police", PauseCause.REFUSING, by="mash-outcomes", task=mend, now=world.now)
    world.later(hours=4)
    world.send_due()
    call = WhichTask(TaskKind.CALL_UNTOLD, CALLED, agency_id="hill-gp")
    done(call, world.order(ActReason.TOLD_BY_PHONE), world.act_desk)


def listed(monkeypatch: pytest.MonkeyPatch, stack: Outputs) -> list[dict[str, Any]]:
    """What `mash tasks` tells whoever manages the MASH."""
    monkeypatch.setattr(main, "connected", lambda _outputs: stack)
    shown = CliRunner().invoke(cli, ["tasks", "--json"], prog_name="mash")
    return list(json.loads(shown.output))


@pytest.mark.finding(26)
def test_whatever_is_held_overdue_or_undelivered_is_listed_by_role_and_nothing_open_is_left_out(
    world: World, stack: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_backlog(world)
    shown = listed(monkeypatch, stack)
    found = {(task["referral_ref"], task["kind"], task["role"], task["state"]) for task in shown}
    assert found == {
        (OVERDUE, "RELEASE_CHILD", "MASH_MANAGER", "OVERDUE"),
        (LINKED, "RELEASE_AGENCY", "MASH_MANAGER", "OPEN"),
        (ALLEGED, "RELEASE_ALLEGATION", "MASH_MANAGER", "OPEN"),
        (FAILED, "CALL_UNTOLD", "MASH_DUTY_WORKER", "OVERDUE"),
        (UNREAD, "CALL_UNREAD", "EMERGENCY_DUTY_TEAM", "OPEN"),
        (PUBLIC, "CALL_REFERRER", "MASH_DUTY_WORKER", "OPEN"),
        (UNSEEN, "CHECK_REVISION", "MASH_MANAGER", "OPEN"),
        (UNKNOWN, "CHECK_DUPLICATE", "MASH_MANAGER", "OPEN"),
        (None, "MEND_ENDPOINT", "DIRECTORY_OWNER", "OPEN"),
    }
    items = [item for item in world.all_items("state") if item["sk"].startswith(keys.TASK_PREFIX)]
    assert len(shown) == len([item for item in items if item["st"] != TaskState.DONE])
    assert CALLED in {keys.referral_of(item) for item in items if item["st"] == TaskState.DONE}
