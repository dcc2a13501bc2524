"""A person stops messages to one agency: nothing of them is ever sent, and the trail says who and why."""

from typing import Any

import pytest

from functions.adapters.ledger.store import Change, Item
from functions.domain.delivery import Answer
from functions.flows.acting.cancel import Cancelled, ToStop, cancel, what_would_stop
from functions.flows.acting.order import NotPossibleError, Which
from schemas.codes import ActReason, AgencyType, AttemptResult, Channel, ErrorWord
from tests.flows.test_taking_in import interleaved
from tests.world import (
    LosesAReply,
    World,
    a_decision,
    a_registry,
    an_agency,
    change_agency,
    is_whole,
    told_to,
)

SECOND_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
POLICE, PROBATION = "north-police", "north-probation"
BUSY = Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
CUT = Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)
IN_THE_FAMILY = [{"code": "REFERRER_IS_FAMILY"}]


def planned(world: World, agency: str = POLICE, **which: Any) -> ToStop:
    return what_would_stop(Which(REF, agency_id=agency, **which), world.act_desk)


def stop(world: World, agency: str = POLICE, **which: Any) -> Cancelled:
    order = world.order(ActReason.WRONG_RECIPIENT)
    return cancel(planned(world, agency, **which), order, world.act_desk)


def cancelled(world: World) -> list[Item]:
    return [row for row in world.rows() if row["type"] == "CANCELLED"]


def refused(world: World, agency: str = POLICE, **which: Any) -> str:
    before = [world.all_items(table) for table in ("audit", "state")]
    with pytest.raises(NotPossibleError) as caught:
        stop(world, agency, **which)
    assert [world.all_items(table) for table in ("audit", "state")] == before
    return str(caught.value)


def everything_drains(world: World) -> list[str]:
    """Three days of sweeps; whom anything left for."""
    for _ in range(6):
        world.later(hours=12)
        world.send_due()
    return told_to(world)


STATES: dict[str, tuple[str, str]] = {
    "PENDING": (POLICE, "PENDING"),
    "RETRY": (POLICE, "RETRY"),
    "QUARANTINE": (PROBATION, "QUARANTINE"),
    "PARKED": (PROBATION, "PARKED"),
    "held": (POLICE, "PENDING"),
}


def in_state(world: World, state: str) -> None:
    """The worked example with one message as it is to be stopped."""
    world.take(a_decision(hold_codes=IN_THE_FAMILY if state == "held" else []))
    if state == "RETRY":
        world.police.answers = [BUSY]
    if state == "QUARANTINE":
        world.mailbox.answers = [CUT]
    if state == "PARKED":
        change_agency(world, PROBATION, status="INACTIVE")
    if state != "PENDING":
        world.send_due()
    if state == "PARKED":
        change_agency(world, PROBATION, status="ACTIVE")


@pytest.mark.parametrize("state", STATES)
def test_what_is_stopped_is_never_sent_and_in_no_index(world: World, state: str) -> None:
    agency, stored = STATES[state]
    in_state(world, state)
    before = len([one for one in told_to(world) if one == agency])
    (item,) = stop(world, agency).items
    assert (item["st"], "held" in item) == (stored, state == "held")
    after = world.delivery(agency, Channel(item["chan"]))
    assert after["st"] == "CANCELLED"
    assert not {"due_pk", "due_sk", "due_at", "watch_pk", "watch_sk", "held"} & after.keys()
    assert len([one for one in everything_drains(world) if one == agency]) == before


@pytest.mark.parametrize("state", STATES)
def test_the_row_says_what_was_stopped_who_stopped_it_and_why(world: World, state: str) -> None:
    agency, stored = STATES[state]
    in_state(world, state)
    came = stop(world, agency)
    (row,) = cancelled(world)
    said = {"actor": "mash-manager", "reason": "WRONG_RECIPIENT", "agency": agency, "was": stored, "dver": 1}
    assert said.items() <= row.items()
    assert row.get("held") == (["REFERRER_IS_FAMILY"] if state == "held" else None)
    assert came.entries == (f"R#{REF} {row['sk']}",)
    assert is_whole(world.rows())


def test_every_message_to_the_agency_is_stopped_each_with_its_row_and_nobody_elses(world: World) -> None:
    both = an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, Channel.WEBHOOK)
    world.apply(a_registry(both))
    involved = [{"agency_id": "hill-school", "own_ref": "HS/204", "holds_plan_role": True}]
    world.take(a_decision(involved_agencies=involved))
    came = stop(world, "hill-school")
    assert {item["chan"] for item in came.items} == {"email", "webhook"}
    assert [(row["agency"], row["chan"]) for row in cancelled(world)] == [
        ("hill-school", "email"),
        ("hill-school", "webhook"),
    ]
    assert everything_drains(world) == [POLICE]


def test_one_channel_of_an_agency_can_be_stopped_alone(world: World) -> None:
    both = an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, Channel.WEBHOOK)
    world.apply(a_registry(both))
    involved = [{"agency_id": "hill-school", "own_ref": "HS/204", "holds_plan_role": True}]
    world.take(a_decision(involved_agencies=involved))
    stop(world, "hill-school", channel=Channel.WEBHOOK)
    world.send_due()
    assert world.delivery("hill-school", Channel.EMAIL)["st"] == "SENT"
    assert world.delivery("hill-school", Channel.WEBHOOK)["st"] == "CANCELLED"


# --- the task of a hold


