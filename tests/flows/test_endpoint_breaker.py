"""An endpoint that fails: nobody is sent there for a while, one probe asks, one owner is told."""

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Change
from functions.domain.delivery import LEASE, Answer
from functions.flows.sending.desk import EndpointBusyError
from schemas.codes import Channel
from tests.flows.endpoints import (
    AGENCY,
    COOLDOWN,
    attempts,
    decided_for_police,
    endpoint,
    endpoint_rows,
    forget_endpoint,
    owners_task,
    slow_worker,
    states,
)
from tests.flows.sweeps import (
    DOWN,
    PROBATION,
    TOOK_IT,
    fails,
    item_of,
    recovers,
    send_to,
    sweep,
)
from tests.flows.test_sending import CrashError, crash, recover
from tests.world import World, a_decision


@pytest.fixture
def failing(world: World) -> tuple[World, list[DeliveryKey]]:
    """Seven messages wait, the endpoint fails, and the first five have found out."""
    waiting = decided_for_police(world, 7)
    fails(world)
    sweep(world)
    return world, waiting


def test_five_failures_open_the_breaker_and_the_others_are_not_even_tried(
    failing: tuple[World, list[DeliveryKey]], caplog: pytest.LogCaptureFixture
) -> None:
    world, waiting = failing
    assert len(world.police.sent) == 5
    assert sorted(attempts(world, waiting)) == [0, 0, 1, 1, 1, 1, 1]
    assert endpoint(world)["open_until"] == at_text(world.now + COOLDOWN)
    assert endpoint_rows(world) == ["FAILING"]
    assert [one.message for one in caplog.get_records("setup")].count("ENDPOINT_FAILING") == 1


def test_its_owner_is_told_once_and_not_for_each_message(
    failing: tuple[World, list[DeliveryKey]], caplog: pytest.LogCaptureFixture
) -> None:
    world, _ = failing
    opened = owners_task(world)
    assert (opened["st"], opened["role"]) == ("OPEN", "DIRECTORY_OWNER")
    (rings,) = [one.__dict__ for one in caplog.get_records("setup") if one.message == "TASK_OPENED"]
    assert (rings["task"], rings["role"]) == ("MEND_ENDPOINT", "DIRECTORY_OWNER")
    for _ in range(3):
        world.now += COOLDOWN
        sweep(world)
    assert endpoint_rows(world) == ["FAILING"]
    assert owners_task(world) == opened
    assert "TASK_OPENED" not in caplog.messages


def test_nothing_is_sent_for_two_minutes(failing: tuple[World, list[DeliveryKey]]) -> None:
    world, waiting = failing
    before = attempts(world, waiting)
    for seconds in (1, 60, 58.999):
        world.later(seconds=seconds)
        sweep(world)
    assert attempts(world, waiting) == before
    assert len(world.police.sent) == 5


def test_a_message_for_an_endpoint_that_rests_is_left_to_the_sweep_and_comes_back_to_no_worker(
    failing: tuple[World, list[DeliveryKey]],
) -> None:
    """Nothing is raised, so its queue is done with it; it is due again after a rest, and no attempt is
    counted."""
    world, waiting = failing
    untried = [key for key in waiting if item_of(world, key)["attempt"] == 0]
    for key in untried:
        send_to(world, key)
    assert states(world, untried) == ["PENDING", "PENDING"]
    assert attempts(world, untried) == [0, 0]
    assert set(untried).isdisjoint(DueIndex(world.store).until(world.now))
    world.later(seconds=60)
    assert set(untried) <= set(DueIndex(world.store).until(world.now))


def test_then_one_probe_goes_and_while_it_fails_no_more(failing: tuple[World, list[DeliveryKey]]) -> None:
    world, _ = failing
    for probes in (1, 2, 3):
        world.now += COOLDOWN
        sweep(world)
        sweep(world)
        assert len(world.police.sent) == 5 + probes
        assert endpoint(world)["open_until"] == at_text(world.now + COOLDOWN)


def test_while_a_probe_is_on_its_way_nobody_else_is_sent(failing: tuple[World, list[DeliveryKey]]) -> None:
    world, waiting = failing
    world.now += COOLDOWN

    def others_try() -> None:
        world.police.while_sending = lambda: None
        for key in waiting[1:]:
            with pytest.raises(EndpointBusyError):
                send_to(world, key)

    world.police.while_sending = others_try
    send_to(world, waiting[0])
    assert len(world.police.sent) == 6


def test_of_two_workers_that_would_probe_one_does(failing: tuple[World, list[DeliveryKey]]) -> None:
    world, waiting = failing
    world.now += COOLDOWN
    late = slow_worker(world, waiting[1])
    send_to(world, waiting[0])
    assert len(world.police.sent) == 6
    with pytest.raises(EndpointBusyError):
        late()
    assert len(world.police.sent) == 6


