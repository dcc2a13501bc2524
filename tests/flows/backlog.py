"""A busy Wednesday: one of every silence that somebody must hear, what answers it, and what is listed."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Item
from functions.flows.acting.done import WhichTask, done
from schemas.clocks import ClockPolicy
from schemas.codes import ActReason, AgencyType, Channel, TaskKind, TaskRole
from tests.flows.heard_sources import CASES, FEED, comes, hear
from tests.flows.lives import a_plan_change, an_acknowledgement, an_investigation
from tests.mail_events import said
from tests.readers import pressed, token_for
from tests.world import (
    Wire,
    World,
    a_decision,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
    an_event_id,
)

UNDECIDED, UNTOLD, HELD = "NS-26-VND3C1", "NS-26-VNT01D", "NS-26-HE1D00"
UNREAD, PLANNED, JOINT = "NS-26-VNREAD", "NS-26-P1ANED", "NS-26-J01NT0"
TUESDAY, WEDNESDAY = "2026-11-24", "2026-11-25"
JUST_NOW = f"{WEDNESDAY}T14:20:00Z"
ALONE: Wire = {
    "involved_agencies": [],
    "agencies_contributing": [],
    "source_seq": None,
    "plan_status": "NONE",
}


def a_busy_wednesday(world: World) -> None:
    """Half past two: what began on Tuesday is not answered, the police's feed was heard last at nine, and of
    the case system's numbers two are missing."""
    world.clocks = ClockPolicy(plan_update_within_working_days=1, joint_update_within_working_days=1)
    gp = an_agency("hill-gp", AgencyType.GP, Channel.EMAIL, phone="01632 960 302")
    world.apply(a_registry(gp, an_agency("west-police", AgencyType.POLICE, Channel.WEBHOOK)))
    world.take(a_receipt(ref=UNDECIDED, rag="AMBER", source_seq=None))
    world.take(an_acknowledgement(referral_ref=UNDECIDED, rag="AMBER", contribute_by=None))
    decide(world, PLANNED, "S17", by="west-police", plan_status="CIN_PLAN")
    decide(world, JOINT, "S47J")
    _until(world, TUESDAY, "19:10")
    read = WhichTask(TaskKind.CALL_UNREAD, JOINT, agency_id="north-police")
    done(read, world.order(ActReason.TOLD_BY_PHONE), world.act_desk)
    _until(world, WEDNESDAY, "09:00")
    comes(world, None, source=FEED)
    decide(world, UNTOLD, "S17", by="hill-gp")
    decide(world, HELD, "EMP")
    decide(world, UNREAD, "S47S", by="north-probation")
    arrives(world, UNREAD, "north-probation")
    _until(world, WEDNESDAY, "09:40")
    _until(world, WEDNESDAY, "13:30")
    comes(world, 5, 6, 9, source=CASES)
    _until(world, WEDNESDAY, "14:30")
    hear(world)
    _until(world, WEDNESDAY, "14:31")


def decide(world: World, ref: str, outcome: str, *, by: str = "north-police", **changes: Any) -> None:
    """One referrer's decision, and nobody else involved."""
    usual: Wire = {
        "referral_ref": ref,
        "event_id": an_event_id(ref),
        "referring_agency": {"agency_id": by, "own_ref": "REF-88"},
        "decided_at": f"{TUESDAY}T14:00:00Z",
        "primary_outcome": outcome,
    }
    world.take(a_decision(**{**ALONE, **usual, **changes}))
    world.send_due()


def arrives(world: World, ref: str, agency: str) -> None:
    """The mail service says that the e-mail is in the agency's mailbox."""
    item = world.delivery(agency, Channel.EMAIL, ref=ref)
    world.hear(said("delivered", message_id=item["message_id"]))


def _until(world: World, day: str, time: str) -> None:
    """What is due by then happens, too."""
    world.now = datetime.fromisoformat(f"{day}T{time}:00Z")
    world.send_due()


# --- what is listed


Listed = tuple[str, str]
"""About which referral or source, and what is to be done."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Whose task it is, how it stands at half past two, and the event that answers it."""

    role: str
    state: str
    answer: Callable[[World], None]


def worklist(world: World) -> list[Item]:
    """What `mash tasks` lists."""
    return [task for role in TaskRole for task in WorkIndex(world.store).of(role)]


def listed(world: World) -> Counter[Listed]:
    return Counter((keys.owner_of(task), str(task["kind"])) for task in worklist(world))


def _revised(world: World) -> None:
    """The held outcome is no emergency any more."""
    world.take(a_revision(**{**ALONE, "referral_ref": HELD, "involved_agencies": []}))


def _decided(world: World) -> None:
    decide(world, UNDECIDED, "NFA")


SILENCES: Mapping[Listed, Silence] = {
    (UNDECIDED, "DECIDE_LATE"): Silence("MASH_MANAGER", "OVERDUE", _decided),
    (UNTOLD, "CALL_UNTOLD"): Silence(
        "MASH_DUTY_WORKER", "OVERDUE", lambda world: arrives(world, UNTOLD, "hill-gp")
    ),
    (HELD, "RELEASE_CHILD"): Silence("MASH_MANAGER", "OVERDUE", _revised),
    (UNREAD, "CALL_UNREAD"): Silence(
        "MASH_DUTY_WORKER",
        "OVERDUE",
        lambda world: _pressed(world, "north-probation"),
    ),
    (PLANNED, "CHASE_PLAN"): Silence(
        "MASH_MANAGER",
        "OPEN",
        lambda world: world.take(a_plan_change(referral_ref=PLANNED, changed_at=JUST_NOW)),
    ),
    (JOINT, "CHASE_POLICE"): Silence(
        "MASH_DUTY_WORKER",
        "OPEN",
        lambda world: world.take(an_investigation(referral_ref=JOINT, changed_at=JUST_NOW)),
    ),
    (FEED, "CHECK_SILENCE"): Silence("MASH_MANAGER", "OPEN", lambda world: comes(world, None, source=FEED)),
    (CASES, "CHECK_GAP"): Silence("MASH_MANAGER", "OPEN", lambda world: comes(world, 8, 7, source=CASES)),
}


def _pressed(world: World, agency: str) -> None:
    assert pressed(world, token_for(world, agency, Channel.EMAIL)).status == 200
