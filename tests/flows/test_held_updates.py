"""A message beside decisions that waits for its address stays somebody's task, until it goes or nobody need
send it."""

from dataclasses import replace

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.evidence import Partitions
from functions.domain.reconciliation.quiet import left_quietly
from functions.flows.acting.cancel import cancel, what_would_stop
from functions.flows.acting.order import Which
from schemas.codes import ActReason, AgencyType, Channel
from tests.flows.chases import CAME, DUE, LAST, REF, a_form, at, chasing
from tests.flows.heard import forget
from tests.flows.lives import a_plan_change, a_withdrawal, an_acknowledgement
from tests.flows.sweeps import rows_of
from tests.world import (
    World,
    a_decision,
    a_receipt,
    a_registry,
    a_revision,
    an_agency,
    change_agency,
)

POLICE, PROBATION, NURSE = "north-police", "north-probation", "hill-nurse"
PLAN, REMINDER = "UPLAN", "URA_REMINDER"
PART = [{"agency_id": PROBATION, "own_ref": "P/1", "holds_plan_role": True}]


def unverified(world: World, agency: str = PROBATION) -> None:
    change_agency(world, agency, verified_at=None)


def verified(world: World, agency: str = PROBATION) -> None:
    change_agency(world, agency, verified_at=f"{world.now:%Y-%m-%d}")


def state(world: World, agency: str = PROBATION) -> str:
    """Of the task to look after what is held for the agency."""
    return str(world.tasks()[f"RELEASE_AGENCY#01#{agency}"]["st"])


def quiet(world: World) -> list[object]:
    """What the reconciliation finds that nobody looks after."""
    return list(left_quietly(Partitions(world.store).read(keys.referral(REF))))


def stop(world: World, agency: str = PROBATION) -> None:
    which = Which(REF, agency_id=agency)
    desk = world.act_desk
    cancel(what_would_stop(which, desk), world.order(ActReason.WRONG_RECIPIENT), desk)


@pytest.fixture
def planned(world: World) -> World:
    """Probation was told of the decision, and its news of the plan waits for its address."""
    world.take(a_decision(involved_agencies=PART))
    world.send_due()
    unverified(world)
    world.take(a_plan_change())
    assert world.delivery(PROBATION, Channel.EMAIL, nonce=PLAN)["held"] == ["UNVERIFIED_ADDRESS"]
    assert state(world) == "OPEN"
    return world


@pytest.fixture
def reminded(world: World) -> World:
    """The last reminder of a police form waits for the address of the role that the force named."""
    chasing(world).take(a_receipt())
    for moment in (CAME, DUE):
        at(world, moment)
    change_agency(world, POLICE, escalation_verified_at=None)
    at(world, LAST)
    held = world.delivery(POLICE, Channel.EMAIL, seq=3, nonce=REMINDER)["held"]
    assert (held, state(world, POLICE)) == (["UNVERIFIED_ADDRESS"], "OPEN")
    return world


# --- a decision takes the place of no such message


def test_a_newer_decision_that_need_not_wait_leaves_it_somebodys_task(planned: World) -> None:
    verified(planned)
    planned.take(a_revision(involved_agencies=PART))
    assert (state(planned), quiet(planned)) == ("OPEN", [])
    planned.release(agency=PROBATION)
    planned.send_due()
    assert planned.delivery(PROBATION, Channel.EMAIL, nonce=PLAN)["st"] == "SENT"
    assert (state(planned), quiet(planned)) == ("DONE", [])


def test_the_last_reminder_of_a_form_stays_a_task_when_the_child_is_decided(reminded: World) -> None:
    due_at = reminded.tasks()[f"RELEASE_AGENCY#01#{POLICE}"]["due_at"]
    reminded.take(a_decision())
    assert (state(reminded, POLICE), quiet(reminded)) == ("OPEN", [])
    assert reminded.tasks()[f"RELEASE_AGENCY#01#{POLICE}"]["due_at"] == due_at
    change_agency(reminded, POLICE, escalation_verified_at=f"{reminded.now:%Y-%m-%d}")
    reminded.release(agency=POLICE)
    reminded.send_due()
    assert reminded.delivery(POLICE, Channel.EMAIL, seq=3, nonce=REMINDER)["st"] == "SENT"
    assert state(reminded, POLICE) == "DONE"


def test_a_decision_ends_the_hold_of_what_need_not_be_heard_once_it_is_made(world: World) -> None:
    world.apply(a_registry(an_agency(NURSE, AgencyType.SCHOOL_NURSING, Channel.EMAIL)))
    unverified(world, NURSE)
    world.take(a_receipt())
    world.take(an_acknowledgement(NURSE))
    assert state(world, NURSE) == "OPEN"
    verified(world, NURSE)
    world.take(a_decision())
    assert (state(world, NURSE), quiet(world)) == ("DONE", [])


# --- what takes its place ends its hold


def test_newer_news_that_need_not_wait_ends_the_hold_of_what_it_replaces(planned: World) -> None:
    verified(planned)
    planned.take(a_plan_change(plan_status="CIN_PLAN", changed_at="2026-11-25T11:00:00Z"))
    planned.send_due()
    assert planned.delivery(PROBATION, Channel.EMAIL, nonce=PLAN)["st"] == "SUPERSEDED"
    assert planned.delivery(PROBATION, Channel.EMAIL, seq=2, nonce=PLAN)["st"] == "SENT"
    assert (state(planned), quiet(planned)) == ("DONE", [])
    assert rows_of(planned, "UPDATE")[-1]["ended"] == [f"TASK#RELEASE_AGENCY#01#{PROBATION}"]


