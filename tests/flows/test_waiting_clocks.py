"""A referral is not acknowledged, or a child not decided: the clock fires once, in time, into somebody's
task."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.adapters.ledger.reading import WorkIndex
from functions.domain.bank_holidays import HORIZON
from functions.flows.acting.done import WhichTask, done
from schemas.codes import ActReason, AgencyType, Channel, ClockEnd, ClockKind, TaskKind, TaskRole
from tests.flows.accounts import reckoned
from tests.flows.lives import a_transfer_accepted, a_withdrawal, an_acknowledgement
from tests.flows.silences import (
    A_MOMENT,
    JUST_RECEIVED,
    clock,
    clocks,
    due_clocks,
    fire_due,
    fired,
    said,
)
from tests.flows.sweeps import REF, rows_of
from tests.world import (
    Wire,
    World,
    a_decision,
    a_duplicate,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
    an_event_id,
)

DECIDED_BY = datetime(2026, 11, 24, 13, 40, tzinfo=UTC)
ACKNOWLEDGED_BY = datetime(2026, 11, 25, 9, 40, tzinfo=UTC)
NEEDS_MORE = {"primary_outcome": "INF", "strategy_discussion_at": None, "plan_status": "NONE"}
NO_FURTHER_ACTION: Wire = {"primary_outcome": "NFA", "strategy_discussion_at": None, "plan_status": "NONE"}
PENDING = {"primary_outcome": "TRF", "receiving_la": "SOUTHSHIRE", "transfer_accepted": False}


@pytest.fixture
def waiting(world: World) -> World:
    """A RED referral has just come."""
    world.now = JUST_RECEIVED
    world.take(a_receipt())
    return world


@pytest.fixture
def hub(world: World) -> World:
    """The school refers as well."""
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.WEBHOOK)))
    world.now = JUST_RECEIVED
    return world


def test_a_referrals_arrival_sets_its_clocks_in_its_own_transaction_and_says_so(waiting: World) -> None:
    assert clocks(waiting) == {
        "ACKNOWLEDGE#00": ACKNOWLEDGED_BY.isoformat(),
        "DECIDE#01": DECIDED_BY.isoformat(),
    }
    (arrived,) = rows_of(waiting, "LIFECYCLE")
    assert arrived["clocks"] == [
        "ACKNOWLEDGE#00 2026-11-25T09:40:00.000Z",
        "DECIDE#01 2026-11-24T13:40:00.000Z",
        "POLICE_FORM#01 2026-11-24T09:41:00.000Z",
    ]


def test_a_contact_has_the_same_clocks(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(a_receipt(kind="CONTACT"))
    assert set(clocks(world)) == {"ACKNOWLEDGE#00", "DECIDE#01"}


def test_a_clock_fires_when_its_time_has_come_and_not_a_moment_before(waiting: World) -> None:
    waiting.now = DECIDED_BY - timedelta(seconds=A_MOMENT)
    assert due_clocks(waiting) == []
    waiting.now = DECIDED_BY
    assert fire_due(waiting) == 1
    (row,) = fired(waiting)
    assert said(row, "clock", "child", "since", "clock_at", "ended_by", "task", "role", "due_at") == (
        "DECIDE",
        1,
        "2026-11-24T09:40:00.000Z",
        "2026-11-24T13:40:00.000Z",
        "FIRED",
        "DECIDE_LATE",
        "MASH_MANAGER",
        "2026-11-24T14:40:00.000Z",
    )
    assert said(row, "actor", "cause", "dver", "next_at") == ("mash-outcomes", "CLOCK#DECIDE#01", 0, None)


def test_it_fires_once_however_often_it_is_swept_and_its_task_is_on_its_roles_list(
    waiting: World, caplog: pytest.LogCaptureFixture
) -> None:
    waiting.now = DECIDED_BY
    for _ in range(3):
        waiting.send_due()
        waiting.later(minutes=1)
    assert len(fired(waiting)) == 1
    assert [task["kind"] for task in WorkIndex(waiting.store).of(TaskRole.MASH_MANAGER)] == ["DECIDE_LATE"]
    assert clock(waiting, ClockKind.DECIDE).end is ClockEnd.FIRED
    assert (caplog.messages.count("CLOCK_FIRED"), caplog.messages.count("TASK_OPENED")) == (1, 1)
    assert REF not in caplog.text


def test_a_task_that_nobody_takes_up_rings_when_its_own_time_has_come(
    waiting: World, caplog: pytest.LogCaptureFixture
) -> None:
    waiting.now = DECIDED_BY
    waiting.send_due()
    waiting.later(hours=1)
    waiting.send_due()
    assert waiting.tasks()["DECIDE_LATE#01"]["st"] == "OVERDUE"
    assert caplog.messages.count("TASK_OVERDUE") == 1


def test_what_is_answered_in_time_never_fires(waiting: World) -> None:
    waiting.take(an_acknowledgement(rag="RED"))
    waiting.take(a_decision())
    assert (clocks(waiting)["ACKNOWLEDGE#00"], clocks(waiting)["DECIDE#01"]) == ("ANSWERED", "ANSWERED")
    waiting.now = ACKNOWLEDGED_BY
    assert due_clocks(waiting) == []
    waiting.later(days=7)
    fire_due(waiting)
    assert fired(waiting) == []
    assert not {"DECIDE_LATE#01", "ACKNOWLEDGE_LATE#00"} & waiting.tasks().keys()


def test_an_answer_that_comes_late_ends_the_task_and_says_so(waiting: World) -> None:
    waiting.now = ACKNOWLEDGED_BY
    assert fire_due(waiting) == 2
    assert {name for name, task in waiting.tasks().items() if task["st"] == "OPEN"} == {
        "ACKNOWLEDGE_LATE#00",
        "DECIDE_LATE#01",
    }
    waiting.take(an_acknowledgement(contribute_by=None))
    acknowledged = rows_of(waiting, "LIFECYCLE")[-1]
    assert said(acknowledged, "ended", "ended_as") == (["TASK#ACKNOWLEDGE_LATE#00"], "ANSWERED")
    waiting.take(a_decision())
    (decision,) = rows_of(waiting, "DECISION")
    assert said(decision, "ended", "ended_as") == (["TASK#DECIDE_LATE#01"], "ANSWERED")
    assert "DECIDE#01 ANSWERED" in decision["clocks"]
    late = [waiting.tasks()[name] for name in ("ACKNOWLEDGE_LATE#00", "DECIDE_LATE#01")]
    assert [(task["st"], {"due_pk", "work_pk"} & task.keys()) for task in late] == [("DONE", set())] * 2
    assert list(WorkIndex(waiting.store).of(TaskRole.MASH_MANAGER)) == []


def test_a_task_that_a_person_has_ended_is_not_ended_again(waiting: World) -> None:
    waiting.now = DECIDED_BY
    fire_due(waiting)
    which = WhichTask(TaskKind.DECIDE_LATE, REF, 1)
    done(which, waiting.order(ActReason.SORTED_OUT), waiting.act_desk)
    waiting.take(a_decision())
    (decision,) = rows_of(waiting, "DECISION")
    assert "ended" not in decision
    assert clock(waiting, ClockKind.DECIDE).end is ClockEnd.ANSWERED


def test_a_red_referral_at_night_is_the_emergency_duty_teams(world: World) -> None:
    world.now = datetime(2026, 11, 27, 18, 0, tzinfo=UTC)
    world.take(a_receipt(received_at="2026-11-27T17:30:00Z"))
    world.later(hours=4)
    assert fire_due(world) == 1
    (row,) = fired(world)
    assert said(row, "role", "due_at") == ("EMERGENCY_DUTY_TEAM", "2026-11-27T23:00:00.000Z")
    (task,) = WorkIndex(world.store).of(TaskRole.EMERGENCY_DUTY_TEAM)
    assert task["kind"] == "DECIDE_LATE"


def test_a_colour_that_rises_makes_the_clock_fire_sooner_and_one_that_falls_no_later(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(a_receipt(rag="GREEN"))
    world.take(an_acknowledgement(rag="RED"))
    assert clocks(world)["DECIDE#01"] == DECIDED_BY.isoformat()
    world.take(an_acknowledgement(rag="GREEN"))
    assert clocks(world)["DECIDE#01"] == DECIDED_BY.isoformat()
    world.now = DECIDED_BY
    assert fire_due(world) == 1


@pytest.mark.parametrize("provisional", [NEEDS_MORE, PENDING], ids=["INF", "TRF"])
def test_what_is_not_final_lets_the_clock_run_on(waiting: World, provisional: Wire) -> None:
    waiting.take(a_decision(**{**NEEDS_MORE, **provisional}))
    waiting.now = DECIDED_BY
    fire_due(waiting)
    assert "DECIDE" in [row["clock"] for row in fired(waiting)]
    waiting.take(a_revision(**NO_FURTHER_ACTION))
    assert waiting.tasks()["DECIDE_LATE#01"]["st"] == "DONE"


@pytest.mark.finding(24)
def test_a_pending_transfer_breaches_its_own_clock_and_the_decisions(waiting: World) -> None:
    waiting.take(a_decision(**{**NEEDS_MORE, **PENDING}))
    waiting.now = datetime(2026, 11, 25, 15, 2, tzinfo=UTC)
    fire_due(waiting)
    tasks = waiting.tasks()
    assert tasks["CHASE_TRANSFER#01#SOUTHSHIRE"]["role"] == "MASH_DUTY_WORKER"
    assert tasks["DECIDE_LATE#01"]["st"] == "OPEN"
    waiting.take(a_transfer_accepted(accepted_at="2026-11-25T15:00:00Z"))
    ended = [waiting.tasks()[name]["st"] for name in ("CHASE_TRANSFER#01#SOUTHSHIRE", "DECIDE_LATE#01")]
    assert ended == ["DONE", "DONE"]


def test_a_hold_neither_ends_nor_delays_a_clock(waiting: World) -> None:
    waiting.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    assert clocks(waiting)["DECIDE#01"] == "ANSWERED"
    waiting.release()
    assert clocks(waiting)["DECIDE#01"] == "ANSWERED"


def test_each_siblings_clock_is_its_own(world: World) -> None:
    world.now = JUST_RECEIVED
    world.take(a_receipt(1, 2))
    world.take(a_decision())
    world.now = DECIDED_BY
    assert fire_due(world) == 1
    (row,) = fired(world)
    assert said(row, "clock", "child") == ("DECIDE", 2)
    assert clock(world, ClockKind.ACKNOWLEDGE, 0).runs


def test_a_duplicate_whose_original_is_not_decided_is_late_as_any_other(hub: World) -> None:
    hub.take(a_receipt(ref="NS-26-7KQ4ZP"))
    hub.take(a_duplicate(received_at="2026-11-24T09:40:00Z", rag="RED"))
    hub.now = DECIDED_BY
    assert fire_due(hub) == 2
    (row,) = fired(hub, "NS-26-D0PL1C")
    assert said(row, "clock", "task") == ("DECIDE", "DECIDE_LATE")


def test_one_whose_original_is_decided_by_then_needs_nobody(
    hub: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Its referrer is told what the original is decided to be."""
    hub.take(a_duplicate(received_at="2026-11-24T09:40:00Z", rag="RED"))
    hub.take(a_decision())
    hub.now = DECIDED_BY
    assert fire_due(hub) == 1
    (row,) = fired(hub, "NS-26-D0PL1C")
    assert said(row, "clock", "ended_by", "task") == ("DECIDE", "ANSWERED", None)
    assert clocks(hub, "NS-26-D0PL1C")["DECIDE#01"] == "ANSWERED"
    assert not [name for name in hub.tasks("NS-26-D0PL1C") if name.startswith("DECIDE_LATE")]
    assert "TASK_OPENED" not in caplog.messages[-1:]


