"""After a decision: milestones that do not come, plans and joint cases without news, and whom that
reminds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.adapters.ledger import keys
from schemas.codes import AgencyType, Channel, ClockEnd, ClockKind
from tests.flows.accounts import Damaged, reckoned
from tests.flows.heard import decided, forget, mails, posts, update_rows
from tests.flows.lives import (
    a_case_closed,
    a_conference_held,
    a_plan_change,
    a_withdrawal,
    an_assessment_complete,
    an_enquiry_that_ended,
    an_investigation,
)
from tests.flows.silences import clock, clocks, due_clocks, fire_due, fired, said
from tests.flows.sweeps import REF, rows_of
from tests.world import World, a_registry, a_revision, an_agency

ASSESSED_BY = datetime(2027, 1, 29, 9, 40, tzinfo=UTC)
CONFERRED_BY = datetime(2026, 12, 15, 14, 30, tzinfo=UTC)
PLAN_BY = datetime(2027, 1, 8, 15, 2, tzinfo=UTC)
JOINT_BY = datetime(2026, 12, 8, 15, 2, tzinfo=UTC)
BY = {
    ClockKind.ASSESSMENT: ASSESSED_BY,
    ClockKind.CONFERENCE: CONFERRED_BY,
    ClockKind.PLAN: PLAN_BY,
    ClockKind.JOINT: JOINT_BY,
}
TASKS = {
    ClockKind.ASSESSMENT: ("CHASE_ASSESSMENT", "MASH_MANAGER"),
    ClockKind.CONFERENCE: ("CHASE_CONFERENCE", "MASH_MANAGER"),
    ClockKind.PLAN: ("CHASE_PLAN", "MASH_MANAGER"),
    ClockKind.JOINT: ("CHASE_POLICE", "MASH_DUTY_WORKER"),
}
ANSWERS: dict[ClockKind, Any] = {
    ClockKind.ASSESSMENT: lambda: an_assessment_complete(plan_status="NONE"),
    ClockKind.CONFERENCE: lambda: a_conference_held(plan_status="NONE"),
    ClockKind.PLAN: lambda: a_plan_change(plan_status="NONE"),
    ClockKind.JOINT: an_investigation,
}
each_kind = pytest.mark.parametrize("kind", BY)


@pytest.fixture
def told(world: World) -> World:
    """The worked example, with a plan: police referred, probation has a part in it."""
    decided(world, plan_status="CP_PLAN")
    return world


def only(world: World, kind: ClockKind) -> None:
    """The time of that clock has come, and no other's fires."""
    world.now = BY[kind]
    for one in due_clocks(world):
        if one.which.kind is not kind:
            item = world.store.get("state", one.pk, one.sk)
            assert item is not None
            Damaged(world).change("state", item, due_pk=None, due_sk=None, due_at=None, ended_by="CLOSED")


def test_a_decision_sets_what_its_outcome_needs_and_its_row_says_until_when(told: World) -> None:
    expected = {f"{kind}#01": until.isoformat() for kind, until in BY.items()}
    assert clocks(told) == expected
    (decision,) = rows_of(told, "DECISION")
    assert len(decision["clocks"]) == len([*BY, ClockKind.POLICE_FORM])


@each_kind
def test_each_fires_once_when_its_time_has_come_into_its_roles_task(told: World, kind: ClockKind) -> None:
    told.now = BY[kind] - timedelta(milliseconds=1)
    assert kind not in {one.which.kind for one in due_clocks(told)}
    only(told, kind)
    assert fire_due(told) == 1
    (row,) = fired(told)
    assert said(row, "clock", "child", "task", "role") == (kind.value, 1, *TASKS[kind])
    assert fire_due(told) == 0
    assert f"{TASKS[kind][0]}#01" in told.tasks()


@each_kind
def test_each_that_is_answered_in_time_never_fires(told: World, kind: ClockKind) -> None:
    told.now = datetime(2026, 11, 25, 10, 1, tzinfo=UTC)
    told.take(ANSWERS[kind]())
    told.now = BY[kind] + timedelta(days=14)
    fire_due(told)
    assert kind.value not in {row["clock"] for row in fired(told)}
    assert clock(told, kind).end is ClockEnd.ANSWERED


