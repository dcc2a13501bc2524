"""Somebody whose session ended in mid-form, or in the middle of a list: where they are once they are back."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.adapters.errors import BusyError
from functions.adapters.ledger.listing import Listing
from functions.console.referrals import page as referrals
from functions.domain.by_hand import TO_RECOVER
from functions.domain.delivery import Answer
from schemas.codes import AttemptResult, Channel, ErrorWord, ReadPurpose
from tests.console.council import MANAGER
from tests.console.office import Browser, Office, Reply
from tests.world import World, a_decision, a_world, an_event_id

REF = "NS-26-7KQ4ZP"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        one.doors[Channel.WEBHOOK].answers = [
            Answer(AttemptResult.FAILED, error=ErrorWord.E_HTTP, http_status=503)
        ]
        one.take(a_decision())
        one.later(minutes=1)
        one.send_due()
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def again(browser: Browser, to: str) -> Reply:
    """The page on which they are after signing in by the link to `to`."""
    start = browser.get(f"/sign-in/start?to={to}")
    back = browser.get(
        browser.office.council.sign_in(start.leads_to, MANAGER).removeprefix(browser.office.base)
    )
    return browser.get(back.leads_to.removeprefix(browser.office.base))


def too_late(browser: Browser, world: World, path: str, fields: dict[str, str], **more: str) -> Reply:
    """The page where they are once what they sent after half an hour had come to nothing."""
    world.later(minutes=31)
    reply = browser.post(path, {**fields, **more})
    assert reply.status == 403
    found = re.search(r"/sign-in\?to=([^\"]+)", reply.body)
    assert found
    return again(browser, found[1])


def test_a_file_has_the_filters_that_it_was_asked_for_with(office: Office, world: World) -> None:
    browser = office.signed_in()
    page = browser.get(f"/messages/download?agency=north-police&ref={REF}")
    body = {**page.fields(), "reason": ReadPurpose.INSPECTION}
    assert {"ref": REF, "agency": "north-police"}.items() <= body.items()
    later = too_late(browser, world, "/messages/download", body)
    assert {"ref": REF, "agency": "north-police", "reason": "INSPECTION"}.items() <= later.fields().items()
    assert "In the file 1 message Only NS-26-7KQ4ZP" in later.text()


def test_every_value_of_a_field_is_kept(office: Office, world: World) -> None:
    browser, both = office.signed_in(), "status=RETRY&status=accepted"
    world.later(minutes=31)
    browser.office.answer(
        "POST",
        "/messages/download",
        {
            "content-type": "application/x-www-form-urlencoded",
            "cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
        },
        f"{both}&csrf={browser.csrf}",
    )
    assert "In the file 2 messages Only Still trying" in again(browser, "/messages/download").text()


def test_a_report_is_of_the_same_months(office: Office, world: World) -> None:
    browser = office.signed_in()
    page = browser.get("/reports?since=2026-06&until=2026-06")
    assert "June 2026" in page.text()
    later = too_late(browser, world, "/reports", page.fields(), purpose="")
    assert {"since": "2026-06", "until": "2026-06"}.items() <= later.fields().items()


def test_what_goes_again_is_counted_from_the_same_moment(office: Office, world: World) -> None:
    browser, path = office.signed_in(), "/agencies/north-police/recover"
    page = browser.get(f"{path}?hours=168")
    assert "Since 17 November 2026, 3:03pm" in page.text()
    later = too_late(browser, world, path, page.fields(), reason=min(TO_RECOVER))
    assert "Since 17 November 2026, 3:03pm" in later.text()


def test_what_was_typed_outlives_tables_that_are_busy(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, path = office.signed_in(), "/messages/download"
    fields = browser.get(f"{path}?agency=north-police").fields()

    def busy(*_: object) -> object:
        raise BusyError("made ready")

    with monkeypatch.context() as patch:
        patch.setattr(Listing, "came", busy)
        assert too_late(browser, world, path, fields, reason="INSPECTION").status == 503
    assert browser.get(path).fields()["reason"] == "INSPECTION"
    assert "reason" not in browser.get(path).fields()


def test_a_list_is_begun_again_where_its_place_opens_nothing_any_more(
    office: Office, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referrals, "A_PAGE", 1)
    world.take(a_decision(referral_ref="NS-26-2", event_id=an_event_id(2)))
    browser = office.signed_in()
    older = re.search(
        r'href="[^"]*(/referrals\?[^"]*from=[^"]+)"', browser.get("/referrals?agency=north-police").body
    )
    assert older
    path = older[1].replace("&amp;", "&")
    world.later(minutes=31)
    sent = browser.get(path)
    to = parse_qs(urlsplit(sent.leads_to).query)["to"][0]
    page = again(browser, sent.leads_to.partition("to=")[2])
    assert (page.status, "from=" in to, "agency=north-police" in to) == (200, False, True)
    assert browser.get(path).status == 404
