"""Names of the registry, of the council and of events that are markup or tricks of writing stay text."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from functions.adapters.ledger.store import from_item, to_item
from functions.console.app import HEADERS, console_app
from tests.console.council import Person
from tests.console.every_page import Markup, a_full_world, every_page, known
from tests.console.office import BRANDING, Browser, Office
from tests.console.troubled import tables_of
from tests.world import World

HOSTILE = "</title></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'`{{7*7}}${7*7}\u202e"
TEXTS = {"name", "phone", "own_ref", "decided_by", "team", "lead_team_code", "approved_by", "applier"}
"""Attributes that people write, in rows and in the registry: the schemas would refuse most of this; the
pages must not need them to."""


@pytest.fixture(scope="module")
def world(account: None) -> Iterator[World]:
    with a_full_world() as one:
        for table in tables_of(one).tables.values():
            for key, item in list(table.items.items()):
                table.write(key, to_item(spoilt(from_item(item))))
        yield one


def spoilt(item: dict[str, Any]) -> dict[str, Any]:
    return {name: HOSTILE if name in TEXTS and value else value for name, value in item.items()}


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    one = Office.of(world)
    branding = BRANDING.model_copy(update={"council": HOSTILE, "service_desk": HOSTILE, "handling": HOSTILE})
    one.desk = replace(one.desk, branding=branding)
    one.app = console_app(lambda: one.desk)
    return one


@pytest.fixture(scope="module")
def browser(office: Office) -> Browser:
    return office.signed_in(Person("p-0417", HOSTILE, ("mash-managers",)))


def test_nothing_that_somebody_named_becomes_markup(browser: Browser, world: World) -> None:
    for page in every_page(known(world)):
        body = browser.get(page.path).body
        assert not Markup(body).runs, page.path
        assert "<script" not in body, page.path
        assert "<img src=x" not in body, page.path


def test_the_names_were_there_to_be_seen(browser: Browser, world: World) -> None:
    shown = {page.route.path: browser.get(page.path).text() for page in every_page(known(world))}
    assert "alert(1)" in shown["/agencies"]
    assert "alert(1)" in shown["/"]


def test_what_was_asked_for_is_not_markup_either(browser: Browser, world: World) -> None:
    for page in every_page(known(world)):
        for name in ("agency", "ref", "since", "from", "done", "status", "child"):
            body = browser.get(f"{page.path}?{name}=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").body
            assert "<script" not in body, (page.path, name)


def test_the_policy_would_stop_what_ever_got_through() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    for hole in ("unsafe-inline", "unsafe-eval", "script-src", "data:", "*", "http"):
        assert hole not in policy