def test_a_duplicate_that_was_none_is_decided_late_though_its_original_is_decided(hub: World) -> None:
    hub.take(a_decision())
    hub.take(a_duplicate(received_at="2026-11-24T09:40:00Z", rag="RED"))
    hub.take(a_withdrawal(referral_ref="NS-26-D0PL1C", withdrawn_at="2026-11-24T09:41:00Z"))
    hub.now = DECIDED_BY
    fire_due(hub)
    (row,) = fired(hub, "NS-26-D0PL1C")
    assert said(row, "clock", "task") == ("DECIDE", "DECIDE_LATE")


def test_an_original_that_needs_more_information_decides_nothing_for_its_duplicate(hub: World) -> None:
    hub.take(a_decision(**NEEDS_MORE))
    hub.take(a_duplicate(received_at="2026-11-24T09:40:00Z", rag="RED"))
    hub.now = DECIDED_BY
    fire_due(hub)
    (row,) = fired(hub, "NS-26-D0PL1C")
    assert row["task"] == "DECIDE_LATE"


def test_what_runs_and_what_has_fired_is_all_right_and_a_lost_clock_is_found(waiting: World) -> None:
    assert reckoned(waiting).findings == ()
    waiting.now = DECIDED_BY
    fire_due(waiting)
    assert reckoned(waiting).findings == ()
    waiting.take(a_decision(event_id=an_event_id("another"), child_index=1, **NEEDS_MORE))
    assert reckoned(waiting).findings == ()


def test_past_the_last_known_holiday_the_clock_is_due_in_a_day_and_fires(world: World) -> None:
    late = datetime(HORIZON.year + 1, 1, 2, 12, 0, tzinfo=UTC)
    world.now = late
    world.take(a_receipt(received_at=late.isoformat().replace("+00:00", "Z"), rag="GREEN"))
    world.later(hours=24)
    assert fire_due(world) == 2
    assert [said(row, "clock", "role") for row in fired(world)] == [
        ("ACKNOWLEDGE", "MASH_MANAGER"),
        ("DECIDE", "MASH_MANAGER"),
    ]
