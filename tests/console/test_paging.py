"""Lists that go on: each referral is on one page, whatever comes in between two of them."""

import re
from collections.abc import Iterator

import pytest

from functions.console.messages import page as messages
from functions.console.referrals import page as referrals
from tests.console.office import Browser, Office, Reply
from tests.world import World, a_decision, a_revision, a_world, an_event_id

NUMBERS = range(1, 6)


@pytest.fixture
def world() -> Iterator[World]:
    """Five referrals of one day, the fifth the newest."""
    with a_world() as one:
        for number in NUMBERS:
            one.take(a_decision(referral_ref=f"NS-26-{number}", event_id=an_event_id(number)))
            one.later(minutes=1)
        yield one


@pytest.mark.parametrize("path", ["/referrals", "/messages"])
@pytest.mark.parametrize("moved", [1, 3, 4, 5])
def test_what_comes_in_between_two_pages_moves_no_referral(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str, moved: int
) -> None:
    """Of the second page, of the first one, and the one at which the list goes on."""
    monkeypatch.setattr(referrals, "A_PAGE", 2)
    monkeypatch.setattr(messages, "MOST_REFERRALS", 2)
    browser = Office.of(world).signed_in()
    page = browser.get(path)
    seen = [on(page)]
    world.take(a_revision(referral_ref=f"NS-26-{moved}", event_id=an_event_id(90 + moved)))
    for _ in range(2):
        page = browser.get(older(page, browser))
        seen.append(on(page))
    assert seen == [[5, 4], [3, 2], [1]]


def on(page: Reply) -> list[int]:
    """The referrals on a page, in its order."""
    return list(dict.fromkeys(int(number) for number in re.findall(r"NS-26-(\d)\b", page.text())))


def older(page: Reply, browser: Browser) -> str:
    found = re.search(r'href="([^"]*/(?:referrals|messages)\?[^"]*from=[^"]+)"', page.body)
    assert found
    return found[1].replace("&amp;", "&").removeprefix(browser.office.base)
