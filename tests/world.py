"""A service in miniature: the real flows, over tables in memory, with the clock in the test's hand."""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from functions.adapters.dispatch import clock_body
from functions.adapters.door import ReadyMessage
from functions.adapters.errors import BusyError
from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.by_hand import ByHand
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.finding import Finding
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.keys import ClockKey, DeliveryKey, TaskKey
from functions.adapters.ledger.lifecycle import Lifecycle
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.receipts import Receipts
from functions.adapters.ledger.refusals import Refusals
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Change, Item, Part, Store, from_item
from functions.adapters.ledger.watching import Watching
from functions.adapters.patience import Patience
from functions.adapters.payload import payload_sha256
from functions.adapters.registry.directory import Directory, Entry
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.rejected import RejectedEvents
from functions.adapters.render import EmailParts, body_sha256, render_email, template_sha256
from functions.adapters.vault import Vault
from functions.adapters.webhook import webhook_body
from functions.domain.delivery import Answer, Schedule
from functions.domain.record import GENESIS, commitment
from functions.flows.acting.order import ActDesk
from functions.flows.acting.order import Order as ActOrder
from functions.flows.clocks.overdue import ClockDesk, fire
from functions.flows.clocks.untold import WatchDesk, fire_watch
from functions.flows.desk import IntakeDesk, RefusalDesk
from functions.flows.intake.receive import receive
from functions.flows.receipts.record import ReceiptDesk, record_receipt
from functions.flows.releasing.release_hold import Order, Released, ReleaseDesk, release
from functions.flows.sending.desk import SendDesk
from functions.flows.sending.send import send
from schemas.agency import Agency, Endpoint, Mailbox, Registry
from schemas.clocks import ClockPolicy
from schemas.codes import (
    ActReason,
    AgencyType,
    AttemptResult,
    Breaker,
    Channel,
    ClockKind,
    ErrorWord,
    EventType,
    ReleaseReason,
)
from schemas.hub_directory import Authority, HubDirectory, Team
from schemas.lifecycle import STATUS_PAGE
from schemas.notice import Frozen, Pins
from schemas.risk_assessment import POLICE_DESK, RaPolicy
from schemas.sources import RegisteredSources
from tests.an_aws import an_aws
from tests.notices import CONFIRM_BASE, a_hub_contact
from tests.stage_tables import REGION, a_client, in_memory

MORNING = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
STEPS = (0, 10, 60)
BOTH = (Channel.EMAIL, Channel.WEBHOOK)
"""The channels that a registry may list."""
REFUSED_STEPS = (0, 300, 1500)
MANAGED = ("secure.example",)

_POLICE = (
    EventType.RA_FORM_METADATA,
    EventType.RA_FEED_HEARTBEAT,
    EventType.RA_STATUS_CHANGED,
    EventType.POLICE_INVESTIGATION_STATUS_CHANGED,
)
SOURCES: RegisteredSources = {
    "mash.case-system": tuple(EventType),
    "police.ra-feed": _POLICE,
    "north-police.ra-feed": _POLICE,
    "police.ra-csv": (EventType.RA_FORM_METADATA,),
    STATUS_PAGE: (EventType.RA_STATUS_CHANGED,),
    POLICE_DESK: (EventType.RA_FORM_METADATA,),
}

Wire = dict[str, Any]


