"""What each call of the service works with, new for every call as after a cold start."""

from collections.abc import Iterable
from itertools import count
from typing import Any, cast

from functions.adapters.dispatch import ClockQueue, Dispatch, clock_body, message_body
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.by_hand import ByHand
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.finding import Finding
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.keys import ClockKey, DeliveryKey
from functions.adapters.ledger.lifecycle import Lifecycle
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.receipts import Receipts
from functions.adapters.ledger.refusals import Refusals
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Store
from functions.adapters.ledger.watching import Watching
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.rejected import RejectedEvents
from functions.adapters.vault import Vault
from functions.domain.delivery import Schedule as RetrySchedule
from functions.flows.acting.order import ActDesk
from functions.flows.clocks.overdue import ClockDesk
from functions.flows.clocks.sweep import SweepDesk
from functions.flows.clocks.untold import WatchDesk
from functions.flows.desk import IntakeDesk, RefusalDesk, ReleaseDesk
from functions.flows.receipts.record import ReceiptDesk
from functions.flows.sending.desk import SendDesk
from schemas.clocks import ClockPolicy
from schemas.codes import Channel
from schemas.risk_assessment import RaPolicy
from tests.notices import CONFIRM_BASE, a_hub_contact
from tests.simulation.mail import MailService
from tests.simulation.outside import Door, FakeBucket, FakeKms, Onlooker, Queue, World
from tests.simulation.schedule import Schedule
from tests.world import SOURCES, release_desk_of

RETRY_STEPS = (0, 10, 60, 300, 1800, 3600, 7200, 14400, 28800, 43200, 43200, 43200, 43200, 28800)
REFUSED_STEPS = (0, 300, 1500)
MANAGED = ("secure.example",)


class Clocks:
    """The intake's queue, as `ClockQueue` fills it."""

    def __init__(self, intake: Queue) -> None:
        self._intake = intake

    def send(self, due: Iterable[ClockKey]) -> int:
        queued = list(due)
        for key in queued:
            self._intake.put(clock_body(key))
        return len(queued)


class Doors:
    """The senders' queues, as `Dispatch` fills them; beside them, the one for clocks."""

    def __init__(self, mails: Queue, webhooks: Queue, intake: Queue) -> None:
        self._mails = mails
        self._webhooks = webhooks
        self.clocks = Clocks(intake)

    def send(self, deliveries: Iterable[DeliveryKey]) -> int:
        queued = list(deliveries)
        for key in queued:
            (self._mails if key.channel.is_email else self._webhooks).put(message_body(key))
        return len(queued)


class Desks:
    """Makes every desk, over one store that anything can happen to."""

    def __init__(
        self, store: Store, schedule: Schedule, world: World, doors: Doors, mail: MailService
    ) -> None:
        self._store = store
        self._schedule = schedule
        self._world = world
        self._doors = doors
        self._mail = mail
        self._now = schedule.clock.now
        self._serial = count(1)
        self.onlooker = Onlooker()

    def new_id(self) -> str:
        """An owner's, a request's, a sweep's."""
        return f"{next(self._serial):032x}"

    def intake(self) -> IntakeDesk:
        chain, patience = self._chain(), self._patience()
        return IntakeDesk(
            refusal=RefusalDesk(
                refusals=Refusals(self._store, chain),
                rejected=RejectedEvents(cast("Any", FakeBucket()), "rejected"),
                patience=patience,
                now=self._now,
                registered_sources=SOURCES,
            ),
            intake=Intake(self._store, chain),
            lifecycle=Lifecycle(self._store, chain),
            acts=Acts(self._store, chain),
            due=DueIndex(self._store),
            directory=Directory(self._store, chain),
            vault=self._vault(),
            hub=a_hub_contact(),
            confirm_base=CONFIRM_BASE,
            ra_policy=RaPolicy(),
            clocks=ClockPolicy(),
            managed_domains=MANAGED,
            patience=patience,
            now=self._now,
        )

    def releasing(self) -> ReleaseDesk:
        return release_desk_of(self.intake(), Acts(self._store, self._chain()))

    def acting(self) -> ActDesk:
        by_hand = ByHand(self._store, self._chain())
        return ActDesk(self.intake(), by_hand, Finding(self._store), self._health())

    def sending(self, channel: Channel) -> SendDesk:
        return SendDesk(
            sending=Sending(self._store, self._chain()),
            vault=self._vault(),
            door=Door(channel, self._schedule, self._world, self.onlooker, self._mail),
            schedule=RetrySchedule(RETRY_STEPS, REFUSED_STEPS),
            health=self._health() if channel is Channel.WEBHOOK else None,
            managed_domains=MANAGED,
            clocks=ClockPolicy(),
            patience=self._patience(),
            now=self._now,
            new_owner=self.new_id,
            jitter=self._schedule.chance.random,
        )

    def receipts(self) -> ReceiptDesk:
        receipts = Receipts(self._store, self._chain())
        return ReceiptDesk(receipts, ClockPolicy(), self._patience(), self._now)

    def sweeping(self) -> SweepDesk:
        acts, watching = Acts(self._store, self._chain()), Watching(self._store, self._chain())
        clocks = ClockDesk(acts, self._patience(), self._now, self.new_id)
        watches = WatchDesk(watching, self._patience(), ClockPolicy(), MANAGED, self._now, self.new_id)
        doors, intake = cast("Dispatch", self._doors), cast("ClockQueue", self._doors.clocks)
        return SweepDesk(DueIndex(self._store), doors, intake, clocks, watches)

    def _health(self) -> EndpointHealth:
        return EndpointHealth(self._store, EndpointRows(self._store, self._chain()))

    def _chain(self) -> Chain:
        return Chain(self._store, salt=self.new_id)

    def _patience(self) -> Patience:
        clock, chance = self._schedule.clock, self._schedule.chance
        return Patience(monotonic=clock.monotonic, pause=self._schedule.sleep, jitter=chance.random)

    def _vault(self) -> Vault:
        return Vault(cast("Any", FakeKms()), "key", nonce=lambda size: next(self._serial).to_bytes(size))
