"""A sweep meets every boundary once with every fault, and every pair of them."""

from contextlib import suppress
from itertools import count

import pytest

from tests.simulation.faults import CRASHES, EVERY, Fault
from tests.simulation.schedule import Schedule, Spelling
from tests.simulation.sweep import BOUNDARY, sweep

WORDS = Spelling(lost=TimeoutError, throttled=lambda _: TimeoutError())


def three_calls(schedule: Schedule) -> None:
    """Two calls of a port, and a thought between them that can only be the last."""

    def work() -> None:
        schedule.call("read", lambda: None, EVERY, WORDS)
        schedule.call("think", lambda: None, CRASHES)
        schedule.call("write", lambda: None, EVERY, WORDS)

    schedule.spawn("worker", work, may_raise=(TimeoutError,))
    schedule.run()


def retried(schedule: Schedule) -> None:
    """A call that is made again until it is answered, by whoever comes after a crash, too."""

    def work() -> None:
        answered = False
        while not answered:
            with suppress(TimeoutError):
                answered = schedule.call("write", lambda: True, EVERY, WORDS)

    schedule.spawn("worker", work, then=lambda task: task.crashed and schedule.spawn("next", work))
    schedule.run()


def test_a_sweep_is_a_run_without_faults_and_one_with_each() -> None:
    played = [dict(one.faults) for one in sweep(three_calls)]
    before, after, lost = BOUNDARY
    assert played == [
        {},
        {0: before}, {0: after}, {0: lost},
        {1: before}, {1: after},
        {2: before}, {2: after}, {2: lost},
    ]  # fmt: skip


def test_each_run_of_a_sweep_had_the_faults_it_names_and_no_others() -> None:
    for one in sweep(retried, EVERY, at_once=2):
        assert {step.number: step.fault for step in one.trace.faults()} == one.faults


def test_pairs_are_met_wherever_the_first_fault_led() -> None:
    played = [dict(one.faults) for one in sweep(retried, at_once=2)]
    singles = [one for one in played if len(one) == 1]
    pairs = [one for one in played if len(one) == 2]
    assert len(singles) == 3
    assert all({0: fault} in played for fault in BOUNDARY)
    assert sorted(map(str, pairs)) == sorted(
        str({0: first, 1: second}) for first in BOUNDARY for second in BOUNDARY
    )
    assert len(played) == 1 + 3 + 9


def test_other_faults_are_swept_when_they_are_named() -> None:
    played = [dict(one.faults) for one in sweep(three_calls, (Fault.THROTTLE, Fault.STALL))]
    assert len(played) == 1 + 2 + 1 + 2


def test_a_failing_run_of_a_sweep_says_which_fault_it_had() -> None:
    def loses_its_write(schedule: Schedule) -> None:
        three_calls(schedule)
        assert len(schedule.trace) == 3

    with pytest.raises(AssertionError) as caught:
        list(sweep(loses_its_write))
    (note,) = caught.value.__notes__
    assert "read  << crash before" in note
    assert note.endswith("play again with Planned(faults={0: <Fault.CRASH_BEFORE: 'crash before'>})")


def test_a_program_that_is_not_the_same_twice_is_found_out() -> None:
    runs = count()

    def fickle(schedule: Schedule) -> None:
        if next(runs) == 0:
            three_calls(schedule)

    with pytest.raises(AssertionError, match="not deterministic"):
        list(sweep(fickle))