def a_decision(**changes: Any) -> Wire:
    """The worked example of the domain: a police referral, joint section 47, probation involved.

    What the police recommend there is that very outcome: with another one, nothing is said of it.
    """
    event: Wire = {
        "schema_version": "1.0",
        "event_id": "0d0f2c9e-8a53-4a0e-9f0e-6a1f2f0b7c11",
        "event_type": "DECIDED",
        "source": "mash.case-system",
        "source_seq": 4182,
        "occurred_at": "2026-11-24T15:02:29Z",
        "referral_ref": "NS-26-7KQ4ZP",
        "child_index": 1,
        "decision_seq": 1,
        "unborn": False,
        "received_at": "2026-11-24T09:40:00Z",
        "decided_at": "2026-11-24T15:02:00Z",
        "rag": "RED",
        "source_code": "6",
        "primary_outcome": "S47J",
        "additional_outcomes": [],
        "strategy_discussion_at": "2026-11-24T14:30:00Z",
        "reason_codes": [],
        "support_codes": [],
        "next_step_codes": ["CONTACT_WITHIN_1_WORKING_DAY", "TELL_US_CHANGES"],
        "plan_status": "CP_ENQUIRY",
        "lead_role": "DUTY_SW",
        "lead_team_code": "ASSESSMENT_2",
        "risk_assessment_mode": "JOINT",
        "agencies_contributing": ["north-police", "north-probation"],
        "police_recommended_next_step": "JOINT_INVESTIGATION",
        "recommendation_followed": True,
        "divergence_reason": None,
        "referring_agency": {"agency_id": "north-police", "own_ref": "43261124/0917"},
        "involved_agencies": [
            {"agency_id": "north-probation", "own_ref": "PR-55120", "holds_plan_role": True}
        ],
        "hold_codes": [],
        "watch_for_codes": [],
    }
    if "primary_outcome" in changes:
        event |= {"police_recommended_next_step": None, "recommendation_followed": None}
    return event | changes


def an_agency(agency_id: str, agency_type: AgencyType, *channels: Channel, **changes: Any) -> Agency:
    """An invented agency with an address for each channel."""
    values: dict[str, Any] = {
        "id": agency_id,
        "type": agency_type,
        "name": agency_id.replace("-", " ").title(),
        "channels": channels,
        "own_ref_pattern": "[A-Z0-9/-]{4,32}",
        "email": Mailbox(address=f"mash@{agency_id}.secure.example", verified_at=date(2026, 11, 2)),
        "webhook": Endpoint(url=f"https://{agency_id}.example/outcomes"),
    }
    return Agency(**{**values, **changes})


def a_registry(*agencies: Agency, hub: HubDirectory | None = None) -> Registry:
    """North police by webhook, north probation by e-mail, and whoever else a test needs."""
    usual = (
        an_agency("north-police", AgencyType.POLICE, Channel.WEBHOOK),
        an_agency("north-probation", AgencyType.PROBATION, Channel.EMAIL),
    )
    return Registry(approved_by="head-of-mash", hub=hub or a_hub_directory(), agency=(*usual, *agencies))


def a_hub_directory(**changes: Any) -> HubDirectory:
    """The names of the codes that events here use."""
    values: dict[str, Any] = {
        "team": (Team(code="ASSESSMENT_2", name="Assessment Team 2"),),
        "authority": (Authority(code="SOUTHSHIRE", name="Southshire Council"),),
    }
    return HubDirectory(**{**values, **changes})


