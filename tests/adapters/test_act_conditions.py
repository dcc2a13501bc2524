"""Each clause of a person's acts and of a clock alone: with only that one false, nothing is written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.acts import Acts, Freed, Release
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.items import task_key
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import NewDelivery, NewNotice, Referral, Sealed
from functions.adapters.ledger.store import Change, ConditionsFailedError, Item
from functions.domain.tasks import Task
from functions.flows.planning.deliveries import pins_of
from schemas.codes import AuditKind, Channel, HoldTrigger, TaskKind, TaskRole
from tests.stage_tables import on_moto
from tests.world import MORNING, World, a_decision, a_world

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
PK = keys.referral(REF)
POLICE = DeliveryKey(REF, 1, 1, "north-police", Channel.WEBHOOK)
PROBATION = DeliveryKey(REF, 1, 1, "north-probation", Channel.EMAIL)
TO_A_LEAD = replace(PROBATION, nonce="L0000001")
OPENED = Task(TaskKind.RELEASE_AGENCY, TaskRole.DIRECTORY_OWNER, MORNING + timedelta(hours=1), "north-police")
DONE = keys.task(TaskKind.RELEASE_CHILD, 1)
PLACES = {
    "child": (PK, keys.child(1)),
    f"delivery {POLICE.sk}": (PK, POLICE.sk),
    f"delivery {PROBATION.sk}": (PK, PROBATION.sk),
    f"delivery {TO_A_LEAD.sk}": (PK, TO_A_LEAD.sk),
    f"notice {TO_A_LEAD.notice_sk}": (PK, TO_A_LEAD.notice_sk),
    f"done {DONE}": (PK, DONE),
    f"task {task_key(PK, 1, OPENED).sk}": (PK, task_key(PK, 1, OPENED).sk),
}


@pytest.fixture
def held() -> Iterator[World]:
    """A sensitive decision that nobody has released."""
    with a_world(on_moto) as world:
        world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
        yield world


def everything(world: World) -> list[list[Item]]:
    return [world.all_items(table) for table in ("audit", "state", "keys")]


def read(world: World) -> Referral:
    return world.intake_desk.intake.referral(REF)


def acts(world: World) -> Acts:
    return Acts(world.store, world.chain)


def change(world: World, place: str, **attributes: Any) -> None:
    """Makes one item say something else, as another writer might have."""
    world.store.write([world.store.update("x", "state", PLACES[place], change=Change(attributes))])


def a_release(world: World, **changes: Any) -> Release:
    """One of everything that a release can change."""
    lead = world.delivery("north-probation", Channel.EMAIL)
    pins = pins_of(lead).model_copy(update={"message_id": "msg_" + "0" * 32})
    values: dict[str, Any] = {
        "child": 1,
        "seq": 1,
        "facts": [Fact(AuditKind.RELEASED, "released", "mash-manager", "test", {})],
        "freed": [Freed(world.delivery("north-police", Channel.WEBHOOK), ())],
        "cancelled": [lead],
        "notices": [NewNotice(TO_A_LEAD.notice_sk, Sealed("released", b"cipher"))],
        "deliveries": [NewDelivery(TO_A_LEAD, pins, 1, (), watched_after_seconds=1800)],
        "tasks": [OPENED],
        "done_tasks": [read(world).tasks[DONE]],
        "child_held": (),
    }
    return Release(**{**values, **changes})


STANDS_IN_THE_WAY: dict[str, tuple[str, dict[str, Any]]] = {
    "the child has a newer version": ("child", {"dver": 2}),
    "the child is held for something else": ("child", {"held": ["EMERGENCY", "SENSITIVE"]}),
    "the child is held no more": ("child", {"held": []}),
    "the message was sent": (f"delivery {POLICE.sk}", {"st": "SENT"}),
    "the message is held for something else, too": (
        f"delivery {POLICE.sk}",
        {"held": ["SENSITIVE", "STAFF_LINK"]},
    ),
    "the message to be cancelled was superseded": (f"delivery {PROBATION.sk}", {"st": "SUPERSEDED"}),
    "the message to be cancelled is held for something else": (
        f"delivery {PROBATION.sk}",
        {"held": ["STAFF_LINK"]},
    ),
    "the lead's message is there already": (f"delivery {TO_A_LEAD.sk}", {"st": "PENDING"}),
    "the lead's notice is there already": (f"notice {TO_A_LEAD.notice_sk}", {"uid": "another"}),
    "the task was done": (f"done {DONE}", {"st": "DONE"}),
    "the task became overdue": (f"done {DONE}", {"st": "OVERDUE"}),
    "the new task is open already": (f"task {task_key(PK, 1, OPENED).sk}", {"st": "OPEN"}),
    "the new task is overdue already": (f"task {task_key(PK, 1, OPENED).sk}", {"st": "OVERDUE"}),
}


@pytest.mark.parametrize(("part", "stands"), STANDS_IN_THE_WAY.values(), ids=STANDS_IN_THE_WAY)
def test_a_release_with_one_clause_false_names_it_and_writes_nothing(
    held: World, part: str, stands: dict[str, Any]
) -> None:
    ended, referral = a_release(held), read(held)
    change(held, part, **stands)
    before = everything(held)
    with pytest.raises(ConditionsFailedError) as caught:
        acts(held).release(referral, ended, MORNING)
    assert list(caught.value.found) == [part]
    assert stands.items() <= caught.value.found[part].items()
    assert everything(held) == before


@pytest.mark.parametrize("stands", [{"dver": 2}, {"held": []}], ids=["newer", "released"])
def test_a_release_that_leaves_the_child_held_still_asks_how_it_is_held(
    held: World, stands: dict[str, Any]
) -> None:
    """What it frees, or makes, was worked out from what held the child."""
    ended, referral = a_release(held, child_held=None), read(held)
    change(held, "child", **stands)
    before = everything(held)
    with pytest.raises(ConditionsFailedError) as caught:
        acts(held).release(referral, ended, MORNING)
    assert list(caught.value.found) == ["child"]
    assert everything(held) == before


def test_a_release_whose_tip_alone_moved_is_contended_for_and_writes_nothing(held: World) -> None:
    ended, referral = a_release(held), read(held)
    held.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    before = everything(held)
    with pytest.raises(ContendedError):
        acts(held).release(referral, ended, MORNING)
    assert everything(held) == before


def test_a_release_writes_all_of_it_together(held: World) -> None:
    acts(held).release(read(held), a_release(held), MORNING)
    police = held.delivery("north-police", Channel.WEBHOOK)
    assert ("held" in police, police["st"], police["due_at"]) == (
        False,
        "PENDING",
        "2026-11-24T15:02:30.000Z",
    )
    cancelled = held.delivery("north-probation", Channel.EMAIL)
    assert (cancelled["st"], "held" in cancelled, "due_pk" in cancelled) == ("CANCELLED", False, False)
    lead = held.delivery("north-probation", Channel.EMAIL, nonce="L0000001")
    assert (lead["st"], lead["due_at"]) == ("PENDING", "2026-11-24T15:02:30.000Z")
    assert read(held).notices[TO_A_LEAD.notice_sk]["uid"] == "released"
    assert read(held).children[1]["held"] == []
    assert {sk: task["st"] for sk, task in held.tasks().items()} == {
        "RELEASE_CHILD#01": "DONE",
        "RELEASE_AGENCY#01#north-police": "OPEN",
    }
    assert held.rows()[-1]["uid"] == "released"


def test_what_is_still_held_is_not_due(held: World) -> None:
    police = held.delivery("north-police", Channel.WEBHOOK)
    still = a_release(held, freed=[Freed(police, (HoldTrigger.STAFF_LINK,))])
    acts(held).release(read(held), still, MORNING)
    item = held.delivery("north-police", Channel.WEBHOOK)
    assert (item["held"], "due_pk" in item) == (["STAFF_LINK"], False)


# --- a clock that fires


@pytest.mark.parametrize(
    "stands",
    [{"st": "DONE"}, {"st": "OVERDUE"}, {"due_at": "2026-11-25T00:00:00.000Z"}],
    ids=["done", "fired already", "due at another time"],
)
def test_a_clock_fires_only_for_the_task_as_it_was_read(held: World, stands: dict[str, Any]) -> None:
    overdue = acts(held).overdue(PK, DONE)
    assert overdue is not None
    change(held, f"done {DONE}", **stands)
    before = everything(held)
    with pytest.raises(ConditionsFailedError) as caught:
        acts(held).fire(overdue, Fact(AuditKind.CLOCK_FIRED, "fired", "mash-outcomes", "test", {}), MORNING)
    assert list(caught.value.found) == ["task"]
    assert everything(held) == before


def test_a_clock_whose_tip_alone_moved_is_contended_for_and_writes_nothing(held: World) -> None:
    overdue = acts(held).overdue(PK, DONE)
    assert overdue is not None
    held.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    before = everything(held)
    with pytest.raises(ContendedError):
        acts(held).fire(overdue, Fact(AuditKind.CLOCK_FIRED, "fired", "mash-outcomes", "test", {}), MORNING)
    assert everything(held) == before


def test_a_task_that_is_not_there_is_not_overdue(held: World) -> None:
    assert acts(held).overdue(PK, keys.task(TaskKind.RELEASE_CHILD, 7)) is None
