"""The police are chased for their form: the force that owes it, and what it was sent."""

import json
from datetime import UTC, date, datetime
from typing import Any

from schemas.agency import Mailbox, Registry
from schemas.codes import AgencyType, Channel
from tests.forms import a_complete_form_event, a_heartbeat_event, an_incorrect_form_event
from tests.world import World, a_receipt, a_registry, an_agency, an_event_id

REF = "NS-26-7KQ4ZP"
CAME = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 13, 40, tzinfo=UTC)
"""A RED referral of 09:40."""
LAST = datetime(2026, 11, 25, 13, 40, tzinfo=UTC)
ESCALATED = datetime(2026, 11, 26, 13, 40, tzinfo=UTC)
INSPECTOR = "inspector@north-police.secure.example"


def a_force(agency_id: str = "north-police", **changes: Any) -> Any:
    """A force that owes the hub its forms: by webhook, the last reminder to an inspector's mailbox."""
    role = Mailbox(address=INSPECTOR, verified_at=date(2026, 11, 2))
    return an_agency(agency_id, AgencyType.POLICE, Channel.WEBHOOK, **{"form_escalation": role, **changes})


def with_force(force: Any) -> Registry:
    registry = a_registry()
    agencies = [one for one in registry.agency if one.id != force.id]
    return registry.model_copy(update={"agency": (force, *agencies)})


def chasing(world: World) -> World:
    """The force is known, its feed works, and it is the morning on which the referral comes."""
    world.now, world.chases = CAME, True
    world.apply(with_force(a_force()))
    a_beat(world)
    return world


def reminded(world: World) -> World:
    """The force has been reminded once, by its own system, of a form that has not come."""
    chasing(world).take(a_receipt())
    return at(world, CAME)


def a_beat(world: World, status: str = "ok") -> None:
    """The feed speaks, this very moment."""
    event = a_heartbeat_event(event_id=an_event_id("beat", world.now, status), feed_status=status)
    world.take({**event, "occurred_at": world.now.isoformat()})


def a_form(world: World, version: int = 1, *, complete: bool = True, **changes: Any) -> None:
    """The force's form comes, whole or half filled."""
    make = a_complete_form_event if complete else an_incorrect_form_event
    said = {"form_version": version, "event_id": an_event_id("form", version, complete, str(changes))}
    world.take(make(**{**said, **changes}))


def at(world: World, moment: datetime) -> World:
    """The sweep of that moment: clocks fire, and in the next one what they made is sent."""
    world.now = moment
    world.send_due()
    world.send_due()
    return world


def posted(world: World, message_type: str) -> list[dict[str, Any]]:
    """What the force's own system was told, in order."""
    bodies = [
        json.loads(body)["data"] for pins, body in world.police.sent if pins.agency_id == "north-police"
    ]
    return [data for data in bodies if data["message_type"] == message_type]


def mailed(world: World, message_type: str) -> list[tuple[str, str]]:
    """Which agency read what, by e-mail, in order."""
    sent = {pins.message_id for pins, _ in world.mailbox.sent}
    return [
        (pins.agency_id, " ".join(mail.text.split()))
        for pins, mail in world.mailbox.mails
        if pins.message_type == message_type and pins.message_id in sent
    ]


def reminders(world: World) -> list[int]:
    """The numbers of those that left, whichever way."""
    by_post = [data["news"]["reminder"] for data in posted(world, "RA_REMINDER")]
    by_mail = [int(text.split("This is reminder ")[1][0]) for _, text in mailed(world, "RA_REMINDER")]
    return sorted([*by_post, *by_mail])
