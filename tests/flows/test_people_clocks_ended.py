"""What ends a people's clock, or lets it run out at once: told, replaced, failed, parked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.adapters.ledger.calls import is_told
from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.store import Change, Item
from schemas.codes import AgencyType, Channel, Receipt
from tests.flows.sweeps import (
    POLICE,
    PROBATION,
    fails,
    fire_clocks,
    item_of,
    recovers,
    rows_of,
    send_to,
    sweep,
)
from tests.flows.untold import (
    AT_11,
    AT_14,
    AT_15,
    CALL,
    CALM,
    FOR_EVER,
    GP_MAIL,
    GP_WEBHOOK,
    fired,
    set_,
    until,
    untold,
    untold_on_both,
    watch,
)
from tests.world import World, a_decision, a_registry, a_revision, an_agency, change_agency

# --- told after all


@pytest.mark.parametrize("rcpt", ["DELIVERED", "COMPLAINED"])
def test_an_agency_that_another_channel_has_told_is_not_rung(world: World, rcpt: str) -> None:
    untold_on_both(world, **CALM)
    set_(world, GP_MAIL, rcpt=rcpt)
    until(world, AT_11)
    sweep(world)
    assert (world.tasks(), rows_of(world, "CLOCK_FIRED")) == ({}, [])
    assert watch(item_of(world, GP_WEBHOOK)) == (None, None)


def test_nor_is_an_alarm_raised_about_it(world: World) -> None:
    untold_on_both(world, **CALM)
    until(world, AT_11)
    sweep(world)
    set_(world, GP_MAIL, rcpt="DELIVERED")
    until(world, AT_15)
    sweep(world)
    assert (len(fired(world, "CALL")), fired(world, "RED_ALERT")) == (1, [])


def test_a_delivered_fallback_tells_the_agency_too(world: World) -> None:
    world.take(a_decision(involved_agencies=[], **CALM))
    fails(world)
    until(world, world.now + timedelta(minutes=30))
    sweep(world)
    set_(world, replace(POLICE, channel=Channel.FALLBACK), rcpt="DELIVERED")
    until(world, AT_15)
    sweep(world)
    assert [row["watch"] for row in rows_of(world, "CLOCK_FIRED")] == ["FALLBACK"]


@pytest.mark.parametrize(
    ("item", "told"),
    [
        *(({"rcpt": rcpt.value}, rcpt in {Receipt.DELIVERED, Receipt.COMPLAINED}) for rcpt in Receipt),
        ({}, False),
        ({"st": "SENT"}, False),
        ({"rcpt": "BOUNCED", "acked_at": "2026-11-24T15:02:30.000Z"}, True),
        ({"acked_at": "2026-11-24T15:02:30.000Z"}, True),
    ],
)
def test_only_what_arrived_or_was_read_has_told_anybody(*, item: Item, told: bool) -> None:
    """A mail service's acceptance is not that; somebody who complains of a message has it."""
    assert is_told(item) is told


def test_an_email_that_was_only_accepted_is_rung_about(world: World) -> None:
    world.take(a_decision(**CALM))
    sweep(world)
    assert item_of(world, PROBATION)["st"] == "SENT"
    until(world, AT_11)
    sweep(world)
    assert world.tasks()[f"{CALL}north-probation"]["st"] == "OPEN"


def test_a_webhook_that_gets_through_at_last_answers_the_call(world: World) -> None:
    untold(world)
    until(world, world.now + timedelta(hours=2))
    sweep(world)
    assert world.tasks()[f"{CALL}north-police"]["st"] == "OPEN"
    recovers(world)
    until(world, world.now + timedelta(hours=2))
    sweep(world)
    assert item_of(world, POLICE)["st"] == "SENT"
    task = world.tasks()[f"{CALL}north-police"]
    assert (task["st"], "work_pk" in task, "due_pk" in task) == ("DONE", False, False)


# --- what will not go by itself any more


def test_a_message_that_failed_for_ever_is_rung_about_with_the_next_sweep(world: World) -> None:
    world.take(a_decision(**CALM))
    world.mailbox.answers = [FOR_EVER]
    send_to(world, PROBATION)
    assert item_of(world, PROBATION)["st"] == "FAILED"
    assert fire_clocks(world) == 1
    assert world.tasks()[f"{CALL}north-probation"]["st"] == "OPEN"
    (row,) = fired(world, "CALL")
    assert row["state"] == "FAILED"


