"""A person asks for a test message: the canary goes before its time, once, and the trail says who asked."""

import pytest

from functions.domain.canary import CANARY_EVERY
from functions.flows.acting.endpoint import send_test
from functions.flows.acting.order import NotPossibleError
from functions.story.telling import sentence
from schemas.codes import PauseCause
from tests.flows.aviary import Aviary, a_force, results, rows
from tests.world import change_agency, is_whole

NORTH = "north-police"


@pytest.fixture(autouse=True)
def had_one(aviary: Aviary) -> None:
    """The north's police agree to canaries, and have just had one."""
    aviary.agree(NORTH)
    assert aviary.sweep() == 1
    aviary.world.later(minutes=1)


def ask(aviary: Aviary, request: str = "one", name: str = NORTH) -> str:
    return send_test(name, by="staff:m-1", request=request, desk=aviary.world.act_desk).entry


def refused(aviary: Aviary, name: str = NORTH) -> str:
    before = [aviary.world.all_items(table) for table in ("audit", "state")]
    with pytest.raises(NotPossibleError) as caught:
        ask(aviary, "another", name)
    assert [aviary.world.all_items(table) for table in ("audit", "state")] == before
    return caught.value.on_a_page


def test_it_goes_with_the_next_sweep_and_the_one_after_it_in_its_turn(aviary: Aviary) -> None:
    assert aviary.sweep() == 0
    ask(aviary)
    assert aviary.sweep() == 1
    assert results(aviary.world) == ["CANARY_SENT", "CANARY_OK"] * 2
    assert aviary.sweep() == 0
    aviary.world.now += CANARY_EVERY
    assert aviary.sweep() == 1


def test_the_trail_says_who_asked(aviary: Aviary) -> None:
    entry = ask(aviary)
    asked = rows(aviary.world)[-1]
    assert entry == f"{asked['pk']} {asked['sk']}"
    assert (asked["result"], asked["actor"], asked["req"]) == ("TEST_ASKED", "staff:m-1", "one")
    assert sentence(asked) == "A test message to north-police's endpoint was asked for by staff:m-1."
    assert is_whole(rows(aviary.world))


def test_nobody_asks_for_a_second_one_before_the_first_has_left(aviary: Aviary) -> None:
    ask(aviary)
    assert "about to leave already" in refused(aviary)
    aviary.sweep()
    ask(aviary, "again")
    assert aviary.sweep() == 1


def test_the_same_request_again_finds_that_it_was_done(aviary: Aviary) -> None:
    assert ask(aviary) == ask(aviary)
    assert [row.get("result") for row in rows(aviary.world)].count("TEST_ASKED") == 1


def test_whoever_has_not_agreed_gets_none(aviary: Aviary) -> None:
    assert "has not agreed to test messages" in refused(aviary, "west-police")
    aviary.apply(a_force(NORTH))
    assert "has not agreed to test messages" in refused(aviary)


def test_an_address_whose_owner_has_not_agreed_gets_none(aviary: Aviary) -> None:
    aviary.apply(a_force(NORTH, url="https://new.north-police.example/outcomes", agrees=True))
    assert "has not agreed yet to receive" in refused(aviary)


def test_what_is_paused_gets_none(aviary: Aviary) -> None:
    aviary.world.health.pause(NORTH, PauseCause.BY_HAND, by="staff:m-1", now=aviary.world.now)
    assert "is paused" in refused(aviary)


def test_where_there_is_no_system_there_is_nothing_to_test(aviary: Aviary) -> None:
    assert "no active agency with a system" in refused(aviary, "nobody")


def test_what_became_of_the_agency_meanwhile_counts_and_not_that_somebody_asked(aviary: Aviary) -> None:
    ask(aviary)
    change_agency(aviary.world, NORTH, canary=False)
    assert aviary.sweep() == 0
    assert aviary.due() == []
