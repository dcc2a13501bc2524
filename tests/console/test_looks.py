"""Every page in every state in a real browser: axe, reflow, keyboard, paper, and the policy on it."""

import re
from dataclasses import replace
from importlib.resources import files

import pytest
from playwright.sync_api import Page

from tests.console.browser import NARROW, WIDE, Browser
from tests.console.samples.all import SAMPLES
from tests.console.samples.around import Sample
from tests.console.samples.changed import changed

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "iframes": False,
}
ONE_OF_EACH = {sample.template: sample for sample in reversed(SAMPLES)}
BY_NAME = {sample.name: sample for sample in SAMPLES}
ENDLESS = "Northshire" * 20
FOCUS = """() => {
  const it = document.activeElement, style = getComputedStyle(it), box = it.getBoundingClientRect();
  return {name: (it.innerText || it.name || it.title || it.ariaLabel || "").trim(), tag: it.tagName,
          seen: style.boxShadow !== "none" || style.outlineStyle !== "none" || it.tagName === "INPUT",
          height: box.height, width: box.width};
}"""


def violations(page: Page) -> list[str]:
    """What axe finds wrong, each with the places where it does."""
    found = page.evaluate("rules => axe.run(rules)", RULES)["violations"]
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(browser: Browser, sample: Sample) -> None:
    with browser.page(sample, WIDE, with_script=True) as page:
        page.evaluate(AXE)
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert not violations(page)
    assert not [said for said in browser.complaints if said.startswith(f"{sample.name}:")]


@pytest.mark.parametrize("template", ONE_OF_EACH)
def test_words_without_an_end_do_not_push_a_page_sideways(browser: Browser, template: str) -> None:
    sample = ONE_OF_EACH[template]
    endless = replace(sample, frame=changed(sample.frame, ENDLESS), page=changed(sample.page, ENDLESS))
    with browser.page(endless, WIDE) as page:
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("template", ONE_OF_EACH)
def test_on_paper_there_is_no_navigation_and_the_marking_stays(browser: Browser, template: str) -> None:
    with browser.page(ONE_OF_EACH[template], WIDE) as page:
        page.emulate_media(media="print")
        on_screen = page.locator(
            ".mo-nav, .govuk-breadcrumbs, .govuk-skip-link, .mo-filters, .mo-screen"
        ).all()
        assert on_screen
        assert not any(part.is_visible() for part in on_screen)
        assert page.locator(".mo-marking").is_visible()
        assert page.locator(".mo-footer__marking").is_visible()


def test_a_message_is_printed_as_its_text_part(browser: Browser) -> None:
    with browser.page(BY_NAME["message-email"], WIDE) as page:
        assert page.locator("iframe").is_visible()
        page.emulate_media(media="print")
        assert not page.locator("iframe").is_visible()
        assert page.get_by_text("WE ARE OFFERING EARLY HELP").first.is_visible()


def walk(page: Page) -> list[dict[str, object]]:
    """Every stop of the Tab key, until it leaves the page."""
    stops: list[dict[str, object]] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop["tag"] == "BODY":
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("name", ["overview", "messages", "message", "checklist-wrong"])
def test_the_tab_key_goes_the_reading_way_and_each_stop_is_seen(browser: Browser, name: str) -> None:
    with browser.page(BY_NAME[name], WIDE) as page:
        stops = walk(page)
    assert stops[0]["name"] == "Skip to main content"
    assert [stop["name"] for stop in stops[-3:]] == [
        "Help and what the words mean",
        "Accessibility statement",
        "Privacy",
    ]
    assert not [stop for stop in stops if not stop["seen"]]


def test_the_skip_link_leads_past_the_navigation(browser: Browser) -> None:
    with browser.page(BY_NAME["overview"], WIDE) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS)["name"] == "Refresh"


def test_a_chart_can_be_opened_as_a_table_without_script(browser: Browser) -> None:
    with browser.page(BY_NAME["overview"], WIDE) as page:
        assert not page.get_by_role("cell", name="36").is_visible()
        page.get_by_text("See this chart as a table").first.click()
        assert page.get_by_role("cell", name="36").is_visible()


def test_cards_beside_each_other_are_level(browser: Browser) -> None:
    overview = next(sample for sample in SAMPLES if sample.template == "overview")
    with browser.page(overview, WIDE) as page:
        cards = [card.bounding_box() for card in page.locator(".mo-halves > .mo-card").all()]
        assert len(cards) == 2
        assert len({(box["y"], box["height"]) for box in cards if box}) == 1


def test_the_preview_is_painted_under_its_own_policy(browser: Browser) -> None:
    with browser.page(BY_NAME["message-email"], WIDE) as page:
        heading = page.frame_locator("iframe").locator("h1")
        assert heading.inner_text() == "We are offering early help"
        assert heading.evaluate("it => getComputedStyle(it).fontWeight") == "700"
    assert not [said for said in browser.complaints if said.startswith("message-email:")]


def test_no_page_brings_a_script_or_a_style_of_its_own() -> None:
    pattern = re.compile(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    assert not [sample.name for sample in SAMPLES if pattern.search(sample.html)]
