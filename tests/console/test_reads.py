"""What each page reads: so many calls, items and units, however many referrals there are.

`GOLDEN=write` writes the budget again from what the pages ask now; `python -m tests.console.costs` counts the
same at a hundred thousand.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from functions.adapters.ledger.listing import MOST_DAYS_LOOKED_AT
from tests.console.costs import asked_of, bytes_of_a_first_visit, reads_of_each
from tests.console.every_page import a_full_world
from tests.console.filled import filled
from tests.console.office import Office
from tests.stage_tables import store_over
from tests.world import World

BUDGET = Path(__file__).with_name("reads.golden.txt")
FEW, MANY = 500, 1500
FIRST_VISIT_BYTES = 25 * 1024


@pytest.fixture(scope="module")
def world(account: None) -> Iterator[World]:
    with a_full_world() as one:
        yield one


def test_a_page_reads_as_much_of_five_hundred_referrals_as_of_fifteen_hundred(world: World) -> None:
    few, many = (reads_of_each(filled(world, number), world) for number in (FEW, MANY))
    lines = [f"{'page':<46}{'calls':>8}{'items':>8}{'units':>8}"]
    for name, read in many.items():
        assert few[name] == read, name
        assert read.scans == 0, name
        lines.append(f"{name:<46}{read.calls:>8}{read.items:>8}{read.units:>8g}")
    table = "\n".join(lines) + "\n"
    if os.environ.get("GOLDEN") == "write":
        BUDGET.write_text(table, encoding="utf-8")
    assert table == BUDGET.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["/messages?status=PARKED", "/referrals?told=notice"])
def test_a_year_in_which_hardly_anything_came_in_is_looked_through_a_quarter_at_a_time(
    world: World, path: str
) -> None:
    """A day is a read, whether anything came in on it or not."""
    tables = filled(world, 0)
    office = Office(store_over(tables), world.clocks, lambda: world.now, vault=world.vault)
    browser, address, pages = office.signed_in(), f"{path}&since=2025-11-24", 0
    while address:
        read = tables.begin()
        reply = browser.get(address)
        assert MOST_DAYS_LOOKED_AT - 3 <= read.calls <= MOST_DAYS_LOOKED_AT + 8
        pages += 1
        after = reply.body.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        address = after.replace("&amp;", "&").removeprefix(office.base) if 'rel="next"' in reply.body else ""
    assert pages == 4


def test_a_first_visit_to_any_page_is_within_its_bytes(world: World) -> None:
    office = Office(store_over(filled(world, 0)), world.clocks, lambda: world.now, vault=world.vault)
    for name, path, person in asked_of(world):
        _, compressed = bytes_of_a_first_visit(office.signed_in(person), path)
        assert compressed <= FIRST_VISIT_BYTES, name
