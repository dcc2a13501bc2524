"""Each clause of a person's act on a message or a task alone: with only that one false, nothing is done."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.by_hand import ByHand, Ended, Repeated, Stopped
from functions.adapters.ledger.chain import Fact, Tip
from functions.adapters.ledger.items import due_attributes
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import NewDelivery, NewNotice, Referral, Sealed
from functions.adapters.ledger.store import Change, ConditionsFailedError, Item
from functions.flows.planning.deliveries import pins_of
from schemas.codes import AuditKind, Channel, PauseCause
from tests.stage_tables import on_moto
from tests.world import MORNING, World, a_decision, a_world

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
PK = keys.referral(REF)
POLICE = DeliveryKey(REF, 1, 1, "north-police", Channel.WEBHOOK)
PROBATION = DeliveryKey(REF, 1, 1, "north-probation", Channel.EMAIL)
AGAIN = replace(POLICE, nonce=keys.repeat_nonce("", "request"))
TASK = "TASK#CALL_UNTOLD#01#north-police"
LATER = MORNING + timedelta(minutes=1)
Act = Callable[[], object]


@pytest.fixture
def world(_no_real_account: None) -> Iterator[World]:
    """The worked example: one message free and one held, and a call that is open."""
    with a_world(on_moto) as one:
        held = [{"code": "STAFF_LINK", "agency_id": "north-probation"}]
        one.take(a_decision(hold_codes=held))
        task = {"pk": PK, "sk": TASK, "st": "OPEN", "kind": "CALL_UNTOLD", "child": 1, "dver": 1}
        one.store.write([one.store.put("x", "state", task)])
        yield one


def everything(world: World) -> list[list[Item]]:
    return [world.all_items(table) for table in ("audit", "state", "keys")]


def read(world: World) -> Referral:
    return world.intake_desk.intake.referral(REF)


def by_hand(world: World) -> ByHand:
    return ByHand(world.store, world.chain)


def item(world: World, sk: str) -> Item:
    found = world.store.get("state", PK, sk)
    assert found is not None
    return found


def change(world: World, sk: str, *remove: str, **attributes: Any) -> None:
    """Makes one item say something else, as another writer might have."""
    world.store.write([world.store.update("x", "state", (PK, sk), change=Change(attributes, remove))])


def a_fact(kind: AuditKind = AuditKind.RESENT) -> Fact:
    return Fact(kind, "by-hand", "mash-manager", "test", {})


def a_repeat(world: World, *, takes_over: bool = True) -> Repeated:
    seen = item(world, POLICE.sk)
    pins = pins_of(seen).model_copy(update={"message_id": "msg_" + "0" * 32})
    return Repeated(
        a_fact(),
        seen,
        takes_over,
        NewDelivery(AGAIN, pins, 1, (), 1800),
        NewNotice(AGAIN.notice_sk, Sealed("by-hand", b"cipher")),
    )


def repeated(world: World) -> Act:
    referral, what = read(world), a_repeat(world)
    return lambda: by_hand(world).repeat(referral, what, LATER)


def repeated_beside(world: World) -> Act:
    referral, what = read(world), a_repeat(world, takes_over=False)
    return lambda: by_hand(world).repeat(referral, what, LATER)


def hastened(world: World) -> Act:
    referral, seen = read(world), item(world, POLICE.sk)
    return lambda: by_hand(world).hasten(referral, seen, a_fact(), LATER)


def stopped(world: World) -> Act:
    referral = read(world)
    what = Stopped(
        [a_fact(AuditKind.CANCELLED)],
        [item(world, POLICE.sk), item(world, PROBATION.sk)],
        [item(world, TASK)],
    )
    return lambda: by_hand(world).cancel(referral, what, LATER)


def ended(world: World) -> Act:
    tip, task = read(world).tip, item(world, TASK)
    what = Ended(a_fact(AuditKind.TASK), task, [item(world, POLICE.sk), item(world, PROBATION.sk)])
    return lambda: by_hand(world).end(tip, what, LATER)


THE_POLICES, PROBATIONS = f"delivery {POLICE.sk}", f"delivery {PROBATION.sk}"

STANDS_IN_THE_WAY: dict[str, tuple[Callable[[World], Act], str, str, dict[str, Any]]] = {
    "again: a newer version came": (repeated, "child", keys.child(1), {"dver": 2}),
    "again: it was sent": (repeated, THE_POLICES, POLICE.sk, {"st": "SENT"}),
    "again: it was tried": (repeated, THE_POLICES, POLICE.sk, {"attempt": 1}),
    "again: it was held": (repeated, THE_POLICES, POLICE.sk, {"held": ["SENSITIVE"]}),
    "again: it was sent again": (repeated, THE_POLICES, POLICE.sk, {"resent": "+S00000000"}),
    "again: its notice is there": (repeated, f"notice {AGAIN.notice_sk}", AGAIN.notice_sk, {"uid": "x"}),
    "again: the new one is there": (repeated, f"delivery {AGAIN.sk}", AGAIN.sk, {"st": "PENDING"}),
    "beside: a newer version came": (repeated_beside, "child", keys.child(1), {"dver": 2}),
    "beside: it was sent": (repeated_beside, THE_POLICES, POLICE.sk, {"st": "SENT"}),
    "beside: it was tried": (repeated_beside, THE_POLICES, POLICE.sk, {"attempt": 1}),
    "beside: it was held": (repeated_beside, THE_POLICES, POLICE.sk, {"held": ["SENSITIVE"]}),
    "at once: it was claimed": (hastened, THE_POLICES, POLICE.sk, {"st": "SENDING"}),
    "at once: it was tried": (hastened, THE_POLICES, POLICE.sk, {"attempt": 1}),
    "at once: it was held": (hastened, THE_POLICES, POLICE.sk, {"held": ["SENSITIVE"]}),
    "stop: it was claimed": (stopped, THE_POLICES, POLICE.sk, {"st": "SENDING"}),
    "stop: it was tried": (stopped, THE_POLICES, POLICE.sk, {"attempt": 1}),
    "stop: it was held": (stopped, THE_POLICES, POLICE.sk, {"held": ["SENSITIVE"]}),
    "stop: it is held for something else": (stopped, PROBATIONS, PROBATION.sk, {"held": ["SENSITIVE"]}),
    "stop: its task was done": (stopped, f"done {TASK}", TASK, {"st": "DONE"}),
    "done: somebody did it": (ended, f"done {TASK}", TASK, {"st": "DONE"}),
    "done: it became overdue": (ended, f"done {TASK}", TASK, {"st": "OVERDUE"}),
    "done: the clock moved on": (ended, THE_POLICES, POLICE.sk, {"watch": "CALL"}),
    "done: the clock rings at another time": (ended, THE_POLICES, POLICE.sk, {"watch_at": "x"}),
    "done: a clock was started": (ended, PROBATIONS, PROBATION.sk, {"watch": "CALL"}),
}


@pytest.mark.parametrize(
    ("prepare", "part", "sk", "stands"), STANDS_IN_THE_WAY.values(), ids=STANDS_IN_THE_WAY
)
def test_an_act_with_one_clause_false_names_it_and_writes_nothing(
    world: World, prepare: Callable[[World], Act], part: str, sk: str, stands: dict[str, Any]
) -> None:
    act = prepare(world)
    change(world, sk, **stands)
    before = everything(world)
    with pytest.raises(ConditionsFailedError) as caught:
        act()
    assert list(caught.value.found) == [part]
    assert stands.items() <= caught.value.found[part].items()
    assert everything(world) == before


def test_to_stop_what_is_held_no_more_is_refused(world: World) -> None:
    act = stopped(world)
    change(world, PROBATION.sk, "held")
    with pytest.raises(ConditionsFailedError) as caught:
        act()
    assert list(caught.value.found) == [PROBATIONS]


@pytest.mark.parametrize("prepare", [repeated, repeated_beside, hastened, stopped, ended])
def test_an_act_whose_tip_alone_moved_is_contended_for_and_writes_nothing(
    world: World, prepare: Callable[[World], Act]
) -> None:
    act = prepare(world)
    world.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    before = everything(world)
    with pytest.raises(ContendedError):
        act()
    assert everything(world) == before


@pytest.mark.parametrize("prepare", [repeated, hastened, stopped, ended])
def test_the_same_act_again_after_an_answer_that_was_lost_is_done_already(
    world: World, prepare: Callable[[World], Act]
) -> None:
    act = prepare(world)
    act()
    before = everything(world)
    act()
    assert everything(world) == before


def test_a_fact_stands_where_it_is_the_very_next_row(world: World) -> None:
    tip = read(world).tip
    assert not by_hand(world).stands(PK, tip, a_fact())
    hastened(world)()
    assert by_hand(world).stands(PK, tip, a_fact())
    assert not by_hand(world).stands(PK, tip, replace(a_fact(), uid="another"))
    assert not by_hand(world).stands(PK, Tip(), a_fact())


# --- made due without a row


def put_off(world: World, **attributes: Any) -> None:
    change(world, POLICE.sk, **due_attributes(POLICE, MORNING + timedelta(hours=1)), **attributes)


@pytest.mark.parametrize("state", ["PENDING", "RETRY"])
def test_what_waits_for_a_later_time_is_due_now(world: World, state: str) -> None:
    put_off(world, st=state)
    assert by_hand(world).put_forward(POLICE, LATER)
    now = item(world, POLICE.sk)
    assert {name: now[name] for name in ("due_at", "due_pk", "due_sk")} == due_attributes(POLICE, LATER)
    assert now["st"] == state


@pytest.mark.parametrize(
    "stands",
    [
        {"st": "SENDING"},
        {"st": "PARKED"},
        {"held": ["SENSITIVE"]},
        {"due_at": "2026-11-24T15:03:30.000Z"},
    ],
    ids=["being sent", "set aside", "held", "due already"],
)
def test_what_does_not_wait_for_a_later_time_is_left_as_it_is(world: World, stands: dict[str, Any]) -> None:
    put_off(world)
    change(world, POLICE.sk, **stands)
    before = everything(world)
    assert not by_hand(world).put_forward(POLICE, LATER)
    assert everything(world) == before


# --- finding


def test_what_waits_is_found_by_agency_channel_and_time(world: World) -> None:
    finding = world.act_desk.finding
    put_off(world)
    gone = replace(POLICE, agency_id="north-gp")
    other = {**item(world, POLICE.sk), "sk": gone.sk, **due_attributes(gone, MORNING + timedelta(hours=1))}
    world.store.write([world.store.put("x", "state", other)])
    assert list(finding.waiting("north-police", Channel.WEBHOOK, LATER)) == [POLICE]
    assert list(finding.waiting("north-police", Channel.EMAIL, LATER)) == []
    assert list(finding.waiting("north-police", Channel.WEBHOOK, MORNING + timedelta(hours=1))) == []


def test_a_key_of_another_release_hides_no_delivery_that_waits(world: World) -> None:
    put_off(world)
    alien = {"pk": PK, "sk": "N#alien", "due_pk": keys.shard_of(POLICE.text), "due_sk": "2026-11-25T#x"}
    world.store.write([world.store.put("x", "state", alien)])
    assert list(world.act_desk.finding.waiting("north-police", Channel.WEBHOOK, LATER)) == [POLICE]


def test_an_entry_is_found_by_its_request_among_the_newest(world: World) -> None:
    agency = keys.agency("north-police")
    finding, health = world.act_desk.finding, world.health
    health.pause("north-police", PauseCause.BY_HAND, by="me", reason="x", request="mine", now=MORNING)
    health.resume("north-police", by="you", reason="x", request="yours", now=MORNING)
    first, second, third = world.store.partition("audit", agency, "E#")
    assert finding.entry_of(agency, "mine") == second["sk"]
    assert finding.entry_of(agency, "yours") == third["sk"]
    assert finding.entry_of(agency, "theirs") is None
    assert "req" not in first
