"""What is refused at the door is on record as what is read is, and what is on no record nobody sees."""

from collections.abc import Iterator

import pytest

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import Item
from functions.console.app import console_app
from functions.console.door.guard import Route
from functions.console.door.problems import NOT_THIS_WAY
from functions.console.door.roles import EVERYBODY
from functions.console.routes import ROUTES
from schemas.codes import ConsoleRole
from tests.console.council import AUDITOR, MANAGER, POLICE, VIEWER, Person
from tests.console.every_page import a_full_world, every_page, known
from tests.console.office import Office
from tests.world import World

PEOPLE = {
    ConsoleRole.VIEWER: VIEWER,
    ConsoleRole.MANAGER: MANAGER,
    ConsoleRole.AUDITOR: AUDITOR,
    ConsoleRole.POLICE_DESK: POLICE,
}


@pytest.fixture(scope="module")
def world(account: None) -> Iterator[World]:
    with a_full_world() as one:
        yield one


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    return Office.of(world)


def newest_of(world: World, person: Person) -> Item:
    return world.store.partition("audit", keys.read_by(world.now, f"staff:{person.subject}"), "E#")[-1]


def assert_on_record(world: World, person: Person, asked: str, path: str) -> None:
    row = newest_of(world, person)
    assert (row["type"], row["asked"], row["rows"], row["filters"]) == ("QUERY", asked, 0, {"page": path})


@pytest.mark.parametrize("role", PEOPLE)
def test_a_page_or_an_act_of_another_role_is_refused_on_record(
    office: Office, world: World, role: ConsoleRole
) -> None:
    browser = office.signed_in(PEOPLE[role])
    for page in every_page(known(world)):
        if role not in page.route.may_look:
            assert browser.get(page.path).status == 403
            assert_on_record(world, PEOPLE[role], "NOT_ALLOWED", page.route.path)
        if page.route.does and role not in page.route.may_act:
            assert browser.post(page.path, {"csrf": browser.csrf}).status == 403
            assert_on_record(world, PEOPLE[role], "NOT_ALLOWED", page.route.path)


def test_a_refused_act_says_whose_it_is(office: Office, world: World) -> None:
    browser = office.signed_in(VIEWER)
    whose = {}
    for page in every_page(known(world)):
        if page.route.does and ConsoleRole.VIEWER in page.route.may_look - page.route.may_act:
            words = browser.post(page.path, {"csrf": browser.csrf}).text()
            whose[page.route.path] = words.partition("signed in as ")[2].partition(" can do this")[0]
    assert whose["/messages/<message_id>"] == "a MASH manager"
    assert whose["/reports"] == "a MASH manager or an auditor"


def test_a_page_of_another_role_says_whose_it_is(office: Office) -> None:
    browser = office.signed_in(VIEWER)
    assert "Only a person signed in as an auditor can open it." in browser.get("/access").text()
    assert (
        "signed in as a MASH manager or an auditor can open it." in browser.get("/messages/download").text()
    )
    of_the_mash = office.signed_in(POLICE).get("/worklist").text()
    assert "signed in as a MASH manager, an auditor or a MASH viewer can open it." in of_the_mash


def test_a_form_that_is_not_ours_is_refused_on_record(office: Office, world: World) -> None:
    browser = office.signed_in(MANAGER)
    browser.post("/reports", {"csrf": "another"})
    assert_on_record(world, MANAGER, "FORM_NOT_OURS", "/reports")
    browser.get("/sign-out", **{"sec-fetch-site": "cross-site"})
    assert_on_record(world, MANAGER, "FORM_NOT_OURS", "/sign-out")


def test_what_no_row_tells_of_is_shown_to_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    forgetful = Route("/forgetful", lambda _: NOT_THIS_WAY, EVERYBODY)
    monkeypatch.setattr("functions.console.app.ROUTES", (*ROUTES, forgetful))
    monkeypatch.setattr(office, "app", console_app(lambda: office.desk))
    monkeypatch.setattr(office, "may_fail", True)
    reply = office.signed_in(MANAGER).get("/forgetful")
    assert (reply.status, NOT_THIS_WAY.title in reply.body) == (500, False)
