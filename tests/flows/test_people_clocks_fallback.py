"""A webhook that has failed for half an hour: the agency's mailbox gets the same, no fuller than it may."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.keys import DeliveryKey
from functions.adapters.ledger.store import Change, Item
from functions.domain.delivery import message_id
from functions.domain.wording.police_form import SENTENCES
from schemas.agency import Mailbox
from schemas.clocks import ClockPolicy
from schemas.codes import AgencyType, Channel, RaStatus
from tests.flows.sweeps import (
    POLICE,
    PROBATION,
    REF,
    fails,
    fire_clocks,
    item_of,
    recovers,
    rows_of,
    send_to,
    sweep,
    sweep_for,
)
from tests.forms import a_complete_form_event, a_heartbeat_event, an_incorrect_form_event
from tests.world import Wire, World, a_decision, a_registry, an_agency, change_agency

INSTEAD = replace(POLICE, channel=Channel.FALLBACK)
SCHOOL = "hill-school"
HALF_AN_HOUR = timedelta(minutes=30)
OUTCOME = "section 47 enquiry"


def fallbacks(world: World) -> list[Item]:
    return [item for item in world.all_items("state") if item.get("chan") == Channel.FALLBACK]


def mailed(world: World) -> list[str]:
    """The text of each e-mail that took a webhook's place, on one line."""
    door = world.doors[Channel.FALLBACK]
    assert len(door.mails) == len(door.sent)
    return [" ".join(parts.text.split()) for _, parts in door.mails]


@pytest.fixture
def failing(world: World) -> World:
    """Only the police are told, and their webhook fails."""
    world.take(a_decision(involved_agencies=[]))
    fails(world)
    sweep(world)
    return world


def a_school(world: World, *channels: Channel, **changes: Any) -> DeliveryKey:
    """A school has referred, by its own system."""
    world.apply(a_registry(an_agency(SCHOOL, AgencyType.SCHOOL, *channels, **changes)))
    referred = {"agency_id": SCHOOL, "own_ref": "HS/204"}
    world.take(a_decision(referring_agency=referred, involved_agencies=[]))
    return DeliveryKey(REF, 1, 1, SCHOOL, Channel.WEBHOOK)


def test_after_half_an_hour_and_not_a_moment_sooner_an_email_takes_the_webhooks_place(
    failing: World, caplog: pytest.LogCaptureFixture
) -> None:
    failing.later(minutes=29, seconds=59.999)
    assert (fire_clocks(failing), fallbacks(failing)) == (0, [])
    failing.later(seconds=0.001)
    assert fire_clocks(failing) == 1
    item = item_of(failing, INSTEAD)
    assert (item["st"], item["due_at"], item["message_id"]) == (
        "PENDING",
        at_text(failing.now),
        message_id(INSTEAD.text),
    )
    assert caplog.messages.count("FALLBACK_CHOSEN") == 1
    sweep(failing)
    assert item_of(failing, INSTEAD)["st"] == "SENT"
    assert item_of(failing, POLICE)["st"] == "RETRY"


def test_a_hub_may_agree_how_long_a_webhook_may_fail(world: World) -> None:
    world.clocks = ClockPolicy(fallback_after_seconds=60)
    world.take(a_decision(involved_agencies=[]))
    fails(world)
    sweep(world)
    world.later(seconds=59.999)
    assert (fire_clocks(world), fallbacks(world)) == (0, [])
    world.later(seconds=0.001)
    assert (fire_clocks(world), len(fallbacks(world))) == (1, 1)


def test_the_trail_says_what_took_whose_place_and_how_full_it_is(failing: World) -> None:
    failing.later(minutes=30)
    fire_clocks(failing)
    (row,) = rows_of(failing, "CLOCK_FIRED")
    webhook = item_of(failing, POLICE)
    names = (
        "watch",
        "watch_at",
        "message_id",
        "instead",
        "level",
        "state",
        "child",
        "dver",
        "chan",
        "agency",
    )
    assert [row[name] for name in names] == [
        "FALLBACK",
        at_text(failing.now),
        webhook["message_id"],
        message_id(INSTEAD.text),
        3,
        "RETRY",
        1,
        1,
        "webhook",
        "north-police",
    ]
    assert (row["actor"], row["cause"], "task" in row) == ("mash-outcomes", POLICE.sk, False)


