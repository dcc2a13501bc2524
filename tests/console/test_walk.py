"""A manager's morning in a real browser, on the console itself: no script, no mouse, no side scroll."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page

from functions.adapters.ledger import keys
from functions.adapters.ledger.store import from_item
from functions.console.door.guard import Route
from functions.console.routes import ROUTES
from schemas.codes import AuditKind, ConsoleRole, TaskRole
from tests.console.browser import NARROW, WIDE, Browser
from tests.console.council import MANAGER, Person
from tests.console.every_page import HELD_REF, PEOPLE, filled
from tests.console.served import Served, served
from tests.console.small_year import SmallYear, a_small_year
from tests.console.test_looks import AXE, FOCUS, violations

FIRST_VISIT_BYTES = 25 * 1024
OK = 200
pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]


@pytest.fixture(scope="session")
def year() -> SmallYear:
    return a_small_year()


@pytest.fixture(scope="session")
def console(year: SmallYear) -> Iterator[Served]:
    with served(lambda base: year.office(base, base)) as one:
        yield one


def test_the_weeks_that_are_walked_through_are_counted(console: Served) -> None:
    shown = console.office.signed_in().get("/").text()
    assert "No decisions yet this week" not in shown
    assert "Nothing was received" not in shown


@contextmanager
def visiting(
    browser: Browser, console: Served, *, width: int = WIDE, with_script: bool = False
) -> Iterator[tuple[Page, list[str]]]:
    """A window of somebody who is not signed in, and what the browser complains of."""
    context = browser.chromium.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=with_script, base_url=console.base
    )
    context.set_default_timeout(20_000)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda said: complaints.append(f"{page.url}: {said}"))
    try:
        yield page, complaints
    finally:
        context.close()


def sign_in(page: Page) -> None:
    page.goto("/")
    page.locator('a[href*="/sign-in/start"]').click()
    page.get_by_role("link", name="Sign out").wait_for()


def a_reference(console: Served) -> str:
    """Of a referral of these weeks that has something to tell."""
    pages = console.office.store.client.get_paginator("scan").paginate(TableName="audit")
    rows = (item for page in pages for item in page["Items"])
    found = {row["pk"]["S"] for row in rows if row["type"]["S"] == AuditKind.ATTEMPT_CLOSED}
    return str(max(ref for pk in found if (ref := keys.ref_in(pk))))


def values(console: Served) -> dict[str, str]:
    """For the parameters of the pages' paths, something of these weeks for each."""
    office, ref = console.office, a_reference(console)
    items = office.store.partition("state", keys.referral(ref), keys.DELIVERY_PREFIX)
    message = next(one for one in items if "message_id" in one)
    task = next(task for role in TaskRole for task in office.desk.reads.work.of(role))
    return {
        "ref": ref,
        "child": "1",
        "message_id": message["message_id"],
        "agency_id": "north-police",
        "partition": task["pk"].replace("#", "~"),
        "task": task["sk"].replace("#", "~"),
    }


def test_a_manager_finds_a_referral_releases_a_hold_and_leaves(browser: Browser, console: Served) -> None:
    with visiting(browser, console) as (page, complaints):
        sign_in(page)
        page.get_by_role("link", name="Referrals", exact=True).click()
        page.get_by_label("Reference").fill(HELD_REF.lower())
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(HELD_REF))
        assert page.get_by_role("heading", name="Everything that happened").is_visible()
        page.get_by_role("link", name="Review the hold").first.click()
        page.wait_for_url(re.compile("worklist"))
        page.get_by_role("main").get_by_role("link", name="Review the hold").first.click()
        page.get_by_role("radio").first.check()
        page.get_by_role("button", name="Release it").click()
        page.wait_for_url(re.compile("done=released"))
        assert page.get_by_text("What was held is on its way").is_visible()
        page.get_by_role("link", name="Sign out").click()
        page.wait_for_url(re.compile("/signed-out$"))
        page.goto(f"/referrals/{HELD_REF}")
        assert "/sign-in" in page.url
    assert not complaints


