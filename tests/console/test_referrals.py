"""The list of referrals in the console: who referred each, whatever came first of it."""

from collections.abc import Iterator

import pytest

from tests.console.office import Office
from tests.forms import a_complete_form_event
from tests.live_counts import count_live
from tests.world import World, a_decision, a_receipt, a_world, an_event_id


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def line(office: Office) -> str:
    """What stands in the one line."""
    text = office.signed_in().get("/referrals").text()
    return text.partition("NS-26-7KQ4ZP")[2].partition("Help and")[0]


def test_a_form_that_came_first_hides_nobody_who_referred(office: Office, world: World) -> None:
    world.take(a_complete_form_event())
    assert "Not known yet" in line(office)
    world.later(days=1)
    world.take(a_receipt())
    assert "North Police" in line(office)


def test_a_decision_of_the_same_day_says_who_referred_where_no_arrival_was_told(
    office: Office, world: World
) -> None:
    world.take(a_complete_form_event())
    world.take(a_decision())
    assert "North Police" in line(office)


def test_siblings_who_were_decided_on_different_days_are_counted_together(
    office: Office, world: World
) -> None:
    world.take(a_receipt(1, 2))
    for child, event in ((1, "one"), (2, "two")):
        decided_at = world.now.isoformat()
        world.take(a_decision(child_index=child, event_id=an_event_id(event), decided_at=decided_at))
        world.later(days=1)
    count_live(world.store, world.clocks, world.now)
    assert "(2 children)" in line(office)


def test_a_referrer_of_the_public_is_no_agency(office: Office, world: World) -> None:
    world.take(a_receipt(source_code="1A", referring_agency=None))
    assert "Not an agency" in line(office)


def test_a_referral_stands_with_the_day_on_which_it_first_came_in(office: Office, world: World) -> None:
    world.take(a_receipt())
    world.later(days=2)
    world.take(a_decision())
    browser = office.signed_in()
    assert "NS-26-7KQ4ZP" not in browser.get("/referrals?since=2026-11-25&until=2026-11-26").text()
    assert "NS-26-7KQ4ZP" in browser.get("/referrals?since=2026-11-24&until=2026-11-24").text()


def test_days_that_end_before_they_begin_are_the_last_of_them(office: Office, world: World) -> None:
    world.take(a_receipt())
    page = office.signed_in().get("/referrals?since=2026-11-30&until=2026-11-24")
    assert page.fields()["since"] == page.fields()["until"] == "2026-11-24"
    assert "NS-26-7KQ4ZP" in page.text()


def test_a_form_is_called_in_the_list_and_its_filter_as_on_its_own_page(office: Office) -> None:
    page = office.signed_in().get("/referrals?form=INCORRECT")
    assert "Not complete" in page.text()
    assert "correctly completed" not in page.text()


def test_a_list_says_of_which_days_it_is_and_leads_further_back(office: Office, world: World) -> None:
    world.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
    count_live(world.store, world.clocks, world.now)
    world.later(days=120)
    browser = office.signed_in()
    page = browser.get("/referrals?told=held")
    assert "0 referrals, 23 December 2026 to 24 March 2027" in page.text()
    assert "No referrals match that came in since 23 December 2026." in page.text()
    further = page.body.partition(">Look further back, to 23 March 2026<")[0].rpartition('href="')[2]
    address = further.partition('"')[0].replace("&amp;", "&").removeprefix(office.base)
    held, pages = "", 0
    while address and pages < 9:
        page, pages = browser.get(address), pages + 1
        held += page.text()
        after = page.body.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = after.replace("&amp;", "&").removeprefix(office.base) if 'rel="next"' in page.body else ""
    assert "NS-26-7KQ4ZP" in held
    assert "Look further back" not in page.text()
