"""A person's clock runs out: it fires once, is told once, and never for what somebody has done."""

from collections.abc import Callable, Sequence
from functools import partial

import pytest

from functions.adapters.errors import BusyError, RetryError, UnreadableError
from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import TaskKey
from functions.adapters.ledger.reading import DueIndex, WorkIndex
from functions.adapters.ledger.store import Part, Store
from functions.flows.clocks.overdue import Fired, fire, fire_all
from schemas.codes import TaskKind, TaskRole
from tests.flows.test_taking_in import interleaved
from tests.world import LosesAReply, World, a_decision

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
HOLD = TaskKey(keys.referral(REF), keys.task(TaskKind.RELEASE_CHILD, 1))
SISTERS = TaskKey(keys.referral(REF), keys.task(TaskKind.RELEASE_CHILD, 2))


@pytest.fixture
def overdue(world: World) -> World:
    """An emergency that nobody has released within the hour."""
    world.take(a_decision(primary_outcome="EMP"))
    world.later(hours=1)
    return world


def due_tasks(world: World) -> list[TaskKey]:
    return [key for key in DueIndex(world.store).until(world.now) if isinstance(key, TaskKey)]


def firing(world: World, *keys: TaskKey) -> list[Callable[[], bool]]:
    return [partial(fire, key, world.clock_desk) for key in keys]


def always() -> bool:
    return True


def released(world: World) -> None:
    world.release()


def alarms(caplog: pytest.LogCaptureFixture) -> int:
    return caplog.messages.count("TASK_OVERDUE")


def test_a_clock_fires_when_its_time_has_come_and_not_a_moment_before(world: World) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    world.later(minutes=59, seconds=59.999)
    assert not fire(HOLD, world.clock_desk)
    assert due_tasks(world) == []
    world.later(seconds=0.001)
    assert due_tasks(world) == [HOLD]
    assert fire(HOLD, world.clock_desk)


def test_a_clock_fires_once_whole_and_its_task_stays_with_its_role(
    overdue: World, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        assert overdue.send_due() == 0
    (fired,) = [row for row in overdue.rows() if row["type"] == "CLOCK_FIRED"]
    told = {name: fired[name] for name in ("task", "role", "child", "dver", "due_at", "at", "actor", "cause")}
    assert told == {
        "task": "RELEASE_CHILD",
        "role": "MASH_MANAGER",
        "child": 1,
        "dver": 1,
        "due_at": "2026-11-24T16:02:30.000Z",
        "at": "2026-11-24T16:02:30.000Z",
        "actor": "mash-outcomes",
        "cause": HOLD.sk,
    }
    task = overdue.tasks()["RELEASE_CHILD#01"]
    assert task["st"] == "OVERDUE"
    assert not {"due_pk", "due_sk"} & task.keys()
    assert [one["sk"] for one in WorkIndex(overdue.store).of(TaskRole.MASH_MANAGER)] == [HOLD.sk]
    assert alarms(caplog) == 1
    (line,) = [record for record in caplog.records if record.message == "TASK_OVERDUE"]
    assert (line.__dict__["task"], line.__dict__["role"]) == ("RELEASE_CHILD", "MASH_MANAGER")
    assert REF not in str(vars(line))


def test_a_fired_clock_says_which_agency_it_is_about(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "STAFF_LINK", "agency_id": "north-probation"}]))
    world.later(hours=1)
    world.send_due()
    (fired,) = [row for row in world.rows() if row["type"] == "CLOCK_FIRED"]
    assert (fired["task"], fired["task_agency"]) == ("RELEASE_AGENCY", "north-probation")


def test_a_released_hold_has_no_clock_any_more(overdue: World, caplog: pytest.LogCaptureFixture) -> None:
    overdue.release()
    assert due_tasks(overdue) == []
    assert not fire(HOLD, overdue.clock_desk)
    assert "CLOCK_FIRED" not in overdue.kinds()
    assert alarms(caplog) == 0


def test_a_task_that_is_not_there_fires_nothing(world: World) -> None:
    assert not fire(HOLD, world.clock_desk)


