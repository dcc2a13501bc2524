"""Whatever a browser may send: an answer that was meant, never a crash, and never a word too many."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import Signer, URLSafeSerializer

from functions.adapters.ledger.listing import Place
from functions.console.app import HEADERS
from functions.console.asking.cursor import OF_A_LIST, OF_A_READER, OF_A_REFERRAL, OF_READINGS, told
from functions.console.door.sign_in import SESSION_COOKIE, hashed
from tests.console.council import MANAGER, VIEWER
from tests.console.every_page import PARAMETER, REF, a_full_world, csrf_of, every_page, known, things_done
from tests.console.office import Browser, Office, Reply
from tests.console.troubled import Trouble, tables_of, troubled
from tests.stage_tables import store_over
from tests.world import World

MEANT = {200, 303, 400, 403, 404, 405, 409}
LONG = "x" * 9000
"""API Gateway takes 10,240 bytes of address and headers together."""
HOSTILE = (
    "", " ", "-1", "\u00b2", "9" * 5000, LONG, "\x00", "\u202e\U0001f9ff", "../../etc/passwd", "%25%00",
    "<script>alert(1)</script>{{7*7}}", "R#NS-26-7KQ4ZP", "~", "TASK~", "0001-01-01", "9999-12-31",
)  # fmt: skip
NAMES = ("child", "agency", "status", "way", "told", "form", "outcome", "since", "until", "from",
         "role", "kind", "source", "type", "done", "to", "state", "code", "q", "period", "page")  # fmt: skip


@pytest.fixture(scope="module")
def world(account: None) -> Iterator[World]:
    with a_full_world() as one:
        yield one


@pytest.fixture(scope="module")
def trouble(world: World) -> tuple[Office, Trouble]:
    faulty, counted = troubled(tables_of(world))
    return Office(store_over(faulty), world.clocks, lambda: world.now, vault=world.vault), counted


@pytest.fixture(scope="module")
def office(trouble: tuple[Office, Trouble]) -> Office:
    return trouble[0]


@pytest.fixture(scope="module")
def browser(office: Office) -> Browser:
    """A manager's."""
    return office.signed_in(MANAGER)


def ask(browser: Browser, path: str, query: dict[str, list[str]]) -> Reply:
    """As API Gateway hands it over: decoded already, whatever it was."""
    cookie = f"{SESSION_COOKIE}={browser.cookies[SESSION_COOKIE]}"
    return browser.office.answer("GET", path, {"cookie": cookie}, query=query)


