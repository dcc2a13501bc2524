"""Each clause of a people's clock that runs out alone: with only that one false, nothing is written."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.errors import ContendedError
from functions.adapters.ledger import keys
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.items import delivery_item, watch_attributes
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.records import NewDelivery
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.adapters.ledger.watching import Followed, Watched, Watching
from functions.domain.tasks import untold_task
from functions.domain.watch import Clock
from functions.flows.planning.deliveries import pins_of
from schemas.clocks import ClockPolicy
from schemas.codes import AgencyType, AuditKind, Channel, TaskKind, Watch
from tests.adapters.attempts import NOW, POLICE, REF, a_fact, change, everything
from tests.stage_tables import on_moto
from tests.world import MORNING, World, a_decision, a_duplicate, a_registry, a_world, an_agency

ANOTHER_ID = "5b3f9c44-1f0e-4a57-8d1c-0c8e7a1b2c3d"
INSTEAD = replace(POLICE, channel=Channel.FALLBACK)
CALL_AT = MORNING + timedelta(hours=2)
CALL = Clock(Watch.CALL, CALL_AT)
TASK = untold_task(TaskKind.CALL_UNTOLD, "north-police", MORNING, ClockPolicy(), cannot_wait=True)
TASK_SK = keys.task(TaskKind.CALL_UNTOLD, 1, "north-police")
WATCH = {"watch", "watch_at", "watch_pk", "watch_sk"}
FIRED = a_fact(AuditKind.CLOCK_FIRED, "fired")


def watching(world: World) -> Watching:
    return Watching(world.store, world.chain)


def watched(world: World, key: DeliveryKey = POLICE) -> Watched:
    found = watching(world).load(key)
    assert found is not None
    return found


def police(world: World) -> Item:
    return world.delivery("north-police", Channel.WEBHOOK)


def a_fallback(world: World) -> NewDelivery:
    update = {"channel": Channel.FALLBACK, "message_id": "msg_" + "0" * 32}
    return NewDelivery(INSTEAD, pins_of(police(world)).model_copy(update=update), 1, (), 60)


def all_of_it(world: World) -> Followed:
    """A row, the next stage, an e-mail and a task, though no clock does all of it."""
    return Followed([FIRED], CALL, a_fallback(world), TASK)


CHANGED: dict[str, dict[str, Any]] = {
    "another stage": {"watch": "CALL"},
    "the same stage at another time": {"watch_at": "2026-11-24T15:33:00.000Z"},
    "it is being sent": {"st": "SENDING"},
    "it was sent": {"st": "SENT"},
}


@pytest.mark.parametrize("says", CHANGED.values(), ids=CHANGED)
@pytest.mark.parametrize("quiet", [True, False], ids=["without a row", "with a row"])
def test_a_clock_moves_only_where_the_delivery_is_as_it_was_read(
    decided: World, *, says: dict[str, Any], quiet: bool
) -> None:
    seen = watched(decided)
    then = Followed(clock=CALL) if quiet else all_of_it(decided)
    change(decided, "delivery", **says)
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        watching(decided).follow(seen, then, decided.now)
    assert list(caught.value.found) == ["delivery"]
    assert everything(decided) == before


def test_a_clock_that_ended_meanwhile_is_not_started_again(decided: World) -> None:
    seen = watched(decided)
    change(decided, "delivery", *WATCH, st="PENDING")
    before = everything(decided)
    with pytest.raises(ConditionsFailedError):
        watching(decided).follow(seen, Followed(clock=CALL), decided.now)
    assert everything(decided) == before


def test_a_fallback_that_is_there_already_is_not_made_again(decided: World) -> None:
    seen, then = watched(decided), all_of_it(decided)
    decided.store.write([decided.store.put("x", "state", delivery_item(a_fallback(decided), MORNING))])
    before = everything(decided)
    with pytest.raises(ConditionsFailedError) as caught:
        watching(decided).follow(seen, then, decided.now)
    assert list(caught.value.found) == ["fallback"]
    assert everything(decided) == before


def test_a_clock_whose_tip_alone_moved_is_contended_for_and_writes_nothing(decided: World) -> None:
    seen, then = watched(decided), all_of_it(decided)
    decided.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    before = everything(decided)
    with pytest.raises(ContendedError):
        watching(decided).follow(seen, then, decided.now)
    assert everything(decided) == before


def test_a_stage_that_nobody_need_be_told_of_moves_on_without_a_row(decided: World) -> None:
    seen, rows = watched(decided), decided.rows()
    decided.take(a_decision(event_id=ANOTHER_ID, child_index=2))
    watching(decided).follow(seen, Followed(clock=CALL), decided.now)
    item = police(decided)
    assert item == seen.delivery | watch_attributes(POLICE, CALL)
    assert len(decided.rows()) == len(rows) + 2


def test_a_clock_that_runs_out_writes_all_that_follows_together(decided: World) -> None:
    seen, then = watched(decided), all_of_it(decided)
    watching(decided).follow(seen, then, decided.now)
    item = police(decided)
    assert item == seen.delivery | watch_attributes(POLICE, CALL) | {"called_for": TASK_SK}
    task = decided.tasks()[TASK_SK.removeprefix("TASK#")]
    assert (task["st"], task["kind"], task["child"], task["dver"]) == ("OPEN", "CALL_UNTOLD", 1, 1)
    assert (task["opened_at"], task["due_at"]) == (NOW, at_text(MORNING + timedelta(hours=1)))
    instead = decided.delivery("north-police", Channel.FALLBACK)
    first = Clock(Watch.FALLBACK, MORNING + timedelta(seconds=60))
    assert (instead["st"], instead["due_at"]) == ("PENDING", NOW)
    assert watch_attributes(INSTEAD, first).items() <= instead.items()
    assert decided.rows()[-1]["uid"] == "fired"


def test_the_last_stage_leaves_no_clock_and_says_whom_it_called_for(decided: World) -> None:
    watching(decided).follow(watched(decided), Followed([FIRED], task=TASK), decided.now)
    item = police(decided)
    assert not WATCH & item.keys()
    assert item["called_for"] == TASK_SK


def test_a_call_that_another_channel_opened_is_remembered_and_not_opened_again(decided: World) -> None:
    then = Followed(clock=CALL, called_for=TASK_SK)
    watching(decided).follow(watched(decided), then, decided.now)
    assert police(decided)["called_for"] == TASK_SK
    assert decided.tasks() == {}


def test_a_clock_that_nobody_needs_is_ended_without_a_word(decided: World) -> None:
    rows = decided.rows()
    watching(decided).follow(watched(decided), Followed(), decided.now)
    assert not WATCH & police(decided).keys()
    assert "called_for" not in police(decided)
    assert decided.rows() == rows


# --- what is read


def test_a_delivery_that_is_not_there_has_no_clock(decided: World) -> None:
    assert watching(decided).load(replace(POLICE, child=7)) is None
    assert watching(decided).load(INSTEAD) is None


def test_a_clock_is_read_with_the_agencys_other_channels_of_that_version_and_nobody_elses() -> None:
    """Not another agency's, version's or child's, nor those that are told apart by a nonce."""
    both = (Channel.EMAIL, Channel.WEBHOOK)
    names = ["north-gp", "north-gp-2"]
    second = {"agency_id": names[1], "own_ref": "GP-2", "holds_plan_role": False}
    told = {"referring_agency": {"agency_id": names[0]}, "involved_agencies": [second]}
    with a_world(on_moto) as world:
        world.apply(a_registry(*(an_agency(name, AgencyType.GP, *both) for name in names)))
        for child, seq in ((1, 1), (2, 1), (1, 2)):
            told_apart = f"{ANOTHER_ID[:-2]}{child}{seq}"
            world.take(a_decision(event_id=told_apart, child_index=child, decision_seq=seq, **told))
        key = DeliveryKey(REF, 1, 1, names[0], Channel.WEBHOOK)
        resent = world.delivery(names[0], Channel.WEBHOOK) | {"sk": replace(key, nonce="L0000001").sk}
        world.store.write([world.store.put("x", "state", resent)])
        found = watched(world, key)
        assert found.delivery["sk"] == key.sk
        mail = replace(key, channel=Channel.EMAIL)
        assert [item["sk"] for item in found.same_agency] == [mail.sk, key.sk]
        again = watched(world, replace(key, nonce="L0000001"))
        assert [item["sk"] for item in again.same_agency] == [resent["sk"]]
        assert (found.child["dver"], found.agency["status"]) == (2, "ACTIVE")
        assert found.tip == world.chain.tip(key.pk)


def test_a_duplicates_clock_is_read_with_what_its_referral_says_of_itself() -> None:
    school = an_agency("hill-school", AgencyType.SCHOOL, Channel.WEBHOOK)
    with a_world(on_moto) as world:
        world.apply(a_registry(school))
        world.take(a_decision())
        world.take(a_duplicate())
        (item,) = [item for item in world.all_items("state") if item.get("duplicate")]
        assert watched(world, DeliveryKey.of(item)).join["left"] is False
        assert watched(world).join == {}
