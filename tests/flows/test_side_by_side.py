"""What runs side by side in one series, read by the receivers' rule: a late message about one is never taken
for old news of another."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import pytest

from tests.flows.heard import decided, posts
from tests.flows.lives import a_challenge, a_challenge_at, a_plan_change, an_investigation, thread_in
from tests.world import Wire, World, a_decision, an_event_id

POLICE = "north-police"
TWO_OF_EACH = {
    "CHALLENGE": (
        ("CH-2026-0117", a_challenge()),
        ("CH-2026-0118", a_challenge(challenge_id="CH-2026-0118")),
        ("CH-2026-0117", a_challenge_at(2)),
    ),
    "POLICE_CASE": (
        ("43261124/0917", an_investigation()),
        ("43261124/0918", an_investigation(police_occurrence_ref="43261124/0918")),
        ("43261124/0917", an_investigation(changed_at="2026-11-25T12:00:00Z")),
    ),
}


def shown(arrived: Iterable[Wire]) -> list[int]:
    """The numbers of what a receiver shows: none below its newest of the same series and thread."""
    newest = dict[tuple[Any, ...], int]()
    kept = []
    for news in arrived:
        line = news["series"], news["thread"]
        if news["number"] >= newest.get(line, 0):
            newest[line] = news["number"]
            kept.append(news["number"])
    return kept


@pytest.fixture
def planned(world: World) -> World:
    decided(world)
    world.take(a_plan_change(POLICE))
    world.send_due()
    world.police.sent.clear()
    return world


@pytest.mark.parametrize("series", TWO_OF_EACH)
def test_numbers_rise_through_the_series_and_only_those_of_a_thread_replace_each_other(
    planned: World, series: str
) -> None:
    for _, event in TWO_OF_EACH[series]:
        planned.take(event)
        planned.send_due()
    sent = [post["news"] for post in posts(planned, POLICE)]
    assert [(news["number"], news["thread"]) for news in sent] == [
        (number, thread_in(planned, matter))
        for number, (matter, _) in enumerate(TWO_OF_EACH[series], start=1)
    ]
    first, other, second = sent
    assert shown([first, other, second]) == [1, 2, 3]
    assert shown([other, first, second]) == [2, 1, 3]
    assert shown([second, other, first]) == [3, 2]


@pytest.mark.parametrize("series", TWO_OF_EACH)
def test_no_receiver_can_guess_what_a_thread_is_of(planned: World, series: str) -> None:
    """The police's numbers follow a pattern: of a plain hash somebody would try them all."""
    matter, event = TWO_OF_EACH[series][0]
    planned.take(event)
    planned.send_due()
    (sent,) = (post["news"]["thread"] for post in posts(planned, POLICE))
    guesses = (matter, f"thread|{matter}", f"{series}|{matter}", f"NS-26-7KQ4ZP|{matter}")
    assert sent not in {sha256(guess.encode()).hexdigest()[:8] for guess in guesses}
    elsewhere = a_decision(referral_ref="NS-26-0THER0", event_id=an_event_id("elsewhere"))
    planned.take(elsewhere)
    planned.take(a_plan_change(POLICE, referral_ref="NS-26-0THER0"))
    planned.take({**event, "referral_ref": "NS-26-0THER0", "event_id": an_event_id("of that")})
    planned.send_due()
    threads = {post["news"]["thread"] for post in posts(planned, POLICE) if post["news"]}
    assert len(threads - {None}) == 2