def test_a_manager_sends_a_message_again_takes_figures_away_and_leaves(
    browser: Browser, console: Served
) -> None:
    with visiting(browser, console) as (page, complaints):
        sign_in(page)
        page.goto(f"/messages/{values(console)['message_id']}")
        page.get_by_label("The agency says that it has not received it").check()
        page.get_by_role("button", name="Send again").click()
        page.wait_for_url(re.compile("done=(again|anew)"))
        assert page.get_by_text(re.compile("leaves within a minute")).is_visible()

        page.get_by_role("link", name="Reports", exact=True).click()
        page.get_by_label("The partnership board").check()
        page.get_by_label("A spreadsheet").check()
        with page.expect_download() as begun:
            page.get_by_role("button", name="Download").click()
        file = begun.value
        assert re.fullmatch(r"figures-[0-9-]+-to-[0-9-]+\.xlsx", file.suggested_filename)
        assert load_workbook(BytesIO(file.path().read_bytes())).sheetnames == ["Figures", "Notes"]

        page.get_by_role("link", name="Sign out").click()
        page.wait_for_url(re.compile("/signed-out$"))
    assert not complaints
    acts = [(row["type"], row["actor"]) for row in audit(console) if row["type"] in ("RESENT", "EXPORT")]
    assert sorted(acts) == [("EXPORT", "staff:p-0417"), ("RESENT", "staff:p-0417")]


def audit(console: Served) -> list[dict[str, Any]]:
    pages = console.office.store.client.get_paginator("scan").paginate(TableName="audit")
    return [from_item(item) for page in pages for item in page["Items"]]


def test_a_referral_is_found_without_a_mouse(browser: Browser, console: Served) -> None:
    ref = a_reference(console)
    with visiting(browser, console) as (page, complaints):
        page.goto("/")
        press(page, "Sign in")
        press(page, "Referrals")
        tab_to(page, "ref")
        page.keyboard.type(ref)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(ref))
        press(page, "Sign out")
        page.wait_for_url(re.compile("/signed-out$"))
    assert not complaints


def press(page: Page, name: str) -> None:
    """Enter, on the stop of that name."""
    tab_to(page, name)
    before = page.url
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)
    page.wait_for_load_state()


def tab_to(page: Page, name: str) -> None:
    """Tab by tab, each of which is seen."""
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        assert stop["seen"] or stop["tag"] == "BODY"
        if stop["name"] == name:
            return
    raise AssertionError(f"the Tab key never comes to {name}")


def test_every_real_page_passes_axe_and_fits_a_narrow_window(browser: Browser, console: Served) -> None:
    for role, person in PEOPLE.items():
        with visiting(browser, console, with_script=True) as (page, complaints):
            with coming_as(person, console):
                sign_in(page)
            for route in seen_first_by(role):
                look_at(page, route, the_path(page, route, values(console)))
        assert not complaints


@contextmanager
def coming_as(person: Person, console: Served) -> Iterator[None]:
    """Whoever comes to the council's page meanwhile is this person."""
    console.person = person
    try:
        yield
    finally:
        console.person = MANAGER


def seen_first_by(role: ConsoleRole) -> list[Route]:
    """The pages that whoever comes before has not seen; none of an e-mail, which tests of its own look at."""
    others = list(PEOPLE)[: list(PEOPLE).index(role)]
    return [
        route
        for route in ROUTES
        if role in route.may_look and not route.path.endswith("/preview") and not route.may_look & set(others)
    ]


def the_path(page: Page, route: Route, known: dict[str, str]) -> str:
    """Of a form's page that of one that is awaited."""
    if not route.path.startswith("/police-desk/"):
        return filled(route, known)
    page.goto("/police-desk")
    return str(page.locator('main a[href*="/police-desk/"]').first.get_attribute("href"))


def look_at(page: Page, route: Route, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == OK, route.path
    page.evaluate(AXE)
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, route.path
        assert not violations(page), route.path


def test_a_referral_on_paper_has_its_marking_and_no_navigation(browser: Browser, console: Served) -> None:
    with visiting(browser, console) as (page, _):
        sign_in(page)
        page.goto(f"/referrals/{a_reference(console)}")
        page.emulate_media(media="print")
        assert not page.locator(".mo-nav").is_visible()
        assert page.locator(".mo-marking").is_visible()
        assert page.get_by_role("heading", name="Everything that happened").is_visible()


def test_a_first_visit_fetches_little(console: Served) -> None:
    office = console.office
    body = office.signed_in().get("/").body
    assets = re.findall(r'(?:href|src)="([^"]*/assets/[^"]+)"', body)
    assert assets
    fetched = [body, *(office.answer("GET", one.removeprefix(office.base), {}).body for one in set(assets))]
    assert sum(len(gzip.compress(one.encode())) for one in fetched) <= FIRST_VISIT_BYTES