FORMS: dict[RaStatus, list[Wire]] = {
    RaStatus.UNKNOWN: [],
    RaStatus.ABSENT: [a_heartbeat_event()],
    RaStatus.COMPLETE: [a_complete_form_event()],
    RaStatus.INCORRECT: [an_incorrect_form_event()],
}


@pytest.mark.parametrize("managed", [True, False], ids=["whole", "as a notice"])
@pytest.mark.parametrize(("status", "forms"), FORMS.items(), ids=FORMS)
def test_it_is_the_same_notice_with_the_police_forms_sentence_in_its_bytes(
    world: World, status: RaStatus, forms: list[Wire], *, managed: bool
) -> None:
    if not managed:
        change_agency(world, "north-police", address="desk@north-police.example")
    for form in forms:
        world.take(form)
    world.take(a_decision(involved_agencies=[]))
    fails(world)
    sweep_for(world, HALF_AN_HOUR, every=timedelta(minutes=15))
    sweep(world)
    (text,) = mailed(world)
    assert SENTENCES[status] in text
    assert (OUTCOME in text) is managed
    assert "43261124/0917" in text
    started = [row for row in rows_of(world, "ATTEMPT_STARTED") if row["chan"] == "fallback"]
    assert [(row["ra"], row["outcome"]) for row in started] == [(status.value, "S47J")]
    notices = [row["body_sha256"] for row in rows_of(world, "ATTEMPT_STARTED") if row["chan"] == "webhook"]
    assert len(set(notices)) == 1


def test_a_mailbox_that_is_not_managed_gets_a_notice_in_its_place(world: World) -> None:
    mailbox = Mailbox(address="office@hill-school.example", verified_at=date(2026, 11, 2))
    key = a_school(world, Channel.WEBHOOK, email=mailbox)
    fails(world)
    sweep_for(world, HALF_AN_HOUR, every=HALF_AN_HOUR)
    webhook, instead = item_of(world, key), item_of(world, replace(key, channel=Channel.FALLBACK))
    assert (webhook["level"], "notice_reason" in webhook) == (2, False)
    assert (instead["level"], instead["notice_reason"]) == (1, "MAILBOX_NOT_MANAGED")
    (row,) = rows_of(world, "CLOCK_FIRED")
    assert row["level"] == 1
    sweep(world)
    (text,) = mailed(world)
    assert OUTCOME not in text
    assert item_of(world, replace(key, channel=Channel.FALLBACK))["st"] == "SENT"


def test_a_mailbox_that_somebody_raised_gets_it_whole(world: World) -> None:
    mailbox = Mailbox(address="office@hill-school.example", verified_at=date(2026, 11, 2))
    key = a_school(world, Channel.WEBHOOK, email=mailbox)
    change_agency(world, SCHOOL, mailbox_raised=True)
    fails(world)
    sweep_for(world, HALF_AN_HOUR, every=HALF_AN_HOUR)
    instead = item_of(world, replace(key, channel=Channel.FALLBACK))
    assert (instead["level"], "notice_reason" in instead) == (2, False)


def test_an_agency_that_lists_email_is_mailed_anyway_and_has_no_other_email(world: World) -> None:
    a_school(world, Channel.EMAIL, Channel.WEBHOOK)
    fails(world)
    sweep_for(world, HALF_AN_HOUR, every=HALF_AN_HOUR)
    assert (fallbacks(world), rows_of(world, "CLOCK_FIRED")) == ([], [])


