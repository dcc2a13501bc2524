"""The police say that their form is done, or not needed: it is checked again, and their word sets nothing."""

from datetime import timedelta

import pytest

from functions.adapters.ledger.reading import DueIndex, WorkIndex
from functions.adapters.ledger.store import Change
from functions.flows.acting.done import WhichTask, done
from schemas.codes import ActReason, TaskKind, TaskRole
from tests.flows.chases import (
    CAME,
    DUE,
    ESCALATED,
    LAST,
    REF,
    a_beat,
    a_form,
    at,
    chasing,
    posted,
    reminders,
)
from tests.flows.lives import a_statement
from tests.flows.silences import clocks, said
from tests.flows.sweeps import rows_of
from tests.world import World, a_decision, a_receipt, an_event_id


@pytest.mark.parametrize("statement", ["DONE", "NOT_NEEDED"])
def test_what_they_say_is_recorded_and_checked_and_sets_no_status(reminded: World, statement: str) -> None:
    reminded.take(a_statement(statement))
    recorded, checked = reminded.rows()[-2:]
    assert said(recorded, "type", "event_type", "statement", "child") == (
        "LIFECYCLE",
        "RA_STATUS_CHANGED",
        statement,
        1,
    )
    assert said(checked, "type", "ra", "cause") == ("RA_CHECK", "ABSENT", recorded["cause"])
    assert reminded.all_children() == {1: "ABSENT"}


def test_where_the_check_does_not_agree_somebody_asks_them(reminded: World) -> None:
    reminded.take(a_statement())
    (task,) = WorkIndex(reminded.store).of(TaskRole.MASH_MANAGER)
    assert said(task, "kind", "child") == ("CHECK_STATEMENT", 1)


def test_it_ends_no_chase(reminded: World) -> None:
    before = clocks(reminded)["POLICE_FORM#01"]
    reminded.take(a_statement())
    assert clocks(reminded)["POLICE_FORM#01"] == before


def test_a_form_that_comes_after_all_ends_both_tasks_about_it(reminded: World) -> None:
    reminded.take(a_statement())
    a_form(reminded)
    at(reminded, CAME + timedelta(minutes=5))
    tasks = reminded.tasks()
    assert [tasks[name]["st"] for name in ("CHECK_STATEMENT#01", "CHASE_FORM#01")] == ["DONE", "DONE"]


def test_said_of_a_form_that_is_complete_it_asks_nothing_of_anybody(reminded: World) -> None:
    a_form(reminded)
    reminded.take(a_statement())
    assert "CHECK_STATEMENT#01" not in reminded.tasks()
    assert rows_of(reminded, "RA_CHECK")[-1]["ra"] == "COMPLETE"
    at(reminded, CAME + timedelta(minutes=5))
    assert len(posted(reminded, "RA_STATUS_UPDATE")) == 1
    assert reminders(reminded) == [1]


def test_said_before_its_referral_it_waits_for_it(world: World) -> None:
    chasing(world).take(a_statement())
    assert said(world.rows()[-1], "event_type", "waits_for") == ("RA_STATUS_CHANGED", "REFERRAL")
    assert world.tasks() == {}
    world.take(a_receipt())
    assert "CHECK_STATEMENT#01" in world.tasks()
    assert "waited_since" in rows_of(world, "LIFECYCLE")[-1]


def test_said_of_a_child_that_the_referral_does_not_list_it_is_refused(reminded: World) -> None:
    reminded.take(a_statement(child_index=2))
    (row,) = reminded.refused()
    assert said(row, "field", "reason") == ("child_index", "UNKNOWN_CHILD")


def test_of_another_child_that_only_a_decision_may_bring_it_waits(world: World) -> None:
    chasing(world).take(a_decision())
    world.take(a_statement(child_index=2))
    world.take(a_decision(child_index=2, event_id=an_event_id("sibling"), source_seq=None))
    assert "CHECK_STATEMENT#02" in world.tasks()


def test_a_moment_that_has_not_come_is_refused(reminded: World) -> None:
    reminded.take(a_statement(done_at="2026-11-26T09:42:00Z"))
    (row,) = reminded.refused()
    assert said(row, "field", "reason") == ("done_at", "IN_THE_FUTURE")


