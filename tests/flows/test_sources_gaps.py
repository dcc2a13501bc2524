"""A number that a source left out is on the manager's list, until it comes or somebody has found out."""

from datetime import timedelta

import pytest

from functions.adapters.ledger import keys
from schemas.codes import ActReason, TaskKind
from tests.flows.accounts import decided
from tests.flows.heard_sources import CASES, FEED, asked, asks, at, comes, end, hear, rows
from tests.world import World, a_decision, an_event_id, is_whole


def gap(about: str, source: str = FEED) -> tuple[str, str, str]:
    return source, "CHECK_GAP", about


@pytest.fixture
def lacking(world: World) -> World:
    """Number 7 to 9 left out, and known to be."""
    comes(at(world, "2026-11-24T10:00:00Z"), 5, 6, 10)
    hear(at(world, "2026-11-24T10:15:00Z"))
    return world


def test_numbers_that_were_left_out_are_a_task_of_the_managers(lacking: World) -> None:
    (task,) = asked(lacking)
    assert (keys.owner_of(task), task["kind"], task["about"]) == gap("7..9")
    assert (task["role"], task["opened_at"]) == ("MASH_MANAGER", "2026-11-24T10:15:00.000Z")
    assert task["due_at"] == "2026-11-24T11:15:00.000Z"
    (row,) = rows(lacking)
    assert (row["type"], row["task"], row["about"]) == ("TASK", "CHECK_GAP", "7..9")


def test_one_that_comes_out_of_order_within_a_quarter_of_an_hour_is_no_gap(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 5, 7)
    hear(at(world, "2026-11-24T10:14:59Z"))
    assert asks(world) == []
    comes(world, 6)
    hear(at(world, "2026-11-24T10:30:00Z"))
    assert asks(world) == []
    assert rows(world) == []


def test_it_is_said_once_however_long_it_lasts(lacking: World) -> None:
    for number in range(11, 40):
        lacking.later(hours=12)
        comes(lacking, number)
        hear(lacking)
        assert gap("7..9") in asks(lacking), number
    assert len([row for row in rows(lacking) if row["task"] == "CHECK_GAP"]) == 1


def test_it_ends_when_the_last_of_them_has_come_and_the_trail_says_with_which(lacking: World) -> None:
    comes(at(lacking, "2026-11-24T11:00:00Z"), 9, 7)
    hear(at(lacking, "2026-11-24T11:20:00Z"))
    assert asks(lacking) == [gap("7..9")]
    comes(at(lacking, "2026-11-26T11:00:00Z"), 8)
    hear(lacking)
    assert gap("7..9") not in asks(lacking)
    row = rows(lacking)[-1]
    assert (row["task"], row["about"], row["ended_as"]) == ("CHECK_GAP", "7..9", "ANSWERED")
    last = lacking.store.partition("audit", "F#2026-11-26#police.ra-feed", "E#")[-1]
    assert row["cause"] == last["uid"]
    assert is_whole(rows(lacking))


def test_one_that_comes_weeks_later_ends_it_all_the_same_and_is_no_restart(lacking: World) -> None:
    for day in range(1, 26):
        at(lacking, "2026-11-24T12:00:00Z").later(days=day)
        comes(lacking, *({13: (7, 8)}.get(day, ())), 10 + day)
        hear(lacking)
    assert gap("7..9") in asks(lacking)
    comes(lacking, 9)
    hear(lacking)
    assert asks(lacking) == []
    lacking.later(days=1)
    comes(lacking, 36)
    hear(lacking)
    assert asks(lacking) == []


def test_a_person_ends_it_by_its_numbers_and_is_not_asked_again(lacking: World) -> None:
    comes(lacking, 12)
    hear(at(lacking, "2026-11-24T10:45:00Z"))
    assert asks(lacking) == [gap("11..11"), gap("7..9")]
    end(lacking, TaskKind.CHECK_GAP, ActReason.SORTED_OUT, about="7..9")
    assert asks(lacking) == [gap("11..11")]
    comes(lacking, 8)
    hear(at(lacking, "2026-11-24T11:45:00Z"))
    assert asks(lacking) == [gap("11..11")]
    row = rows(lacking)[-1]
    assert (row["done"], row["reason"], row["about"]) == (True, "SORTED_OUT", "7..9")


def test_neither_midnight_nor_a_silence_of_days_hides_a_gap(world: World) -> None:
    comes(at(world, "2026-12-24T16:00:00Z"), 5)
    comes(at(world, "2026-12-29T09:30:00Z"), 7)
    hear(at(world, "2026-12-29T10:00:00Z"))
    assert gap("6..6") in asks(world)


def test_the_first_number_that_is_ever_heard_is_no_gap_and_no_number_is_none(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 4182, None, 4183)
    hear(at(world, "2026-11-24T11:00:00Z"))
    assert asks(world) == []


def test_each_source_counts_for_itself(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 5, 7)
    world.take(decided("NS-26-AN0THR", source_seq=6))
    world.take(decided("NS-26-AN0TH1", source_seq=8))
    hear(at(world, "2026-11-24T10:30:00Z"))
    assert asks(world) == [gap("7..7", CASES), gap("6..6")]


