"""Tasks interleave by a seed and end by their faults, and a run can be had again exactly."""

import subprocess
import sys
from datetime import timedelta
from functools import partial

import pytest

from tests.house.tree import ROOT
from tests.simulation.bell import Bell, TookTooLongError, rings
from tests.simulation.clock import START
from tests.simulation.faults import Chance, Fault, Faults, Planned, Seeded
from tests.simulation.schedule import Schedule
from tests.simulation.sweep import play

# --- a run is had again exactly

MANY_FAULTS = Faults(
    crash_before=0.05,
    crash_after=0.05,
    lost_reply=0.05,
    lost_request=0.05,
    throttle=0.05,
    stall=0.05,
    stall_after=0.05,
    switch=0.7,
)


def traced(seed: int, faults: Faults = MANY_FAULTS) -> str:
    schedule = Schedule(Seeded(seed, faults))
    rings(schedule)
    return str(schedule.trace)


def test_one_seed_is_one_run() -> None:
    runs = [traced(seed) for seed in range(50)]
    assert runs == [traced(seed) for seed in range(50)]
    assert len(set(runs)) > 40


def test_one_seed_is_one_run_in_every_process() -> None:
    command = "from tests.simulation.test_schedule import traced; print(*map(traced, range(20)))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", command],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    assert len(runs) == 1
    assert "<<" in runs.pop()


def test_a_trace_reads_as_a_story() -> None:
    schedule = Schedule(Planned({0: Fault.LOST_REPLY}))
    bell = Bell(schedule)
    schedule.spawn("worker", lambda: bell.ring("me"), may_raise=(TookTooLongError,))
    schedule.run()
    assert str(schedule.trace) == "    0 24 09:00:00.000000 worker       ring me  << lost reply"


def test_a_failing_run_says_how_to_have_it_again() -> None:
    def fails(schedule: Schedule) -> None:
        rings(schedule)
        raise ValueError("an invariant")

    with pytest.raises(ValueError, match="an invariant") as caught:
        play(fails, Seeded(7, MANY_FAULTS))
    (note,) = caught.value.__notes__
    assert "ring 0" in note
    chance = eval(note.partition("play again with ")[2])  # noqa: S307 - as its reader would paste it
    assert str(play(rings, chance).trace) in note


def test_a_run_of_many_seeds_meets_every_fault_and_every_order() -> None:
    met, first = set(), set()
    for seed in range(200):
        schedule = Schedule(Seeded(seed, MANY_FAULTS))
        rings(schedule)
        met |= {step.fault for step in schedule.trace.faults()}
        first.add(schedule.trace[0].task)
    assert met == set(Fault)
    assert first == {"task 0", "task 1", "task 2"}


@pytest.mark.parametrize("chance", [Planned(), Seeded(1, Faults(switch=0))])
def test_without_chance_a_task_goes_on_for_as_long_as_it_can(chance: Chance) -> None:
    schedule = Schedule(chance)
    bell = Bell(schedule)

    def thrice(who: str) -> None:
        for _ in range(3):
            bell.ring(who)

    for who in "ab":
        schedule.spawn(who, partial(thrice, who))
    schedule.run()
    assert "".join(bell.rung) in {"aaabbb", "bbbaaa"}


# --- time


def test_the_clock_jumps_to_whoever_wakes_first() -> None:
    schedule = Schedule(Planned())
    woken: list[tuple[str, float]] = []

    def work(who: str, seconds: float) -> None:
        schedule.sleep(seconds)
        woken.append((who, schedule.clock.monotonic()))

    for who, seconds in (("late", 90), ("early", 0.25), ("between", 40)):
        schedule.spawn(who, partial(work, who, seconds))
    schedule.run()
    assert woken == [("early", 0.25), ("between", 40), ("late", 90)]
    assert schedule.clock.now() == START + timedelta(seconds=90)


def test_no_time_passes_while_anybody_can_go_on() -> None:
    schedule = Schedule(Seeded(5))
    seen: list[float] = []

    def busy() -> None:
        for _ in range(20):
            schedule.point("busy")
            seen.append(schedule.clock.monotonic())

    schedule.spawn("sleeper", lambda: schedule.sleep(10))
    schedule.spawn("busy", busy)
    schedule.run()
    assert set(seen) == {0}


def moved(seed: int) -> list[str]:
    """What one task does after it has moved the clock, and when another is woken by that."""
    schedule, order = Schedule(Seeded(seed)), list[str]()

    def sleeper() -> None:
        schedule.sleep(10)
        order.append(f"woken at {schedule.clock.monotonic():g}")

    def mover() -> None:
        schedule.sleep(5)
        schedule.clock.advance(20)
        for _ in range(2):
            schedule.point("at work")
            order.append("worked")

    schedule.spawn("sleeper", sleeper)
    schedule.spawn("mover", mover)
    schedule.run()
    return order


def test_who_moves_the_clock_wakes_the_sleepers_it_passes() -> None:
    orders = [moved(seed) for seed in range(30)]
    assert {order.index("woken at 25") for order in orders} == {0, 1, 2}


def test_time_does_not_go_back() -> None:
    clock = Schedule(Planned()).clock
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)
    clock.advance_to(START - timedelta(days=1))
    assert clock.now() == START
