"""The service in a simulation: the real flows, each call in its own process, over tables in memory."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import count
from typing import Any, cast

from functions.adapters.dispatch import Dispatch, message_body
from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.refusals import Refusals
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Change, Item, from_item
from functions.adapters.ledger.watching import Watching
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.rejected import RejectedEvents
from functions.adapters.vault import Vault
from functions.domain.delivery import Schedule as RetrySchedule
from functions.flows.clocks.overdue import ClockDesk
from functions.flows.clocks.sweep import SweepDesk, sweep
from functions.flows.clocks.untold import WatchDesk
from functions.flows.desk import IntakeDesk, RefusalDesk
from functions.flows.intake.receive import receive
from functions.flows.releasing.order import Order, ReleaseDesk
from functions.flows.releasing.release_hold import release
from functions.flows.sending.answer import Message as QueueMessage
from functions.flows.sending.answer import answer_message
from functions.flows.sending.desk import SendDesk
from schemas.clocks import ClockPolicy
from schemas.codes import Breaker, Channel, ReleaseReason
from schemas.risk_assessment import RaPolicy
from tests.notices import CONFIRM_BASE, a_hub_contact
from tests.simulation.clock import START
from tests.simulation.dynamodb import DynamoDB
from tests.simulation.faulty_client import FaultyClient
from tests.simulation.outside import Door, FakeBucket, FakeKms, Message, Queue, World
from tests.simulation.schedule import Schedule
from tests.simulation.stage_tables import stage_tables, store_over
from tests.simulation.story import a_county

RETRY_STEPS = (0, 10, 60, 300, 1800, 3600, 7200, 14400, 28800, 43200, 43200, 43200, 43200, 28800)
REFUSED_STEPS = (0, 300, 1500)
MANAGED = ("secure.example",)
MOST_WORKERS = 6
"""Of one kind at once."""
ENOUGH_MILLISECONDS = 60_000

_registered: list[DynamoDB] = []


def registered_tables() -> DynamoDB:
    """Tables with the county's registry applied, its endpoints checked; made once and copied."""
    if not _registered:
        client = stage_tables()
        store = store_over(client)
        serial = count(1)
        chain = Chain(store, salt=lambda: f"{next(serial):032x}")
        directory = Directory(store, chain)
        directory.apply(a_county(), applier="duty-engineer", now=START)
        for entry in directory.all():
            pk = keys.agency(entry.agency_id)
            checked, answers = Change({"checked_url": entry.url}), Change({"breaker": Breaker.CLOSED.value})
            store.write(
                [
                    store.update("checked", "state", (pk, keys.HEAD), change=checked),
                    store.update("endpoint", "state", (pk, keys.ENDPOINT), change=answers),
                ]
            )
        _registered.append(client)
    return _registered[0].copy()


class Doors:
    """The senders' queues, as `Dispatch` fills them."""

    def __init__(self, mails: Queue, webhooks: Queue) -> None:
        self._mails = mails
        self._webhooks = webhooks

    def send(self, deliveries: Iterable[DeliveryKey]) -> int:
        queued = list(deliveries)
        for key in queued:
            (self._mails if key.channel.is_email else self._webhooks).put(message_body(key))
        return len(queued)


