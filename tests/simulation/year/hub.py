"""The hub's service in a simulated year: the real flows over tables in memory, where nobody is in the way."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn, cast

from functions.adapters.dispatch import clock_body
from functions.adapters.ledger import keys
from functions.adapters.ledger.beside import Beside
from functions.adapters.ledger.chain import Chain
from functions.adapters.ledger.confirming import Confirming
from functions.adapters.ledger.days import Days
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.keys import ClockKey, DeliveryKey
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.statements import Statements
from functions.adapters.ledger.store import Change
from functions.adapters.patience import Patience
from functions.adapters.registry.directory import Directory
from functions.domain.clock import uk_day
from functions.flows.acknowledging.desk import ConfirmDesk
from functions.flows.acting.order import ActDesk
from functions.flows.clocks.sweep import SweepDesk, sweep
from functions.flows.desk import IntakeDesk
from functions.flows.intake.receive import receive
from functions.flows.receipts.record import ReceiptDesk
from functions.flows.reconciling.reckon import Tables
from functions.flows.reconciling.sources import SourceDesk, hear_sources
from functions.flows.releasing.release_hold import ReleaseDesk
from functions.flows.sending.desk import SendDesk
from schemas.codes import Breaker, Channel
from tests.notices import a_hub_contact
from tests.simulation.desks import Desks, Doors
from tests.simulation.dynamodb import Written
from tests.simulation.faults import Seeded
from tests.simulation.outside import World
from tests.simulation.schedule import Schedule
from tests.simulation.year.county import a_county
from tests.simulation.year.doors import Agencies, Spell, YearDoor
from tests.simulation.year.draws import POLICY
from tests.simulation.year.packed import packed_tables
from tests.stage_tables import store_over

if TYPE_CHECKING:
    from functions.adapters.event_bus import EventBus
    from functions.adapters.signing import SecretShelf
    from schemas.agency import Registry
    from tests.simulation.mail import MailService

CASE_SYSTEM, POLICE_FEED = "mash.case-system", "north-police.ra-feed"


class Hub:
    """Handlers and tables; `queued` is what a sweep found due, for whoever empties the queues."""

    def __init__(self, seed: int, begins: datetime, spells: Mapping[str, Sequence[Spell]]) -> None:
        schedule = Schedule(Seeded(seed), start=begins)
        self.clock = schedule.clock
        self.agencies = Agencies(spells, self.clock.now)
        self.tables = packed_tables()
        self.store = store_over(self.tables)
        self.queued: list[DeliveryKey | ClockKey] = []
        queues, no_mail = cast("Doors", _Queues(self.queued)), cast("MailService", None)
        self._desks = Desks(self.store, schedule, World(), queues, no_mail)
        self._chain = Chain(self.store, salt=self.new_id)
        self._verified_at: dict[str, date] = {}
        self._agree_to_tests: tuple[str, ...] = ()
        self.registry: Registry
        self.directory = Directory(self.store, self._chain)

    def new_id(self) -> str:
        """A salt, a request, a message of a queue."""
        return self._desks.new_id()

    # --- what the handlers do

    def take_in(self, body: str) -> None:
        receive(body, f"sqs-{self.new_id()}", self.intake)

    def fire(self, key: ClockKey) -> None:
        self.take_in(clock_body(key))

    def sweep(self) -> None:
        sweep(self.sweeping, lambda: True)

    def hear(self) -> None:
        """One hearing of all sources, as each quarter of an hour has it."""
        hear_sources(self.hearing)

    def verify(self, *agencies: str) -> None:
        """Somebody makes sure of these agencies' addresses today, and has the registry applied."""
        self._verified_at |= dict.fromkeys(agencies, uk_day(self.clock.now()))
        self._apply_registry()

    def agree_to_tests(self, *agencies: str) -> None:
        """These agencies agree to test messages, and somebody has that applied with the registry."""
        self._agree_to_tests = agencies
        self._apply_registry()

    def _apply_registry(self) -> None:
        self.registry = a_county(self._verified_at, self._agree_to_tests)
        self.directory.apply(self.registry, applier="duty-engineer", now=self.clock.now())
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

    # --- what they work with: the desks of the simulation, made once

    @cached_property
    def intake(self) -> IntakeDesk:
        return self._desks.intake()

    @cached_property
    def sending(self) -> dict[Channel, SendDesk]:
        return {
            channel: replace(self._desks.sending(channel), door=YearDoor(channel, self.agencies))
            for channel in Channel
        }

    @cached_property
    def releasing(self) -> ReleaseDesk:
        return self._desks.releasing()

    @cached_property
    def acting(self) -> ActDesk:
        return self._desks.acting()

    @cached_property
    def receipts(self) -> ReceiptDesk:
        return self._desks.receipts()

    @cached_property
    def sweeping(self) -> SweepDesk:
        return self._desks.sweeping()

    @cached_property
    def hearing(self) -> SourceDesk:
        days, beside, work = (
            Days(self.store, self._chain),
            Beside(self.store, self._chain),
            WorkIndex(self.store),
        )
        return SourceDesk(days, beside, work, self._patience, POLICY, self.clock.now)

    @cached_property
    def confirming(self) -> ConfirmDesk:
        # Whoever confirms here has the link, and says nothing of a form.
        no_secrets, no_bus = cast("SecretShelf", None), cast("EventBus", None)
        confirming, statements = Confirming(self.store, self._chain), Statements(self.store, self._chain)
        tools = (confirming, statements, no_secrets, no_bus)
        return ConfirmDesk(*tools, a_hub_contact(), (), self._patience, self.clock.now)

    @property
    def _patience(self) -> Patience:
        return Patience(self.clock.monotonic, pause=_nobody_else_writes, jitter=lambda: 0.0)

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
        firsts = [
            entries[0][0]
            for index, shard in (("due", keys.due_shard), ("watch", keys.watch_shard_of))
            for number in range(keys.DUE_SHARDS)
            if (entries := listed[index].partitions.get(shard(number)))
        ]
        return datetime.fromisoformat(min(firsts).partition("#")[0]) if firsts else None


class _Queues:
    """All queues that a sweep fills: one."""

    def __init__(self, queued: list[DeliveryKey | ClockKey]) -> None:
        self._queued = queued
        self.clocks = self

    def send(self, due: Iterable[DeliveryKey | ClockKey]) -> int:
        found = list(due)
        self._queued += found
        return len(found)


def _nobody_else_writes(_: float) -> NoReturn:
    raise AssertionError("a write was contended, and nobody else writes")
