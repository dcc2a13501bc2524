"""A simulated year says how far it has come, and names what is wrong of each kind."""

from datetime import timedelta

import pytest

from tests.simulation.year.calendar import THE_YEAR
from tests.simulation.year.progress import Progress
from tests.simulation.year.reckoning import Reckoned
from tests.simulation.year.table import MOST_NAMED, verdict


def test_where_nobody_watches_a_line_change_each_month_of_the_year_is_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress, first = Progress(100, THE_YEAR.begins), THE_YEAR.begins + timedelta(hours=9)
    for day in range(70):
        progress.say(day, first + timedelta(days=day))
    progress.then("the year is over")
    may, june, over = capsys.readouterr().err.splitlines()
    assert may.startswith("1 May 2026  30 of 100 contacts")
    assert june.startswith("1 Jun 2026  61 of 100 contacts")
    assert over.startswith("the year is over, after")


def test_violations_are_counted_and_named_kind_by_kind() -> None:
    many = [f"still open: {number}" for number in range(MOST_NAMED + 2)]
    wrong = ["HELD_WITHOUT_TASK R#NS-26-1 N#01", *many, "HELD_WITHOUT_TASK R#NS-26-2 N#02"]
    _, counted, *named = verdict(Reckoned(violations=wrong)).plain.split("\n")
    assert counted == f"{len(wrong)} violations: 2 HELD_WITHOUT_TASK, {MOST_NAMED + 2} still open"
    assert named == [wrong[0], wrong[-1], *many[:MOST_NAMED], "... and 2 more"]


def test_nothing_wrong_is_said_in_one_line() -> None:
    assert verdict(Reckoned()).plain.strip() == "unaccounted 0; every clock fired once, and on time"
