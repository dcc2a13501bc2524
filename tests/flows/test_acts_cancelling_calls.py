"""Nobody rings an agency about messages to it that a person stopped."""

from datetime import timedelta
from typing import Any

from functions.adapters.ledger.calls import CALLS
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.reading import WorkIndex
from functions.adapters.ledger.store import Item
from functions.domain.delivery import Answer
from functions.flows.acting.cancel import Cancelled, cancel, what_would_stop
from functions.flows.acting.done import WhichTask, done
from functions.flows.acting.order import Which
from functions.flows.acting.resend import send_again, what_would_go
from schemas.codes import ActReason, AttemptResult, Channel, ErrorWord, TaskKind, TaskRole
from tests.flows.sweeps import POLICE as POLICES_WEBHOOK
from tests.flows.sweeps import REF, fails, sweep_for
from tests.flows.untold import set_
from tests.world import World, a_decision, a_revision

POLICE, PROBATION = "north-police", "north-probation"
FOR_GOOD = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)


def stop(world: World, agency: str = POLICE, **which: Any) -> Cancelled:
    found = what_would_stop(Which(REF, agency_id=agency, **which), world.act_desk)
    return cancel(found, world.order(ActReason.NOT_SAFE_TO_TELL), world.act_desk)


def cancelled(world: World) -> list[Item]:
    return [row for row in world.rows() if row["type"] == "CANCELLED"]


def listed(world: World) -> list[str]:
    """Whom anybody is still asked to ring."""
    tasks = (task for role in TaskRole for task in WorkIndex(world.store).of(role))
    return sorted(f"{task['kind']} {task['agency']}" for task in tasks if task["kind"] in CALLS)


def nothing_gets_through(world: World, **changes: Any) -> None:
    """Three hours in which the police's webhook and the e-mail in its place fail; somebody is to ring."""
    world.take(a_decision(involved_agencies=[], **changes))
    for channel in Channel:
        fails(world, channel)
    sweep_for(world, timedelta(hours=3), timedelta(minutes=10))
    assert listed(world) == [f"CALL_UNTOLD {POLICE}"]


def pass_by(world: World, hours: int) -> None:
    for _ in range(hours * 2):
        world.send_due()
        world.later(minutes=30)


def calls_and_alarms(world: World) -> list[Item]:
    return [row for row in world.rows() if row["type"] == "CLOCK_FIRED"]


def test_nobody_rings_an_agency_about_what_it_is_not_to_be_told(world: World) -> None:
    nothing_gets_through(world)
    came = stop(world)
    assert (came.done_tasks, listed(world)) == (1, [])
    call = world.tasks()[f"CALL_UNTOLD#01#{POLICE}"]
    assert (call["st"], call["messages"], {"due_pk", "work_pk"} & call.keys()) == ("DONE", [], set())
    before = calls_and_alarms(world)
    pass_by(world, hours=24)
    assert calls_and_alarms(world) == before


def test_the_row_of_the_last_message_names_the_tasks_that_end_with_it(world: World) -> None:
    nothing_gets_through(world)
    came = stop(world)
    assert [row.get("ended") for row in cancelled(world)] == [None, [f"TASK#CALL_UNTOLD#01#{POLICE}"]]
    assert len(came.items) == 2


def test_the_call_stays_while_another_way_of_telling_it_stands(world: World) -> None:
    nothing_gets_through(world)
    came = stop(world, channel=Channel.WEBHOOK)
    assert (came.done_tasks, listed(world)) == (0, [f"CALL_UNTOLD {POLICE}"])
    came = stop(world, channel=Channel.FALLBACK)
    assert (came.done_tasks, listed(world)) == (1, [])


def test_a_call_about_two_messages_ends_with_the_second(world: World) -> None:
    """The decision, and what it says of somebody at work, which was released later."""
    nothing_gets_through(world, additional_outcomes=["LAD"])
    world.release(allegation=True)
    sweep_for(world, timedelta(hours=3), timedelta(minutes=10))
    later = [item for item in world.all_items("state") if _is_later(item)]
    call = world.tasks()[f"CALL_UNTOLD#01#{POLICE}"]
    assert len(call["messages"]) == 2
    assert [stop(world, message=item["message_id"]).done_tasks for item in later] == [0, 0]
    call = world.tasks()[f"CALL_UNTOLD#01#{POLICE}"]
    assert (call["st"] != "DONE", call["messages"]) == (True, [""])
    assert stop(world).done_tasks == 1
    assert listed(world) == []