def test_an_agency_without_an_address_waits_for_its_call(world: World) -> None:
    key = a_school(world, Channel.WEBHOOK, email=None)
    fails(world)
    sweep_for(world, HALF_AN_HOUR, every=HALF_AN_HOUR)
    assert (fallbacks(world), rows_of(world, "CLOCK_FIRED")) == ([], [])
    item = item_of(world, key)
    assert (item["watch"], item["watch_at"]) == ("CALL", "2026-11-24T17:02:30.000Z")


def test_an_agency_that_is_not_active_any_more_is_mailed_nothing(failing: World) -> None:
    change_agency(failing, "north-police", status="INACTIVE")
    failing.later(minutes=30)
    assert (fire_clocks(failing), fallbacks(failing)) == (0, [])
    assert item_of(failing, POLICE)["watch"] == "CALL"


def test_an_email_that_fails_has_no_fallback(world: World) -> None:
    world.take(a_decision())
    fails(world, Channel.EMAIL)
    sweep_for(world, HALF_AN_HOUR, every=HALF_AN_HOUR)
    assert (fallbacks(world), rows_of(world, "CLOCK_FIRED")) == ([], [])
    assert item_of(world, PROBATION)["watch"] == "CALL"


def test_a_webhook_that_got_through_has_none(world: World) -> None:
    world.take(a_decision(involved_agencies=[]))
    sweep_for(world, HALF_AN_HOUR, every=HALF_AN_HOUR)
    assert fallbacks(world) == []


def test_it_is_chosen_once_whatever_sets_the_clock_back(failing: World) -> None:
    failing.later(minutes=30)
    fire_clocks(failing)
    before = item_of(failing, POLICE)
    again = Change(watch_now(failing))
    failing.store.write([failing.store.update("x", "state", (POLICE.pk, POLICE.sk), change=again)])
    assert fire_clocks(failing) == 0
    assert len(fallbacks(failing)) == 1
    assert len(rows_of(failing, "CLOCK_FIRED")) == 1
    assert item_of(failing, POLICE) == before


def watch_now(world: World) -> Item:
    """The clock of a webhook that waits for its fallback no longer."""
    text = at_text(world.now)
    return {"watch": "FALLBACK", "watch_at": text, "watch_sk": f"{text}#{POLICE.text}"}


def test_a_fallback_that_fails_as_well_has_no_fallback_of_its_own(failing: World) -> None:
    fails(failing, Channel.FALLBACK)
    sweep_for(failing, timedelta(hours=3), every=HALF_AN_HOUR)
    assert len(fallbacks(failing)) == 1


def test_a_webhook_that_gets_through_after_its_fallback_goes_all_the_same(failing: World) -> None:
    """Nobody knows yet that the e-mail arrived; the agency's system knows the message by its reference."""
    failing.later(minutes=30)
    sweep(failing)
    recovers(failing)
    sweep_for(failing, timedelta(minutes=50), every=timedelta(minutes=10))
    assert [item_of(failing, key)["st"] for key in (POLICE, INSTEAD)] == ["SENT", "SENT"]


def test_a_mailbox_that_nobody_verified_lately_is_held_for_a_person(failing: World) -> None:
    change_agency(failing, "north-police", verified_at="2026-08-01")
    failing.later(minutes=30)
    sweep(failing)
    send_to(failing, INSTEAD)
    item = item_of(failing, INSTEAD)
    assert (item["held"], mailed(failing), "watch" in item) == (["UNVERIFIED_ADDRESS"], [], False)
    assert failing.tasks()["RELEASE_AGENCY#01#north-police"]["st"] == "OPEN"


def test_a_paused_endpoints_message_is_mailed_at_once(world: World) -> None:
    world.take(a_decision(involved_agencies=[]))
    change = Change({"paused": "REFUSING"})
    at = ("G#north-police", "EP#webhook")
    world.store.write([world.store.update("x", "state", at, change=change)])
    sweep(world)
    sweep(world)
    assert (len(world.police.sent), len(mailed(world))) == (0, 1)
    assert item_of(world, POLICE)["attempt"] == 0
