"""What each page asks of the tables: so many calls and so many items, however many referrals there are.

`GOLDEN=write` writes the budget again from what the pages ask now.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.console.every_page import REF, a_full_world, every_page, known
from tests.console.office import Office
from tests.console.troubled import Asked, tables_of, troubled
from tests.simulation.dynamodb import DynamoDB
from tests.stage_tables import store_over
from tests.world import World

BUDGET = Path(__file__).with_name("reads.golden.txt")
TODAY = date(2026, 11, 24)
FEW, MANY = 50, 1500
A_DAY = 5
"""So many came in each day; more referrals are more days."""
OPEN = {"due_pk", "due_sk", "work_pk", "work_sk", "watch_pk", "watch_sk"}


@pytest.fixture(scope="module")
def world(account: None) -> Iterator[World]:
    with a_full_world() as one:
        yield one


def with_so_many(world: World, referrals: int) -> DynamoDB:
    """The same open work, and so many referrals beside that were dealt with on the days before."""
    client = tables_of(world)
    tables = client.copy()
    for name, table in client.tables.items():
        done = [(key, item) for key, item in table.items.items() if REF in key[0]]
        for number in range(referrals):
            for (pk, sk), item in done:
                kept = {attribute: value for attribute, value in item.items() if attribute not in OPEN}
                copy = _as(number, kept)
                tables.tables[name].write((_text(number, pk), _text(number, sk)), copy)
    return tables


def _as(number: int, value: Any) -> Any:
    match value:
        case dict():
            return {name: _as(number, inner) for name, inner in value.items()}
        case list():
            return [_as(number, inner) for inner in value]
        case str():
            return _text(number, value)
        case _:
            return value


def _text(number: int, text: str) -> str:
    day = TODAY - timedelta(days=1 + number // A_DAY)
    moved = text.replace(REF, f"NS-25-{number:06d}").replace(TODAY.isoformat(), day.isoformat())
    return f"msg_{number:032d}" if moved.startswith("msg_") and len(moved) == len("msg_") + 32 else moved


def asked_by_each(tables: DynamoDB, world: World) -> dict[str, Asked]:
    """What each page asks, of a manager's first look at it."""
    client, trouble = troubled(tables)
    office = Office(store_over(client), world.clocks, lambda: world.now, vault=world.vault)
    found = {}
    for page in every_page(known(world)):
        browser = office.signed_in(page.by()[0])
        found[page.route.path] = asked = trouble.begin()
        assert browser.get(page.path).status in (200, 303), page.path
        trouble.begin()
        assert not [call for call in asked.calls if call.startswith("scan")], page.path
    return found


def test_a_page_costs_the_same_of_fifty_referrals_and_of_fifteen_hundred(world: World) -> None:
    few, many = (asked_by_each(with_so_many(world, number), world) for number in (FEW, MANY))
    lines = [f"{'page':<36}{'calls':>8}{'items':>8}"]
    for path, asked in many.items():
        assert (len(few[path].calls), few[path].items) == (len(asked.calls), asked.items), path
        lines.append(f"{path:<36}{len(asked.calls):>8}{asked.items:>8}")
    table = "\n".join(lines) + "\n"
    if os.environ.get("GOLDEN") == "write":
        BUDGET.write_text(table, encoding="utf-8")
    assert table == BUDGET.read_text(encoding="utf-8")
