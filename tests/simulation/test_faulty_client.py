"""What the project's store makes of each fault, and what interleaving finds that nothing else does."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from functions.adapters.errors import BusyError, ContendedError, RetryError
from functions.adapters.ledger.store import Change, Condition, ConditionsFailedError, Store
from functions.adapters.patience import Patience
from tests.simulation.dynamodb import DynamoDB
from tests.simulation.faults import Fault, Faults, Planned, Seeded
from tests.simulation.faulty_client import FaultyClient
from tests.simulation.schedule import Schedule
from tests.simulation.sweep import sweep
from tests.stage_tables import stage_tables, store_over

COUNTER = ("COUNTER", "HEAD")


def counted(client: DynamoDB) -> int:
    item = store_over(client).get("state", *COUNTER)
    assert item is not None
    return int(item["n"])


def started(schedule: Schedule) -> tuple[Store, DynamoDB]:
    """A store as a task has it, and the tables below it with a counter at nought."""
    client = stage_tables(largest_page=2)
    put(store_over(client), *COUNTER)
    return store_over(FaultyClient(client, schedule)), client


def put(store: Store, pk: str, sk: str) -> None:
    store.write([store.put("item", "state", {"pk": pk, "sk": sk, "n": 0})])


def put_as_first(store: Store) -> None:
    """As chain rows are put, with an id by which a lost reply is found out."""
    part = store.put("other", "state", {"pk": "OTHER", "sk": "HEAD"})
    store.write([part, store.put("more", "state", {"pk": "OTHER", "sk": "MORE"})])


# --- each fault as the store tells it

READS: dict[str, Callable[[Store], object]] = {
    "get": lambda store: store.get("state", *COUNTER),
    "get_many": lambda store: store.get_many([("state", *COUNTER)]),
    "partition": lambda store: store.partition("state", "COUNTER"),
    "scan": lambda store: list(store.client.get_paginator("scan").paginate(TableName="state")),
    "write": put_as_first,
}


def with_fault(fault: Fault, act: Callable[[Store], object]) -> tuple[Exception | None, DynamoDB]:
    """What the first call's fault becomes."""
    schedule = Schedule(Planned({0: fault}))
    store, client = started(schedule)
    task = schedule.spawn("worker", lambda: act(store), may_raise=(Exception,))
    schedule.run()
    return task.error, client


@pytest.mark.parametrize("act", ["get", "get_many", "partition", "write"])
@pytest.mark.parametrize("fault", [Fault.LOST_REPLY, Fault.LOST_REQUEST])
def test_an_answer_that_never_came_is_busy(act: str, fault: Fault) -> None:
    error, client = with_fault(fault, READS[act])
    assert isinstance(error, BusyError)
    assert str(error) == "ReadTimeoutError"
    assert len(client.journal) == (3 if (act, fault) == ("write", Fault.LOST_REPLY) else 1)


@pytest.mark.parametrize("act", ["get", "get_many", "partition"])
def test_a_throttled_read_is_busy(act: str) -> None:
    error, _ = with_fault(Fault.THROTTLE, READS[act])
    assert str(error) == "ProvisionedThroughputExceededException"
    assert isinstance(error, BusyError)


def test_a_throttled_write_is_busy_or_contended_and_nothing_happened() -> None:
    told = {}
    for seed in range(40):
        schedule = Schedule(Seeded(seed, Faults(throttle=1)))
        store, client = started(schedule)
        task = schedule.spawn("worker", partial(put_as_first, store), may_raise=(RetryError,))
        schedule.run()
        told[str(task.error)] = type(task.error)
        assert len(client.journal) == 1
    assert told == {
        "ProvisionedThroughputExceededException": BusyError,
        "throttled": BusyError,
        "another writer was first": ContendedError,
    }