@each_kind
def test_each_answer_that_comes_late_ends_the_task(told: World, kind: ClockKind) -> None:
    only(told, kind)
    fire_due(told)
    told.later(hours=1)
    told.take(ANSWERS[kind]())
    assert told.tasks()[f"{TASKS[kind][0]}#01"]["st"] == "DONE"
    assert clock(told, kind).end is ClockEnd.ANSWERED
    answer = rows_of(told, "LIFECYCLE")[-1]
    assert said(answer, "ended", "ended_as") == ([f"TASK#{TASKS[kind][0]}#01"], "ANSWERED")


@each_kind
def test_a_revision_that_needs_it_no_more_ends_the_clock_and_its_task(told: World, kind: ClockKind) -> None:
    only(told, kind)
    fire_due(told)
    told.take(a_revision(primary_outcome="NFA", plan_status="NONE"))
    assert told.tasks()[f"{TASKS[kind][0]}#01"]["st"] == "DONE"
    assert not clock(told, kind).runs


@each_kind
def test_a_closed_case_ends_each(told: World, kind: ClockKind) -> None:
    told.now = datetime(2026, 11, 25, 10, 1, tzinfo=UTC)
    told.take(a_case_closed())
    assert clock(told, kind).end is ClockEnd.CLOSED


def test_an_enquiry_that_leads_to_no_conference_ends_the_wait_for_one(told: World) -> None:
    told.now = datetime(2026, 11, 25, 10, 1, tzinfo=UTC)
    told.take(an_enquiry_that_ended())
    assert clock(told, ClockKind.CONFERENCE).end is ClockEnd.ANSWERED
    assert clocks(told)["JOINT#01"] == "2026-12-09T10:00:00+00:00"


def test_news_of_a_joint_case_that_was_decided_in_error_is_waited_for_no_more(told: World) -> None:
    told.take(a_withdrawal())
    told.now = datetime(2026, 11, 25, 10, 1, tzinfo=UTC)
    told.take(an_investigation("OPEN"))
    assert clock(told, ClockKind.JOINT).end is ClockEnd.REVISED
    told.take(a_revision(primary_outcome="S47J", strategy_discussion_at="2026-11-24T14:30:00Z"))
    assert clock(told, ClockKind.JOINT).runs


def test_an_older_word_moves_no_clock(told: World) -> None:
    told.now = datetime(2026, 11, 26, 10, 1, tzinfo=UTC)
    told.take(a_plan_change(changed_at="2026-11-26T10:00:00Z"))
    before = clocks(told)
    told.take(a_plan_change(plan_status="NONE", changed_at="2026-11-25T10:00:00Z"))
    assert clocks(told) == before


# --- reminders


@pytest.mark.finding(34)
def test_a_stale_plan_is_brought_to_the_mind_of_whoever_has_a_part_in_it(told: World) -> None:
    only(told, ClockKind.PLAN)
    fire_due(told)
    (row,) = update_rows(told)
    assert said(row, "series", "dver", "recipients") == (
        "STALE_PLAN",
        1,
        ["north-probation#email#3#USTALE_PLAN"],
    )
    forget(told)
    told.send_due()
    (mail,) = mails(told)
    assert mail.subject == f"OFFICIAL-SENSITIVE: {REF} - action needed"
    assert "We last heard about the plan on 24 November 2026." in mail.text
    assert "Not known. We could not check with the police" in " ".join(mail.text.split())
    assert "CP_PLAN" not in mail.text
    assert posts(told) == []


@pytest.mark.finding(11)
def test_a_joint_case_without_news_is_brought_to_the_mind_of_the_police(told: World) -> None:
    only(told, ClockKind.JOINT)
    fire_due(told)
    forget(told)
    told.send_due()
    (post,) = posts(told)
    assert (post["message_type"], post["news"]["series"]) == ("JOINT_CASE_REMINDER", "JOINT_CASE")
    assert post["news"]["happened_at"] == "2026-11-24T15:02:00Z"
    assert post["police_form"]["status"] == "UNKNOWN"
    assert mails(told) == []