def test_the_same_statement_again_is_a_duplicate(reminded: World) -> None:
    reminded.take(a_statement())
    reminded.take(a_statement())
    assert len(rows_of(reminded, "EVENT_DUPLICATE")) == 1
    assert len(rows_of(reminded, "RA_CHECK")) == 2


# --- the feed is back


def unknown(world: World) -> World:
    """The feed has never spoken."""
    chasing(world)
    world.store.client.delete_item(
        TableName=world.store.state, Key={"pk": {"S": "RAFEED"}, "sk": {"S": "north-police.ra-feed"}}
    )
    world.take(a_receipt())
    assert world.all_children() == {1: "UNKNOWN"}
    return world


def test_a_feed_that_is_back_has_what_could_not_be_known_looked_at_again(world: World) -> None:
    unknown(world).later(minutes=1)
    a_beat(world)
    assert world.all_children() == {1: "ABSENT"}
    assert said(rows_of(world, "RA_CHECK")[-1], "ra", "child") == ("ABSENT", 1)


@pytest.mark.parametrize("is_done", [False, True])
def test_one_that_its_manager_has_by_now_is_looked_at_again_and_stays_theirs(
    world: World, *, is_done: bool
) -> None:
    """Whether the manager has said by then that nobody need chase it, or not: nobody else looks at it."""
    unknown(world)
    for moment in (CAME, DUE, LAST, ESCALATED):
        at(world, moment)
    assert (clocks(world)["POLICE_FORM#01"], world.all_children()) == ("FIRED", {1: "UNKNOWN"})
    if is_done:
        done(WhichTask(TaskKind.CHASE_FORM, REF), world.order(ActReason.NOT_NEEDED), world.act_desk)
    a_beat(world)
    assert said(rows_of(world, "RA_CHECK")[-1], "ra", "child") == ("ABSENT", 1)
    assert world.all_children() == {1: "ABSENT"}
    assert clocks(world)["POLICE_FORM#01"] == "FIRED"
    assert world.tasks()["CHASE_FORM#01"]["st"] == ("DONE" if is_done else "OPEN")
    world.later(minutes=1)
    before = world.rows()
    a_beat(world)
    assert world.rows() == before


def test_a_form_that_has_come_ends_what_its_manager_had_and_nobody_looks_at_it_again(world: World) -> None:
    unknown(world)
    for moment in (CAME, DUE, LAST, ESCALATED):
        at(world, moment)
    assert [one.ref for one in DueIndex(world.store).chases()] == ["NS-26-7KQ4ZP"]
    a_form(world)
    at(world, ESCALATED + timedelta(minutes=5))
    assert list(DueIndex(world.store).chases()) == []


def test_one_that_is_failing_is_not_back(world: World) -> None:
    unknown(world)
    a_beat(world, "failing")
    assert world.all_children() == {1: "UNKNOWN"}
    world.later(minutes=1)
    a_beat(world)
    assert world.all_children() == {1: "ABSENT"}


def test_a_feed_that_was_there_all_along_has_nothing_looked_at(world: World) -> None:
    chasing(world).take(a_receipt())
    before = len(rows_of(world, "RA_CHECK"))
    world.later(minutes=1)
    a_beat(world)
    assert len(rows_of(world, "RA_CHECK")) == before


def test_a_heartbeat_that_comes_again_goes_on_with_what_was_left(world: World) -> None:
    unknown(world)
    beat = {"event_id": an_event_id("back"), "source": "north-police.ra-feed", "feed_status": "ok"}
    event = {
        "schema_version": "1.0",
        "event_type": "RA_FEED_HEARTBEAT",
        "occurred_at": "2026-11-24T09:41:00Z",
        **beat,
    }
    world.take(event, bus_id="bus-again")
    world.take(a_receipt(ref="NS-26-LEFT00"))
    left = ("R#NS-26-LEFT00", "CHILD#01")
    not_known = Change({"ra": "UNKNOWN"})
    world.store.write([world.store.update("left", world.store.state, left, change=not_known)])
    world.take(event, bus_id="bus-again")
    assert world.all_children("NS-26-LEFT00") == {1: "ABSENT"}