def test_a_probe_that_is_taken_closes_the_breaker_and_everything_due_goes(
    failing: tuple[World, list[DeliveryKey]], caplog: pytest.LogCaptureFixture
) -> None:
    world, waiting = failing
    world.now += COOLDOWN
    recovers(world)
    sweep(world)
    assert states(world, waiting) == ["SENT"] * 7
    assert len(world.police.sent) == 5 + 7
    assert endpoint_rows(world) == ["FAILING", "RECOVERED"]
    assert owners_task(world)["st"] == "DONE"
    assert endpoint(world) == {"pk": AGENCY, "sk": keys.ENDPOINT, "breaker": "CLOSED"}
    assert caplog.messages.count("ENDPOINT_RECOVERED") == 1


def test_a_breaker_that_opens_again_is_told_again(failing: tuple[World, list[DeliveryKey]]) -> None:
    world, _ = failing
    world.now += COOLDOWN
    world.police.answers = [TOOK_IT, *[DOWN] * 10]
    sweep(world)
    assert endpoint_rows(world) == ["FAILING", "RECOVERED", "FAILING"]
    assert owners_task(world)["st"] == "OPEN"


def test_an_abandoned_probe_is_followed_by_another_when_its_lease_has_run_out(
    failing: tuple[World, list[DeliveryKey]],
) -> None:
    world, waiting = failing
    recovers(world)
    world.now += COOLDOWN
    crash(world, Channel.WEBHOOK)
    with pytest.raises(CrashError):
        send_to(world, waiting[0])
    recover(world, Channel.WEBHOOK)
    world.later(seconds=LEASE.total_seconds())
    sweep(world)
    assert len(world.police.sent) == 6
    world.later(seconds=1)
    sweep(world)
    assert states(world, waiting) == ["SENT"] * 7


@pytest.mark.parametrize("answer", [DOWN, TOOK_IT], ids=["fails", "is taken"])
def test_an_attempt_that_began_before_the_breaker_opened_changes_nothing_when_it_ends(
    world: World, answer: Answer
) -> None:
    """Neither its failure, which tells the owner no second time, nor its success, which was no probe."""
    first, *others = decided_for_police(world, 6)
    world.police.answers = [*[DOWN] * 5, answer]

    def others_fail() -> None:
        world.police.while_sending = lambda: None
        for key in others:
            send_to(world, key)

    world.police.while_sending = others_fail
    send_to(world, first)
    assert len(world.police.sent) == 6
    assert (endpoint(world)["breaker"], endpoint_rows(world)) == ("OPEN", ["FAILING"])


def test_more_than_half_of_ten_failed_opens_it_too(world: World) -> None:
    waiting = decided_for_police(world, 11)
    world.police.answers = [TOOK_IT, DOWN, DOWN, TOOK_IT, DOWN, DOWN, TOOK_IT, DOWN, TOOK_IT, DOWN, DOWN]
    for key in waiting[:9]:
        send_to(world, key)
    assert endpoint_rows(world) == []
    send_to(world, waiting[9])
    assert endpoint_rows(world) == ["FAILING"]


def test_an_endpoint_of_which_nothing_is_known_is_probed_by_one_and_then_sent_to(world: World) -> None:
    waiting = decided_for_police(world, 3)
    forget_endpoint(world)

    def others_try() -> None:
        world.police.while_sending = lambda: None
        for key in waiting[1:]:
            with pytest.raises(EndpointBusyError):
                send_to(world, key)

    world.police.while_sending = others_try
    send_to(world, waiting[0])
    assert states(world, waiting) == ["SENT", "PENDING", "PENDING"]
    sweep(world)
    assert states(world, waiting) == ["SENT"] * 3
    assert endpoint_rows(world) == []
    assert endpoint(world)["breaker"] == "CLOSED"


def test_one_of_which_nothing_is_known_and_that_fails_is_told_at_once(world: World) -> None:
    waiting = decided_for_police(world, 3)
    forget_endpoint(world)
    fails(world)
    sweep(world)
    assert sorted(attempts(world, waiting)) == [0, 0, 1]
    assert endpoint_rows(world) == ["FAILING"]
    assert owners_task(world)["st"] == "OPEN"


def test_a_breaker_that_opened_leaves_email_alone(failing: tuple[World, list[DeliveryKey]]) -> None:
    world, _ = failing
    world.take(a_decision())
    sweep(world)
    assert item_of(world, PROBATION)["st"] == "SENT"


def test_a_message_to_an_agency_that_is_not_active_is_parked_though_its_endpoint_rests(
    failing: tuple[World, list[DeliveryKey]],
) -> None:
    """It has no turn to wait for: a person must know now."""
    world, waiting = failing
    inactive = Change({"status": "INACTIVE"})
    world.store.write([world.store.update("x", "state", (AGENCY, keys.HEAD), change=inactive)])
    untried = [key for key in waiting if item_of(world, key)["st"] == "PENDING"]
    world.later(seconds=60)
    for key in untried:
        send_to(world, key)
    assert states(world, untried) == ["PARKED", "PARKED"]