def test_newer_news_that_waits_as_well_is_the_same_task(planned: World) -> None:
    planned.take(a_plan_change(plan_status="CIN_PLAN", changed_at="2026-11-25T11:00:00Z"))
    assert planned.delivery(PROBATION, Channel.EMAIL, seq=2, nonce=PLAN)["held"] == ["UNVERIFIED_ADDRESS"]
    assert (state(planned), quiet(planned)) == ("OPEN", [])
    assert "ended" not in rows_of(planned, "UPDATE")[-1]


def test_newer_news_leaves_the_hold_of_a_decision(world: World) -> None:
    world.take(a_decision(involved_agencies=PART))
    world.send_due()
    unverified(world)
    world.take(a_plan_change())
    world.take(a_revision(involved_agencies=PART))
    verified(world)
    world.take(a_plan_change(plan_status="CIN_PLAN", changed_at="2026-11-25T11:00:00Z"))
    assert world.delivery(PROBATION, Channel.EMAIL, seq=2)["held"] == ["UNVERIFIED_ADDRESS"]
    assert (state(world), quiet(world)) == ("OPEN", [])


def test_a_form_that_has_come_ends_the_hold_of_its_reminder(reminded: World) -> None:
    a_form(reminded)
    at(reminded, LAST)
    assert reminded.delivery(POLICE, Channel.EMAIL, seq=3, nonce=REMINDER)["st"] == "SUPERSEDED"
    assert (state(reminded, POLICE), quiet(reminded)) == ("DONE", [])


def test_stopping_the_last_that_waits_ends_the_hold_whatever_it_had_replaced(planned: World) -> None:
    planned.take(a_plan_change(plan_status="CIN_PLAN", changed_at="2026-11-25T11:00:00Z"))
    stop(planned)
    assert (state(planned), quiet(planned)) == ("DONE", [])


# --- two things at once for one agency


def test_an_agency_may_wait_for_two_messages_of_one_event(world: World) -> None:
    world.apply(a_registry(an_agency(NURSE, AgencyType.SCHOOL_NURSING, Channel.EMAIL)))
    unverified(world, NURSE)
    world.take(a_receipt(referring_agency={"agency_id": NURSE, "own_ref": "SN/1"}, source_code="3C"))
    world.take(an_acknowledgement(NURSE))
    assert len(rows_of(world, "UPDATE")) == 2
    assert (state(world, NURSE), quiet(world)) == ("OPEN", [])


def test_the_word_that_a_decision_does_not_count_waits_though_the_decision_need_not(world: World) -> None:
    world.take(a_decision(involved_agencies=PART))
    world.send_due()
    unverified(world)
    world.take(a_revision(involved_agencies=PART))
    world.take(a_withdrawal(decision_seq=2))
    assert world.delivery(PROBATION, Channel.EMAIL, nonce="UWITHDRAWAL")["held"] == ["UNVERIFIED_ADDRESS"]
    assert (state(world), quiet(world)) == ("OPEN", [])


# --- staff that are linked to the child


def linked(world: World) -> None:
    """A newer decision says that probation's staff are linked to the child: its lead alone may be told."""
    lead = {"lead_address": "lead@north-probation.secure.example", "lead_verified_at": "2026-11-02"}
    change_agency(world, PROBATION, **lead)
    held = [{"code": "STAFF_LINK", "agency_id": PROBATION}]
    world.take(a_revision(involved_agencies=PART, hold_codes=held))


def test_a_lead_hears_of_the_decision_once_and_the_mailbox_nothing_of_what_waited(planned: World) -> None:
    planned.take(a_plan_change(plan_status="CIN_PLAN", changed_at="2026-11-25T11:00:00Z"))
    linked(planned)
    planned.release(agency=PROBATION)
    forget(planned)
    planned.send_due()
    assert [pins.addressee for pins, _ in planned.mailbox.sent] == ["SAFEGUARDING_LEAD"]
    assert planned.delivery(PROBATION, Channel.EMAIL, seq=2, nonce=PLAN)["st"] == "CANCELLED"
    assert (state(planned), quiet(planned)) == ("DONE", [])


def test_a_mailbox_of_linked_staff_has_nothing_though_only_news_waits_for_its_address(
    planned: World,
) -> None:
    linked(planned)
    stopped = planned.delivery(PROBATION, Channel.EMAIL, seq=2)
    desk = planned.act_desk
    seen = replace(what_would_stop(Which(REF, agency_id=PROBATION), desk), items=[stopped])
    cancel(seen, planned.order(ActReason.TOLD_BY_PHONE), desk)
    assert (state(planned), quiet(planned)) == ("OPEN", [])
    verified(planned)
    planned.release(agency=PROBATION)
    forget(planned)
    planned.send_due()
    assert planned.mailbox.sent == []
    assert planned.delivery(PROBATION, Channel.EMAIL, nonce=PLAN)["st"] == "CANCELLED"
    assert (state(planned), quiet(planned)) == ("DONE", [])