class FakeDoor:
    """Renders the real message, then gives the answers a test has scripted; success when they run out."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.answers: list[Answer] = []
        self.otherwise = Answer(AttemptResult.SUCCESS)
        self.sent: list[tuple[Pins, bytes]] = []
        self.mails: list[tuple[Pins, EmailParts]] = []
        self.refuses: Counter[str] = Counter()
        self.while_made_ready: Callable[[], None] = lambda: None
        self.while_sending: Callable[[], None] = lambda: None

    def ready(
        self,
        agency: Entry,
        notice: Frozen,
        pins: Pins,
        *,
        token: str | None,
        attempt: int,
        now: datetime,
    ) -> ReadyMessage:
        """The real bytes; nothing leaves."""
        self.while_made_ready()
        if self.channel is Channel.WEBHOOK:
            body = webhook_body(notice, pins, token)
            digest = payload_sha256(body)
        else:
            parts = render_email(notice, pins, token)
            self.mails.append((pins, parts))
            body, digest = f"{parts.subject}\n{parts.text}\n{parts.html}".encode(), body_sha256(parts)

        def send_once() -> Answer:
            self.sent.append((pins, body))
            self.while_sending()
            if self.refuses[pins.agency_id]:
                self.refuses[pins.agency_id] -= 1
                return Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
            return self.answers.pop(0) if self.answers else self.otherwise

        return ReadyMessage(
            body_sha256=digest,
            template="test-1",
            template_sha256=template_sha256(pins.template_version),
            key_ids=(),
            send_once=send_once,
        )


@dataclass
class World:
    """The tables and whatever acts on them."""

    store: Store
    bucket: str
    kms_key: str
    now: datetime = MORNING
    ra_policy: RaPolicy = field(default_factory=RaPolicy)
    clocks: ClockPolicy = field(default_factory=ClockPolicy)
    chases: bool = False
    """Whether the police are chased for their forms: few stories are about that, and its rows would be in
    all of them."""
    doors: dict[Channel, FakeDoor] = field(
        default_factory=lambda: {channel: FakeDoor(channel) for channel in Channel}
    )
    sources: RegisteredSources = field(default_factory=lambda: dict(SOURCES))
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.chain = Chain(self.store, salt=lambda: f"{next(self._serial):032x}")
        self.s3 = a_client("s3")
        self.kms = a_client("kms")
        self.directory = Directory(self.store, self.chain)
        self.patience = Patience(
            monotonic=self._monotonic, pause=lambda _: None, jitter=lambda: 0.0, limit_seconds=5
        )

    def use(self, store: type[Store]) -> None:
        """From now on everything writes through another sort of store, over the same tables."""
        self.store = store(self.store.client, audit="audit", state="state", keys="keys")
        self.__post_init__()

    def _monotonic(self) -> float:
        return next(self._serial) / 100

    def serial(self) -> str:
        """An id nobody has had."""
        return f"{next(self._serial):032x}"

    @property
    def refusal_desk(self) -> RefusalDesk:
        return RefusalDesk(
            refusals=Refusals(self.store, self.chain),
            rejected=RejectedEvents(self.s3, self.bucket),
            patience=self.patience,
            now=lambda: self.now,
            registered_sources=self.sources,
        )

    @property
    def intake_desk(self) -> IntakeDesk:
        return IntakeDesk(
            refusal=self.refusal_desk,
            intake=Intake(self.store, self.chain),
            lifecycle=Lifecycle(self.store, self.chain),
            acts=Acts(self.store, self.chain),
            due=DueIndex(self.store),
            directory=self.directory,
            vault=self.vault,
            hub=a_hub_contact(),
            confirm_base=CONFIRM_BASE,
            ra_policy=self.ra_policy,
            clocks=self.clocks,
            managed_domains=MANAGED,
            patience=self.patience,
            now=lambda: self.now,
        )

    @property
    def vault(self) -> Vault:
        return Vault(self.kms, self.kms_key, nonce=lambda size: next(self._serial).to_bytes(size))

    def send_desk(self, channel: Channel) -> SendDesk:
        """The sender's tools, with this world's door."""
        return SendDesk(
            sending=Sending(self.store, self.chain),
            vault=self.vault,
            door=self.doors[channel],
            schedule=Schedule(STEPS, REFUSED_STEPS),
            health=self.health if channel is Channel.WEBHOOK else None,
            managed_domains=MANAGED,
            clocks=self.clocks,
            patience=self.patience,
            now=lambda: self.now,
            new_owner=self.serial,
            jitter=lambda: 0.0,
        )

    def apply(self, registry: Registry) -> None:
        """Makes the registry's agencies known, each endpoint as its check leaves it.

        Written past the directory: no story here is about a check, and its row would be in all of them.
        """
        self.directory.apply(registry, applier="duty-engineer", now=self.now)
        for entry in self.directory.all():
            pk, state = keys.agency(entry.agency_id), self.store.state
            checked, answers = Change({"checked_url": entry.url}), Change({"breaker": Breaker.CLOSED.value})
            self.store.write(
                [
                    self.store.update("checked", state, (pk, keys.HEAD), change=checked),
                    self.store.update("endpoint", state, (pk, keys.ENDPOINT), change=answers),
                ]
            )

    def take(self, event: Wire, *, bus_id: str | None = None) -> None:
        """The event as the bus would deliver it."""
        self.take_raw(wrapped(event, bus_id or f"bus-{next(self._serial):08d}"))

    def take_raw(self, body: str, message_id: str | None = None) -> None:
        """Whatever stands in the intake queue."""
        receive(body, message_id or f"sqs-{next(self._serial):08d}", self.intake_desk)

    def send_due(self) -> int:
        """One sweep, and every due delivery through its door; how many. Clocks that are due fire."""
        due = list(DueIndex(self.store).until(self.now))
        deliveries = [key for key in due if isinstance(key, DeliveryKey)]
        for key in deliveries:
            send(key, self.send_desk(key.channel))
        for key in list(DueIndex(self.store).watched(self.now)):
            fire_watch(key, self.watch_desk)
        for task in [key for key in due if isinstance(key, TaskKey)]:
            fire(task, self.clock_desk)
        for clock in [key for key in due if isinstance(key, ClockKey)]:
            if clock.which.kind is ClockKind.POLICE_FORM and not self.chases:
                continue
            self.take_raw(clock_body(clock))
        return len(deliveries)

    @property
    def health(self) -> EndpointHealth:
        return EndpointHealth(self.store, EndpointRows(self.store, self.chain))

    @property
    def watch_desk(self) -> WatchDesk:
        """What the people's clocks of deliveries work with."""
        return WatchDesk(
            Watching(self.store, self.chain),
            self.patience,
            self.clocks,
            MANAGED,
            lambda: self.now,
            self.serial,
        )

    @property
    def receipt_desk(self) -> ReceiptDesk:
        """What the mail service's receipts are recorded with."""
        receipts = Receipts(self.store, self.chain)
        return ReceiptDesk(receipts, self.clocks, self.patience, lambda: self.now)

    def hear(self, body: str) -> None:
        """A receipt as its queue delivers it; the same body comes again as another message."""
        record_receipt(body, f"sqs-{next(self._serial):08d}", self.receipt_desk)

    @property
    def clock_desk(self) -> ClockDesk:
        return ClockDesk(Acts(self.store, self.chain), self.patience, lambda: self.now, self.serial)

    @property
    def release_desk(self) -> ReleaseDesk:
        """A person's tools."""
        return release_desk_of(self.intake_desk, Acts(self.store, self.chain))

    @property
    def act_desk(self) -> ActDesk:
        """A person's tools for what is sent."""
        return ActDesk(self.intake_desk, ByHand(self.store, self.chain), Finding(self.store), self.health)

    def order(self, reason: ActReason, actor: str = "mash-manager") -> ActOrder:
        """A manager acts, for a reason; each time as another request."""
        return ActOrder(actor, reason, self.serial())

    def release(self, ref: str = "NS-26-7KQ4ZP", **which: Any) -> Released:
        """A manager ends a hold."""
        order = Order(
            ref=ref,
            child=which.get("child"),
            reason=which.get("reason", _usual_reason(**which)),
            actor="mash-manager",
            request=self.serial(),
            agency_id=which.get("agency"),
            allegation=which.get("allegation", False),
            seen=which.get("seen"),
        )
        return release(order, self.release_desk)

    def tasks(self, ref: str = "NS-26-7KQ4ZP") -> dict[str, Item]:
        """One referral's tasks for people, by kind and whatever else tells them apart."""
        items = self.store.partition(self.store.state, keys.referral(ref), keys.TASK_PREFIX)
        return {item["sk"].removeprefix(keys.TASK_PREFIX): item for item in items}

    def later(self, **much: float) -> None:
        """Moves the clock."""
        self.now += timedelta(**much)

    def rows(self, ref: str = "NS-26-7KQ4ZP") -> list[Item]:
        """One referral's trail."""
        return self.store.partition(self.store.audit, keys.referral(ref), "E#")

    def kinds(self, ref: str = "NS-26-7KQ4ZP") -> list[str]:
        """The trail's kinds in order."""
        return [row["type"] for row in self.rows(ref)]

    def all_items(self, table: str) -> list[Item]:
        """Everything in a table."""
        pages = self.store.client.get_paginator("scan").paginate(TableName=table)
        return [from_item(item) for page in pages for item in page["Items"]]

    def all_children(self, ref: str = "NS-26-7KQ4ZP") -> dict[int, str]:
        """Each child's police form status as the state keeps it."""
        items = self.store.partition(self.store.state, keys.referral(ref), keys.CHILD_PREFIX)
        return {int(item["sk"][-2:]): item["ra"] for item in items}

    def refused(self) -> list[Item]:
        """Every REJECTED row."""
        return [row for row in self.all_items(self.store.audit) if row["type"] == "REJECTED"]

    def delivery(self, agency: str, channel: Channel, **which: Any) -> Item:
        """One delivery's state."""
        key = DeliveryKey(
            which.get("ref", "NS-26-7KQ4ZP"),
            which.get("child", 1),
            which.get("seq", 1),
            agency,
            channel,
            which.get("nonce", ""),
        )
        item = self.store.get(self.store.state, key.pk, key.sk)
        assert item is not None
        return item

    @property
    def police(self) -> FakeDoor:
        return self.doors[Channel.WEBHOOK]

    @property
    def mailbox(self) -> FakeDoor:
        return self.doors[Channel.EMAIL]


