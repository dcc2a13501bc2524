"""The live counts: what each row adds is added once, however the stream delivers it, and corrected with the
row that corrects it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from random import Random

import pytest

from functions.adapters.errors import BusyError, ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counters
from functions.adapters.ledger.evidence import Partitions
from functions.adapters.ledger.store import Part, Store
from functions.domain.measures.counting import live_counts_of
from functions.domain.measures.counts import NOTHING, Cell, Counts
from functions.domain.measures.facts import facts_of
from functions.domain.reconciliation.evidence import Row
from functions.flows.measuring.live import CountDesk, count_rows, without_gap
from functions.handlers.count_outcomes import newest_rows
from tests.flows.busy_autumn import BEGINS, autumn, play, release_most
from tests.flows.trail_stream import Reader, Record, TrailStream
from tests.world import World, a_decision, a_receipt, a_revision

REF = "NS-26-7KQ4ZP"
TUESDAY = "2026-11-24"


def a_desk(world: World, store: Store | None = None) -> CountDesk:
    store = store or world.store
    return CountDesk(
        counters=Counters(store),
        partitions=Partitions(store),
        directory=world.directory,
        clocks=world.clocks,
        patience=world.patience,
        now=lambda: world.now,
    )


def live(world: World) -> Counts:
    """What the counters say of every day of the story and around it."""
    days = [(date(2026, 9, 28) + timedelta(days=number)).isoformat() for number in range(99)]
    return Counters(world.store).live(days)


def recounted(world: World) -> Counts:
    """The same from every row of the trail."""
    as_of, total = a_desk(world).as_of(), NOTHING
    referrals = {row["pk"] for row in world.all_items("audit") if row["pk"].startswith("R#")}
    for partition in referrals:
        rows = Partitions(world.store).rows(partition)
        total += live_counts_of(facts_of(rows, partition.removeprefix("R#"), as_of))
    return total


class Died(BaseException):
    """An invocation that was stopped: no `except Exception` sees it."""


class Trouble(Store):
    """Fails now and then, before a write or after it; and lets `meanwhile` happen in the middle of a step."""

    random: Random
    meanwhile: Callable[[], None]

    @classmethod
    def over(cls, world: World, random: Random, meanwhile: Callable[[], None]) -> "Trouble":
        store = cls(world.store.client, audit="audit", state="state", keys="keys")
        store.random, store.meanwhile = random, meanwhile
        return store

    def write(self, parts: Sequence[Part]) -> None:
        chance = self.random.random()
        if chance < 0.15:
            self.meanwhile()
        elif chance < 0.2:
            raise self.random.choice((BusyError("throttled"), ContendedError("another shard was first")))
        elif chance < 0.25:
            raise Died
        super().write(parts)
        if self.random.random() < 0.1:
            raise self.random.choice((BusyError("ReadTimeoutError"), Died()))


class Counting:
    """Counts a world's trail as its stream delivers it."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = Random(seed)  # noqa: S311 - to be repeated, not secret
        self.stream = TrailStream(world)
        self.reader = Reader(self.stream, self.random)

    def catch_up(self) -> None:
        """Every row that there is by now, whatever goes wrong."""
        for shard, batch in self.reader.batches():
            with suppress(Died, BusyError, ContendedError):
                self._invoke(batch, shard)
                self.reader.answered(shard, batch)

    def _invoke(self, batch: list[Record], shard: int) -> None:
        """One invocation, during whose steps another of the same shard may come to its end."""

        def another() -> None:
            count_rows(newest_rows({"Records": self.reader.overlapping(shard)}), a_desk(self.world))

        troubled = Trouble.over(self.world, self.random, another)
        count_rows(newest_rows({"Records": batch}), a_desk(self.world, troubled))


# --- the proof of the whole


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_after_1000_events_the_counters_equal_the_recount_whatever_the_stream_did(
    world: World, seed: int
) -> None:
    world.now = BEGINS
    counting = Counting(world, seed)
    for number, sent in enumerate(autumn(seed, 1000), 1):
        play(sent, world)
        if number % 97 == 0:
            release_most(world, counting.random)
            counting.catch_up()
            assert live(world) == recounted(world), number
    counting.catch_up()
    found = live(world)
    assert found == recounted(world)
    assert all(count > 0 for count in found.cells.values())
    assert {"received", "K1a.outcome_told", "K11.no_further_action", "K17.all_partners_told"} <= {
        cell.name for cell in found.cells
    }


# --- one referral


@pytest.fixture
def counted(world: World) -> World:
    """The worked example received and decided, and counted so far."""
    world.take(a_receipt())
    world.take(a_decision(primary_outcome="NFA", strategy_discussion_at=None))
    count_all(world)
    return world


def count_all(world: World) -> None:
    count_rows({REF: len(world.rows(REF))}, a_desk(world))


def test_a_correction_is_counted_in_the_place_of_what_it_corrects(counted: World) -> None:
    assert live(counted)[Cell(TUESDAY, "K11.no_further_action")] == 1
    counted.take(a_revision())
    count_all(counted)
    assert live(counted)[Cell(TUESDAY, "K11.no_further_action")] == 0
    assert live(counted)[Cell(TUESDAY, "decided")] == 1
    assert live(counted) == recounted(counted)


def test_a_row_that_is_counted_is_not_even_read_again(counted: World) -> None:
    class Unread(Partitions):
        def rows(self, partition: str) -> list[Row]:
            raise AssertionError(partition)

    desk = a_desk(counted)
    again = CountDesk(
        **{**{name: getattr(desk, name) for name in desk.__slots__}, "partitions": Unread(counted.store)}
    )
    before = live(counted)
    count_rows({REF: 1}, again)
    assert live(counted) == before


def test_two_that_count_one_row_at_once_add_it_once(counted: World) -> None:
    counted.take(a_revision())

    class Overtaken(Store):
        """Another invocation has counted it by the time that this one writes."""

        is_overtaken = False

        def write(self, parts: Sequence[Part]) -> None:
            if not Overtaken.is_overtaken:
                Overtaken.is_overtaken = True
                count_all(counted)
            super().write(parts)

    slow = Overtaken(counted.store.client, audit="audit", state="state", keys="keys")
    count_rows({REF: len(counted.rows(REF))}, a_desk(counted, slow))
    assert live(counted) == recounted(counted)


def test_a_referral_that_cannot_be_counted_keeps_no_other_from_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.take(a_receipt())
    world.take(a_decision())
    with pytest.raises(ContendedError):
        count_rows({"NS-26-N0R0WS": 1, REF: len(world.rows(REF))}, a_desk(world))
    assert live(world)[Cell(TUESDAY, "decided")] == 1
    (line,) = [record for record in caplog.records if record.message == "NOT_COUNTED"]
    assert vars(line)["error"] == "ContendedError"
    assert REF not in caplog.text


def test_rows_behind_one_that_is_still_on_its_way_wait_for_it() -> None:
    rows = [Row(keys.entry(seq), seq, {}) for seq in (1, 2, 4, 5)]
    assert [row.seq for row in without_gap(rows)] == [1, 2]
    assert list(without_gap([])) == []


def test_what_moves_without_a_row_is_no_counter(counted: World) -> None:
    names = {cell.name for cell in live(counted).cells}
    assert "received" in names
    assert not names & {"messages", "open_holds", "followed", "followed?", "addresses"}