def _is_later(item: Item) -> bool:
    """Whether it is a message that a release made."""
    return "message_id" in item and item["sk"].startswith("N#") and DeliveryKey.of(item).origin != ""


def test_what_failed_for_good_is_stopped_with_its_call(world: World) -> None:
    """Else `mash recover` would send it again, and somebody rings meanwhile."""
    world.take(a_decision())
    fails(world, Channel.EMAIL, FOR_GOOD)
    pass_by(world, hours=1)
    assert world.delivery(PROBATION, Channel.EMAIL)["st"] == "FAILED"
    assert listed(world) == [f"CALL_UNTOLD {PROBATION}"]
    assert stop(world, PROBATION).done_tasks == 1
    item = world.delivery(PROBATION, Channel.EMAIL)
    assert (item["st"], "watch" in item, listed(world)) == ("CANCELLED", False, [])


def test_what_was_sent_again_counts_by_its_newest_message(world: World) -> None:
    world.take(a_decision())
    fails(world, Channel.EMAIL, FOR_GOOD)
    pass_by(world, hours=1)
    acts, which = world.act_desk, Which(REF, agency_id=PROBATION)
    send_again(what_would_go(which, acts, by_email=False), world.order(ActReason.ADDRESS_MENDED), acts)
    assert listed(world) == [f"CALL_UNTOLD {PROBATION}"]
    assert stop(world, PROBATION).done_tasks == 1


def test_a_call_about_an_older_version_ends_with_the_newer_ones_message(world: World) -> None:
    nothing_gets_through(world)
    world.take(a_revision())
    assert stop(world).done_tasks == 1
    assert listed(world) == []


def test_a_call_that_they_should_read_it_ends_too_and_another_agencys_stays(world: World) -> None:
    world.take(a_decision(involved_agencies=[]))
    pass_by(world, hours=5)
    assert listed(world) == [f"CALL_UNREAD {POLICE}"]
    untold = {**world.tasks()[f"CALL_UNREAD#01#{POLICE}"], "agency": PROBATION}
    sk = f"TASK#CALL_UNREAD#01#{PROBATION}"
    world.store.write([world.store.put("x", "state", {**untold, "pk": f"R#{REF}", "sk": sk})])
    set_(world, POLICES_WEBHOOK, st="QUARANTINE")
    assert stop(world).done_tasks == 1
    assert listed(world) == [f"CALL_UNREAD {PROBATION}"]


def test_a_call_that_was_made_is_not_counted_as_ended(world: World) -> None:
    nothing_gets_through(world)
    call = WhichTask(TaskKind.CALL_UNTOLD, REF, agency_id=POLICE)
    done(call, world.order(ActReason.NOT_NEEDED), world.act_desk)
    assert stop(world).done_tasks == 0


def test_the_tasks_have_their_room_beside_the_messages(world: World) -> None:
    """A hold's and both calls'; forty-nine rows and messages alone would leave place for one."""
    world.take(a_decision(hold_codes=[{"code": "REFERRER_IS_FAMILY"}]))
    first = world.delivery(POLICE, Channel.WEBHOOK)
    for number in range(48):
        item = {**first, "sk": f"{first['sk']}#D{number:08d}"}
        world.store.write([world.store.put("x", "state", item)])
    for kind in CALLS:
        call = {"kind": kind, "st": "OPEN", "child": 1, "dver": 1, "agency": POLICE, "messages": [""]}
        sk = f"TASK#{kind}#01#{POLICE}"
        world.store.write([world.store.put("x", "state", {"pk": first["pk"], "sk": sk, **call})])
    came = stop(world)
    assert (len(came.items), came.done_tasks) == (49, 3)
    ended = [sk for row in cancelled(world) for sk in row.get("ended", ())]
    assert sorted(ended) == sorted(f"TASK#{kind}#01#{POLICE}" for kind in (*CALLS, TaskKind.RELEASE_AGENCY))