@pytest.mark.parametrize("method", ["put_item", "update_item", "delete_item"])
def test_a_single_write_is_throttled_or_in_conflict(method: str) -> None:
    key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    asked: dict[str, Any] = {
        "TableName": "state",
        **({"Item": key} if method == "put_item" else {"Key": key}),
    }
    codes = set()
    for seed in range(40):
        schedule = Schedule(Seeded(seed, Faults(throttle=1, budget=1)))
        client = FaultyClient(stage_tables(), schedule)
        call = partial(getattr(client, method), **asked)
        task = schedule.spawn("worker", call, may_raise=(Exception,))
        schedule.run()
        codes.add(type(task.error).__name__)
    assert codes == {"ProvisionedThroughputExceededException", "TransactionConflictException"}


def test_every_call_of_the_client_is_a_step_with_its_name_and_every_page_one_of_its_own() -> None:
    schedule = Schedule(Planned())
    store, _ = started(schedule)

    def work() -> None:
        for act in READS.values():
            act(store)
        put(store, "COUNTER", "A")
        put(store, "COUNTER", "B")
        assert len(store.partition("state", "COUNTER")) == 3

    schedule.spawn("worker", work)
    schedule.run()
    assert [step.call for step in schedule.trace] == [
        "get_item state COUNTER/HEAD",
        "batch_get_item state",
        "query state",
        "scan state",
        "transact_write_items state OTHER/HEAD of 2",
        "transact_write_items state COUNTER/A of 1",
        "transact_write_items state COUNTER/B of 1",
        "query state",
        "query state",
    ]


# --- a toy program that loses updates


def careless(store: Store) -> None:
    """Reads, adds one, writes."""
    item = store.get("state", *COUNTER)
    assert item is not None
    change = Change({"n": item["n"] + 1})
    store.write([store.update("counter", "state", COUNTER, change=change)])


def careful(store: Store) -> None:
    """The same, under the condition that nobody wrote meanwhile."""
    item = store.get("state", *COUNTER)
    assert item is not None
    change, as_read = Change({"n": item["n"] + 1}), Condition("#n = :seen", {"seen": item["n"]})
    try:
        store.write([store.update("counter", "state", COUNTER, change=change, condition=as_read)])
    except ConditionsFailedError:
        raise ContendedError from None


def three_adders(schedule: Schedule, add: Callable[[Store], None]) -> int:
    """What is counted when three have added one each, all of them patient."""
    store, client = started(schedule)
    patience = Patience(schedule.clock.monotonic, schedule.sleep, schedule.chance.random)
    for number in range(3):
        schedule.spawn(f"adder {number}", lambda: patience.persist(lambda: add(store)))
    schedule.run()
    return counted(client)


def test_one_after_the_other_loses_nothing_and_so_finds_nothing() -> None:
    assert three_adders(Schedule(Planned()), careless) == 3


def test_interleaving_finds_an_update_that_is_lost() -> None:
    counts = [three_adders(Schedule(Seeded(seed)), careless) for seed in range(50)]
    assert {1, 2, 3} == set(counts)


def test_a_conditional_write_loses_nothing_in_any_interleaving_throttled_or_not() -> None:
    for seed in range(300):
        assert three_adders(Schedule(Seeded(seed)), careful) == 3
        assert three_adders(Schedule(Seeded(seed, Faults(throttle=0.2))), careful) == 3


def test_a_sweep_finds_what_adds_twice_after_a_lost_reply() -> None:
    """A condition on what was read is no memory of what was written: that is what the chain's ids are for."""

    def adds(schedule: Schedule) -> None:
        counts.append(three_adders(schedule, careful))

    counts: list[int] = []
    played = [one.faults for one in sweep(adds, (Fault.LOST_REPLY, Fault.LOST_REQUEST, Fault.THROTTLE))]
    counted_twice = [faults for faults, n in zip(played, counts, strict=True) if n == 4]
    assert counted_twice == [{1: Fault.LOST_REPLY}, {3: Fault.LOST_REPLY}, {5: Fault.LOST_REPLY}]
    assert set(counts) == {3, 4}
