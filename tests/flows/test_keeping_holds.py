"""A person decides that a hold goes on: nothing is sent, its clock begins anew, and the trail says why."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Change
from functions.console.referrals.timeline import title
from functions.domain.due import release_due_at
from functions.flows.acting.done import WhichTask
from functions.flows.acting.keep import GoesOn, keep, the_hold
from functions.flows.acting.order import NotPossibleError
from functions.flows.clocks.overdue import fire_all
from functions.story.telling import sentence
from schemas.clocks import ClockPolicy
from schemas.codes import ActReason, AuditKind, Outcome, TaskKind, TaskRole, TaskState
from tests.flows.accounts import reckoned
from tests.flows.test_clocks_firing import due_tasks, firing
from tests.flows.test_taking_in import interleaved
from tests.world import LosesAReply, World, a_decision, a_revision, is_whole

REF = "NS-26-7KQ4ZP"
AGENCY = "north-probation"
LINKED = [{"code": "STAFF_LINK", "agency_id": AGENCY}]


def held(world: World, kind: TaskKind = TaskKind.RELEASE_CHILD, **which: Any) -> dict[str, Any]:
    return the_hold(WhichTask(kind, REF, **which), world.act_desk)


def kept(
    world: World, reason: ActReason = ActReason.POLICE_ASKED, seen: dict[str, Any] | None = None
) -> GoesOn:
    return keep(seen or held(world), world.order(reason), world.act_desk)


def refused(world: World, seen: dict[str, Any], reason: ActReason = ActReason.POLICE_ASKED) -> str:
    before = [world.all_items(table) for table in ("audit", "state")]
    with pytest.raises(NotPossibleError) as caught:
        kept(world, reason, seen)
    assert [world.all_items(table) for table in ("audit", "state")] == before
    return str(caught.value)


def the_row(world: World) -> dict[str, Any]:
    (row,) = (row for row in world.rows() if row["type"] == AuditKind.TASK)
    return row


def test_a_hold_that_is_kept_stays_open_with_its_own_limit_from_now_on(world: World) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    opened = held(world)
    world.later(minutes=50)
    came = kept(world, ActReason.NOBODY_REACHED)
    assert came.task.due_at == world.now + timedelta(hours=1)
    (task,) = WorkIndex(world.store).of(TaskRole.MASH_MANAGER)
    assert (task["st"], task["opened_at"]) == (TaskState.OPEN, opened["opened_at"])
    assert datetime.fromisoformat(task["due_at"]) == came.task.due_at
    assert world.send_due() == 0
    world.later(minutes=59)
    assert due_tasks(world) == []
    world.later(minutes=1)
    assert fire_all(firing(world, *due_tasks(world)), lambda: True).clocks == 1


def test_one_working_day_is_a_working_day_again(world: World) -> None:
    world.take(a_decision(primary_outcome="S17", hold_codes=[{"code": "SENSITIVE"}]))
    world.later(hours=3)
    came = kept(world)
    assert came.task.due_at == release_due_at((Outcome.S17,), world.now, ClockPolicy())
    assert came.task.due_at > world.now + timedelta(hours=20)


def test_the_trail_says_who_kept_it_why_and_until_when(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    was = held(world)["due_at"]
    world.later(hours=1)
    came = kept(world)
    row = the_row(world)
    assert came.entries == (f"R#{REF} {row['sk']}",)
    assert (row["actor"], row["reason"], row["kept"]) == ("mash-manager", "POLICE_ASKED", True)
    assert (row["was_due_at"], datetime.fromisoformat(row["due_at"])) == (was, came.task.due_at)
    assert "Still held for child 1: it is not sent." in sentence(row)
    assert "the police have asked to wait" in sentence(row)
    assert title(row, {}) == "Hold kept"
    assert is_whole(world.rows())


def test_one_whose_clock_ran_out_can_be_kept_and_rings_again(world: World) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    seen = held(world)
    world.later(hours=1)
    fire_all(firing(world, *due_tasks(world)), lambda: True)
    assert held(world)["st"] == TaskState.OVERDUE
    kept(world, seen=seen)
    assert held(world)["st"] == TaskState.OPEN
    world.later(hours=1)
    assert fire_all(firing(world, *due_tasks(world)), lambda: True).clocks == 1


def test_what_is_urgent_is_the_emergency_duty_teams_once_the_office_is_shut(world: World) -> None:
    world.take(a_decision(primary_outcome="EMP"))
    world.later(hours=12)
    assert kept(world).task.role is TaskRole.EMERGENCY_DUTY_TEAM
    (task,) = WorkIndex(world.store).of(TaskRole.EMERGENCY_DUTY_TEAM)
    assert task["kind"] == TaskKind.RELEASE_CHILD
    assert list(WorkIndex(world.store).of(TaskRole.MASH_MANAGER)) == []


def test_one_recipients_hold_is_kept_and_the_others_go(world: World) -> None:
    world.take(a_decision(hold_codes=LINKED))
    seen = held(world, TaskKind.RELEASE_AGENCY, agency_id=AGENCY)
    came = kept(world, ActReason.NOT_SAFE_YET, seen)
    assert (came.task.kind, came.task.agency_id) == (TaskKind.RELEASE_AGENCY, AGENCY)
    assert f"Still held to {AGENCY} for child 1" in sentence(the_row(world))


def test_an_allegation_is_kept_beside_what_was_told(world: World) -> None:
    world.take(a_decision(additional_outcomes=["LAD"]))
    came = kept(world, ActReason.OFFICER_NOT_AGREED, held(world, TaskKind.RELEASE_ALLEGATION))
    assert came.task.kind is TaskKind.RELEASE_ALLEGATION
    assert "Still held, the allegation alone, for child 1" in sentence(the_row(world))


def test_a_hold_that_is_kept_can_be_released(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    kept(world)
    assert reckoned(world).differences == 0
    world.release()
    assert world.send_due() > 0


def test_of_two_people_who_decide_one_is_told_that_the_other_was_first(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    seen = held(world)
    world.later(minutes=1)
    kept(world, seen=seen)
    assert "has changed since it was looked at" in refused(world, seen)
    world.release()
    assert "has changed since it was looked at" in refused(world, seen)


def test_of_two_at_the_very_same_moment_one_keeps_it(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    seen = held(world)
    world.later(minutes=1)

    def meanwhile() -> None:
        kept(world, seen=seen)

    interleaved(world, meanwhile)
    with pytest.raises(NotPossibleError, match="has changed"):
        kept(world, seen=seen)
    assert the_row(world)["kept"]


def test_what_is_withheld_meanwhile_is_held_no_more(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    seen = held(world)
    change = Change({"held": []})
    part = world.store.update("child", "state", (f"R#{REF}", "CHILD#01"), change=change)
    world.store.write([part])
    assert "is held that way any more" in refused(world, seen)


def test_a_newer_decision_is_not_kept_back_by_whoever_has_not_seen_it(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    seen = held(world)
    world.take(a_revision(hold_codes=[{"code": "SENSITIVE"}]))
    assert "has changed since it was looked at" in refused(world, seen)


def test_another_acts_reason_keeps_nothing(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    assert "is no reason to keep a hold" in refused(world, held(world), ActReason.TOLD_BY_PHONE)


def test_no_hold_is_no_hold_to_keep(world: World) -> None:
    world.take(a_decision())
    with pytest.raises(NotPossibleError, match="No such task is open"):
        held(world)


def test_a_reply_that_is_lost_keeps_it_once(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    seen = held(world)
    world.use(LosesAReply)
    kept(world, seen=seen)
    assert the_row(world)["kept"]
