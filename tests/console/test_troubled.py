"""Tables that throttle or do not answer, at each call of each page: a plain page, and no act done twice."""

import re
from collections.abc import Iterator

import pytest

from functions.adapters.ledger import keys
from schemas.codes import AuditKind, ReleaseReason
from tests.console.every_page import HELD_REF, a_full_world, every_page, known
from tests.console.office import Browser, Office, Reply
from tests.console.troubled import Trouble, tables_of, troubled
from tests.simulation.faults import Fault
from tests.simulation.faulty_client import FaultyClient
from tests.stage_tables import store_over
from tests.world import World

SILENT = (Fault.THROTTLE, Fault.LOST_REQUEST)


@pytest.fixture(scope="module")
def world(account: None) -> Iterator[World]:
    with a_full_world() as one:
        yield one


@pytest.fixture(scope="module")
def tables(world: World) -> tuple[FaultyClient, Trouble]:
    return troubled(tables_of(world))


@pytest.fixture(scope="module")
def office(world: World, tables: tuple[FaultyClient, Trouble]) -> Office:
    return Office(store_over(tables[0]), world.clocks, lambda: world.now, vault=world.vault)


@pytest.fixture
def trouble(tables: tuple[FaultyClient, Trouble]) -> Iterator[Trouble]:
    yield tables[1]
    tables[1].begin()


def is_busy_page(reply: Reply) -> bool:
    return reply.status == 503 and "service is busy" in reply.text().lower()


def test_a_page_whose_tables_fall_silent_at_any_call_is_a_plain_one(
    office: Office, world: World, trouble: Trouble
) -> None:
    for page in every_page(known(world)):
        browser = office.signed_in(page.by()[0])
        asked = trouble.begin()
        whole = browser.get(page.path)
        assert whole.status in (200, 303), page.path
        for first in range(1, len(asked.calls) + 1):
            fault = SILENT[first % len(SILENT)]
            trouble.begin(fault, first)
            reply = browser.get(page.path)
            assert is_busy_page(reply), (page.path, asked.calls[first - 1], reply.status)
            assert "We do not know" not in reply.text()
            knows_who = first > 1
            assert ("Sign out" in reply.text()) is knows_who, "whom it knows has their navigation still"
        trouble.begin()
        assert browser.get(page.path).status == whole.status


def test_an_overview_of_which_a_part_is_not_answered_says_so_and_shows_the_others(
    office: Office, trouble: Trouble
) -> None:
    """Each figure is the one of the whole page, or is not available: never a nought that nobody counted."""
    trouble.begin()
    browser = office.signed_in()
    asked = trouble.begin()
    whole = figures_of(browser.get("/"))
    partly = 0
    for at, call in enumerate(list(asked.calls), 1):
        trouble.begin(SILENT[at % len(SILENT)], at, lasts=False)
        reply = browser.get("/")
        assert reply.status == 200, call
        found = figures_of(reply)
        assert found.keys() == whole.keys(), call
        assert all(one in (whole[heading], "Not available") for heading, one in found.items()), call
        is_part = "The database did not answer" in reply.text()
        assert is_part is (call.startswith(("query", "batch", "get_item state HUB"))), call
        partly += "Not available" in found.values()
    assert partly > 3


def figures_of(page: Reply) -> dict[str, str]:
    """Each tile's, by its heading."""
    return dict(
        re.findall(r">([^<]+)</a></h2>\s*<p class=\"mo-tile__(?:figure|none)\">([^<]*)</p>", page.body)
    )


def test_an_overview_of_which_nothing_is_answered_is_the_plain_page(office: Office, trouble: Trouble) -> None:
    trouble.begin()
    browser = office.signed_in()
    asked = trouble.begin(Fault.THROTTLE, 2)
    assert is_busy_page(browser.get("/"))
    assert not [call for call in asked.calls if call.startswith("transact")], "no look is on record"


def test_signing_in_and_out_say_plainly_that_the_tables_are_silent(office: Office, trouble: Trouble) -> None:
    trouble.begin()
    browser = office.signed_in()
    for path in ("/sign-in/start?to=/", "/sign-in/back?state=a&code=b", "/sign-out"):
        trouble.begin(Fault.THROTTLE)
        reply = browser.get(path)
        assert is_busy_page(reply), path


def held(office: Office, world: World, browser: Browser) -> tuple[str, dict[str, str]]:
    path = "/worklist/{partition}/{task}".format(**known(world))
    fields = {"way": "released", "reason": ReleaseReason.SAFE_TO_TELL}
    return path, {**browser.get(path).fields(), **fields}


def released(client: FaultyClient) -> int:
    rows = store_over(client.client).partition("audit", keys.referral(HELD_REF), "E#")
    return sum(row["type"] == AuditKind.RELEASED for row in rows)


@pytest.mark.parametrize("fault", [Fault.THROTTLE, Fault.LOST_REQUEST, Fault.LOST_REPLY])
@pytest.mark.parametrize("lasts", [False, True], ids=["once", "from then on"])
def test_an_act_that_is_not_answered_is_done_once_or_said_to_be_unknown(
    office: Office,
    world: World,
    tables: tuple[FaultyClient, Trouble],
    trouble: Trouble,
    fault: Fault,
    *,
    lasts: bool,
) -> None:
    client, before = tables[0], tables[0].client
    browser = office.signed_in()
    path, form = held(office, world, browser)
    signed_in = before.copy()
    try:
        client.client = signed_in.copy()
        asked = trouble.begin()
        assert browser.post(path, form).status == 303
        for at in range(1, len(asked.calls) + 1):
            client.client = signed_in.copy()
            trouble.begin(fault, at, lasts=lasts)
            reply = browser.post(path, form)
            trouble.begin()
            assert reply.status in (303, 503), (asked.calls[at - 1], reply.text())
            if reply.status == 503:
                assert "We do not know whether your change was made" in reply.text()
            else:
                assert released(client) == 1
            assert browser.post(path, form).status in (303, 409, 410)
            assert released(client) == 1, asked.calls[at - 1]
    finally:
        client.client = before
