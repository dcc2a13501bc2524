"""What an attempt's end changes, and what it leaves to whoever has taken it over meanwhile."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.items import task_attributes, watch_attributes
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.sending import HeldAgain
from functions.adapters.ledger.store import Change, ConditionsFailedError, Item
from functions.domain.delivery import LEASE, Next
from functions.domain.endpoint import Answered
from functions.domain.tasks import Task, untold_task
from functions.domain.watch import Clock
from schemas.clocks import ClockPolicy
from schemas.codes import (
    AuditKind,
    Channel,
    DeliveryState,
    HoldTrigger,
    PauseCause,
    TaskKind,
    TaskRole,
    Watch,
)
from tests.adapters.attempts import (
    LEASE_END,
    NOW,
    POLICE,
    PROBATION,
    a_fact,
    a_slot,
    change,
    claim,
    close,
    everything,
    read,
    sending,
    stands,
)
from tests.world import MORNING, World

THEIRS = at_text(LEASE_END + LEASE)
LATER = MORNING + timedelta(minutes=5)
RETRY = Next(DeliveryState.RETRY, LATER)
UNREAD = Clock(Watch.UNREAD, MORNING + timedelta(hours=4))
FALLBACK_NOW = Clock(Watch.FALLBACK, MORNING)
WATCH = ("watch", "watch_at", "watch_pk", "watch_sk")
EARLIER = ["2026-11-24T15:00:00.000Z-", "2026-11-24T15:01:00.000Z+"]


def police(world: World) -> Item:
    return world.delivery("north-police", Channel.WEBHOOK)


def clock_of(item: Item) -> dict[str, Any]:
    return {name: item[name] for name in WATCH if name in item}


# --- slot and lane


@pytest.mark.parametrize(("took_it", "sign"), [(True, "+"), (False, "-")])
def test_a_close_gives_the_slot_back_with_the_answer_behind_the_earlier_ones(
    decided: World, *, took_it: bool, sign: str
) -> None:
    change(decided, "slot", answers=EARLIER)
    waiting = read(decided)
    claim(decided, waiting)
    close(decided, waiting, took_it=took_it)
    assert stands(decided, "slot") == {"answers": [*EARLIER, f"{NOW}{sign}"]}
    assert stands(decided, "lane") == {"ver": 1}
    assert a_slot(decided).answers[-1] == Answered(MORNING, took_it=took_it)
    assert [one.took_it for one in a_slot(decided).answers] == [False, True, took_it]


TAKEN_OVER: dict[str, dict[str, dict[str, Any]]] = {
    "the slot": {"slot": {"busy": THEIRS, "answers": EARLIER}},
    "the lane": {"lane": {"ver": 2, "busy_webhook": THEIRS}},
    "both": {"slot": {"busy": THEIRS, "answers": EARLIER}, "lane": {"ver": 2, "busy_webhook": THEIRS}},
}
FREED = {"slot": {"answers": [f"{NOW}+"]}, "lane": {"ver": 1}}


@pytest.mark.parametrize("taken", TAKEN_OVER.values(), ids=TAKEN_OVER)
def test_what_somebody_took_over_is_left_to_them_and_the_close_stands(
    decided: World, taken: dict[str, dict[str, Any]]
) -> None:
    waiting = read(decided)
    claim(decided, waiting)
    for place, says in taken.items():
        change(decided, place, **says)
    close(decided, waiting)
    assert police(decided)["st"] == "SENT"
    for place in ("slot", "lane"):
        assert stands(decided, place) == taken.get(place, FREED[place])
    assert decided.kinds().count("ATTEMPT_CLOSED") == 1


def test_a_slot_that_somebody_took_over_and_gave_back_keeps_their_answer_last(decided: World) -> None:
    waiting = read(decided)
    claim(decided, waiting)
    change(decided, "slot", "busy", answers=EARLIER)
    close(decided, waiting)
    assert police(decided)["st"] == "SENT"
    assert stands(decided, "slot") == {"answers": EARLIER}


@pytest.mark.parametrize("taken", TAKEN_OVER.values(), ids=TAKEN_OVER)
def test_a_close_of_a_delivery_that_somebody_took_over_changes_nothing_at_all(
    decided: World, taken: dict[str, dict[str, Any]]
) -> None:
    waiting = read(decided)
    claim(decided, waiting)
    change(decided, "delivery", owner="another")
    for place, says in taken.items():
        change(decided, place, **says)
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        close(decided, waiting)
    assert set(caught.value.found) == {"delivery", *taken}
    assert everything(decided) == before


def test_an_email_gives_back_its_lane_and_has_no_slot_to_give(decided: World) -> None:
    waiting = read(decided, PROBATION)
    claim(decided, waiting)
    close(decided, waiting)
    lane = decided.store.get("state", keys.lane(PROBATION.ref, 1, "north-probation"), keys.LANE)
    assert lane is not None
    assert "busy_email" not in lane
    assert not [item for item in decided.all_items("state") if "answers" in item]


# --- state and people's clock


def test_a_webhook_that_arrived_is_told_and_its_clock_waits_for_a_reader(decided: World) -> None:
    waiting = read(decided)
    claim(decided, waiting)
    close(decided, waiting, clock=UNREAD)
    item = police(decided)
    assert (item["st"], item["rcpt"], item["sent_at"], item["refusals"]) == ("SENT", "DELIVERED", NOW, 0)
    assert clock_of(item) == watch_attributes(POLICE, UNREAD)
    assert not {"owner", "lease_until", "due_at", "due_pk", "due_sk"} & item.keys()


def test_an_email_that_was_accepted_is_not_told_yet_and_its_clock_runs_on(decided: World) -> None:
    before = decided.delivery("north-probation", Channel.EMAIL)
    waiting = read(decided, PROBATION)
    claim(decided, waiting)
    close(decided, waiting)
    item = decided.delivery("north-probation", Channel.EMAIL)
    assert (item["st"], item["sent_at"], "rcpt" in item) == ("SENT", NOW, False)
    assert clock_of(item) == clock_of(before) != {}


def test_one_that_will_be_tried_again_is_due_then_and_its_clock_runs_on(decided: World) -> None:
    before = police(decided)
    waiting = read(decided)
    claim(decided, waiting)
    close(decided, waiting, Next(DeliveryState.RETRY, LATER, refusals=2), took_it=False)
    item = police(decided)
    assert (item["st"], item["due_at"], item["refusals"], item["attempt"]) == ("RETRY", at_text(LATER), 2, 1)
    assert clock_of(item) == clock_of(before) != {}
    assert not {"owner", "lease_until", "sent_at", "rcpt"} & item.keys()


def test_one_whose_endpoint_is_paused_now_waits_no_longer_for_its_fallback(decided: World) -> None:
    waiting = read(decided)
    claim(decided, waiting)
    paused = Next(DeliveryState.RETRY, LATER, refusals=1, pauses=PauseCause.GONE)
    close(decided, waiting, paused, clock=FALLBACK_NOW, took_it=False)
    item = police(decided)
    assert (item["st"], "rcpt" in item) == ("RETRY", False)
    assert clock_of(item) == watch_attributes(POLICE, FALLBACK_NOW)


def test_an_attempt_that_does_not_count_is_taken_back(decided: World) -> None:
    change(decided, "delivery", st="RETRY", attempt=3)
    waiting = read(decided)
    claim(decided, waiting)
    assert police(decided)["attempt"] == 4
    close(decided, waiting, Next(DeliveryState.RETRY, LATER, counted=False), took_it=False)
    assert police(decided)["attempt"] == 3


def test_one_that_failed_calls_for_somebody_with_the_next_sweep(decided: World) -> None:
    waiting = read(decided)
    claim(decided, waiting)
    close(decided, waiting, Next(DeliveryState.FAILED, None), took_it=False)
    assert clock_of(police(decided)) == watch_attributes(POLICE, Clock(Watch.CALL, MORNING))
    assert "due_pk" not in police(decided)


# --- the call that was opened because none had arrived

CALL = untold_task(TaskKind.CALL_UNTOLD, "north-police", MORNING, ClockPolicy(), cannot_wait=True)
CALL_SK = keys.task(TaskKind.CALL_UNTOLD, 1, "north-police")


def called_for(world: World, key: DeliveryKey) -> None:
    """Its clock has opened a call."""
    store, call = world.store, Change({"called_for": CALL_SK})
    opened = Change(task_attributes(key.pk, 1, 1, CALL, MORNING))
    store.write(
        [
            store.update("x", "state", (key.pk, key.sk), change=call),
            store.update("y", "state", (key.pk, CALL_SK), change=opened),
        ]
    )


def test_a_webhook_that_arrives_after_all_answers_the_call(decided: World) -> None:
    called_for(decided, POLICE)
    waiting = read(decided)
    claim(decided, waiting)
    close(decided, waiting, clock=UNREAD)
    task = decided.tasks()["CALL_UNTOLD#01#north-police"]
    assert task["st"] == "DONE"
    assert not {"due_at", "due_pk", "due_sk", "work_pk", "work_sk"} & task.keys()


@pytest.mark.parametrize("then", [RETRY, Next(DeliveryState.FAILED, None)], ids=["again", "failed"])
def test_one_that_does_not_arrive_leaves_the_call_open(decided: World, then: Next) -> None:
    called_for(decided, POLICE)
    waiting = read(decided)
    claim(decided, waiting)
    close(decided, waiting, then, took_it=False)
    assert decided.tasks()["CALL_UNTOLD#01#north-police"]["st"] == "OPEN"


def test_an_email_that_is_only_accepted_leaves_the_call_open(decided: World) -> None:
    called_for(decided, PROBATION)
    waiting = read(decided, PROBATION)
    claim(decided, waiting)
    close(decided, waiting)
    assert decided.tasks()["CALL_UNTOLD#01#north-police"]["st"] == "OPEN"


def test_a_message_for_which_nobody_was_called_ends_no_task(decided: World) -> None:
    waiting = read(decided)
    claim(decided, waiting)
    close(decided, waiting, clock=UNREAD)
    assert decided.tasks() == {}


# --- set aside, held


def set_aside(world: World, state: DeliveryState) -> Item:
    then = Next(state, LATER if state is DeliveryState.QUARANTINE else None)
    tip, row = sending(world).tip(POLICE), a_fact(AuditKind.PARKED, "set aside")
    sending(world).set_aside(POLICE, tip, [row], seen=police(world), then=then, now=world.now)
    return police(world)


KEEPS, CALLS = (lambda clock: clock), (lambda _: watch_attributes(POLICE, Clock(Watch.CALL, MORNING)))
SET_ASIDE: dict[DeliveryState, Callable[[dict[str, Any]], dict[str, Any]]] = {
    DeliveryState.PARKED: CALLS,
    DeliveryState.FAILED: CALLS,
    DeliveryState.QUARANTINE: KEEPS,
    DeliveryState.SENT: KEEPS,
    DeliveryState.SUPERSEDED: lambda _: {},
    DeliveryState.CANCELLED: lambda _: {},
}


@pytest.mark.parametrize(("state", "clock"), SET_ASIDE.items(), ids=SET_ASIDE)
def test_what_is_set_aside_calls_for_somebody_or_for_nobody_or_waits(
    decided: World, state: DeliveryState, clock: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    before = clock_of(police(decided))
    item = set_aside(decided, state)
    assert (item["st"], "due_pk" in item) == (state.value, state is DeliveryState.QUARANTINE)
    assert clock_of(item) == clock(before)
    assert item.get("sent_at") == (NOW if state is DeliveryState.SENT else None)
    assert "rcpt" not in item


def test_what_is_held_at_the_send_has_no_clock_until_it_is_released(decided: World) -> None:
    task = Task(TaskKind.RELEASE_AGENCY, TaskRole.DIRECTORY_OWNER, LATER, "north-police")
    hold = HeldAgain(HoldTrigger.UNVERIFIED_ADDRESS, task, None)
    tip, row = sending(decided).tip(POLICE), a_fact(AuditKind.HELD, "held")
    sending(decided).hold(POLICE, tip, [row], seen=police(decided), hold=hold, now=decided.now)
    assert clock_of(police(decided)) == {}
