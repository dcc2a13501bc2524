"""The listed bank holidays against the rules that make them, computed here a second time."""

import hashlib
from datetime import date, timedelta

import pytest

from functions.domain.bank_holidays import BANK_HOLIDAYS, FIRST_DAY, HORIZON, VERSION

MONDAY, SATURDAY = 0, 5
YEARS = range(2016, 2029)

MOVED_AWAY = {date(2020, 5, 4), date(2022, 5, 30)}
MOVED_HERE = {date(2020, 5, 8), date(2022, 6, 2)}
ADDED = {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
"""VE Day's 75 years; the Platinum Jubilee, the state funeral and the Coronation: by proclamation only."""


def easter_sunday(year: int) -> date:
    """The anonymous Gregorian computus."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    skipped = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    full_moon = (19 * golden + skipped + 15) % 30
    to_sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - full_moon - of_century % 4) % 7
    shift = full_moon + to_sunday - 7 * ((golden + 11 * full_moon + 22 * to_sunday) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)


def first_monday_from(day: date) -> date:
    return day + timedelta(days=(MONDAY - day.weekday()) % 7)


def substituted(*fixed: date) -> set[date]:
    """Each day, or for one at a weekend the next weekday that no other of them takes."""
    taken = {day for day in fixed if day.weekday() < SATURDAY}
    for day in sorted(set(fixed) - taken):
        stand_in = day
        while stand_in.weekday() >= SATURDAY or stand_in in taken:
            stand_in += timedelta(days=1)
        taken.add(stand_in)
    return taken


def by_rule(year: int) -> set[date]:
    easter = easter_sunday(year)
    return {
        *substituted(date(year, 1, 1)),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        first_monday_from(date(year, 5, 1)),
        first_monday_from(date(year, 5, 25)),
        first_monday_from(date(year, 8, 25)),
        *substituted(date(year, 12, 25), date(year, 12, 26)),
    }


@pytest.mark.parametrize("year", YEARS)
def test_each_year_is_what_the_rules_make_of_it_but_for_proclamations(year: int) -> None:
    listed = {day for day in BANK_HOLIDAYS if day.year == year}
    proclaimed = {day for day in MOVED_HERE | ADDED if day.year == year}
    assert listed == (by_rule(year) - MOVED_AWAY) | proclaimed


def test_the_data_covers_whole_years_and_says_so() -> None:
    assert date(2016, 1, 1) == FIRST_DAY
    assert date(2028, 12, 31) == HORIZON
    assert {day.year for day in BANK_HOLIDAYS} == set(YEARS)


def test_the_version_changes_with_the_days() -> None:
    days = " ".join(sorted(map(str, BANK_HOLIDAYS)))
    assert (VERSION, hashlib.sha256(days.encode()).hexdigest()[:16]) == ("2026-11", "64d23374e799c8d7")


def test_gov_uk_lists_a_substitute_day_instead_of_the_weekend_day_itself() -> None:
    assert not [day for day in BANK_HOLIDAYS if day.weekday() >= SATURDAY]