def wrapped(event: Any, bus_id: str, detail_type: str | None = None, source: str | None = None) -> str:
    """`event` as EventBridge hands it to a queue; `source` is who put it there, if not who it says."""
    return json.dumps(
        {
            "version": "0",
            "id": bus_id,
            "detail-type": detail_type or event["event_type"],
            "source": source or event.get("source", "mash.case-system"),
            "account": "000000000000",
            "time": "2026-11-24T15:02:30Z",
            "region": REGION,
            "resources": [],
            "detail": event,
        }
    )


def _usual_reason(*, allegation: bool = False, **_: object) -> ReleaseReason:
    """One that ends most holds."""
    agreed = ReleaseReason.AGREED_WITH_DESIGNATED_OFFICER
    return agreed if allegation else ReleaseReason.TOLD_BY_PHONE_FIRST


def release_desk_of(desk: IntakeDesk, acts: Acts) -> ReleaseDesk:
    """A person's tools, beside those of the intake of the same tables."""
    return ReleaseDesk(
        intake=desk.intake,
        directory=desk.directory,
        vault=desk.vault,
        ra_policy=desk.ra_policy,
        clocks=desk.clocks,
        managed_domains=desk.managed_domains,
        patience=desk.patience,
        now=desk.now,
        acts=acts,
    )


