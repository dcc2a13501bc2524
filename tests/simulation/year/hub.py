"""The hub's service in a simulated year: the real flows over tables in memory, where nobody is in the way."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, NoReturn, cast

from functions.adapters.dispatch import clock_body
from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Acts
from functions.adapters.ledger.by_hand import ByHand
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.confirming import Confirming
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.finding import Finding
from functions.adapters.ledger.intake import Intake
from functions.adapters.ledger.keys import ClockKey, DeliveryKey
from functions.adapters.ledger.lifecycle import Lifecycle
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.receipts import Receipts
from functions.adapters.ledger.refusals import Refusals
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import Change
from functions.adapters.ledger.watching import Watching
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.adapters.registry.endpoint_health import EndpointHealth
from functions.adapters.registry.endpoint_rows import EndpointRows
from functions.adapters.rejected import RejectedEvents
from functions.adapters.vault import Vault
from functions.domain.clock import uk_day
from functions.domain.delivery import Schedule as RetrySchedule
from functions.flows.acknowledging.desk import ConfirmDesk
from functions.flows.acting.order import ActDesk
from functions.flows.clocks.overdue import ClockDesk
from functions.flows.clocks.sweep import SweepDesk, sweep
from functions.flows.clocks.untold import WatchDesk
from functions.flows.desk import IntakeDesk, RefusalDesk
from functions.flows.intake.receive import receive
from functions.flows.receipts.record import ReceiptDesk
from functions.flows.reconciling.reckon import Tables
from functions.flows.releasing.order import ReleaseDesk
from functions.flows.sending.desk import SendDesk
from schemas.codes import Breaker, Channel
from schemas.risk_assessment import RaPolicy
from tests.notices import CONFIRM_BASE, a_hub_contact
from tests.simulation.clock import Clock
from tests.simulation.desks import MANAGED, REFUSED_STEPS, RETRY_STEPS
from tests.simulation.dynamodb import Written
from tests.simulation.outside import FakeBucket, FakeKms
from tests.simulation.year.county import a_county
from tests.simulation.year.doors import Agencies, YearDoor
from tests.simulation.year.draws import POLICY, Draws
from tests.simulation.year.packed import packed_tables
from tests.stage_tables import store_over
from tests.world import release_desk_of

if TYPE_CHECKING:
    from functions.adapters.dispatch import ClockQueue, Dispatch
    from functions.adapters.signing import SecretShelf

CASE_SYSTEM, POLICE_FEED = "mash.case-system", "north-police.ra-feed"


class Hub:
    """Handlers and tables; `queued` is what a sweep found due, for whoever empties the queues."""

    def __init__(self, clock: Clock, agencies: Agencies, draws: Draws) -> None:
        self.clock = clock
        self.tables = packed_tables()
        self.store = store_over(self.tables)
        self.queued: list[DeliveryKey | ClockKey] = []
        self._agencies = agencies
        self._draws = draws
        self._serial = count(1)
        self._chain = Chain(self.store, salt=self.new_id)
        self._patience = Patience(clock.monotonic, pause=_nobody_else_writes, jitter=lambda: 0.0)
        self.directory = Directory(self.store, self._chain)
        self._verified_at: dict[str, date] = {}

    def new_id(self) -> str:
        """An owner's, a request's, a sweep's."""
        return f"{next(self._serial):032x}"

    # --- what the handlers do

    def take_in(self, body: str) -> None:
        receive(body, f"sqs-{self.new_id()}", self.intake)

    def fire(self, key: ClockKey) -> None:
        self.take_in(clock_body(key))

    def sweep(self) -> None:
        sweep(self.sweeping, lambda: True)

    def verify(self, *agencies: str) -> None:
        """Somebody makes sure of these agencies' addresses today, and has the registry applied."""
        now = self.clock.now()
        self._verified_at |= dict.fromkeys(agencies, uk_day(now))
        self.directory.apply(a_county(self._verified_at), applier="duty-engineer", now=now)
        self._check_endpoints()

    def _check_endpoints(self) -> None:
        """Each answers its check at once."""
        for entry in self.directory.all():
            if entry.url is not None and entry.checked_url != entry.url:
                pk, state = keys.agency(entry.agency_id), self.store.state
                checked, well = Change({"checked_url": entry.url}), Change({"breaker": Breaker.CLOSED.value})
                self.store.write(
                    [
                        self.store.update("checked", state, (pk, keys.HEAD), change=checked),
                        self.store.update("endpoint", state, (pk, keys.ENDPOINT), change=well),
                    ]
                )

    # --- what they work with

    @cached_property
    def intake(self) -> IntakeDesk:
        return IntakeDesk(
            refusal=RefusalDesk(
                refusals=Refusals(self.store, self._chain),
                rejected=RejectedEvents(cast("Any", FakeBucket()), "rejected"),
                patience=self._patience,
                now=self.clock.now,
                registered_sources=(CASE_SYSTEM, POLICE_FEED),
            ),
            intake=Intake(self.store, self._chain),
            lifecycle=Lifecycle(self.store, self._chain),
            directory=self.directory,
            vault=self._vault,
            hub=a_hub_contact(),
            confirm_base=CONFIRM_BASE,
            ra_policy=RaPolicy(),
            clocks=POLICY,
            managed_domains=MANAGED,
            patience=self._patience,
            now=self.clock.now,
        )

    @cached_property
    def sending(self) -> dict[Channel, SendDesk]:
        return {channel: self._sending(channel) for channel in Channel}

    def _sending(self, channel: Channel) -> SendDesk:
        return SendDesk(
            sending=Sending(self.store, self._chain),
            vault=self._vault,
            door=YearDoor(channel, self._agencies),
            schedule=RetrySchedule(RETRY_STEPS, REFUSED_STEPS),
            health=self._health if channel is Channel.WEBHOOK else None,
            managed_domains=MANAGED,
            clocks=POLICY,
            patience=self._patience,
            now=self.clock.now,
            new_owner=self.new_id,
            jitter=lambda: self._draws.between(0, 1),
        )

    @cached_property
    def releasing(self) -> ReleaseDesk:
        return release_desk_of(self.intake, Acts(self.store, self._chain))

    @cached_property
    def acting(self) -> ActDesk:
        by_hand = ByHand(self.store, self._chain)
        return ActDesk(self.intake, by_hand, Finding(self.store), self._health)

    @cached_property
    def confirming(self) -> ConfirmDesk:
        no_secrets = cast("SecretShelf", None)  # whoever confirms here has the link
        confirming = Confirming(self.store, self._chain)
        return ConfirmDesk(confirming, no_secrets, a_hub_contact(), self._patience, self.clock.now)

    @cached_property
    def receipts(self) -> ReceiptDesk:
        return ReceiptDesk(Receipts(self.store, self._chain), POLICY, self._patience, self.clock.now)

    @cached_property
    def sweeping(self) -> SweepDesk:
        acts, watching = Acts(self.store, self._chain), Watching(self.store, self._chain)
        clocks = ClockDesk(acts, self._patience, self.clock.now, self.new_id)
        watches = WatchDesk(watching, self._patience, POLICY, MANAGED, self.clock.now, self.new_id)
        queue = _Queue(self.queued)
        dispatch, intake = cast("Dispatch", queue), cast("ClockQueue", queue)
        return SweepDesk(DueIndex(self.store), dispatch, intake, clocks, watches)

    @cached_property
    def _health(self) -> EndpointHealth:
        return EndpointHealth(self.store, EndpointRows(self.store, self._chain))

    @cached_property
    def _vault(self) -> Vault:
        return Vault(cast("Any", FakeKms()), "key", nonce=lambda size: next(self._serial).to_bytes(size))

    # --- what an observer sees

    @cached_property
    def evidence(self) -> Tables:
        return Tables(Days(self.store, self._chain), Partitions(self.store))

    def written(self) -> Iterator[Written]:
        """Whatever was written since this was asked last, as a stream would tell it."""
        journal = self.tables.journal
        while journal:
            some = journal.copy()
            journal.clear()
            yield from (one for one in some if one.table == self.store.state)

    def next_due(self) -> datetime | None:
        """The first moment at which a sweep would find anything."""
        listed = self.tables.tables[self.store.state].listed
        shards = range(keys.DUE_SHARDS)
        firsts = [
            entries[0][0]
            for index, shard in (("due", keys.due_shard), ("watch", keys.watch_shard_of))
            for number in shards
            if (entries := listed[index].partitions.get(shard(number)))
        ]
        return datetime.fromisoformat(min(firsts).partition("#")[0]) if firsts else None


class _Queue:
    """Both queues that a sweep fills."""

    def __init__(self, queued: list[DeliveryKey | ClockKey]) -> None:
        self._queued = queued

    def send(self, due: Iterable[DeliveryKey | ClockKey]) -> int:
        found = list(due)
        self._queued += found
        return len(found)


def _nobody_else_writes(_: float) -> NoReturn:
    raise AssertionError("a write was contended, and nobody else writes")