def is_meant(reply: Reply) -> bool:
    """An e-mail's preview has a policy of its own, which its own test holds."""
    wanted = {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"}
    return reply.status in MEANT and wanted.items() <= reply.headers.items()


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_value_of_an_address_is_a_crash(browser: Browser, world: World, value: str) -> None:
    for page in every_page(known(world)):
        query = {name: [value] for name in NAMES}
        assert is_meant(ask(browser, page.path, query)), page.path


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_id_in_a_path_is_a_crash(browser: Browser, world: World, value: str) -> None:
    values = known(world)
    for name in values:
        for page in every_page({**values, name: value}):
            if f"<{name}>" in page.route.path:
                assert is_meant(ask(browser, page.path, {})), page.path


@given(text=st.text(max_size=60))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_at_all_is_a_crash(browser: Browser, world: World, text: str) -> None:
    for page in every_page(dict.fromkeys(known(world), text)):
        assert is_meant(ask(browser, page.path, {"until": [text], "child": [text]}))


BODIES = (
    "",
    "&&&=;",
    "&".join(f"a{number}=1" for number in range(500)),
    "reason=%FF%00",
    "csrf",
    "{}",
    LONG * 20,
    "csrf=x&csrf=y",
    "\x00\x01",
)
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("kind", [FORM, f"{FORM}; charset=utf-16", "multipart/form-data; boundary=a", ""])
def test_no_body_is_a_crash_and_none_without_the_token_does_anything(
    browser: Browser, world: World, kind: str
) -> None:
    cookie = {"cookie": f"{SESSION_COOKIE}={browser.cookies[SESSION_COOKIE]}", "content-type": kind}
    before = things_done(world)
    for page in every_page(known(world)):
        for body in BODIES:
            reply = browser.office.answer("POST", page.path, cookie, body)
            assert reply.status == (403 if page.route.does else 405), (page.path, body[:20])
            assert HEADERS.items() <= reply.headers.items()
    assert things_done(world) == before


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_no_field_of_a_form_is_a_crash(browser: Browser, world: World, value: str) -> None:
    for page in every_page(known(world)):
        if page.route.does is None:
            continue
        fields = {**browser.get(page.path).fields(), "csrf": csrf_of(browser)}
        assert is_meant(browser.post(page.path, {**dict.fromkeys(fields, value), "csrf": csrf_of(browser)}))
        for name in {*fields, "reason", "note", "seen"} - {"csrf"}:
            reply = browser.post(page.path, {**fields, name: value})
            assert is_meant(reply), (page.path, name)


COOKIES = (
    "",
    ";;;",
    "=",
    SESSION_COOKIE,
    f"{SESSION_COOKIE}={LONG}",
    f"{SESSION_COOKIE}=\u20ac; a=b",
    f"{SESSION_COOKIE}=a; {SESSION_COOKIE}=b",
    "\x00",
    f"{SESSION_COOKIE.lower()}=y",
)


@pytest.mark.parametrize("cookie", COOKIES, ids=range(len(COOKIES)))
def test_no_cookie_is_a_crash_or_a_way_in(office: Office, world: World, cookie: str) -> None:
    for page in every_page(known(world)):
        assert office.answer("GET", page.path, {"cookie": cookie}).status == 303, page.path


@pytest.mark.parametrize(
    "name", ["host", "x-forwarded-host", "x-forwarded-proto", "x-original-url", "forwarded"]
)
def test_no_header_moves_a_link_to_another_host(office: Office, world: World, name: str) -> None:
    signed_in = office.signed_in()
    for page in every_page(known(world)):
        for browser in (office.browser(), signed_in):
            reply = browser.get(page.path, **{name: "evil.example"})
            assert "evil.example" not in f"{reply.body}{reply.headers}", page.path


@pytest.mark.parametrize(
    "to", ["//evil.example/", "/%5Cevil.example", "https:evil.example", "/a%0d%0aX-Y:z", "/\tevil"]
)
def test_no_address_leads_to_another_site(office: Office, to: str) -> None:
    browser = office.browser()
    for path in (f"/sign-in?to={to}", f"/sign-in/start?to={to}", f"/{to}", f"/referrals?ref={to}"):
        reply = browser.get(path.encode("unicode_escape").decode())
        leads_to = reply.headers.get("Location", office.base)
        assert leads_to.startswith((f"{office.base}/", f"{office.council.origin}/", office.base))
        assert "\n" not in leads_to


def not_there(route_path: str, value: str) -> str:
    return PARAMETER.sub(value, route_path)


def test_an_id_that_is_not_there_is_like_any_other_in_every_way(
    browser: Browser, trouble: tuple[Office, Trouble], world: World
) -> None:
    guesses = ("NS-26-AAAAAA", "NS-26-ZZZZZZ", "msg_00000000000000000000000000000000", "north-polic", "HEAD")
    for page in every_page(known(world)):
        if "<" not in page.route.path or MANAGER not in page.by():
            continue
        found = set()
        for guess in guesses:
            asked = trouble[1].begin()
            reply = browser.get(not_there(page.route.path, guess))
            reads = sum(not call.startswith(("transact", "put")) for call in asked.calls)
            found.add((reply.status, reply.body, str(sorted(reply.headers.items())), reads))
        ((status, *_),) = found
        assert status == 404


def test_every_page_that_is_not_there_is_the_same_page(browser: Browser, world: World) -> None:
    """But for the place in the navigation, which the address says as well."""
    shown = [page for page in every_page(known(world)) if MANAGER in page.by()]
    paths = [not_there(page.route.path, "NOTHING") for page in shown]
    replies = [browser.get(path) for path in paths if path.endswith("NOTHING")]
    assert {reply.status for reply in replies} == {404}
    here = re.compile(r' (class="mo-nav__here"|aria-current="true")')
    assert len({here.sub("", reply.body) for reply in replies}) == 1


@pytest.mark.parametrize("change", ["", "x", "a.b", "W10.x", "flip", "cut"])
def test_a_cursor_that_we_did_not_give_out_leads_nowhere(browser: Browser, change: str) -> None:
    cursor = a_cursor(browser)
    forged = {"flip": f"x{cursor[1:]}", "cut": cursor[:-3]}.get(change, change)
    for path in ("/messages", "/referrals"):
        reply = browser.get(f"{path}?from={forged}")
        assert reply.status == (404 if forged else 200), path


def test_a_cursor_of_somebody_elses_session_leads_nowhere(office: Office, browser: Browser) -> None:
    other = office.signed_in(VIEWER)
    again = office.signed_in(MANAGER)
    for path in ("/messages", "/referrals"):
        assert browser.get(f"{path}?from={a_cursor(browser)}").status == 200
        assert other.get(f"{path}?from={a_cursor(browser)}").status == 404
        assert again.get(f"{path}?from={a_cursor(browser)}").status == 404


@pytest.mark.parametrize(
    "said", ["nonsense", ["nonsense", None], ["2026-11-24", None], [1, 2], {}, [REF, "x"]]
)
def test_whoever_signs_with_their_own_pages_token_is_told_no_more(browser: Browser, said: object) -> None:
    for salt in (OF_A_LIST, OF_A_REFERRAL, OF_A_READER, OF_READINGS):
        forged = URLSafeSerializer(csrf_of(browser), salt=salt).dumps(said)
        for path in ("/messages", "/referrals", f"/referrals/{REF}"):
            assert browser.get(f"{path}?from={forged}").status in (200, 404)
    signed = Signer(csrf_of(browser), salt="done at /worklist").sign("no such thing").decode()
    assert browser.get(f"/worklist?done={signed}").status == 200


def a_cursor(browser: Browser) -> str:
    """As a list of this session has it."""
    session = browser.office.desk.sign_in.sessions.found(hashed(browser.cookies[SESSION_COOKIE]))
    assert session
    return told(Place(date(2026, 11, 24), "NS-26-7KQ4ZP"), session)