@pytest.mark.parametrize(("kind", "days"), [(ClockKind.PLAN, 42), (ClockKind.JOINT, 14)])
def test_each_reminds_again_until_there_is_news_and_then_from_there(
    told: World, kind: ClockKind, days: int
) -> None:
    only(told, kind)
    fire_due(told)
    (row,) = fired(told)
    until = clock(told, kind).due_at
    assert until is not None
    assert row["next_at"] == until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert (until - BY[kind]).days == days
    told.now = until
    fire_due(told)
    assert [row["dver"] for row in update_rows(told) if row["series"] in {"STALE_PLAN", "JOINT_CASE"}] == [
        1,
        2,
    ]
    assert [row["since"] for row in fired(told) if row["clock"] == kind] == ["2026-11-24T15:02:00.000Z"] * 2
    told.later(hours=1)
    moment = (told.now - timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    news = {
        ClockKind.PLAN: a_plan_change(changed_at=moment),
        ClockKind.JOINT: an_investigation("OPEN", changed_at=moment),
    }
    told.take(news[kind])
    assert told.tasks()[f"{TASKS[kind][0]}#01"]["st"] == "DONE"
    assert clock(told, kind).runs
    assert clock(told, kind).since == told.now - timedelta(minutes=5)


def test_a_reminder_that_was_not_sent_gives_way_to_the_next(told: World) -> None:
    only(told, ClockKind.JOINT)
    fire_due(told)
    told.now = clock(told, ClockKind.JOINT).due_at or told.now
    fire_due(told)
    (row,) = rows_of(told, "SUPERSEDED")
    assert said(row, "nonce", "dver", "by") == ("UJOINT_CASE", 1, 2)


def test_a_reminder_is_told_to_nobody_who_may_not_hear_and_the_task_stands(world: World) -> None:
    """All of it is held: a person looks how they hear of it, and the plan is somebody's task as well."""
    held = [{"code": "SENSITIVE"}]
    decided(world, plan_status="CP_PLAN", hold_codes=held)
    only(world, ClockKind.PLAN)
    fire_due(world)
    (row,) = update_rows(world)
    assert said(row, "recipients", "kept_from") == ([], ["north-probation"])
    assert {"CHASE_PLAN#01", "CHECK_NOT_TOLD#01#STALE_PLAN"} <= world.tasks().keys()


def test_where_nobody_has_a_part_only_the_task_is_opened(world: World) -> None:
    decided(world, plan_status="CP_PLAN", involved_agencies=[])
    only(world, ClockKind.PLAN)
    fire_due(world)
    assert update_rows(world) == []
    assert "CHASE_PLAN#01" in world.tasks()


def test_whoever_joined_the_plan_later_is_reminded_too(told: World) -> None:
    told.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL)))
    told.now = datetime(2026, 11, 25, 10, 1, tzinfo=UTC)
    told.take(a_plan_change("north-probation", "north-gp"))
    told.now = clock(told, ClockKind.PLAN).due_at or told.now
    fire_due(told)
    (row,) = [row for row in update_rows(told) if row["series"] == "STALE_PLAN"]
    assert [one.split("#")[0] for one in row["recipients"]] == ["north-probation", "north-gp"]


def test_where_the_referrals_key_is_gone_nothing_is_told_and_the_task_stands(told: World) -> None:
    (key,) = told.all_items("keys")
    Damaged(told).take_away("keys", key)
    only(told, ClockKind.PLAN)
    fire_due(told)
    assert update_rows(told) == []
    assert "CHASE_PLAN#01" in told.tasks()
    assert told.all_items("keys") == []


def test_with_its_reminders_and_tasks_the_referrals_account_is_right(told: World) -> None:
    for kind in (ClockKind.JOINT, ClockKind.PLAN):
        told.now = BY[kind]
        fire_due(told)
        told.send_due()
    day = datetime(2026, 11, 24, tzinfo=UTC).date()
    assert [one for one in reckoned(told, day).findings if "CLOCK" in one.code or "TASK" in one.code] == []
    assert keys.CLOCK_PREFIX in "".join(item["sk"] for item in told.all_items("state"))