@contextmanager
def a_world(make_store: Callable[[], Store] = in_memory) -> Iterator[World]:
    """A world with the usual registry applied; everything but its tables is on moto."""
    with an_aws():
        world = World(store=make_store(), bucket=a_bucket(), kms_key=a_key())
        world.apply(a_registry())
        yield world


def a_bucket() -> str:
    """The rejected-events bucket."""
    a_client("s3").create_bucket(
        Bucket="rejected", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
    )
    return "rejected"


def a_key() -> str:
    """The key that wraps data keys."""
    arn: str = a_client("kms").create_key()["KeyMetadata"]["Arn"]
    return arn


def an_event_id(*told_apart_by: object) -> str:
    """The same for the same words, and nobody else's."""
    return str(uuid5(NAMESPACE_URL, "#".join(map(str, told_apart_by))))


def a_revision(seq: int = 2, **changes: Any) -> Wire:
    """The worked example decided anew: child in need, because of new information."""
    values: Wire = {
        "event_type": "DECISION_REVISED",
        "decision_seq": seq,
        "supersedes": seq - 1,
        "primary_outcome": "S17",
        "strategy_discussion_at": None,
        "reason_codes": ["NEW_INFORMATION"],
        "next_step_codes": ["TELL_US_CHANGES"],
        "occurred_at": "2026-11-24T16:02:29Z",
        "decided_at": "2026-11-24T16:02:00Z",
    }
    event = a_decision(**{**values, **changes})
    which = (event[name] for name in ("referral_ref", "child_index", "decision_seq", "event_type"))
    return event | {"event_id": changes.get("event_id", an_event_id(*which))}


