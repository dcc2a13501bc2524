"""Tasks in the console: what needs a person, ending one, and releasing a hold."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from functions.console.sign_in import SESSION_COOKIE, hashed
from schemas.codes import ActReason, AuditKind, ReleaseReason
from tests.console.council import MANAGER, VIEWER
from tests.console.office import Browser, Office, Reply
from tests.world import World, a_decision, a_receipt, a_world, change_agency


@pytest.fixture
def world() -> Iterator[World]:
    """A decision that is held for a safety check."""
    with a_world() as one:
        one.take(a_decision(hold_codes=[{"code": "SENSITIVE"}]))
        yield one


@pytest.fixture
def office(world: World) -> Office:
    return Office.of(world)


def the_task(browser: Browser) -> str:
    """The path of the first item of the worklist."""
    found = re.search(r'href="[^"]*(/worklist/[^"]+)"', browser.get("/worklist").body)
    assert found
    return found[1]


def end(browser: Browser, path: str, page: Reply, reason: str, **changed: str) -> Reply:
    return browser.post(path, {**page.fields(), "way": "released", "reason": reason, **changed})


def test_a_manager_releases_a_hold_and_what_was_held_goes(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    page = browser.get(path)
    assert "Nobody is told of this child until somebody decides" in page.text()
    reply = end(browser, path, page, ReleaseReason.SAFE_TO_TELL)
    assert (reply.status, reply.leads_to) == (303, f"{office.base}/worklist?done=released")
    assert "What was held is on its way" in browser.get("/worklist?done=released").text()
    (row,) = [row for row in world.rows() if row["type"] == AuditKind.RELEASED]
    assert (row["actor"], row["reason"]) == ("staff:p-0417", ReleaseReason.SAFE_TO_TELL)
    assert world.send_due() > 0


def test_whoever_must_ring_is_told_the_number_or_who_can_find_it() -> None:
    with a_world() as world:
        world.chases = True
        world.take(a_receipt())
        world.take(a_decision())
        for _ in range(12):
            world.later(hours=24)
            world.send_due()
        browser = Office.of(world).signed_in(VIEWER)
        listed = browser.get("/worklist?kind=CHASE_FORM").body
        path = re.findall(r'href="[^"]*(/worklist/[^"]+)"', listed)[0]
        none = (
            "The registry has no telephone number of North Police: ask whoever keeps the directory to add it."
        )
        assert none in browser.get(path).text()
        change_agency(world, "north-police", phone="01632 960 301")
        text = browser.get(path).text()
        assert "Ring North Police on 01632 960 301." in text
        assert "no telephone number" not in text
        assert "North Probation" not in text.partition("What to do")[2]


def test_two_managers_at_once_one_wins_and_the_other_is_told(office: Office) -> None:
    first, second = office.signed_in(MANAGER), office.signed_in(MANAGER)
    path = the_task(first)
    pages = first.get(path), second.get(path)
    assert end(first, path, pages[0], ReleaseReason.SAFE_TO_TELL).status == 303
    assert end(second, path, pages[1], ReleaseReason.SAFE_TO_TELL).status == 404


def test_a_manager_keeps_a_hold_and_must_decide_again(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    world.later(minutes=20)
    reply = end(browser, path, browser.get(path), ActReason.POLICE_ASKED, way="kept")
    assert (reply.status, reply.leads_to) == (303, f"{office.base}/worklist?done=kept")
    assert "somebody must decide again" in browser.get("/worklist?done=kept").text()
    (row,) = [row for row in world.rows() if row["type"] == AuditKind.TASK]
    assert (row["actor"], row["reason"], row["kept"]) == ("staff:p-0417", ActReason.POLICE_ASKED, True)
    assert world.send_due() == 0
    assert browser.get(path).status == 200
    referral = browser.get("/referrals/NS-26-7KQ4ZP").text()
    assert "Hold kept" in referral
    assert "the police have asked to wait" in referral


def test_whoever_decides_of_what_another_has_kept_is_told_what_changed(office: Office, world: World) -> None:
    first, second = office.signed_in(MANAGER), office.signed_in(MANAGER)
    path = the_task(first)
    pages = first.get(path), second.get(path)
    world.later(minutes=20)
    assert end(first, path, pages[0], ActReason.NOT_SAFE_YET, way="kept").status == 303
    reply = end(second, path, pages[1], ReleaseReason.SAFE_TO_TELL)
    assert reply.status == 409
    assert "To be done by" in reply.text()
    assert AuditKind.RELEASED not in world.kinds()


@pytest.mark.parametrize(
    ("way", "reason", "words"),
    [
        ("kept", ReleaseReason.SAFE_TO_TELL, "Say why it must wait"),
        ("kept", "", "Say why it must wait"),
        ("released", ActReason.POLICE_ASKED, "Say why it may be released"),
        ("task", ActReason.NOT_NEEDED, "Say why it may be released"),
    ],
)
def test_each_way_has_reasons_of_its_own(
    office: Office, world: World, way: str, reason: str, words: str
) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    reply = end(browser, path, browser.get(path), reason, way=way)
    assert reply.status == 400
    assert words in reply.text()
    assert {AuditKind.TASK, AuditKind.RELEASED}.isdisjoint(world.kinds())


@pytest.mark.parametrize("was", ["", "<script>", "2026-11-24", "2026-11-24T00:00:00"])
def test_a_form_that_says_it_saw_what_never_was_changes_nothing(
    office: Office, world: World, was: str
) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    reply = end(browser, path, browser.get(path), ReleaseReason.SAFE_TO_TELL, was_due_at=was)
    assert reply.status == 409
    assert "<script>" not in reply.body
    assert AuditKind.RELEASED not in world.kinds()


def test_without_a_reason_nothing_is_done_and_the_page_says_so(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    reply = end(browser, path, browser.get(path), "because")
    assert reply.status == 400
    assert "There is a problem" in reply.text()
    assert AuditKind.RELEASED not in world.kinds()


def test_a_reason_that_does_not_fit_is_refused_with_what_to_do(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    reply = end(browser, path, browser.get(path), ReleaseReason.ADDRESS_VERIFIED)
    assert reply.status == 409
    assert "is no reason to end SENSITIVE" in reply.text()
    assert AuditKind.RELEASED not in world.kinds()


@pytest.mark.parametrize("csrf", ["", "secret-of-somebody-else"])
def test_a_form_that_is_not_ours_does_nothing(office: Office, world: World, csrf: str) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    assert end(browser, path, browser.get(path), ReleaseReason.SAFE_TO_TELL, csrf=csrf).status == 403
    assert AuditKind.RELEASED not in world.kinds()


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}]
)
def test_a_form_from_elsewhere_does_nothing(office: Office, world: World, headers: dict[str, str]) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    fields = {**browser.get(path).fields(), "way": "released", "reason": ReleaseReason.SAFE_TO_TELL}
    assert browser.post(path, fields, **headers).status == 403
    assert AuditKind.RELEASED not in world.kinds()


def test_a_viewer_sees_the_task_and_may_not_end_it(office: Office, world: World) -> None:
    browser = office.signed_in(VIEWER)
    path = the_task(browser)
    page = browser.get(path)
    assert "Only a MASH manager can say how this ended" in page.text()
    csrf = office.desk.sign_in.sessions.found(_hashed(browser))
    assert csrf
    fields = {"csrf": csrf.csrf, "reason": ReleaseReason.SAFE_TO_TELL}
    assert browser.post(path, fields).status == 403
    assert AuditKind.RELEASED not in world.kinds()


def _hashed(browser: Browser) -> str:
    return hashed(browser.cookies[SESSION_COOKIE])


def test_whoever_signs_in_again_finds_what_they_had_chosen(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    page = browser.get(path)
    world.later(hours=1)
    reply = end(browser, path, page, ReleaseReason.AGREED_WITH_POLICE)
    assert reply.status == 403
    assert "You have been signed out" in reply.text()
    back = browser.sign_in(MANAGER)
    assert back.leads_to == f"{office.base}{path}"
    again = browser.get(path)
    assert f'value="{ReleaseReason.AGREED_WITH_POLICE}" checked' in again.body
    assert again.body.count(" checked") == 1
    assert f'value="{ReleaseReason.AGREED_WITH_POLICE}" checked' not in browser.get(path).body


def test_what_somebody_chose_is_shown_to_nobody_else_there(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    path = the_task(browser)
    page = browser.get(path)
    world.later(hours=1)
    end(browser, path, page, ReleaseReason.AGREED_WITH_POLICE)
    browser.sign_in(replace(MANAGER, subject="p-0999"))
    there = browser.get(path)
    assert there.status == 200
    assert ReleaseReason.AGREED_WITH_POLICE in there.body
    assert "checked" not in there.body


@pytest.mark.parametrize(
    "path", ["/worklist/R~NS-26-7KQ4ZP/HEAD", "/worklist/HUB/HEAD", "/worklist/R~NONE/TASK~X~01"]
)
def test_what_is_no_open_task_is_not_there(office: Office, path: str) -> None:
    assert office.signed_in(MANAGER).get(path).status == 404


def test_reasons_are_those_of_the_task(office: Office) -> None:
    browser = office.signed_in(MANAGER)
    body = browser.get(the_task(browser)).body
    assert ReleaseReason.SAFE_TO_TELL in body
    assert ActReason.TOLD_BY_PHONE not in re.findall(r'value="(\w+)"', body)
