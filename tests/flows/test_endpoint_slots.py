"""An endpoint that hangs: four attempts in flight and no more, and everybody else goes on."""

from dataclasses import replace

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Change
from functions.domain.delivery import LEASE
from functions.domain.endpoint import SLOTS
from functions.flows.sending.answer import MOST_RECEIVES, Message, answer_message
from functions.flows.sending.desk import EndpointBusyError
from schemas.codes import AgencyType, Channel
from tests.flows.endpoints import (
    AGENCY,
    attempts,
    decided_for_police,
    slow_worker,
    states,
)
from tests.flows.sweeps import (
    POLICE,
    PROBATION,
    SILENT,
    desk_of,
    fails,
    send_to,
)
from tests.flows.test_sending import CrashError, TimeLeft, crash, recover
from tests.world import World, a_decision, a_registry, an_agency


def in_flight_together(world: World, waiting: list[DeliveryKey]) -> tuple[int, list[DeliveryKey]]:
    """Each attempt hangs until all others have tried; how many hung at once, and who was turned away."""
    queue, turned_away = list(waiting), list[DeliveryKey]()
    on_their_way = most = 0

    def others_try() -> None:
        while queue:
            key = queue.pop(0)
            try:
                send_to(world, key)
            except EndpointBusyError:
                turned_away.append(key)

    def hang() -> None:
        nonlocal on_their_way, most
        on_their_way += 1
        most = max(most, on_their_way)
        others_try()
        on_their_way -= 1

    world.police.while_sending = hang
    others_try()
    world.police.while_sending = lambda: None
    return most, turned_away


def test_a_black_holed_endpoint_has_at_most_four_attempts_in_flight(world: World) -> None:
    waiting = decided_for_police(world, 6)
    fails(world, answer=SILENT)
    most, turned_away = in_flight_together(world, waiting)
    assert most == SLOTS == 4
    assert turned_away == waiting[4:]
    assert states(world, waiting) == ["RETRY"] * 4 + ["PENDING"] * 2
    assert attempts(world, waiting) == [1, 1, 1, 1, 0, 0]
    assert len(world.police.sent) == 4


def test_when_one_of_them_has_ended_the_next_may_go(world: World) -> None:
    waiting = decided_for_police(world, 5)
    in_flight_together(world, waiting)
    send_to(world, waiting[4])
    assert states(world, waiting) == ["SENT"] * 5


def test_an_endpoint_that_hangs_keeps_no_other_agency_waiting(world: World) -> None:
    gp = an_agency("north-gp", AgencyType.GP, Channel.WEBHOOK)
    world.apply(a_registry(gp))
    waiting = decided_for_police(world, 4)
    referred = {"agency_id": "north-gp", "own_ref": "GP-9"}
    world.take(a_decision(referring_agency=referred))
    others = [replace(POLICE, agency_id="north-gp"), PROBATION]
    in_flight_together(world, [*waiting, *others[:1]])
    send_to(world, others[1])
    assert states(world, others) == ["SENT", "SENT"]


def test_a_slot_whose_worker_died_is_free_again_when_its_lease_has_run_out(world: World) -> None:
    waiting = decided_for_police(world, 5)
    crash(world, Channel.WEBHOOK)
    for key in waiting[:4]:
        with pytest.raises(CrashError):
            send_to(world, key)
    recover(world, Channel.WEBHOOK)
    world.later(seconds=LEASE.total_seconds())
    with pytest.raises(EndpointBusyError):
        send_to(world, waiting[4])
    world.later(seconds=1)
    send_to(world, waiting[4])
    assert states(world, waiting) == ["SENDING"] * 4 + ["SENT"]


# --- a message that waits for its turn


def test_a_worker_that_reached_for_a_slot_another_took_waits_for_its_turn(world: World) -> None:
    waiting = decided_for_police(world, 2)
    late = slow_worker(world, waiting[1])

    def meanwhile() -> None:
        with pytest.raises(EndpointBusyError):
            late()

    world.police.while_sending = meanwhile
    send_to(world, waiting[0])
    assert states(world, waiting) == ["SENT", "PENDING"]


def test_what_a_slot_was_told_between_a_workers_look_and_its_claim_is_not_forgotten(world: World) -> None:
    """Both reach for the same slot; the first is done with it before the second claims."""
    waiting = decided_for_police(world, 2)
    fails(world)
    late = slow_worker(world, waiting[1])
    send_to(world, waiting[0])
    with pytest.raises(EndpointBusyError):
        late()
    assert attempts(world, waiting) == [1, 0]
    send_to(world, waiting[1])
    slot = world.store.get("state", AGENCY, keys.slot(0)) or {}
    assert [answer[-1] for answer in slot["answers"]] == ["-", "-"]


@pytest.mark.parametrize("changes", [{"breaker": "OPEN"}, {"paused": "BY_HAND"}], ids=["opened", "paused"])
def test_a_worker_that_read_before_the_breaker_opened_sends_nothing(
    world: World, changes: dict[str, str]
) -> None:
    waiting = decided_for_police(world, 1)
    late = slow_worker(world, waiting[0])
    changed = Change(changes)
    world.store.write([world.store.update("x", "state", (AGENCY, keys.ENDPOINT), change=changed)])
    with pytest.raises(EndpointBusyError):
        late()
    assert (world.police.sent, attempts(world, waiting)) == ([], [0])


@pytest.mark.parametrize(("receives", "wait"), [(1, 2), (2, 4), (4, 16), (5, 32), (MOST_RECEIVES - 1, 32)])
def test_a_message_that_waits_for_a_slot_comes_back_soon(world: World, receives: int, wait: int) -> None:
    waits = waited(world, receives)
    assert waits == [wait]


def test_in_the_end_it_is_left_to_the_sweep_and_never_becomes_a_dead_letter(world: World) -> None:
    assert waited(world, MOST_RECEIVES) == []


def waited(world: World, receives: int) -> list[int]:
    """How soon a message is asked for again whose endpoint has no slot left."""
    (key,) = decided_for_police(world, 1)
    for number in range(SLOTS):
        busy = Change({"busy": at_text(world.now)})
        world.store.write([world.store.update("x", "state", (AGENCY, keys.slot(number)), change=busy)])
    waits: list[int] = []
    message = Message(f'{{"pk": "{key.pk}", "sk": "{key.sk}"}}', receives)
    desk = desk_of(world, Channel.WEBHOOK)
    try:
        answer_message(message, TimeLeft(60_000), desk, waits.append)
    except EndpointBusyError:
        assert receives < MOST_RECEIVES
    else:
        assert receives >= MOST_RECEIVES
    assert world.police.sent == []
    assert key in list(DueIndex(world.store).until(world.now))
    return waits