def test_a_refused_event_explains_the_number_that_nobody_could_read(world: World) -> None:
    at(world, "2026-11-24T10:00:00Z")
    comes(world, 5)
    world.take({**a_decision(source=FEED, source_seq=6), "primary_outcome": "NONSENSE"})
    comes(world, 7)
    hear(at(world, "2026-11-24T11:00:00Z"))
    assert asks(world) == []


def test_a_refused_event_explains_no_more_than_one_and_none_of_another_time(world: World) -> None:
    at(world, "2026-11-24T10:00:00Z")
    comes(world, 5)
    world.take({**a_decision(source=FEED), "primary_outcome": "NONSENSE"})
    comes(world, 8)
    comes(at(world, "2026-11-24T12:00:00Z"), 10)
    hear(at(world, "2026-11-24T13:00:00Z"))
    assert asks(world) == [gap("6..7")]
    comes(at(world, "2026-11-24T14:00:00Z"), 12)
    comes(at(world, "2026-11-24T15:00:00Z"), 14)
    hear(at(world, "2026-11-24T16:00:00Z"))
    assert gap("13..13") in asks(world)


def test_the_same_event_come_again_counts_once(world: World) -> None:
    at(world, "2026-11-24T10:00:00Z")
    for _ in range(2):
        world.take(decided("NS-26-AN0THR", source_seq=5))
    world.take(decided("NS-26-AN0TH1", source_seq=6))
    hear(at(world, "2026-11-24T10:30:00Z"))
    assert asks(world) == []


@pytest.mark.parametrize("first", [0, 1, 5, 41])
def test_a_source_that_begins_its_numbers_anew_says_so_and_has_left_nothing_out(
    world: World, first: int
) -> None:
    """What it sent last before that may be lost, and nobody can see it: somebody asks."""
    for minute, number in enumerate((40, 41, 42, first, first + 1, first + 2)):
        comes(at(world, f"2026-11-24T10:{minute * 10:02}:00Z"), number)
        hear(world)
    hear(at(world, "2026-11-24T11:30:00Z"))
    assert asks(world) == [(FEED, "CHECK_RESTART", f"42..{first}")]


def test_a_gap_after_a_restart_is_one_and_the_old_count_may_still_be_filled(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 40, 42)
    comes(at(world, "2026-11-24T10:20:00Z"), 1)
    comes(at(world, "2026-11-24T10:21:00Z"), 2, 41, 4)
    hear(at(world, "2026-11-24T11:00:00Z"))
    assert asks(world) == [gap("3..3"), (FEED, "CHECK_RESTART", "42..1")]


def test_that_it_began_anew_only_a_person_can_settle(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 42)
    comes(at(world, "2026-11-24T10:20:00Z"), 1)
    hear(world)
    for number in range(2, 20):
        world.later(days=1)
        comes(world, number)
        hear(world)
    assert (FEED, "CHECK_RESTART", "42..1") in asks(world)
    end(world, TaskKind.CHECK_RESTART, ActReason.SORTED_OUT, about="42..1")
    hear(world)
    assert (FEED, "CHECK_RESTART", "42..1") not in asks(world)


def test_a_leap_of_millions_is_one_task_and_read_in_no_time(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), 5, 2**53 - 1)
    hear(at(world, "2026-11-24T10:30:00Z"))
    assert asks(world) == [gap(f"6..{2**53 - 2}")]
    hear(at(world, "2026-11-24T10:45:00Z"))
    assert len(asks(world)) == 1


def test_many_gaps_are_asked_about_some_at_a_time(world: World) -> None:
    comes(at(world, "2026-11-24T10:00:00Z"), *range(0, 60, 2))
    counted = []
    for _ in range(3):
        world.later(minutes=15)
        hear(world)
        counted.append(len(asks(world)))
    assert counted == [20, 29, 29]


def test_the_numbers_are_all_that_is_said(world: World) -> None:
    at(world, "2026-11-24T10:00:00Z")
    for number in (5, 7):
        ref = f"NS-26-{number:06d}"
        world.take(decided(ref, source_seq=number, event_id=an_event_id(ref)))
    world.now += timedelta(minutes=30)
    hear(world)
    assert asks(world) == [gap("6..6", CASES)]
    assert "NS-26" not in str([*rows(world, CASES), *asked(world)])


def test_what_came_late_after_a_silence_is_no_new_count_once_nobody_reads_what_came_before(
    world: World,
) -> None:
    comes(at(world, "2026-11-23T10:00:00Z"), 1)
    for minute, number in ((0, 4), (10, 3), (20, 2)):
        comes(at(world, f"2026-11-24T10:{minute:02d}:00Z"), number)
    for day in range(24, 31):
        hear(at(world, f"2026-11-{day}T10:30:00Z"))
    for day in range(1, 10):
        hear(at(world, f"2026-12-{day:02d}T10:30:00Z"))
    assert [row["task"] for row in rows(world) if row["task"] == "CHECK_RESTART"] == []