def test_a_parked_message_is_rung_about_with_the_next_sweep(world: World) -> None:
    world.take(a_decision(**CALM))
    change_agency(world, "north-probation", status="INACTIVE")
    send_to(world, PROBATION)
    assert item_of(world, PROBATION)["st"] == "PARKED"
    fire_clocks(world)
    assert world.tasks()[f"{CALL}north-probation"]["st"] == "OPEN"
    assert watch(item_of(world, PROBATION)) == ("RED_ALERT", at_text(AT_14))


def test_a_failed_message_of_an_agency_that_was_told_by_the_other_channel_is_not(world: World) -> None:
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.EMAIL, Channel.WEBHOOK)))
    world.take(a_decision(referring_agency={"agency_id": "north-gp", "own_ref": "GP-9"}, **CALM))
    world.mailbox.answers = [FOR_EVER]
    send_to(world, GP_MAIL)
    send_to(world, GP_WEBHOOK)
    assert [item_of(world, key)["st"] for key in (GP_MAIL, GP_WEBHOOK)] == ["FAILED", "SENT"]
    assert fire_clocks(world) == 0
    assert world.tasks() == {}


def test_an_email_that_the_provider_said_it_had_taken_is_sent_however_its_worker_ended(world: World) -> None:
    """Not even a last attempt that was abandoned is a failure then."""
    world.take(a_decision(**CALM))
    abandoned = {"st": "SENDING", "owner": "dead", "lease_until": "2026-11-24T15:00:00.000Z"}
    for attempt in (1, 14):
        set_(world, PROBATION, **abandoned, attempt=attempt, rcpt="ACCEPTED")
        send_to(world, PROBATION)
        item = item_of(world, PROBATION)
        assert (item["st"], item["sent_at"], item["watch"]) == ("SENT", at_text(world.now), "FALLBACK")
    assert {row["state"] for row in rows_of(world, "ATTEMPT_CLOSED")} == {"SENT"}


def test_one_that_nobody_has_heard_of_is_not(world: World) -> None:
    world.take(a_decision(**CALM))
    abandoned = {"st": "SENDING", "owner": "dead", "lease_until": "2026-11-24T15:00:00.000Z"}
    set_(world, PROBATION, **abandoned, attempt=14)
    send_to(world, PROBATION)
    assert item_of(world, PROBATION)["st"] == "FAILED"


# --- what need not go any more


def test_a_replaced_message_is_rung_about_by_nobody(world: World) -> None:
    untold(world, **CALM)
    world.later(minutes=5)
    world.take(a_revision(involved_agencies=[], rag="AMBER"))
    for channel in Channel:
        recovers(world, channel)
    sweep(world)
    assert [item_of(world, replace(POLICE, seq=seq))["st"] for seq in (1, 2)] == ["SUPERSEDED", "SENT"]
    until(world, AT_15 - timedelta(hours=1))
    sweep(world)
    assert (world.tasks(), rows_of(world, "CLOCK_FIRED")) == ({}, [])
    assert watch(item_of(world, POLICE)) == (None, None)


@pytest.mark.parametrize("state", ["SUPERSEDED", "CANCELLED"])
def test_one_that_was_stopped_ends_its_clock_without_a_word(world: World, state: str) -> None:
    untold(world, **CALM)
    set_(world, POLICE, st=state)
    until(world, AT_11)
    assert fire_clocks(world) == 0
    assert watch(item_of(world, POLICE)) == (None, None)
    assert rows_of(world, "CLOCK_FIRED") == []


def test_an_older_version_that_nobody_has_marked_yet_is_rung_about_by_nobody(world: World) -> None:
    """What did not fit into the newer one's transaction."""
    untold(world, **CALM)
    child = Change({"dver": 2})
    world.store.write([world.store.update("x", "state", (POLICE.pk, "CHILD#01"), change=child)])
    world.now = AT_11
    assert fire_clocks(world) == 0
    assert world.tasks() == {}
