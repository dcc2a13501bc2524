"""An e-mail that went in the place of a message to an agency's system: what each says of the other, and what
is said where messages wait for the system."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from functions.adapters.ledger.keys import DeliveryKey
from schemas.codes import Channel, Receipt
from tests.console.office import Office, Reply
from tests.flows.sweeps import POLICE, PROBATION, fails, fire_clocks, item_of, sweep
from tests.flows.untold import set_
from tests.world import World, a_decision, a_world, an_event_id, change_agency

INSTEAD = replace(POLICE, channel=Channel.FALLBACK)


@pytest.fixture
def world() -> Iterator[World]:
    """The police's system has failed for half an hour, so that an e-mail has gone in its place."""
    with a_world() as one:
        one.take(a_decision(involved_agencies=[]))
        fails(one)
        sweep(one)
        one.later(minutes=30)
        fire_clocks(one)
        sweep(one)
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def page_of(office: Office, world: World, key: DeliveryKey) -> Reply:
    return office.signed_in().get(path_of(world, key))


def path_of(world: World, key: DeliveryKey) -> str:
    return f"/messages/{item_of(world, key)['message_id']}"


def link(page: Reply, text: str) -> str:
    found = re.search(rf'href="([^"]*)">{text}<', page.body)
    assert found
    return found[1]


def test_the_message_says_that_an_email_was_made_in_its_place_and_leads_to_it(
    office: Office, world: World
) -> None:
    page = page_of(office, world, POLICE)
    assert "Status Still trying" in page.text()
    assert "Email in its place Accepted by the mail service Today, 3:32pm See the email" in page.text()
    assert "Told by email instead" not in page.text()
    assert link(page, "See the email") == f"{office.base}{path_of(world, INSTEAD)}"


def test_once_that_has_arrived_it_says_so_when_and_how_much_it_told(office: Office, world: World) -> None:
    set_(world, INSTEAD, rcpt=Receipt.DELIVERED)
    text = page_of(office, world, POLICE).text()
    assert "Told by email instead Delivered Today, 3:32pm See the email Outcome and plan" in text


def test_once_somebody_has_read_it_it_says_when(office: Office, world: World) -> None:
    set_(world, INSTEAD, rcpt=Receipt.DELIVERED, acked_at="2026-11-24T16:10:00.000Z")
    text = page_of(office, world, POLICE).text()
    assert "Told by email instead Read and confirmed Today, 4:10pm See the email" in text


def test_the_email_leads_back_to_the_message_and_says_how_that_stands(office: Office, world: World) -> None:
    page = page_of(office, world, INSTEAD)
    assert "In place of Still trying A message to their system" in page.text()
    assert link(page, "A message to their system") == f"{office.base}{path_of(world, POLICE)}"


def test_a_message_that_needs_no_other_says_nothing_of_one() -> None:
    with a_world() as world:
        world.take(a_decision())
        world.send_due()
        office = Office.of(world)
        for agency, channel in (("north-police", Channel.WEBHOOK), ("north-probation", Channel.EMAIL)):
            text = page_of(office, world, replace(POLICE, agency_id=agency, channel=channel)).text()
            assert "Sent by" in text
            assert "in its place" not in text
            assert "In place of" not in text


# --- sending it again


def test_where_an_email_is_not_offered_because_it_was_made_already_the_page_says_so(
    office: Office, world: World
) -> None:
    world.later(seconds=1)
    page = page_of(office, world, POLICE)
    assert "Their system, now" in page.text()
    assert 'value="EMAIL"' not in page.body
    said = "Email is not offered. An e-mail in its place was made already: send that one again"
    assert said in page.text()


def test_of_what_is_offered_or_was_never_another_way_no_such_thing_is_said() -> None:
    with a_world() as world:
        world.take(a_decision())
        fails(world)
        sweep(world)
        office = Office.of(world)
        assert 'value="EMAIL"' in page_of(office, world, POLICE).body
        for key in (POLICE, PROBATION):
            assert "is not offered" not in page_of(office, world, key).text()


def test_a_reason_that_goes_for_both_ways_is_said_once(office: Office, world: World) -> None:
    set_(world, POLICE, resent="2026-11-24T16:00:00.000Z")
    text = page_of(office, world, POLICE).text()
    assert text.count("It was sent again already") == 1
    assert "is not offered" not in text


# --- where messages wait for a system


@pytest.fixture
def failing() -> Iterator[World]:
    """A person is asked to mend the police's system; so many messages wait for it."""
    with a_world() as world:
        fails(world)
        for number in range(6):
            world.take(
                a_decision(referral_ref=f"NS-26-{number}", event_id=an_event_id(number), involved_agencies=[])
            )
        sweep(world)
        yield world


REPLACED = "An email takes the place of each that their system has not taken within 30 minutes"
AS_WELL = "Email goes to them as well"
NONE = "No email takes their place: the registry has no mailbox of theirs"


def pages(world: World) -> tuple[str, str]:
    """What the agency's page says, and that of the task."""
    browser = Office.of(world).signed_in()
    task = link(browser.get("/worklist?kind=MEND_ENDPOINT"), "See what is waiting")
    return browser.get("/agencies/north-police").text(), browser.get(task).text()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, REPLACED),
        ({"channels": ["webhook", "email"]}, AS_WELL),
        ({"address": None}, NONE),
    ],
)
def test_the_agency_and_the_task_say_what_tells_it_by_email_meanwhile(
    failing: World, changes: dict[str, object], said: str
) -> None:
    change_agency(failing, "north-police", **changes)
    of_the_agency, of_the_task = pages(failing)
    assert f"Waiting 6 messages {said}" in of_the_agency
    assert f"What waits 6 messages waiting The oldest since Today, 3:02pm. {said}" in of_the_task
    assert "until it takes them again, only an email or a call tells what they say" in of_the_task
    for other in {REPLACED, AS_WELL, NONE} - {said}:
        assert other not in of_the_agency + of_the_task


def test_of_an_agency_that_nothing_waits_for_or_that_is_told_nothing_no_email_is_promised(
    failing: World,
) -> None:
    browser = Office.of(failing).signed_in()
    assert "Waiting Nothing Telephone" in browser.get("/agencies/north-probation").text()
    change_agency(failing, "north-police", status="INACTIVE")
    assert "takes the place" not in browser.get("/agencies/north-police").text()
