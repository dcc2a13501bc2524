"""Each clause of claim, close and set aside alone: with only that one false, nothing is written."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import Fact, Tip, at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.sending import HeldAgain, Sending
from functions.adapters.ledger.store import Change, ConditionsFailedError, Item
from functions.adapters.ledger.waiting import Claim, Waiting
from functions.domain.delivery import LEASE, Next
from functions.domain.endpoint import Answered, Slot
from functions.domain.tasks import Task
from schemas.codes import AgencyType, AuditKind, Channel, DeliveryState, HoldTrigger, TaskKind, TaskRole
from tests.stage_tables import on_moto
from tests.world import MORNING, World, a_decision, a_registry, a_world, an_agency

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
REF = "NS-26-7KQ4ZP"
POLICE = DeliveryKey(REF, 1, 1, "north-police", Channel.WEBHOOK)
BEFORE, NOW, AFTER = (at_text(MORNING + timedelta(seconds=seconds)) for seconds in (-1, 0, 1))
LEASE_END = MORNING + LEASE

PLACES = {
    "delivery": (POLICE.pk, POLICE.sk),
    "child": (POLICE.pk, keys.child(1)),
    "agency": (keys.agency("north-police"), keys.HEAD),
    "lane": (keys.lane(REF, 1, "north-police"), keys.LANE),
}


def everything(world: World) -> list[list[Item]]:
    return [world.all_items(table) for table in ("audit", "state", "keys")]


def sending(world: World) -> Sending:
    return Sending(world.store, world.chain)


def a_fact(kind: AuditKind, name: str) -> Fact:
    return Fact(kind, name, actor="mash-outcomes", cause="test", details={}, agency_id="north-police")


def change(world: World, place: str, **attributes: Any) -> None:
    """Makes one item say something else, as another writer might have."""
    world.store.write([world.store.update("x", "state", PLACES[place], change=Change(attributes))])


def read(world: World, key: DeliveryKey = POLICE) -> Waiting:
    waiting = sending(world).load(key)
    assert waiting is not None
    return waiting


def claim(world: World, waiting: Waiting, *, owner: str = "me") -> None:
    started = a_fact(AuditKind.ATTEMPT_STARTED, f"{owner} claims {waiting.key.sk}")
    sending(world).claim(
        waiting,
        waiting.tip,
        [started],
        claim=a_claim(world, waiting, owner),
        body_sha256="0" * 64,
        token_sha256=None,
        now=world.now,
    )


def a_claim(world: World, waiting: Waiting, owner: str = "me") -> Claim:
    slot = waiting.endpoint.free_slot(world.now) if waiting.endpoint else None
    return Claim(owner, waiting.attempt, LEASE_END, slot)


# --- claim

NOT_CLAIMABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "it is held": ("delivery", {"held": ["EMERGENCY"]}),
    "it is due only later": ("delivery", {"due_at": AFTER}),
    "it was sent": ("delivery", {"st": "SENT"}),
    "it was superseded": ("delivery", {"st": "SUPERSEDED"}),
    "another has it": ("delivery", {"st": "SENDING", "lease_until": AFTER}),
    "another has it to this very moment": ("delivery", {"st": "SENDING", "lease_until": NOW}),
    "another attempt was made since": ("delivery", {"st": "RETRY", "attempt": 1}),
    "the child has a newer version": ("child", {"dver": 2}),
    "the child has an older version": ("child", {"dver": 0}),
    "the agency is suspended": ("agency", {"status": "SUSPENDED"}),
    "the agency changed since": ("agency", {"version": 2}),
    "its own channel is busy": ("lane", {"ver": 1, "busy_webhook": AFTER}),
    "its own channel is busy to this very moment": ("lane", {"ver": 1, "busy_webhook": NOW}),
    "its own channel is busy with an older version": ("lane", {"ver": 0, "busy_webhook": AFTER}),
    "a newer version has gone": ("lane", {"ver": 2}),
    "an older version is on its way elsewhere": ("lane", {"ver": 0, "busy_email": AFTER}),
    "an older version is on its way elsewhere to this very moment": ("lane", {"ver": 0, "busy_email": NOW}),
}


@pytest.mark.parametrize(("part", "stands"), NOT_CLAIMABLE.values(), ids=NOT_CLAIMABLE)
def test_a_claim_with_one_clause_false_names_it_and_writes_nothing(
    decided: World, part: str, stands: dict[str, Any]
) -> None:
    waiting = read(decided)
    change(decided, part, **stands)
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        claim(decided, waiting)
    assert list(caught.value.found) == [part]
    assert stands.items() <= caught.value.found[part].items()
    assert everything(decided) == before


CLAIMABLE: dict[str, tuple[str, dict[str, Any]]] = {
    "new and due this very moment": ("delivery", {"due_at": NOW}),
    "to be tried again": ("delivery", {"st": "RETRY"}),
    "left alone long enough": ("delivery", {"st": "QUARANTINE"}),
    "abandoned": ("delivery", {"st": "SENDING", "owner": "gone", "due_at": AFTER, "lease_until": BEFORE}),
    "the same version is on its way elsewhere": ("lane", {"ver": 1, "busy_email": AFTER}),
    "its own channel was abandoned": ("lane", {"ver": 1, "busy_webhook": BEFORE}),
    "an older version was abandoned": ("lane", {"ver": 0, "busy_email": BEFORE, "busy_webhook": BEFORE}),
}


@pytest.mark.parametrize(("part", "stands"), CLAIMABLE.values(), ids=CLAIMABLE)
def test_a_claim_takes_delivery_and_lane_with_its_started_row(
    decided: World, part: str, stands: dict[str, Any]
) -> None:
    change(decided, part, **stands)
    claim(decided, read(decided))
    item = decided.delivery("north-police", Channel.WEBHOOK)
    lease = at_text(LEASE_END)
    assert (item["st"], item["attempt"], item["owner"]) == ("SENDING", 1, "me")
    assert (item["lease_until"], item["due_at"]) == (lease, lease)
    lane = decided.store.get("state", *PLACES["lane"])
    assert lane is not None
    assert (lane["ver"], lane["busy_webhook"]) == (1, lease)
    assert decided.rows()[-1]["uid"] == f"me claims {POLICE.sk}"


def test_a_newer_version_waits_until_the_older_one_has_left_on_every_channel() -> None:
    """One agency on two channels: the second version's webhook must not overtake the first's e-mail."""
    both = an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)
    told = {"referring_agency": {"agency_id": "north-gp"}, "involved_agencies": []}
    mail = DeliveryKey(REF, 1, 1, "north-gp", Channel.EMAIL)
    webhook = DeliveryKey(REF, 1, 2, "north-gp", Channel.WEBHOOK)
    with a_world(on_moto) as world:
        world.apply(a_registry(both))
        world.take(a_decision(**told))
        claim(world, read(world, mail))
        world.take(a_decision(event_id=ANOTHER_ID, decision_seq=2, **told))
        before = everything(world)
        with pytest.raises(ConditionsFailedError) as caught:
            claim(world, read(world, webhook))
        assert list(caught.value.found) == ["lane"]
        assert everything(world) == before
        close(world, key=mail)
        claim(world, read(world, webhook))
        assert world.delivery("north-gp", Channel.WEBHOOK, seq=2)["st"] == "SENDING"


def test_a_claim_whose_tip_alone_moved_is_contended_for_and_writes_nothing(decided: World) -> None:
    waiting = read(decided)
    decided.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    before = everything(decided)
    with pytest.raises(ContendedError):
        claim(decided, waiting)
    assert everything(decided) == before


# --- close


def close(world: World, *, key: DeliveryKey = POLICE) -> None:
    closed = a_fact(AuditKind.ATTEMPT_CLOSED, "closed")
    sent = Next(DeliveryState.SENT, None)
    waiting = read(world, key)
    slot = Slot(0) if waiting.endpoint else None
    sending(world).close(
        waiting,
        waiting.tip,
        closed,
        claim=Claim("me", 1, LEASE_END, slot),
        then=sent,
        clock=None,
        answered=Answered(world.now, took_it=True),
        now=world.now,
    )


NOT_MINE: dict[str, tuple[set[str], dict[str, dict[str, Any]]]] = {
    "another owns it": ({"delivery"}, {"delivery": {"owner": "another"}}),
    "nobody is sending it": ({"delivery"}, {"delivery": {"st": "QUARANTINE"}}),
    "another owns it and has its lane": (
        {"delivery", "lane"},
        {"delivery": {"owner": "another"}, "lane": {"busy_webhook": AFTER}},
    ),
}


@pytest.mark.parametrize(("parts", "stands"), NOT_MINE.values(), ids=NOT_MINE)
def test_a_close_of_what_is_no_longer_ours_names_it_and_writes_nothing(
    decided: World, parts: set[str], stands: dict[str, dict[str, Any]]
) -> None:
    claim(decided, read(decided))
    for part, attributes in stands.items():
        change(decided, part, **attributes)
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        close(decided)
    assert set(caught.value.found) == parts
    assert everything(decided) == before


def test_a_close_ends_the_claim_and_frees_the_lane(decided: World) -> None:
    claim(decided, read(decided))
    close(decided)
    item = decided.delivery("north-police", Channel.WEBHOOK)
    assert item["st"] == "SENT"
    assert not {"owner", "lease_until", "due_at", "due_pk", "due_sk"} & set(item)
    lane = decided.store.get("state", *PLACES["lane"])
    assert lane == {"pk": PLACES["lane"][0], "sk": PLACES["lane"][1], "ver": 1}
    assert decided.rows()[-1]["uid"] == "closed"


def test_a_lane_that_somebody_took_over_is_left_to_them_and_the_close_stands(decided: World) -> None:
    claim(decided, read(decided))
    theirs = at_text(LEASE_END + LEASE)
    change(decided, "lane", ver=2, busy_webhook=theirs)
    close(decided)
    assert decided.delivery("north-police", Channel.WEBHOOK)["st"] == "SENT"
    lane = decided.store.get("state", *PLACES["lane"])
    assert lane is not None
    assert (lane["ver"], lane["busy_webhook"]) == (2, theirs)


# --- set aside


def test_what_is_as_seen_is_set_aside_with_its_row(decided: World) -> None:
    set_aside(decided, decided.delivery("north-police", Channel.WEBHOOK))
    assert decided.delivery("north-police", Channel.WEBHOOK)["st"] == "PARKED"
    assert decided.rows()[-1]["uid"] == "parked"


def set_aside(world: World, seen: Item) -> None:
    parked, tip = a_fact(AuditKind.PARKED, "parked"), sending(world).tip(POLICE)
    then = Next(DeliveryState.PARKED, None)
    sending(world).set_aside(POLICE, tip, [parked], seen=seen, then=then, now=world.now)


# --- hold at the send

DUE_AT = MORNING + timedelta(hours=1)
A_TASK = Task(TaskKind.RELEASE_AGENCY, TaskRole.DIRECTORY_OWNER, DUE_AT, "north-police")
TASK_AT = (POLICE.pk, keys.task(TaskKind.RELEASE_AGENCY, 1, "north-police"))


def hold(world: World, seen: Item, standing: Item | None = None, task: Task = A_TASK) -> None:
    tip, again = sending(world).tip(POLICE), HeldAgain(HoldTrigger.UNVERIFIED_ADDRESS, task, standing)
    fact = a_fact(AuditKind.HELD, "held")
    sending(world).hold(POLICE, tip, [fact], seen=seen, hold=again, now=world.now)


def a_standing_task(world: World, **attributes: Any) -> Item:
    """A task of that kind which somebody opened before."""
    item = {"st": "OPEN", "due_at": at_text(DUE_AT), **attributes}
    world.store.write([world.store.update("x", "state", TASK_AT, change=Change(item))])
    found = sending(world).task(POLICE, A_TASK)
    assert found is not None
    return found


@pytest.mark.parametrize("act", [set_aside, hold])
@pytest.mark.parametrize(
    "stands",
    [{"st": "SENDING"}, {"st": "RETRY"}, {"attempt": 1}, {"held": ["UNVERIFIED_ADDRESS"]}],
    ids=["another state", "tried since, to be tried again", "another attempt", "held since"],
)
def test_what_is_no_longer_as_seen_is_neither_set_aside_nor_held(
    decided: World, stands: dict[str, Any], act: Callable[[World, Item], None]
) -> None:
    seen = decided.delivery("north-police", Channel.WEBHOOK)
    change(decided, "delivery", **stands)
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        act(decided, seen)
    assert list(caught.value.found) == ["delivery"]
    assert everything(decided) == before


@pytest.mark.parametrize("due_sooner", [True, False], ids=["it stays as it is", "it would be due sooner"])
@pytest.mark.parametrize(
    "stands", [{"st": "DONE"}, {"due_at": at_text(DUE_AT + LEASE)}], ids=["done since", "due at another time"]
)
def test_a_hold_whose_task_is_no_longer_as_seen_writes_nothing(
    decided: World, *, stands: dict[str, Any], due_sooner: bool
) -> None:
    standing = a_standing_task(decided)
    decided.store.write([decided.store.update("x", "state", TASK_AT, change=Change(stands))])
    before = everything(decided)
    task = A_TASK if due_sooner else replace(A_TASK, due_at=DUE_AT - LEASE)
    with pytest.raises(ConditionsFailedError) as caught:
        hold(decided, decided.delivery("north-police", Channel.WEBHOOK), standing, task)
    assert list(caught.value.found) == ["task"]
    assert everything(decided) == before


def test_a_hold_that_saw_no_task_opens_none_in_the_place_of_one(decided: World) -> None:
    a_standing_task(decided)
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        hold(decided, decided.delivery("north-police", Channel.WEBHOOK))
    assert list(caught.value.found) == ["task"]
    assert everything(decided) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "OPEN"),
        ({"st": "OPEN"}, "OPEN"),
        ({"st": "OVERDUE"}, "OVERDUE"),
        ({"st": "OPEN", "due_at": at_text(DUE_AT + LEASE)}, "OPEN"),
    ],
    ids=["no task", "open", "overdue", "due later"],
)
def test_a_hold_stands_with_its_row_and_a_task_due_no_later(
    decided: World, before: dict[str, Any] | None, after: str
) -> None:
    standing = None if before is None else a_standing_task(decided, **before)
    hold(decided, decided.delivery("north-police", Channel.WEBHOOK), standing)
    item = decided.delivery("north-police", Channel.WEBHOOK)
    assert (item["st"], item["held"], "due_pk" in item) == ("PENDING", ["UNVERIFIED_ADDRESS"], False)
    task = sending(decided).task(POLICE, A_TASK)
    assert task is not None
    assert (task["st"], task["due_at"]) == (after, at_text(DUE_AT))
    assert decided.rows()[-1]["uid"] == "held"


def test_a_task_that_was_done_is_opened_again(decided: World) -> None:
    a_standing_task(decided)
    done = Change({"st": "DONE"}, remove=("due_at",))
    decided.store.write([decided.store.update("x", "state", TASK_AT, change=done)])
    seen = decided.delivery("north-police", Channel.WEBHOOK)
    hold(decided, seen, sending(decided).task(POLICE, A_TASK))
    task = sending(decided).task(POLICE, A_TASK)
    assert task is not None
    assert (task["st"], task["due_at"], "work_pk" in task) == ("OPEN", at_text(DUE_AT), True)


def test_a_tip_is_read_as_it_stands(decided: World) -> None:
    assert sending(decided).tip(POLICE) == read(decided).tip
    assert sending(decided).tip(DeliveryKey("NS-26-NOBODY", 1, 1, "north-police", Channel.EMAIL)) == Tip()