def test_the_task_of_a_hold_ends_with_the_last_message_that_it_held(world: World) -> None:
    both = an_agency(POLICE, AgencyType.POLICE, Channel.EMAIL, Channel.WEBHOOK)
    probation = an_agency(PROBATION, AgencyType.PROBATION, Channel.EMAIL)
    world.apply(a_registry().model_copy(update={"agency": (both, probation)}))
    world.take(a_decision(hold_codes=IN_THE_FAMILY))
    came = stop(world, channel=Channel.WEBHOOK)
    assert (came.done_tasks, world.tasks()[f"RELEASE_AGENCY#01#{POLICE}"]["st"]) == (0, "OPEN")
    came = stop(world, channel=Channel.EMAIL)
    task = world.tasks()[f"RELEASE_AGENCY#01#{POLICE}"]
    assert (came.done_tasks, task["st"], "work_pk" in task) == (1, "DONE", False)


def test_the_childs_own_hold_and_its_task_stay(world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    stop(world)
    assert world.tasks()["RELEASE_CHILD#01"]["st"] == "OPEN"
    world.release()
    assert everything_drains(world) == [PROBATION]


# --- what cannot be stopped


def change(world: World, agency: str, channel: Channel, **attributes: Any) -> None:
    item = world.delivery(agency, channel)
    part = world.store.update("x", "state", (item["pk"], item["sk"]), change=Change(attributes))
    world.store.write([part])


def test_what_is_being_sent_cannot_be_stopped(world: World) -> None:
    world.take(a_decision())
    change(world, POLICE, Channel.WEBHOOK, st="SENDING")
    assert refused(world) == (
        "It is being sent at this moment, and nobody can stop that: look again in a minute."
    )


def test_beside_one_that_is_being_sent_the_others_are_stopped(world: World) -> None:
    both = an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, Channel.WEBHOOK)
    world.apply(a_registry(both))
    involved = [{"agency_id": "hill-school", "own_ref": "HS/204", "holds_plan_role": True}]
    world.take(a_decision(involved_agencies=involved))
    change(world, "hill-school", Channel.WEBHOOK, st="SENDING")
    agreed = planned(world, "hill-school")
    assert [item["chan"] for item in agreed.on_their_way] == ["webhook"]
    cancel(agreed, world.order(ActReason.TOLD_BY_PHONE), world.act_desk)
    assert [row["chan"] for row in cancelled(world)] == ["email"]


def test_what_has_ended_is_not_stopped_and_the_answer_says_how_it_stands(world: World) -> None:
    world.take(a_decision())
    world.send_due()
    assert refused(world) == "Nothing there is still to be sent (SENT). It has left: call the agency."


def test_what_was_stopped_has_not_left(world: World) -> None:
    world.take(a_decision())
    stop(world)
    assert refused(world) == "Nothing there is still to be sent (CANCELLED)."


def test_of_several_children_the_one_must_be_said(world: World) -> None:
    world.take(a_decision())
    world.take(a_decision(event_id=SECOND_ID, child_index=2))
    assert refused(world) == f"That means children 1, 2 of {REF}: say which with --child."
    stop(world, child=2)
    assert [row["child"] for row in cancelled(world)] == [2]


def test_an_agency_that_left_the_registry_can_still_be_spared_a_message(world: World) -> None:
    world.take(a_decision())
    change_agency(world, POLICE, status="INACTIVE")
    assert [item["agency"] for item in stop(world).items] == [POLICE]


def test_a_reason_for_another_act_is_none_for_this(world: World) -> None:
    world.take(a_decision())
    with pytest.raises(NotPossibleError, match="MAINTENANCE is no reason to stop a message"):
        cancel(planned(world), world.order(ActReason.MAINTENANCE), world.act_desk)
    assert cancelled(world) == []


# --- two at once, answers that get lost, and many


def test_an_answer_that_was_lost_stops_nothing_twice(world: World) -> None:
    world.take(a_decision())
    agreed = planned(world)
    world.use(LosesAReply)
    came = cancel(agreed, world.order(ActReason.WRONG_RECIPIENT), world.act_desk)
    assert len(came.items) == len(cancelled(world)) == 1


def test_what_leaves_at_that_moment_is_not_called_stopped(world: World) -> None:
    world.take(a_decision())
    agreed = planned(world)

    def meanwhile() -> None:
        world.send_due()

    interleaved(world, meanwhile)
    with pytest.raises(NotPossibleError, match="All of it was sent, or stopped by somebody else"):
        cancel(agreed, world.order(ActReason.WRONG_RECIPIENT), world.act_desk)
    assert cancelled(world) == []
    assert world.delivery(POLICE, Channel.WEBHOOK)["st"] == "SENT"


def test_of_two_people_at_once_one_stops_it(world: World) -> None:
    world.take(a_decision())
    agreed = planned(world)

    def meanwhile() -> None:
        stop(world)

    interleaved(world, meanwhile)
    with pytest.raises(NotPossibleError):
        cancel(agreed, world.order(ActReason.WRONG_RECIPIENT), world.act_desk)
    assert len(cancelled(world)) == 1


def test_a_worker_that_has_the_message_in_hand_finds_it_stopped_and_sends_nothing(world: World) -> None:
    world.take(a_decision())

    def stopped() -> None:
        if not cancelled(world):
            stop(world)

    world.police.while_made_ready = stopped
    world.send_due()
    assert told_to(world) == [PROBATION]


def test_more_than_one_transaction_takes_is_stopped_in_several(world: World) -> None:
    """A school that referred the same child sixty times is told of each under its own reference."""
    world.take(a_decision())
    first = world.delivery(POLICE, Channel.WEBHOOK)
    for number in range(60):
        item = {**first, "sk": f"{first['sk']}#D{number:08d}"}
        world.store.write([world.store.put("x", "state", item)])
    came = stop(world)
    assert len(came.items) == len(set(came.entries)) == len(cancelled(world)) == 61
    assert is_whole(world.rows())
    assert everything_drains(world) == [PROBATION]
