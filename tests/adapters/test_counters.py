"""The transaction that moves the counts: all of it or nothing, and only from what the counts had."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.counters import Counted, Counters
from functions.adapters.ledger.store import Item, Store
from functions.domain.measures.counts import Cell, Counts
from tests.stage_tables import on_moto
from tests.world import LosesAReply, a_world

REF = "NS-26-7KQ4ZP"
TUESDAY, WEDNESDAY = "2026-11-24", "2026-11-25"
DECIDED, OUT = Cell(TUESDAY, "decided"), Cell(TUESDAY, "received", "hours=out")
TOOK = Cell(WEDNESDAY, "K2.decided_to_told", "hours=in", 17)
FIRST = Counted(1, 3, Counts({DECIDED: 2, OUT: 1}, frozenset({"ACKNOWLEDGED"})))


@pytest.fixture
def store(_no_real_account: None) -> Iterator[Store]:
    with a_world(on_moto) as world:
        yield world.store


@pytest.fixture
def counters(store: Store) -> Counters:
    counters = Counters(store)
    counters.move(REF, Counted(), FIRST)
    return counters


def items(store: Store) -> list[Item]:
    found = store.client.scan(TableName="state", ConsistentRead=True)["Items"]
    return [item for item in found if item["pk"]["S"].startswith("AGG#")]


def test_what_was_never_counted_is_nothing(store: Store) -> None:
    assert Counters(store).counted(REF) == Counted()
    assert Counters(store).live([TUESDAY]) == Counts()


def test_the_counts_have_what_was_moved_and_say_up_to_which_row(counters: Counters) -> None:
    assert counters.counted(REF) == FIRST
    assert counters.live([TUESDAY, WEDNESDAY]) == FIRST.counts


def test_the_difference_is_added_and_what_is_nought_is_not_there(counters: Counters) -> None:
    now = Counted(seq=5, counts=Counts({DECIDED: 3, TOOK: 1}, frozenset({"ACKNOWLEDGED", "CASE_CLOSED"})))
    counters.move(REF, counters.counted(REF), now)
    counters.move("NS-26-0THER0", Counted(), Counted(seq=1, counts=Counts({DECIDED: 1})))
    assert counters.live([TUESDAY, WEDNESDAY]) == Counts({DECIDED: 4, TOOK: 1}, now.counts.heard)
    assert counters.live([WEDNESDAY]).cells == {TOOK: 1}
    assert (counters.counted(REF).part, counters.counted(REF).seq) == (2, 5)


@pytest.mark.parametrize("seen", [Counted(), Counted(2, 4, FIRST.counts)])
def test_a_referral_that_was_counted_since_it_was_seen_moves_nothing(
    counters: Counters, store: Store, seen: Counted
) -> None:
    before = items(store)
    with pytest.raises(ContendedError):
        counters.move(REF, seen, Counted(seq=9, counts=Counts({DECIDED: 5}, frozenset({"CASE_CLOSED"}))))
    assert items(store) == before


def test_a_reply_that_was_lost_moves_nothing_twice(store: Store) -> None:
    forgetful = Counters(LosesAReply(store.client, audit="audit", state="state"))
    with pytest.raises(Exception, match="ReadTimeoutError"):
        forgetful.move(REF, Counted(), FIRST)
    with pytest.raises(ContendedError):
        forgetful.move(REF, Counted(), FIRST)
    assert Counters(store).live([TUESDAY]) == FIRST.counts


def test_a_recount_is_kept_beside_the_live_counts_for_each_day_also_for_an_empty_one(
    counters: Counters,
) -> None:
    night = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
    assert counters.recounted([TUESDAY]).at == {}
    counters.keep_recounted([TUESDAY, WEDNESDAY], Counts({DECIDED: 7}), night)
    found = counters.recounted([TUESDAY, WEDNESDAY, "2026-11-26"])
    assert found.counts == Counts({DECIDED: 7})
    assert found.at == {TUESDAY: night, WEDNESDAY: night}
    assert counters.live([TUESDAY]) == FIRST.counts
    assert keys.FINAL != keys.LIVE
