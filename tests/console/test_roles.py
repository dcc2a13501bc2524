"""Who may look at which page and act on it: one table, as a reviewer reads it.

`GOLDEN=write` writes it again from what the console answers now.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.app import HEADERS
from functions.console.door.sign_in import SESSION_COOKIE
from schemas.codes import ConsoleRole
from tests.console.council import Person
from tests.console.every_page import PEOPLE, REF, Asked, a_full_world, csrf_of, every_page, known
from tests.console.office import Browser, Office
from tests.world import World

GOLDEN = Path(__file__).with_name("roles.golden.txt")
ROLES = (None, *PEOPLE)
"""Nobody in particular, then each role."""


@pytest.fixture(scope="module")
def world(account: None) -> Iterator[World]:
    """One for all: an empty form changes nothing."""
    with a_full_world() as one:
        yield one


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    return Office.of(world)


def browsers(office: Office) -> dict[ConsoleRole | None, Browser]:
    found: dict[ConsoleRole | None, Browser] = {None: office.browser()}
    for role, person in PEOPLE.items():
        found[role] = office.signed_in(person)
    return found


def cell(browser: Browser, page: Asked) -> str:
    """What a look and an empty form are answered."""
    token = {"csrf": csrf_of(browser)} if SESSION_COOKIE in browser.cookies else {}
    return f"{browser.get(page.path).status} {browser.post(page.path, token).status}"


def test_the_table_of_who_may_do_what_is_the_one_that_was_agreed(office: Office, world: World) -> None:
    asks = browsers(office)
    head = ["GET POST".ljust(36), *(f"{role or 'nobody':<13}" for role in ROLES)]
    lines = ["".join(head).rstrip()]
    for page in every_page(known(world)):
        cells = (f"{cell(asks[role], page):<13}" for role in ROLES)
        lines.append(f"{page.route.path:<36}{''.join(cells)}".rstrip())
    table = "\n".join(lines) + "\n"
    if os.environ.get("GOLDEN") == "write":
        GOLDEN.write_text(table, encoding="utf-8")
    assert table == GOLDEN.read_text(encoding="utf-8")


def test_only_who_may_look_is_let_in_and_only_who_may_act_is_heard(office: Office, world: World) -> None:
    asks = browsers(office)
    for page in every_page(known(world)):
        for role in PEOPLE:
            looks, acts = cell(asks[role], page).split()
            assert (looks == "403") is (role not in page.route.may_look), page.path
            if page.route.does:
                assert (acts == "403") is (role not in page.route.may_act), page.path
            else:
                assert acts == "405", page.path


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_verb_is_refused_on_every_page_with_the_ones_that_it_has(
    office: Office, world: World, method: str
) -> None:
    browser = office.signed_in()
    for page in every_page(known(world)):
        reply = office.answer(method, page.path, cookie_of(browser))
        assert reply.status == 405, page.path
        assert reply.headers["Allow"] == ("GET, HEAD, POST" if page.route.does else "GET, HEAD")
        assert HEADERS.items() <= reply.headers.items()
        assert office.answer(method, page.path, {}).status == 405, "whoever asks"
    assert office.answer(method, "/nothing", cookie_of(browser)).status == 404
    assert browser.get("/").status == 200


def test_a_verb_is_refused_alike_whether_anything_is_there_or_not(office: Office, world: World) -> None:
    """Which page has which verbs is no secret; what is there is one."""
    browser = office.signed_in()
    there = office.answer("PUT", f"/referrals/{REF}", cookie_of(browser))
    assert office.answer("PUT", "/referrals/NS-26-NOBODY", cookie_of(browser)) == there


@pytest.mark.parametrize("path", ["/sign-in/start", "/sign-in/back", "/sign-out"])
def test_whoever_only_looks_at_a_link_spends_no_code_and_ends_no_session(office: Office, path: str) -> None:
    browser = office.signed_in()
    reply = browser.head(path)
    assert (reply.status, reply.headers["Allow"], reply.body) == (405, "GET", "")
    assert browser.get("/").status == 200


def test_head_is_answered_as_get_without_a_body_and_is_on_record_alike(office: Office, world: World) -> None:
    for page in every_page(known(world)):
        for role in PEOPLE:
            browser = office.signed_in(PEOPLE[role])
            got = browser.get(page.path)
            before = len(rows_of(world, PEOPLE[role]))
            headed = browser.head(page.path)
            assert (headed.status, headed.body) == (got.status, ""), page.path
            assert headed.headers.keys() == got.headers.keys(), page.path
            assert len(rows_of(world, PEOPLE[role])) == before + 1, page.path


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nothing", "/referrals/NS-26-NOBODY"])
def test_head_is_answered_as_get_for_whoever_is_not_signed_in(office: Office, path: str) -> None:
    headed = office.browser().head(path)
    assert (headed.status, headed.body) == (office.browser().get(path).status, "")


def cookie_of(browser: Browser) -> dict[str, str]:
    return {"cookie": f"{SESSION_COOKIE}={browser.cookies[SESSION_COOKIE]}"}


def rows_of(world: World, person: Person) -> list[Item]:
    """What the trail has of one person today."""
    return world.store.partition("audit", keys.read_by(world.now, f"staff:{person.subject}"), "E#")
