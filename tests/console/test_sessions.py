"""What a browser keeps of a session, and what becomes of it: cookies, tokens of forms, an end that is one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from functions.console.app import HEADERS
from functions.console.door.sign_in import SESSION_COOKIE, SIGN_IN_COOKIE
from schemas.codes import ConsoleRole
from tests.console.council import AUDITOR, MANAGER, NOBODY, Person
from tests.console.every_page import Asked, a_full_world, csrf_of, every_page, known, things_done
from tests.console.office import Browser, Office
from tests.world import World


@pytest.fixture(scope="module")
def world(account: None) -> Iterator[World]:
    with a_full_world() as one:
        yield one


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    return Office.of(world)


@pytest.fixture
def browser(office: Office) -> Browser:
    return office.signed_in(MANAGER)


def acts(world: World) -> list[Asked]:
    """Every page on which a manager can do something."""
    manager = ConsoleRole.MANAGER
    found = [page for page in every_page(known(world)) if manager in page.route.may_act]
    assert found
    return found


def attributes(header: str) -> set[str]:
    return {part.strip() for part in header.split(";")[1:]}


def test_every_cookie_is_bound_to_this_host_to_tls_and_to_our_pages(office: Office) -> None:
    browser = office.browser()
    start = browser.get("/sign-in/start?to=/")
    back = browser.get(office.council.sign_in(start.leads_to, MANAGER).removeprefix(office.base))
    out = browser.get("/sign-out", **{"sec-fetch-site": "same-origin"})
    headers = [header for reply in (start, back, out) for _, header in reply.raw_cookies]
    names = [header.partition("=")[0] for header in headers]
    assert sorted(names) == sorted([SIGN_IN_COOKIE] * 2 + [SESSION_COOKIE] * 2)
    for name, header in zip(names, headers, strict=True):
        assert name.startswith("__Host-")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= attributes(header)
        assert "domain" not in header.lower()
    kept = [header for header in headers if not header.split(";")[0].endswith("=")]
    assert not [header for header in kept if "max-age" in header.lower() or "expires" in header.lower()]


@pytest.mark.parametrize("end", ["signed out", "idle", "ten hours"])
def test_what_opened_every_page_opens_none_once_it_has_ended(office: Office, world: World, end: str) -> None:
    browser = office.signed_in(MANAGER)
    token, kept, began = csrf_of(browser), dict(browser.cookies), world.now
    if end == "signed out":
        browser.get("/sign-out", **{"sec-fetch-site": "same-origin"})
    else:
        world.now += timedelta(minutes=30) if end == "idle" else timedelta(hours=10)
    browser.cookies = kept
    for page in every_page(known(world)):
        assert browser.get(page.path).status == 303, page.path
        if page.route.does:
            assert browser.post(page.path, {"csrf": token}).status == 403, page.path
    world.now = began


@pytest.mark.parametrize("next_one", [MANAGER, AUDITOR])
def test_whoever_signs_in_anew_leaves_no_session_behind(office: Office, next_one: Person) -> None:
    """Of this browser: what somebody kept of it is worth nothing; another browser's goes on."""
    browser, elsewhere = office.signed_in(MANAGER), office.signed_in(MANAGER)
    kept = dict(browser.cookies)
    browser.sign_in(next_one)
    assert browser.get("/").status == 200
    assert elsewhere.get("/").status == 200
    browser.cookies = kept
    assert browser.get("/").status == 303


def test_whoever_has_no_role_leaves_no_earlier_session_behind(office: Office) -> None:
    """Somebody else sits there now: what the one before left open is nobody's to go on with."""
    browser, elsewhere = office.signed_in(MANAGER), office.signed_in(MANAGER)
    kept = dict(browser.cookies)
    assert browser.sign_in(NOBODY).status == 403
    assert SESSION_COOKIE not in browser.cookies
    assert elsewhere.get("/").status == 200
    browser.cookies = kept
    assert browser.get("/").status == 303


@pytest.mark.parametrize("chosen", ["mine", "secret-1", "0" * 43])
def test_an_id_that_somebody_else_chose_is_nobodys(office: Office, chosen: str) -> None:
    browser = office.browser()
    browser.cookies[SESSION_COOKIE] = chosen
    assert browser.get("/").status == 303
    browser.sign_in(MANAGER)
    assert browser.cookies[SESSION_COOKIE] != chosen


def test_no_form_is_heard_without_this_sessions_token(office: Office, browser: Browser, world: World) -> None:
    others = csrf_of(office.signed_in(MANAGER))
    before = things_done(world)
    for page in acts(world):
        for token in ("", others, csrf_of(browser)[:-1], csrf_of(browser) + "x"):
            reply = browser.post(page.path, {"csrf": token})
            assert reply.status == 403, page.path
            assert "Your change was not made" in reply.text()
    assert things_done(world) == before


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
                {"sec-fetch-site": "same-site"}]
)  # fmt: skip
def test_no_form_is_heard_from_another_site(browser: Browser, world: World, headers: dict[str, str]) -> None:
    before = things_done(world)
    for page in acts(world):
        assert browser.post(page.path, {"csrf": csrf_of(browser)}, **headers).status == 403, page.path
    assert things_done(world) == before


def test_a_token_in_the_address_is_no_token(browser: Browser, world: World) -> None:
    for page in acts(world):
        assert browser.post(f"{page.path}?csrf={csrf_of(browser)}", {}).status == 403, page.path


CANNOT_BE_DONE_NOW = {
    "/messages/<message_id>/stop",
    "/agencies/<agency_id>",
    "/agencies/<agency_id>/resume",
    "/agencies/<agency_id>/recover",
    "/referrals/<ref>/call",
}
"""Where nothing is to be tried, stopped, resumed, sent again or called about, there is no form."""


def test_every_form_on_every_page_brings_its_token_or_asks_only(browser: Browser, world: World) -> None:
    for page in every_page(known(world)):
        forms = browser.get(page.path).body.split("<form")[1:]
        posts = [form for form in forms if 'method="post"' in form.lower()]
        assert all(f'value="{csrf_of(browser)}"' in form for form in posts), page.path
        may_act = ConsoleRole.MANAGER in page.route.may_act
        assert not may_act or posts or page.route.path in CANNOT_BE_DONE_NOW, page.path


def test_every_answer_of_whatever_kind_has_every_header(
    office: Office, browser: Browser, world: World
) -> None:
    replies = [browser.get(page.path) for page in every_page(known(world))]
    replies += [browser.post(page.path, {}) for page in every_page(known(world))]
    replies += [office.browser().get(page.path) for page in every_page(known(world))]
    replies += [browser.get(path) for path in ("/nothing", "/sign-in", "/sign-in/back", "/assets/none.css")]
    own = {"Content-Security-Policy"}
    for reply in replies:
        wanted = HEADERS if "sandbox" not in reply.headers["Content-Security-Policy"] else {
            name: value for name, value in HEADERS.items() if name not in own
        }  # fmt: skip
        assert wanted.items() <= reply.headers.items()
