"""A small year from its first contact to its end, and the proof that it would notice what goes wrong."""

from collections.abc import Iterator
from datetime import date
from itertools import count

import pytest

from infra.stage import LOCAL, Stage
from schemas.codes import ClockKind
from tests.simulation.year.account import End
from tests.simulation.year.calendar import THE_YEAR
from tests.simulation.year.county import EVERYBODY, a_county
from tests.simulation.year.lives import Said, lives
from tests.simulation.year.mutants import MUTANTS
from tests.simulation.year.outages import THE_HUB
from tests.simulation.year.reckoning import Reckoned, reckoned
from tests.simulation.year.run import A_MINUTE, Player, minute_of_sweep
from tests.simulation.year.stages.order import STAGES

CONTACTS, SEED = 150, 1
"""`make sim-year` plays 16,000."""
FEW, VERY_FEW, EACH_SO_MANY = 25, 4, 10


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level("CRITICAL", logger="mash-outcomes"):
        yield


def a_year(contacts: int) -> Reckoned:
    return reckoned(Player(SEED, contacts, lambda *_: None).play())


def test_every_agency_of_the_county_can_be_rung_at_a_number_of_its_own() -> None:
    """One that is nobody's: Ofcom keeps 01632 960000 to 960999 for drama."""
    numbers = [one.phone for one in a_county(dict.fromkeys(EVERYBODY, date(2026, 4, 1))).agency]
    assert len(set(numbers)) == len(EVERYBODY)
    assert all(number and number.startswith("01632 960 ") for number in numbers)


def test_its_messages_say_to_ring_where_the_help_of_the_stage_that_shows_it_says() -> None:
    assert Player(SEED, 0, lambda *_: None).hub.intake.hub == Stage.named(LOCAL).hub


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_referral_ends_accounted_for_and_every_clock_fires_once_and_on_time() -> None:
    done = a_year(CONTACTS)
    assert done.violations == []
    assert done.clocks.fired == done.expected
    assert set(ClockKind) <= done.clocks.kinds.keys()
    assert set(done.clocks.kinds[ClockKind.POLICE_FORM].steps) == {1, 2, 3, 4}
    assert {one.kind for one in done.asked} == {"CHECK_SILENCE", "CHECK_GAP", "CHECK_RESTART"}
    assert sum(done.expected.values()) > CONTACTS / 2
    assert done.ends.keys() >= {End.DELIVERED, End.PHONED, End.SUPPRESSED}


def test_in_the_minutes_that_a_year_skips_a_sweep_would_find_nothing() -> None:
    player = Player(SEED, VERY_FEW, lambda *_: None)
    player.begin()
    while (at := player.next_at) is not None:
        before = minute_of_sweep(at) - A_MINUTE
        if before > player.clock.now() and not THE_HUB.covers(before):
            player.clock.advance_to(before)
            player.hub.sweep()
            assert not player.hub.queued
            assert not list(player.hub.written())
        player.step()


def test_in_the_quarters_that_a_year_skips_a_hearing_would_ask_nobody_anything() -> None:
    player = Player(SEED, VERY_FEW, lambda *_: None)
    player.begin()
    for number in count():
        if (at := player.next_at) is None:
            break
        moment = at - A_MINUTE
        before = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
        if number % EACH_SO_MANY == 0 and before > player.clock.now() and not THE_HUB.covers(before):
            player.clock.advance_to(before)
            player.hub.hear()
            assert not list(player.hub.written())
        player.step()


def test_one_seed_is_one_year() -> None:
    def told(seed: int) -> list[Said]:
        return [said for life in lives(seed, FEW, STAGES, THE_YEAR) for said in life.said]

    assert told(1) == told(1)
    assert told(1) != told(2)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_year_notices(mutant: str) -> None:
    with MUTANTS[mutant]():
        assert a_year(FEW).violations
