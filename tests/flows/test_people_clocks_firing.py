"""A people's clock fires once, however many sweeps see it run out, and stops no other."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from functions.adapters.errors import BusyError, ContendedError, UnreadableError
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import DueIndex
from functions.adapters.ledger.store import Change, Part, Store
from functions.flows.clocks.untold import fire_watch
from schemas.codes import Channel
from tests.flows.sweeps import POLICE, PROBATION, fails, fire_clocks, item_of, rows_of, send_to, sweep
from tests.flows.test_taking_in import interleaved
from tests.world import LosesAReply, World, a_decision

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
CALL = "CALL_UNTOLD#01#north-probation"


@pytest.fixture
def overdue(world: World) -> World:
    """Nothing got through to probation for two hours: half an hour after the first look, a call is due."""
    world.take(a_decision())
    fails(world, Channel.EMAIL)
    send_to(world, POLICE)
    send_to(world, PROBATION)
    world.later(minutes=30)
    fire_clocks(world)
    world.later(minutes=90)
    return world


def fired(world: World) -> int:
    return len(rows_of(world, "CLOCK_FIRED"))


def watched(world: World) -> list[DeliveryKey]:
    return list(DueIndex(world.store).watched(world.now))


def test_a_clock_fires_when_its_time_has_come_and_is_then_in_the_index_for_its_next_stage(
    overdue: World,
) -> None:
    assert watched(overdue) == [PROBATION]
    assert fire_watch(PROBATION, overdue.watch_desk)
    assert watched(overdue) == []
    assert not fire_watch(PROBATION, overdue.watch_desk)
    assert fired(overdue) == 1


def test_two_sweeps_at_once_fire_a_clock_once(overdue: World, caplog: pytest.LogCaptureFixture) -> None:
    """The second must not take the first's row for its own, its reply lost."""
    answers: list[bool] = []
    caplog.clear()
    interleaved(overdue, lambda: answers.append(fire_watch(PROBATION, overdue.watch_desk)))
    answers.append(fire_watch(PROBATION, overdue.watch_desk))
    assert answers == [True, False]
    assert fired(overdue) == 1
    assert caplog.messages.count("TASK_OPENED") == 1


def test_a_clock_whose_answer_was_lost_fires_once_and_is_said(
    overdue: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.clear()
    overdue.use(LosesAReply)
    assert fire_watch(PROBATION, overdue.watch_desk)
    assert fired(overdue) == 1
    assert caplog.messages.count("TASK_OPENED") == 1


def test_two_sweeps_at_once_choose_one_fallback(world: World) -> None:
    world.take(a_decision(involved_agencies=[]))
    world.later(minutes=30)
    answers: list[bool] = []
    interleaved(world, lambda: answers.append(fire_watch(POLICE, world.watch_desk)))
    answers.append(fire_watch(POLICE, world.watch_desk))
    assert answers == [True, False]
    assert fired(world) == 1
    assert len([item for item in world.all_items("state") if item.get("chan") == Channel.FALLBACK]) == 1


def test_a_sibling_written_to_meanwhile_does_not_keep_a_clock_from_firing(overdue: World) -> None:
    sibling = a_decision(event_id=ANOTHER_ID, child_index=2)
    interleaved(overdue, lambda: overdue.take(sibling))
    assert fire_watch(PROBATION, overdue.watch_desk)
    assert overdue.tasks()[CALL]["st"] == "OPEN"


def test_a_message_that_arrives_while_its_clock_fires_calls_for_nobody(overdue: World) -> None:
    def arrives() -> None:
        change = Change({"rcpt": "DELIVERED", "st": "SENT"})
        at = (PROBATION.pk, PROBATION.sk)
        overdue.store.write([overdue.store.update("x", "state", at, change=change)])

    interleaved(overdue, arrives)
    assert not fire_watch(PROBATION, overdue.watch_desk)
    assert overdue.tasks() == {}
    assert fired(overdue) == 0


class Throttled(Store):
    """No write gets an answer."""

    def write(self, parts: Sequence[Part]) -> None:
        raise BusyError("throttled")


class AlwaysSecond(Store):
    """Every write finds that another writer was first."""

    def write(self, parts: Sequence[Part]) -> None:
        raise ContendedError("another writer was first")


@pytest.mark.parametrize(("store", "error"), [(Throttled, BusyError), (AlwaysSecond, ContendedError)])
def test_a_clock_that_cannot_fire_is_not_swallowed_and_fires_with_the_next_sweep(
    overdue: World, store: type[Store], error: type[Exception]
) -> None:
    overdue.use(store)
    with pytest.raises(error):
        fire_watch(PROBATION, overdue.watch_desk)
    overdue.use(Store)
    assert watched(overdue) == [PROBATION]
    assert fire_watch(PROBATION, overdue.watch_desk)


@pytest.mark.parametrize(
    "damage",
    [Change({"watch": "UNHEARD_OF"}), Change({}, remove=("wait_from",)), Change({"wait_from": "yesterday"})],
    ids=["a stage of another release", "no start", "a start that is no moment"],
)
def test_a_clock_of_another_release_is_told_apart_from_a_bug_of_ours(overdue: World, damage: Change) -> None:
    """The sweep says so when it has done the rest: one such delivery stops no other's clock."""
    at = (PROBATION.pk, PROBATION.sk)
    overdue.store.write([overdue.store.update("x", "state", at, change=damage)])
    with pytest.raises(UnreadableError):
        fire_watch(PROBATION, overdue.watch_desk)
    assert fired(overdue) == 0


def test_a_delivery_that_is_not_there_has_no_clock_to_fire(world: World) -> None:
    assert not fire_watch(PROBATION, world.watch_desk)


def test_one_that_has_no_clock_any_more_fires_nothing(overdue: World) -> None:
    ended = Change({}, remove=("watch", "watch_at", "watch_pk", "watch_sk"))
    at = (PROBATION.pk, PROBATION.sk)
    overdue.store.write([overdue.store.update("x", "state", at, change=ended)])
    assert not fire_watch(PROBATION, overdue.watch_desk)


def test_a_held_message_has_no_clock_until_it_is_released(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    assert not [key for key in POLICE_AND_PROBATION if "watch" in item_of(world, key)]
    world.later(hours=9)
    fire_clocks(world)
    assert not [row for row in rows_of(world, "CLOCK_FIRED") if "watch" in row]
    world.release()
    for key in POLICE_AND_PROBATION:
        item = item_of(world, key)
        assert (item["watch"], item["wait_from"]) == ("FALLBACK", at_text(world.now))
        assert item["watch_at"] == at_text(world.now + timedelta(minutes=30))


POLICE_AND_PROBATION = (POLICE, PROBATION)


def test_whoever_waits_after_a_release_is_rung_two_hours_after_it(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    world.later(hours=9)
    world.release()
    for channel in Channel:
        fails(world, channel)
    for minutes in (0, 30, 89):
        world.later(minutes=minutes)
        sweep(world)
    assert "CALL_UNTOLD#01#north-police" not in world.tasks()
    world.later(minutes=1)
    sweep(world)
    assert world.tasks()["CALL_UNTOLD#01#north-police"]["st"] == "OPEN"
