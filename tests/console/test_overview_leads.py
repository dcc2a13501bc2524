"""Every figure of the overview that is a link opens a list of so many; where one cannot, the page says so."""

import html
import re
from collections.abc import Iterator

import pytest

from functions.console.overview.page import MOST_LINES
from functions.domain.wording.outcomes import LABELS
from schemas.agency import Mailbox
from schemas.codes import AgencyType, Channel, Outcome
from tests.console.by_hand import ByHand
from tests.console.council import MANAGER
from tests.console.office import BASE, Browser, Office, Reply
from tests.console.small_year import UNTIL, a_small_year
from tests.live_counts import count_live
from tests.stage_tables import store_over
from tests.world import World, a_decision, a_registry, a_world, an_agency, an_event_id

SIGN_IN_AT = "https://sign-in.northshire.example"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as one:
        yield one


def figures(page: Reply) -> dict[str, tuple[str, str]]:
    """Every figure that is a link: by its words, the number and where it leads."""
    body = page.body
    tiles = re.findall(
        r'<h2><a href="([^"]+)">([^<]+)</a></h2>\s*<p class="mo-tile__figure">([^<]+)</p>', body
    )
    rows = re.findall(
        r'<th scope="row"><a class="govuk-link" href="([^"]+)">([^<]+)</a></th>.*?(\d+)\s*</', body, re.DOTALL
    )
    named = re.findall(r'href="([^"]+)"[^>]*>((?:See all|Schools|GP practices)\b\D*)(\d[^<]*)</a>', body)
    found = [*tiles, *rows, *named]
    return {
        html.unescape(words).strip(" ("): (number, html.unescape(path).removeprefix(BASE))
        for path, words, number in found
    }


def listed(browser: Browser, path: str, noun: str) -> int:
    """How many a list says that it has, over all its pages."""
    number, page = 0, browser.get(path)
    while True:
        heading = re.search(rf"([\d,]+) (?:{noun})\b", page.body.partition("mo-list__main")[2])
        assert heading, path
        number += int(heading[1].replace(",", ""))
        older = re.search(r'href="([^"]*/referrals\?[^"]*from=[^"]+)"', page.body)
        if not older:
            return number
        page = browser.get(html.unescape(older[1]).removeprefix(BASE))


CHILDREN = "child|children"
NOUNS = {
    "Referrers not told yet": CHILDREN,
    "Police risk assessments overdue": "item|items",
    "See all": "item|items",
    "Schools": "agency|agencies",
    "GP practices": "agency|agencies",
    **{LABELS[outcome]: CHILDREN for outcome in Outcome},
}
"""What the list behind a figure counts."""
OF_ANOTHER_KIND = {
    "Decisions in the last 24 hours": "The list has what was first decided since yesterday",
    "Told within 1 working day": "The reports have it by month",
}
"""Figures that no list has, and what the page says instead."""


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_figure_that_is_a_link_opens_a_list_of_so_many() -> None:
    small = a_small_year()
    browser = small.office(BASE, SIGN_IN_AT).signed_in(MANAGER)
    page = browser.get("/")
    found = figures(page)
    assert {"Referrers not told yet", "Police risk assessments overdue"} <= found.keys()
    assert found.keys() & set(LABELS.values())
    for words, (figure, path) in found.items():
        if words in OF_ANOTHER_KIND:
            assert OF_ANOTHER_KIND[words] in page.text()
            continue
        assert listed(browser, path, NOUNS[words]) == int(re.sub(r"\D.*|,", "", figure)), words
    recounted = ByHand.of(store_over(small.tables), UNTIL)
    assert found["Referrers not told yet"][0] == str(len(recounted.not_told)) != "0"


def test_all_tasks_are_as_many_as_the_link_to_them_says(world: World) -> None:
    for number in range(MOST_LINES + 1):
        held = {"hold_codes": [{"code": "SENSITIVE"}], "referral_ref": f"NS-26-{number}"}
        world.take(a_decision(**held, event_id=an_event_id(number)))
    browser, page = overview(Office.of(world))
    figure, path = figures(page)["See all"]
    assert figure == f"{MOST_LINES + 1} tasks"
    assert listed(browser, path, NOUNS["See all"]) == MOST_LINES + 1


def overview(office: Office) -> tuple[Browser, Reply]:
    count_live(office.store, office.clocks, office.now())
    browser = office.signed_in(MANAGER)
    return browser, browser.get("/")


def test_who_is_held_or_has_a_notice_alone_is_in_the_figure_and_in_the_list(world: World) -> None:
    """Of a referral of two children each is counted."""
    address = Mailbox(address="head@hill-school.example", verified_at=world.now.date())
    world.apply(a_registry(an_agency("hill-school", AgencyType.SCHOOL, Channel.EMAIL, email=address)))
    school = {"agency_id": "hill-school", "own_ref": "HS/204"}
    world.take(
        a_decision(primary_outcome="S17", source_code="2A", referring_agency=school, referral_ref="NS-26-1")
    )
    world.send_due()
    held = {"hold_codes": [{"code": "SENSITIVE"}], "referral_ref": "NS-26-2"}
    world.take(a_decision(**held, event_id=an_event_id(2)))
    for child in (1, 2):
        world.take(a_decision(referral_ref="NS-26-3", child_index=child, event_id=an_event_id(30 + child)))
    browser, page = overview(Office.of(world))
    number, path = figures(page)["Referrers not told yet"]
    assert number == "4"
    assert listed(browser, path, "referral|referrals") == 3
    assert listed(browser, path, CHILDREN) == 4


def test_what_was_decided_before_the_week_is_not_in_its_lists(world: World) -> None:
    for day in ("2026-11-20", "2026-11-23"):
        moments = dict.fromkeys(("received_at", "decided_at", "occurred_at"), f"{day}T10:00:00Z")
        world.take(
            a_decision(
                referral_ref=f"NS-26-{day[-2:]}",
                event_id=an_event_id(day),
                primary_outcome="NFA",
                strategy_discussion_at=None,
                **moments,
            )
        )
    browser, page = overview(Office.of(world))
    number, path = figures(page)[LABELS[Outcome.NFA]]
    assert number == "1"
    assert listed(browser, path, CHILDREN) == 1
    assert listed(browser, path.replace("&outcome=NFA", "").replace("outcome=NFA&", ""), CHILDREN) == 1
    assert listed(browser, "/referrals?outcome=NFA", CHILDREN) == 2
    assert "Decided from 23 November 2026" in browser.get(path).text()


@pytest.mark.parametrize("query", ["", "?told=untold&outcome=NFA", "?form=ABSENT&decided=2026-11-01"])
def test_of_two_things_at_once_no_number_of_children_is_said(world: World, query: str) -> None:
    world.take(a_decision())
    browser, _ = overview(Office.of(world))
    heading = browser.get(f"/referrals{query}").body.partition("mo-list__main")[2].partition("</h2>")[0]
    assert "referral" in heading
    assert "child" not in heading
