"""Who may look at which page and act on it: one table, as a reviewer reads it.

`GOLDEN=write` writes it again from what the console answers now.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.console.sign_in import SESSION_COOKIE
from schemas.codes import ConsoleRole
from tests.console.every_page import PEOPLE, Asked, a_full_world, csrf_of, every_page, known
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
                assert acts == "404", page.path


@pytest.mark.parametrize("method", ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_another_verb_finds_nothing_anywhere(office: Office, world: World, method: str) -> None:
    browser = office.signed_in()
    cookie = {"cookie": f"{SESSION_COOKIE}={browser.cookies[SESSION_COOKIE]}"}
    paths = [page.path for page in every_page(known(world))]
    for path in (*paths, "/sign-in", "/sign-in/start", "/sign-in/back", "/sign-out", "/nothing"):
        assert office.answer(method, path, cookie).status == 404, path
    assert browser.get("/").status == 200
