"""The service in a simulation: the real flows, each call in its own process, over tables in memory."""

from datetime import timedelta
from itertools import count
from typing import Any

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Item, from_item
from functions.adapters.registry.directory import Directory
from functions.domain.series import newest_in
from functions.domain.withdrawal import is_withdrawn
from functions.domain.withholding import withheld_as
from functions.flows.clocks.sweep import sweep
from functions.flows.intake.receive import receive
from functions.flows.receipts.record import record_receipt
from functions.flows.releasing.order import Order
from functions.flows.releasing.release_hold import release
from functions.flows.sending.answer import Message as QueueMessage
from functions.flows.sending.answer import answer_message
from schemas.codes import AuditKind, Breaker, Channel, ReleaseReason, Series, TaskState
from tests.simulation.clock import START
from tests.simulation.desks import Desks, Doors
from tests.simulation.dynamodb import DynamoDB
from tests.simulation.faulty_client import FaultyClient
from tests.simulation.mail import MailService
from tests.simulation.outside import Message, Queue, World
from tests.simulation.schedule import Schedule
from tests.simulation.story import WITH_A_WEBHOOK, a_county
from tests.stage_tables import stage_tables, store_over

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


class Service:
    """Handlers, queues and tables."""

    def __init__(self, schedule: Schedule, world: World) -> None:
        self.schedule = schedule
        self.world = world
        self.tables = registered_tables()
        self.intake = Queue(schedule)
        self.mails = Queue(schedule)
        self.webhooks = Queue(schedule)
        self.receipts = Queue(schedule)
        self.queues = (self.intake, self.mails, self.webhooks, self.receipts)
        self.doors = Doors(self.mails, self.webhooks, self.intake)
        self.mail = MailService(self.receipts, schedule.clock.now, schedule.chance.random)
        store = store_over(FaultyClient(self.tables, schedule))
        self.desks = Desks(store, schedule, world, self.doors, self.mail)
        self._seen: dict[tuple[str, tuple[str, str]], tuple[dict[str, Any], Item]] = {}
        self.plain = store_over(self.tables)
        """A reader that nothing goes wrong for: the observer's."""

    # --- what the handlers do

    def take_in(self, message: Message) -> None:
        receive(message.body, f"sqs-{id(message)}", self.desks.intake())

    def tell(self, queue: Queue, message: Message) -> None:
        channel = Channel.EMAIL if queue is self.mails else Channel.WEBHOOK

        def come_back_in(seconds: int) -> None:
            message.visible_at = self.schedule.clock.now() + timedelta(seconds=seconds)

        received = QueueMessage(message.body, message.receives)
        answer_message(received, _TimeLeft(), self.desks.sending(channel), come_back_in)

    def hear(self, message: Message) -> None:
        record_receipt(message.body, f"sqs-{id(message)}", self.desks.receipts())

    def sweep(self) -> None:
        sweep(self.desks.sweeping(), lambda: True)

    def release(self, ref: str, child: int) -> None:
        order = Order(
            ref=ref,
            child=child,
            reason=ReleaseReason.TOLD_BY_PHONE_FIRST,
            actor="mash-manager",
            request=self.desks.new_id(),
            agency_id=None,
            allegation=False,
        )
        release(order, self.desks.releasing())

    # --- what an observer sees

    def paused(self) -> list[str]:
        """Agencies whose endpoints wait for a person."""
        items = self.tables.tables["state"].items
        return [one for one in WITH_A_WEBHOOK if "paused" in items[keys.agency(one), keys.ENDPOINT]]

    def rows(self, partition: str | None = None) -> list[Item]:
        """The trail, or one partition of it, in order."""
        table = self.tables.tables["audit"]
        entries = table.all_entries() if partition is None else table.entries(None, partition)
        return [self._read("audit", (pk, sk), table.items[pk, sk]) for _, pk, sk in entries]

    def newest_row(self, partition: str, kind: AuditKind, message_id: str) -> Item | None:
        """The newest row of a kind about a message."""
        table = self.tables.tables["audit"]
        for _, pk, sk in reversed(table.entries(None, partition)):
            raw = table.items[pk, sk]
            if raw["type"]["S"] == kind and raw.get("message_id", {}).get("S") == message_id:
                return self._read("audit", (pk, sk), raw)
        return None

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

    def clocks(self) -> list[Item]:
        """Whatever is waited for, or was."""
        items = self.tables.tables["state"].items
        return [
            self._read("state", key, item)
            for key, item in items.items()
            if key[1].startswith(keys.CLOCK_PREFIX)
        ]

    def is_open(self, pk: str, sk: str) -> bool:
        """Whether somebody still has this task to do."""
        task = self.plain.get("state", pk, sk)
        return task is not None and task["st"] != TaskState.DONE

    def is_replaced(self, key: DeliveryKey) -> bool:
        """Whether a newer version was decided for the child, or for the reader's own, a duplicate of it; or a
        newer update made of this one's line; or the child decided, where it is for the time until then, but
        not the acknowledgement of whoever may not be told what was decided."""
        child = self.plain.get("state", key.pk, keys.child(key.child)) or {}
        if key.series is Series.CONTRIBUTION and child.get("dver"):
            return True
        if key.series is Series.ACKNOWLEDGEMENT and not self._may_be_told_no_decision(key):
            return True
        own = self.delivery(key).get("duplicate")
        return int(child.get(newest_in(key.line), 0)) > key.seq or (
            own is not None and self._decided_since(own)
        )

    def _may_be_told_no_decision(self, key: DeliveryKey) -> bool:
        """Whether all that was ever made to tell this agency of this child was held, and is."""
        decided = {
            row["dver"]
            for row in self.rows(key.pk)
            if row["type"] == AuditKind.DECISION and row["child"] == key.child
        }
        made = [
            (other.seq, "held" in item)
            for other, item in self.deliveries().items()
            if other.pk == key.pk
            and (other.child, other.agency_id, other.series) == (key.child, key.agency_id, None)
        ]
        return {seq for seq, _ in made} >= decided and all(held for _, held in made)

    def is_taken_back(self, key: DeliveryKey) -> bool:
        """Whether nobody is to be told it any more: it was sent in error, or is withheld."""
        child = self.plain.get("state", key.pk, keys.child(key.child)) or {}
        withheld = withheld_as(child, key.line, key.agency_id) is not None
        return withheld or is_withdrawn(child, key.line, key.seq)

    def _decided_since(self, own: Item) -> bool:
        at = (keys.referral(own["referral_ref"]), keys.child(own["child_index"]))
        child = self.plain.get("state", *at) or {}
        return int(child.get("dver", 0)) > int(own["decision_seq"])

    def delivery_of(self, message_id: str) -> DeliveryKey | None:
        """The delivery of a message; none if nothing has that id."""
        for _, pk, sk in self.tables.tables["state"].entries("msg", message_id):
            return DeliveryKey.parse(pk, sk)
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
        indexed = [(f"{name.removesuffix('_at')}_pk", name) for name in attributes]
        items = self.tables.tables["state"].items.values()
        return min(
            (item[name]["S"] for item in items for pk, name in indexed if pk in item and name in item),
            default=None,
        )


class _TimeLeft:
    def get_remaining_time_in_millis(self) -> int:
        return ENOUGH_MILLISECONDS
