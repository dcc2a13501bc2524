"""Whatever happens to the message that hands a clock over, it fires once, and only if it is due."""

import json
from collections.abc import Sequence
from datetime import datetime

import pytest

from functions.adapters.dispatch import CLOCK_TYPE, clock_body
from functions.adapters.errors import BusyError
from functions.adapters.ledger.keys import ClockKey
from functions.adapters.ledger.store import Part, Store
from schemas.codes import ClockKind
from tests.flows.lives import an_acknowledgement
from tests.flows.silences import JUST_RECEIVED, clock, clocks, due_clocks, fire_due, fired, key, said
from tests.flows.test_taking_in import interleaved
from tests.flows.test_waiting_clocks import ACKNOWLEDGED_BY, DECIDED_BY
from tests.world import LosesAReply, World, a_decision, a_receipt, is_whole, wrapped

DECIDE = key(ClockKind.DECIDE)


@pytest.fixture
def late(world: World) -> World:
    """A RED referral that nobody has decided in its four hours."""
    world.now = JUST_RECEIVED
    world.take(a_receipt())
    world.now = DECIDED_BY
    return world


def test_a_message_that_comes_twice_fires_its_clock_once(late: World) -> None:
    for _ in range(3):
        late.take_raw(clock_body(DECIDE), "the-same-message")
    late.take_raw(clock_body(DECIDE), "another-message")
    assert len(fired(late)) == 1
    assert is_whole(late.rows())


def test_two_at_once_fire_it_once_and_open_one_task(late: World, caplog: pytest.LogCaptureFixture) -> None:
    interleaved(late, lambda: late.take_raw(clock_body(DECIDE)))
    late.take_raw(clock_body(DECIDE))
    assert len(fired(late)) == 1
    assert caplog.messages.count("TASK_OPENED") == 1
    assert is_whole(late.rows())


def test_a_decision_that_comes_while_the_clock_fires_is_not_late(late: World) -> None:
    interleaved(late, lambda: late.take(a_decision()))
    late.take_raw(clock_body(DECIDE))
    assert fired(late) == []
    assert "DECIDE_LATE#01" not in late.tasks()
    assert clocks(late)["DECIDE#01"] == "ANSWERED"


def test_a_clock_that_fires_while_the_decision_comes_is_answered_by_it(late: World) -> None:
    interleaved(late, lambda: late.take_raw(clock_body(DECIDE)))
    late.take(a_decision())
    assert len(fired(late)) == 1
    assert late.tasks()["DECIDE_LATE#01"]["st"] == "DONE"
    assert clocks(late)["DECIDE#01"] == "ANSWERED"


def test_whatever_else_is_written_meanwhile_does_not_keep_it_from_firing(late: World) -> None:
    interleaved(late, lambda: late.take(an_acknowledgement(contribute_by=None)))
    late.take_raw(clock_body(DECIDE))
    assert [row["clock"] for row in fired(late)] == ["DECIDE"]


def test_one_whose_answer_was_lost_says_its_task_and_fires_once(
    late: World, caplog: pytest.LogCaptureFixture
) -> None:
    late.use(LosesAReply)
    late.take_raw(clock_body(DECIDE))
    assert len(fired(late)) == 1
    assert caplog.messages.count("TASK_OPENED") == 1


class Throttled(Store):
    """Takes no write at all."""

    def write(self, parts: Sequence[Part]) -> None:
        raise BusyError("throttled")


def test_one_that_cannot_be_written_now_brings_its_message_back_and_fires_later(late: World) -> None:
    working = late.store.__class__
    late.use(Throttled)
    with pytest.raises(BusyError):
        late.take_raw(clock_body(DECIDE))
    late.use(working)
    assert due_clocks(late) == [DECIDE]
    assert fire_due(late) == 1
    assert len(fired(late)) == 1


@pytest.mark.parametrize("at", [JUST_RECEIVED, DECIDED_BY], ids=["before its time", "when it is due"])
def test_a_clock_that_somebody_put_on_the_bus_is_refused_visibly_and_fires_nothing(
    late: World, at: datetime
) -> None:
    """The sweep alone hands one over, and by the queue; whoever else does wants something by it."""
    late.now = at
    forged = {"pk": DECIDE.pk, "sk": DECIDE.sk}
    before = late.all_items("state"), late.rows()
    for number in range(2):
        late.take_raw(wrapped(forged, f"11111111-0000-4000-8000-00000000000{number}", CLOCK_TYPE))
    refused = late.refused()
    assert [said(row, "field", "reason") for row in refused] == [("event_type", "MISSING")] * 2
    kept = late.s3.list_objects_v2(Bucket=late.bucket)["Contents"]
    assert {row["kept_as"] for row in refused} <= {one["Key"] for one in kept}
    assert ([item for item in late.all_items("state") if item in before[0]], late.rows()) == before
    assert fired(late) == []
    late.now = DECIDED_BY
    assert DECIDE in due_clocks(late)


@pytest.mark.parametrize(
    "other",
    [
        key(ClockKind.PLAN),
        key(ClockKind.DECIDE, 2),
        key(ClockKind.DECIDE, ref="NS-26-N0B0DY"),
        key(ClockKind.CONTRIBUTE, 1, "no such agency"),
    ],
    ids=str,
)
def test_a_clock_that_is_not_there_fires_nothing(late: World, other: ClockKey) -> None:
    before = late.all_items("state"), late.all_items("audit")
    late.take_raw(clock_body(other))
    assert (late.all_items("state"), late.all_items("audit")) == before


@pytest.mark.parametrize(
    "detail",
    [
        {},
        {"pk": "R#NS-26-7KQ4ZP"},
        {"pk": 1, "sk": 2},
        {"pk": "R#NS-26-7KQ4ZP", "sk": "CLOCK#UNHEARD_OF#01"},
        {"pk": "R#NS-26-7KQ4ZP", "sk": "CLOCK#DECIDE#one"},
        {"pk": "R#NS-26-7KQ4ZP", "sk": "TASK#DECIDE_LATE#01"},
        {"pk": "G#north-police", "sk": "CLOCK#DECIDE#01"},
        {"pk": "R#NS-26-7KQ4ZP", "sk": "CLOCK#CONTRIBUTE#01#one#two"},
        {"pk": "R#NS-26-7KQ4ZP", "sk": "CLOCK#DECIDE#01", "task": "DECIDE_LATE"},
    ],
    ids=json.dumps,
)
def test_what_names_no_clock_is_refused_visibly(late: World, detail: dict[str, object]) -> None:
    late.take_raw(json.dumps({"detail-type": CLOCK_TYPE, "detail": detail}))
    (row,) = late.refused()
    assert said(row, "field", "reason") == ("source", "NOT_AN_EVENT")
    assert fired(late) == []


def test_a_clock_that_was_moved_while_its_message_waited_fires_at_its_new_time(world: World) -> None:
    """The colour rises, so that it is due sooner; the message of the sweep before names the same clock."""
    world.now = JUST_RECEIVED
    world.take(a_receipt(rag="AMBER"))
    world.now = ACKNOWLEDGED_BY
    (waiting, *_) = due_clocks(world)
    world.take(a_decision())
    for one in (waiting, DECIDE):
        world.take_raw(clock_body(one))
    assert fired(world) == []
    assert not clock(world, ClockKind.DECIDE).runs
