"""All e-mail that did not leave for an agency goes again after an outage of the mail service."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from functions.adapters.ledger.store import Item
from functions.domain.delivery import Answer
from functions.flows.acting.order import NotPossibleError
from functions.flows.acting.recover import MOST_AT_ONCE, Became, Found, Outage, find, recover
from schemas.codes import ActReason, AgencyType, AttemptResult, Channel, DeliveryState, ErrorWord
from tests.mail_events import said
from tests.world import (
    MORNING,
    World,
    a_decision,
    a_registry,
    an_agency,
    an_event_id,
    change_agency,
    is_whole,
)

POLICE, PROBATION = "north-police", "north-probation"
TURNED_AWAY = Answer(AttemptResult.FAILED, error=ErrorWord.E_MAIL_PAUSED)
REJECTED = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_PROVIDER)
TOLD, FAILED, PARKED, WAITS = (f"NS-26-{number:06d}" for number in range(4))


def decide(world: World, ref: str, **changes: Any) -> None:
    world.take(a_decision(referral_ref=ref, event_id=an_event_id(ref), **changes))


def found(world: World, agency: str = PROBATION) -> Found:
    return find(Outage(agency, MORNING, by_email=True), world.act_desk, most=MOST_AT_ONCE)


def recovered(world: World, what: Found) -> Counter[Became]:
    order = world.order(ActReason.OUR_FAULT_MENDED)
    return Counter(one.became for one in recover(what, order, world.act_desk))


def resent(world: World) -> list[Item]:
    return [row for row in world.all_items("audit") if row["type"] == "RESENT"]


@pytest.fixture
def outage(world: World) -> World:
    """One message of each sort, after one that was told before it all began."""
    decide(world, TOLD)
    world.send_due()
    world.later(minutes=1)
    decide(world, FAILED)
    world.mailbox.answers = [REJECTED]
    world.send_due()
    decide(world, PARKED)
    change_agency(world, PROBATION, status="INACTIVE")
    world.send_due()
    change_agency(world, PROBATION, status="ACTIVE")
    decide(world, WAITS)
    world.mailbox.answers = [TURNED_AWAY]
    world.send_due()
    return world


def test_every_email_that_did_not_leave_is_found_and_goes_again_and_no_webhook_does(outage: World) -> None:
    what = found(outage)
    assert what.by_state == {DeliveryState.FAILED: 1, DeliveryState.PARKED: 1, DeliveryState.RETRY: 1}
    assert {item["chan"] for item in what.items} == {"email"}
    assert recovered(outage, what) == {Became.SENT_AGAIN: 3}
    rows = {row["pk"].removeprefix("R#"): (row["was"], row["state"]) for row in resent(outage)}
    assert rows == {
        FAILED: ("FAILED", "PENDING"),
        PARKED: ("PARKED", "RETRY"),
        WAITS: ("RETRY", "RETRY"),
    }
    outage.send_due()
    last = [
        item["st"]
        for item in outage.all_items("state")
        if item.get("chan") == "email" and "resent" not in item
    ]
    assert last == ["SENT"] * 4
    assert found(outage).items == []
    assert all(is_whole(outage.rows(ref)) for ref in (TOLD, FAILED, PARKED, WAITS))


def test_a_recovery_of_webhooks_finds_no_email(outage: World) -> None:
    what = find(Outage(POLICE, MORNING), outage.act_desk, most=MOST_AT_ONCE)
    assert what.items == []


def test_what_came_back_from_a_mailbox_is_for_whoever_finds_the_right_one(outage: World) -> None:
    """The mail service took it, so it is none of what an outage kept back."""
    outage.hear(said("came-back", message_id=message(outage, TOLD)["message_id"]))
    assert message(outage, TOLD)["st"] == "FAILED"
    assert TOLD not in {item["pk"].removeprefix("R#") for item in found(outage).items}


def message(world: World, ref: str) -> Item:
    return world.delivery(PROBATION, Channel.EMAIL, ref=ref)


def test_an_email_in_a_webhooks_place_goes_again_where_the_agency_has_none_of_its_own(world: World) -> None:
    decide(world, FAILED)
    world.doors[Channel.FALLBACK].answers = [REJECTED]
    world.police.answers = [Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)] * 99
    world.later(minutes=31)
    world.send_due()  # the clock makes it
    world.send_due()
    (fallback,) = (item for item in found(world, POLICE).items)
    assert (fallback["chan"], fallback["st"]) == ("fallback", "FAILED")
    change_agency(world, POLICE, channels=["email", "webhook"])
    assert found(world, POLICE).items == []


def test_nothing_is_recovered_at_a_mailbox_that_nobody_has_verified(outage: World) -> None:
    what = found(outage)
    change_agency(outage, PROBATION, verified_at=None)
    with pytest.raises(NotPossibleError, match="The mailbox of north-probation is not verified"):
        recovered(outage, what)
    assert resent(outage) == []


def test_an_agency_without_a_mailbox_has_no_email_to_recover(world: World) -> None:
    world.apply(a_registry(an_agency("north-gp", AgencyType.GP, Channel.WEBHOOK, email=None)))
    for name in ("north-gp", "nobody"):
        with pytest.raises(NotPossibleError, match=f"{name} is no active agency with a mailbox"):
            found(world, name)


def test_what_left_after_the_outage_ended_is_left_out(outage: World) -> None:
    ended = Outage(PROBATION, MORNING, MORNING + timedelta(seconds=30), by_email=True)
    assert find(ended, outage.act_desk, most=MOST_AT_ONCE).items == []
