"""Whoever was told and does not say that they have read it is rung."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from schemas.codes import AgencyType, Channel
from tests.flows.sweeps import (
    POLICE,
    fire_clocks,
    item_of,
    recovers,
    sweep,
)
from tests.flows.untold import (
    AT_11,
    AT_15,
    CALL,
    CALM,
    GP_MAIL,
    GP_WEBHOOK,
    NEXT_TRY,
    UNREAD,
    fired,
    set_,
    until,
    untold_on_both,
    watch,
)
from tests.world import World, a_decision, a_registry, a_revision, an_agency


def told(world: World, **changes: Any) -> World:
    world.take(a_decision(involved_agencies=[], **changes))
    sweep(world)
    assert item_of(world, POLICE)["st"] == "SENT"
    return world


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, datetime(2026, 11, 24, 19, 2, 30, tzinfo=UTC)),
        (CALM | {"additional_outcomes": ["STR"]}, datetime(2026, 11, 24, 19, 2, 30, tzinfo=UTC)),
        (CALM, AT_15),
        (CALM | {"rag": "RED"}, AT_15),
    ],
    ids=["urgent", "urgent beside it", "not urgent", "not urgent though red"],
)
def test_a_message_that_nobody_has_read_is_rung_about_in_a_working_day_or_four_hours(
    world: World, changes: dict[str, Any], due: datetime
) -> None:
    told(world, **changes)
    world.now = due - timedelta(milliseconds=1)
    assert fire_clocks(world) == 0
    world.now = due
    assert fire_clocks(world) == 1
    task = world.tasks()[f"{UNREAD}north-police"]
    assert (task["st"], task["kind"], task["due_at"]) == (
        "OPEN",
        "CALL_UNREAD",
        at_text(due + timedelta(hours=1)),
    )
    (row,) = fired(world, "UNREAD")
    assert (row["task"], row["state"]) == ("CALL_UNREAD", "SENT")
    assert watch(item_of(world, POLICE)) == (None, None)
    assert fire_clocks(world) == 0


def both_told(world: World) -> World:
    """By webhook, and by an e-mail whose receipt has come."""
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)))
    told_to_gp = {"referring_agency": {"agency_id": "north-gp", "own_ref": "GP-9"}, "involved_agencies": []}
    world.take(a_decision(**told_to_gp, **CALM))
    sweep(world)
    at = at_text(AT_15)
    set_(world, GP_MAIL, rcpt="DELIVERED", watch="UNREAD", watch_at=at, watch_sk=f"{at}#{GP_MAIL.text}")
    return world


@pytest.mark.parametrize("read_by", [GP_MAIL, GP_WEBHOOK], ids=["e-mail", "webhook"])
def test_an_agency_that_has_read_it_on_any_channel_is_not_rung(world: World, read_by: DeliveryKey) -> None:
    both_told(world)
    set_(world, read_by, acked_at=at_text(world.now))
    world.now = AT_15
    assert fire_clocks(world) == 0
    assert world.tasks() == {}
    assert {watch(item_of(world, key)) for key in (GP_MAIL, GP_WEBHOOK)} == {(None, None)}


def test_one_that_has_read_it_on_neither_is_rung_once(world: World) -> None:
    both_told(world)
    world.now = AT_15
    assert fire_clocks(world) == 1
    assert list(world.tasks()) == [f"{UNREAD}north-gp"]


def test_one_that_was_rung_before_it_was_told_is_rung_again_if_it_does_not_read(world: World) -> None:
    """The two calls are about two things."""
    untold_on_both(world, **CALM)
    until(world, AT_11)
    sweep(world)
    recovers(world)
    world.now = NEXT_TRY
    sweep(world)
    assert watch(item_of(world, GP_WEBHOOK))[0] == "UNREAD"
    world.later(days=7)
    fire_clocks(world)
    assert set(world.tasks()) == {f"{CALL}north-gp", f"{UNREAD}north-gp"}


def test_nobody_is_asked_to_have_read_what_was_replaced(world: World) -> None:
    told(world, **CALM)
    world.later(minutes=5)
    world.take(a_revision(involved_agencies=[], rag="AMBER"))
    sweep(world)
    world.now = AT_15
    assert fire_clocks(world) == 0
    assert watch(item_of(world, POLICE)) == (None, None)
