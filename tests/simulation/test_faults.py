"""Each fault has its effect and its answer, and a crash is the end."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest

from tests.simulation.bell import Bell, BusyError, TookTooLongError
from tests.simulation.clock import START
from tests.simulation.faults import EVERY, Crashed, Fault, Faults, Planned, Seeded
from tests.simulation.schedule import STALL_SECONDS, Schedule, StuckError, Task


def at_first(fault: Fault) -> Schedule:
    """A schedule whose first call goes wrong."""
    return Schedule(Planned({0: fault}))


# --- each fault


def ring_once(fault: Fault) -> tuple[Task, Bell, Schedule]:
    """A task that rings, once with a fault; it notes what it was told, and goes on."""
    schedule = at_first(fault)
    bell = Bell(schedule)

    def work() -> str:
        try:
            return bell.ring("me")
        except Exception as exc:  # noqa: BLE001 - as carelessly as a program may
            return type(exc).__name__

    task = schedule.spawn("worker", work)
    schedule.run()
    assert [step.fault for step in schedule.trace] == [fault]
    return task, bell, schedule


@pytest.mark.parametrize(
    ("fault", "rung", "told"),
    [
        (Fault.CRASH_BEFORE, 0, None),
        (Fault.CRASH_AFTER, 1, None),
        (Fault.LOST_REPLY, 1, "TookTooLongError"),
        (Fault.LOST_REQUEST, 0, "TookTooLongError"),
        (Fault.THROTTLE, 0, "BusyError"),
        (Fault.STALL, 1, "rung by me"),
        (Fault.STALL_AFTER, 1, "rung by me"),
    ],
)
def test_a_fault_has_its_effect_and_its_answer(fault: Fault, rung: int, told: str | None) -> None:
    task, bell, schedule = ring_once(fault)
    assert (len(bell.rung), task.result, task.crashed) == (rung, told, told is None)
    assert task.ended
    stalls = fault in {Fault.STALL, Fault.STALL_AFTER}
    assert schedule.clock.monotonic() == (STALL_SECONDS if stalls else 0)


@pytest.mark.parametrize(("fault", "rung"), [(Fault.STALL, ["b", "a"]), (Fault.STALL_AFTER, ["a", "b"])])
def test_others_go_on_while_a_task_stalls(fault: Fault, rung: list[str]) -> None:
    schedule, learnt = at_first(fault), list[str]()
    bell = Bell(schedule)
    for who in "ab":
        schedule.spawn(who, partial(bell.ring, who), then=lambda task: learnt.append(task.name))
    schedule.run()
    assert (bell.rung, learnt) == (rung, ["b", "a"])


@pytest.mark.parametrize(("waited", "woken_after"), [(41, 41), (39, STALL_SECONDS)])
def test_whoever_has_stood_still_for_long_enough_can_be_roused(waited: float, woken_after: float) -> None:
    schedule = at_first(Fault.STALL)
    bell = Bell(schedule)

    def rouse() -> None:
        schedule.sleep(waited)
        schedule.rouse(timedelta(seconds=40))

    zombie = schedule.spawn("zombie", partial(bell.ring, "me"))
    other = schedule.spawn("whoever took over", rouse)
    schedule.run()
    assert (zombie.stood_still, other.stood_still, schedule.stood_still) == (True, False, False)
    assert (bell.rung, schedule.clock.monotonic()) == (["me"], woken_after)


@pytest.mark.parametrize("fault", [Fault.CRASH_AFTER, Fault.LOST_REPLY])
def test_what_a_port_refuses_is_lost_with_its_reply(fault: Fault) -> None:
    schedule = at_first(fault)
    refuses = Bell(schedule)

    def refuse() -> None:
        raise KeyError("refused")

    task = schedule.spawn(
        "worker", lambda: schedule.call("ring", refuse, EVERY, refuses.words), may_raise=(TookTooLongError,)
    )
    schedule.run()
    assert task.crashed or isinstance(task.error, TookTooLongError)


def test_what_a_fake_asserts_is_lost_with_no_reply() -> None:
    schedule = at_first(Fault.CRASH_AFTER)

    def assert_something() -> None:
        raise AssertionError("sent twice")

    schedule.spawn("worker", lambda: schedule.call("ring", assert_something))
    with pytest.raises(AssertionError, match="sent twice"):
        schedule.run()


def test_a_call_suffers_only_what_it_allows() -> None:
    certain = Faults(lost_reply=1, throttle=1)
    schedule = Schedule(Seeded(1, certain))
    task = schedule.spawn("worker", lambda: schedule.call("think", lambda: "thought", (Fault.CRASH_AFTER,)))
    schedule.run()
    assert task.result == "thought"


def test_a_port_without_words_cannot_be_busy() -> None:
    schedule = at_first(Fault.THROTTLE)
    schedule.spawn("worker", lambda: schedule.call("think", lambda: None, EVERY))
    with pytest.raises(ValueError, match="no words"):
        schedule.run()


def test_a_budget_is_all_the_faults_there_are() -> None:
    schedule = Schedule(Seeded(3, Faults(throttle=1, budget=2)))
    bell, said = Bell(schedule), list[str]()

    def work() -> None:
        for _ in range(5):
            try:
                said.append(bell.ring("me"))
            except BusyError:
                said.append("busy")

    schedule.spawn("worker", work)
    schedule.run()
    assert said == ["busy", "busy", "rung by me", "rung by me", "rung by me"]


def test_faults_stop_when_they_are_told_to() -> None:
    schedule = Schedule(Seeded(3, Faults(throttle=1)))
    bell = Bell(schedule)

    def work() -> None:
        with pytest.raises(BusyError):
            bell.ring("me")
        schedule.chance.calm()
        bell.ring("me")

    schedule.spawn("worker", work)
    schedule.run()
    assert bell.rung == ["me"]


def test_outside_the_tasks_nothing_goes_wrong_and_nothing_is_a_step() -> None:
    schedule = at_first(Fault.CRASH_BEFORE)
    bell = Bell(schedule)
    assert bell.ring("nobody") == "rung by nobody"
    schedule.point("nowhere")
    schedule.sleep(60)
    assert not schedule.trace
    assert schedule.clock.now() == START + timedelta(minutes=1)


# --- a crash is the end of a process


def crashing(work: Callable[[Schedule, Bell], object]) -> tuple[Task, Bell]:
    """A task whose first call ends it."""
    schedule = at_first(Fault.CRASH_BEFORE)
    bell = Bell(schedule)
    task = schedule.spawn("worker", lambda: work(schedule, bell))
    schedule.run()
    return task, bell


def test_no_handler_of_exceptions_outlives_a_crash() -> None:
    def careless(_schedule: Schedule, bell: Bell) -> None:
        for _ in range(3):
            try:
                bell.ring("me")
            except Exception:  # noqa: BLE001
                bell.ring("after all")

    task, bell = crashing(careless)
    assert task.crashed
    assert bell.rung == []
    assert not issubclass(Crashed, Exception)


def test_what_a_process_would_do_on_its_way_out_does_not_happen() -> None:
    def tidy(schedule: Schedule, bell: Bell) -> None:
        try:
            schedule.point("before the work")
        finally:
            bell.ring("tidied up")

    task, bell = crashing(tidy)
    assert task.crashed
    assert bell.rung == []


def test_a_program_that_swallows_a_crash_is_found_out() -> None:
    def immortal(_: Schedule, bell: Bell) -> None:
        with suppress(BaseException):
            bell.ring("me")

    with pytest.raises(AssertionError, match="went on after its process had ended"):
        crashing(immortal)


def test_whoever_watches_a_task_can_start_the_next() -> None:
    schedule = at_first(Fault.CRASH_AFTER)
    bell = Bell(schedule)

    def again(task: Task) -> None:
        if task.crashed:
            schedule.spawn("second", lambda: bell.ring("second"))

    schedule.spawn("first", lambda: bell.ring("first"), then=again)
    schedule.run()
    assert bell.rung == ["first", "second"]


# --- errors


def test_an_error_that_a_task_may_raise_is_its_outcome() -> None:
    schedule = at_first(Fault.THROTTLE)
    bell = Bell(schedule)
    task = schedule.spawn("worker", lambda: bell.ring("me"), may_raise=(BusyError,))
    schedule.run()
    assert isinstance(task.error, BusyError)
    assert not task.crashed


def test_any_other_error_ends_the_run_and_nobody_does_anything_more() -> None:
    schedule = Schedule(Planned())
    bell = Bell(schedule)

    def sleeper() -> None:
        try:
            schedule.sleep(60)
        finally:
            bell.ring("woken")

    def wrong() -> None:
        schedule.sleep(1)
        raise KeyError("a bug")

    schedule.spawn("sleeper", sleeper, then=lambda _: bell.ring("then"))
    schedule.spawn("wrong", wrong)
    with pytest.raises(KeyError, match="a bug"):
        schedule.run()
    assert bell.rung == []


def test_a_violation_ends_the_run_whatever_its_finder_catches() -> None:
    schedule = Schedule(Planned())

    def catches_all() -> None:
        with suppress(Exception):
            schedule.fail(AssertionError("sent while held"))

    schedule.spawn("worker", catches_all)
    with pytest.raises(AssertionError, match="sent while held"):
        schedule.run()
    with pytest.raises(AssertionError, match="seen at the end"):
        schedule.fail(AssertionError("seen at the end"))


def test_a_run_that_does_not_end_is_ended() -> None:
    schedule = Schedule(Planned(), most_steps=100)

    def forever() -> None:
        while True:
            with suppress(Exception):
                schedule.point("again")

    schedule.spawn("worker", forever)
    with pytest.raises(StuckError, match="100 steps"):
        schedule.run()