def test_an_overdue_hold_is_released_all_the_same(overdue: World) -> None:
    overdue.send_due()
    overdue.release()
    assert overdue.send_due() == 2
    assert overdue.tasks()["RELEASE_CHILD#01"]["st"] == "DONE"
    assert list(WorkIndex(overdue.store).of(TaskRole.MASH_MANAGER)) == []


def test_a_hold_released_while_its_clock_fires_does_not_fire(
    overdue: World, caplog: pytest.LogCaptureFixture
) -> None:
    interleaved(overdue, lambda: released(overdue))
    assert not fire(HOLD, overdue.clock_desk)
    assert overdue.kinds()[-1] == "RELEASED"
    assert overdue.tasks()["RELEASE_CHILD#01"]["st"] == "DONE"
    assert alarms(caplog) == 0


def test_two_sweeps_at_once_fire_a_clock_once_and_raise_one_alarm(
    overdue: World, caplog: pytest.LogCaptureFixture
) -> None:
    """The second must not take the first's row for its own, its reply lost."""
    answers: list[bool] = []
    interleaved(overdue, lambda: answers.append(fire(HOLD, overdue.clock_desk)))
    answers.append(fire(HOLD, overdue.clock_desk))
    assert answers == [True, False]
    assert overdue.kinds().count("CLOCK_FIRED") == 1
    assert alarms(caplog) == 1


def test_a_sibling_written_to_meanwhile_does_not_keep_a_clock_from_firing(overdue: World) -> None:
    sibling = a_decision(event_id=ANOTHER_ID, child_index=2)
    interleaved(overdue, lambda: overdue.take(sibling))
    assert fire(HOLD, overdue.clock_desk)
    assert overdue.kinds()[-1] == "CLOCK_FIRED"


def test_a_clock_whose_answer_was_lost_still_raises_its_alarm_and_fires_once(
    overdue: World, caplog: pytest.LogCaptureFixture
) -> None:
    overdue.use(LosesAReply)
    assert fire(HOLD, overdue.clock_desk)
    assert overdue.kinds().count("CLOCK_FIRED") == 1
    assert alarms(caplog) == 1


class ThrottledFor(Store):
    """Refuses every write about one task."""

    about = HOLD.sk

    def write(self, parts: Sequence[Part]) -> None:
        if any(self.about in str(part.action) for part in parts):
            raise BusyError("throttled")
        super().write(parts)


def test_a_throttled_clock_keeps_no_other_from_firing_and_is_not_swallowed(overdue: World) -> None:
    overdue.take(a_decision(event_id=ANOTHER_ID, child_index=2, primary_outcome="EMP"))
    overdue.later(hours=1)
    overdue.use(ThrottledFor)
    fired = fire_all(firing(overdue, HOLD, SISTERS), always)
    assert (fired.clocks, [type(failure) for failure in fired.failures]) == (1, [BusyError])
    assert overdue.tasks()["RELEASE_CHILD#02"]["st"] == "OVERDUE"
    assert due_tasks(overdue) == [HOLD]


def test_a_task_that_cannot_be_read_keeps_no_other_from_firing_and_is_not_swallowed(overdue: World) -> None:
    unreadable = {"pk": HOLD.pk, "sk": "TASK#UNHEARD_OF#01", "st": "OPEN", "due_at": "2026-11-24T15:00:00Z"}
    overdue.store.write([overdue.store.put("x", "state", unreadable)])
    fired = fire_all(firing(overdue, TaskKey(HOLD.pk, "TASK#UNHEARD_OF#01"), HOLD), always)
    assert (fired.clocks, [type(failure) for failure in fired.failures]) == (1, [UnreadableError])


def test_clocks_for_which_no_time_is_left_are_told_and_fire_with_the_next_sweep(overdue: World) -> None:
    time_left = iter([True, False])
    fired = fire_all(firing(overdue, SISTERS, HOLD), lambda: next(time_left))
    assert (fired.clocks, [type(failure) for failure in fired.failures]) == (0, [RetryError])
    assert str(fired.failures[0]) == "no time was left for clocks: 1"
    assert fire_all(firing(overdue, *due_tasks(overdue)), always) == Fired(1, ())