def a_receipt(*children: int, ref: str = "NS-26-7KQ4ZP", **changes: Any) -> Wire:
    """The referral of the worked example arriving, with these children on it; one by default."""
    event: Wire = {
        "schema_version": "1.0",
        "event_id": an_event_id("received", ref),
        "event_type": "REFERRAL_RECEIVED",
        "source": "mash.case-system",
        "source_seq": 4100,
        "occurred_at": "2026-11-24T09:41:00Z",
        "referral_ref": ref,
        "kind": "REFERRAL",
        "received_at": "2026-11-24T09:40:00Z",
        "rag": "RED",
        "source_code": "6",
        "referring_agency": {"agency_id": "north-police", "own_ref": "43261124/0917"},
        "children": [{"child_index": child, "unborn": False} for child in children or (1,)],
    }
    return event | changes


def a_duplicate(of: str = "NS-26-7KQ4ZP", ref: str = "NS-26-D0PL1C", seq: int = 1, **changes: Any) -> Wire:
    """A school's referral that turns out to be a duplicate of the worked example's first child."""
    values: Wire = {
        "event_id": an_event_id("duplicate", ref, seq, changes.get("child_index", 1)),
        "source_seq": 4190,
        "referral_ref": ref,
        "decision_seq": seq,
        "received_at": "2026-11-24T11:00:00Z",
        "rag": None,
        "source_code": "2A",
        "primary_outcome": "DUP",
        "duplicate_of": of,
        "duplicate_of_child": 1,
        "strategy_discussion_at": None,
        "next_step_codes": [],
        "plan_status": "NOT_DISCLOSED",
        "lead_role": None,
        "lead_team_code": None,
        "agencies_contributing": [],
        "police_recommended_next_step": None,
        "recommendation_followed": None,
        "referring_agency": {"agency_id": "hill-school", "own_ref": "HS/204"},
        "involved_agencies": [],
    }
    return a_decision(**{**values, **changes})


def is_whole(rows: list[Item]) -> bool:
    """Whether a trail has no gap, and each row names the one before it."""
    links = zip([GENESIS, *map(commitment, rows)], rows, strict=False)
    return all(row["prev"] == before for before, row in links) and [row["sk"] for row in rows] == [
        keys.entry(number) for number in range(1, len(rows) + 1)
    ]


def change_agency(world: World, agency_id: str, **attributes: Any) -> None:
    """The registry says something else of an agency, as after another application."""
    key = (keys.agency(agency_id), keys.HEAD)
    version = (world.store.get("state", *key) or {})["version"] + 1
    change = Change({**attributes, "version": version})
    world.store.write([world.store.update("x", "state", key, change=change)])


def held_rows(world: World, ref: str = "NS-26-7KQ4ZP") -> list[Item]:
    """Every HELD row of a referral."""
    return [row for row in world.rows(ref) if row["type"] == "HELD"]


def told_to(world: World) -> list[str]:
    """Whom anything has left for, in order."""
    return [pins.agency_id for channel in Channel for pins, _ in world.doors[channel].sent]


class LosesAReply(Store):
    """Does what it is told; the answer to the first write never arrives."""

    to_lose = 1

    def write(self, parts: Sequence[Part]) -> None:
        super().write(parts)
        if self.to_lose:
            self.to_lose -= 1
            raise BusyError("ReadTimeoutError")
