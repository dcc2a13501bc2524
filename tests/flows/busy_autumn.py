"""1,000 events of one hub's autumn: contacts, decisions and what corrects them, what follows them, and
whatever comes twice; the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from tests.flows.lives import (
    a_case_closed,
    a_plan_change,
    a_transfer_accepted,
    an_acknowledgement,
    an_assessment_complete,
    an_investigation,
)
from tests.mail_events import said
from tests.world import Wire, World, a_decision, a_duplicate, a_receipt, a_revision, an_event_id

BEGINS = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)
DAYS = 40
DECIDED_AS = ("NFA", "NFA", "S17", "EHF", "S47J", "EMP", "INF", "TRF")
PROBATION = [{"agency_id": "north-probation", "own_ref": "PR-55120", "holds_plan_role": True}]


@dataclass(frozen=True, slots=True)
class Sent:
    """One event, and when it comes."""

    at: datetime
    event: Wire


def at_text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def autumn(seed: int, events: int) -> list[Sent]:
    """So many events in the order in which they come."""
    random, found, number = Random(seed), list[Sent](), 0  # noqa: S311 - to be repeated, not secret
    while len(found) < events:
        number += 1
        found += _life(f"NS-26-{number:06d}", random)
    return sorted(found, key=lambda sent: (sent.at, str(sent.event)))[:events]


def _life(ref: str, random: Random) -> Iterator[Sent]:
    """What a case system tells of one referral, and tells again."""
    for sent in _told_once(ref, random):
        yield sent
        while random.random() < 0.15:
            yield Sent(sent.at + timedelta(minutes=random.randint(0, 3000)), sent.event)


def _told_once(ref: str, random: Random) -> Iterator[Sent]:
    came = BEGINS + timedelta(minutes=random.randint(0, DAYS * 24 * 60))
    children = range(1, random.choice((1, 1, 2)) + 1)
    said_first = {"received_at": at_text(came), "occurred_at": at_text(came)}
    source = random.choice((("6", "north-police"), ("2A", "north-probation"), ("1A", None)))
    referrer = source[1] and {"agency_id": source[1], "own_ref": f"{ref[-6:]}/1"}
    from_whom = {"source_code": source[0], "referring_agency": referrer}
    for kind in random.choice((("CONTACT",), ("CONTACT", "REFERRAL"), ("REFERRAL",))):
        listed = [{"child_index": child, "unborn": random.random() < 0.2} for child in children]
        about = {"kind": kind, "children": listed, "rag": random.choice(("RED", "AMBER", "GREEN", None))}
        arrived = a_receipt(ref=ref, event_id=an_event_id(ref, kind), **said_first, **from_whom, **about)
        yield Sent(came + timedelta(minutes=random.randint(0, 90)), arrived)
    if random.random() < 0.6:
        seen = came + timedelta(minutes=random.randint(5, 3000))
        known = {"acknowledged_at": at_text(seen), "occurred_at": at_text(seen), "contribute_by": None}
        yield Sent(seen, an_acknowledgement(referral_ref=ref, **known))
    for child in children:
        same: Wire = {"referral_ref": ref, "child_index": child, "received_at": at_text(came), **from_whom}
        yield from _decided(came, same, random)


def _decided(came: datetime, same: Wire, random: Random) -> Iterator[Sent]:
    """A child's decision, those that correct it, and what happens to the child afterwards."""
    at = came + timedelta(minutes=random.randint(10, 5000))
    ref, child = same["referral_ref"], same["child_index"]
    same |= {"involved_agencies": random.choice(([], PROBATION))}
    if random.random() < 0.08:
        repeats = {**same, "event_id": an_event_id(ref, child, "dup"), "decided_at": at_text(at)}
        yield Sent(at, a_duplicate("NS-26-000001", ref, **repeats, occurred_at=at_text(at)))
        return
    for seq in range(1, random.choice((1, 1, 2, 3)) + 1):
        outcome = random.choice(DECIDED_AS)
        moments: Wire = {"decided_at": at_text(at), "occurred_at": at_text(at)}
        own: Wire = {"event_id": an_event_id(ref, child, seq), "rag": random.choice(("RED", "AMBER", None))}
        own |= {"risk_assessment_mode": random.choice(("JOINT", "SOCIAL_CARE_ONLY"))}
        made = a_decision if seq == 1 else a_revision
        yield Sent(at, made(**_of_its_outcome(outcome, seq), **same, **own, **moments))
        at += timedelta(minutes=random.randint(10, 9000))
    for what in random.sample((a_plan_change, a_case_closed, an_investigation, an_assessment_complete), 2):
        yield Sent(at, _about(what(), ref, child, at))
        at += timedelta(minutes=random.randint(10, 9000))
    if random.random() < 0.3:
        yield Sent(at, _about(a_transfer_accepted(), ref, child, at))


def _about(event: Wire, ref: str, child: int, at: datetime) -> Wire:
    (moment,) = [name for name in event if name.endswith("_at") and name != "occurred_at"]
    told = {"referral_ref": ref, "child_index": child, moment: at_text(at), "occurred_at": at_text(at)}
    return {**event, **told, "event_id": an_event_id(event["event_type"], ref, child)}


def _of_its_outcome(outcome: str, seq: int) -> Wire:
    """What an outcome may say, and must."""
    fields: Wire = {"decision_seq": seq, "primary_outcome": outcome, "strategy_discussion_at": None}
    if outcome == "TRF":
        fields |= {"receiving_la": "SOUTHSHIRE", "transfer_accepted": False}
    return fields


def play(sent: Sent, world: World) -> None:
    """The event comes, and whoever is due is told; of most e-mails it is said that they arrived."""
    world.now = max(world.now, sent.at)
    before = len(world.mailbox.sent)
    world.take(sent.event)
    world.send_due()
    for pins, _ in world.mailbox.sent[before:]:
        if pins.message_id[-1] not in "01":
            world.hear(said("delivered", message_id=pins.message_id, at=at_text(world.now)))


def release_most(world: World, random: Random) -> None:
    """Somebody ends most of the holds of a child that there are."""
    for item in world.all_items("state"):
        if item["sk"].startswith("CHILD#") and item.get("held") and random.random() < 0.8:
            world.release(ref=item["pk"].removeprefix("R#"), child=int(item["sk"][-2:]))