class Service:
    """Handlers, queues and tables; every desk is new for every call, as after a cold start."""

    def __init__(self, schedule: Schedule, world: World) -> None:
        self.schedule = schedule
        self.world = world
        self.tables = registered_tables()
        self.intake = Queue(schedule)
        self.mails = Queue(schedule)
        self.webhooks = Queue(schedule)
        self.doors = Doors(self.mails, self.webhooks)
        self.before_a_send: Callable[..., None] = lambda *_: None
        self._serial = count(1)
        self._seen: dict[tuple[str, tuple[str, str]], tuple[dict[str, Any], Item]] = {}
        self._store = store_over(FaultyClient(self.tables, schedule))
        self.plain = store_over(self.tables)
        """A reader that nothing goes wrong for: the observer's."""

    # --- what the handlers do

    def take_in(self, message: Message) -> None:
        receive(message.body, f"sqs-{id(message)}", self._intake_desk())

    def tell(self, queue: Queue, message: Message) -> None:
        channel = Channel.EMAIL if queue is self.mails else Channel.WEBHOOK

        def come_back_in(seconds: int) -> None:
            message.visible_at = self.schedule.clock.now() + timedelta(seconds=seconds)

        answer_message(
            QueueMessage(message.body, message.receives), _TimeLeft(), self._send_desk(channel), come_back_in
        )

    def sweep(self) -> None:
        desk = SweepDesk(
            DueIndex(self._store), cast("Dispatch", self.doors), self._clock_desk(), self._watch_desk()
        )
        sweep(desk, lambda: True)

    def release(self, ref: str, child: int) -> None:
        order = Order(
            ref=ref,
            child=child,
            reason=ReleaseReason.SAFE_TO_TELL,
            actor="mash-manager",
            request=self._new_id(),
            agency_id=None,
            allegation=False,
        )
        desk = self._intake_desk()
        release(
            order,
            ReleaseDesk(
                intake=desk.intake,
                directory=desk.directory,
                vault=desk.vault,
                ra_policy=desk.ra_policy,
                clocks=desk.clocks,
                managed_domains=desk.managed_domains,
                patience=desk.patience,
                now=desk.now,
                acts=Acts(self._store, self._chain()),
            ),
        )

    def resume(self, agency_id: str) -> None:
        health = EndpointHealth(self._store, EndpointRows(self._store, self._chain()))
        health.resume(
            agency_id, by="duty-engineer", reason="MENDED", request="req-1", now=self.schedule.clock.now()
        )

    # --- what an observer sees

    def paused(self) -> list[str]:
        """Agencies whose endpoints wait for a person."""
        items = self.tables.tables["state"].items
        return [
            pk.removeprefix(keys.agency(""))
            for (pk, sk), item in items.items()
            if sk == keys.ENDPOINT and "paused" in item
        ]

    def rows(self, partition: str | None = None) -> list[Item]:
        """The trail, or one partition of it, in order."""
        items = self.tables.tables["audit"].items
        wanted = sorted(key for key in items if partition is None or key[0] == partition)
        return [self._read("audit", key, items[key]) for key in wanted]

    def deliveries(self) -> dict[DeliveryKey, Item]:
        items = self.tables.tables["state"].items
        return {
            DeliveryKey.parse(*key): self._read("state", key, item)
            for key, item in items.items()
            if key[1].startswith(keys.DELIVERY_PREFIX)
        }

    def tasks(self) -> list[Item]:
        """What people are asked to do, or have done, for the referrals and the agencies."""
        items = self.tables.tables["state"].items
        return [
            self._read("state", key, item)
            for key, item in items.items()
            if key[1].startswith(keys.TASK_PREFIX)
        ]

    def delivery_of(self, message_id: str) -> DeliveryKey | None:
        """The delivery of a message; none if nothing has that id."""
        for key, item in self.tables.tables["state"].items.items():
            if "message_id" in item and item["message_id"]["S"] == message_id:
                return DeliveryKey.parse(*key)
        return None

    def delivery(self, key: DeliveryKey) -> Item:
        at = (key.pk, key.sk)
        return self._read("state", at, self.tables.tables["state"].items[at])

    def _read(self, table: str, key: tuple[str, str], item: dict[str, Any]) -> Item:
        """An item as plain values; read anew only where it was replaced, for items are never changed."""
        seen, read = self._seen.get((table, key), (None, {}))
        if seen is not item:
            read = from_item(item)
            self._seen[table, key] = (item, read)
        return read

    def earliest(self, *attributes: str) -> str | None:
        """The first moment at which anything is due, or watched, for the sweep."""
        items = self.tables.tables["state"].items.values()
        return min(
            (item[name]["S"] for item in items for name in attributes if _in_index(item, name)), default=None
        )

    # --- desks

    def _chain(self) -> Chain:
        return Chain(self._store, salt=lambda: f"{next(self._serial):032x}")

    def _patience(self) -> Patience:
        clock, chance = self.schedule.clock, self.schedule.chance
        return Patience(monotonic=clock.monotonic, pause=self.schedule.sleep, jitter=chance.random)

    def _new_id(self) -> str:
        return f"{next(self._serial):032x}"

    def _vault(self) -> Vault:
        return Vault(cast("Any", FakeKms()), "key", nonce=lambda size: next(self._serial).to_bytes(size))

    def _intake_desk(self) -> IntakeDesk:
        chain, patience, now = self._chain(), self._patience(), self.schedule.clock.now
        return IntakeDesk(
            refusal=RefusalDesk(
                refusals=Refusals(self._store, chain),
                rejected=RejectedEvents(cast("Any", FakeBucket()), "rejected"),
                patience=patience,
                now=now,
                registered_sources=("mash.case-system",),
            ),
            intake=Intake(self._store, chain),
            directory=Directory(self._store, chain),
            vault=self._vault(),
            hub=a_hub_contact(),
            confirm_base=CONFIRM_BASE,
            ra_policy=RaPolicy(),
            clocks=ClockPolicy(),
            managed_domains=MANAGED,
            patience=patience,
            now=now,
        )

    def _send_desk(self, channel: Channel) -> SendDesk:
        chain = self._chain()
        health = EndpointHealth(self._store, EndpointRows(self._store, chain))
        return SendDesk(
            sending=Sending(self._store, chain),
            vault=self._vault(),
            door=Door(channel, self.schedule, self.world, self.before_a_send),
            schedule=RetrySchedule(RETRY_STEPS, REFUSED_STEPS),
            health=health if channel is Channel.WEBHOOK else None,
            managed_domains=MANAGED,
            clocks=ClockPolicy(),
            patience=self._patience(),
            now=self.schedule.clock.now,
            new_owner=self._new_id,
            jitter=self.schedule.chance.random,
        )

    def _watch_desk(self) -> WatchDesk:
        watching = Watching(self._store, self._chain())
        now = self.schedule.clock.now
        return WatchDesk(watching, self._patience(), ClockPolicy(), MANAGED, now, self._new_id)

    def _clock_desk(self) -> ClockDesk:
        acts = Acts(self._store, self._chain())
        return ClockDesk(acts, self._patience(), self.schedule.clock.now, self._new_id)


def _in_index(item: dict[str, Any], name: str) -> bool:
    return name in item and f"{name.removesuffix('_at')}_pk" in item


class _TimeLeft:
    def get_remaining_time_in_millis(self) -> int:
        return ENOUGH_MILLISECONDS
