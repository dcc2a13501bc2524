"""The shared data set as a workbook: its rows on one sheet, what they are and what they mean on another."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from functions.console.reports.worded import HEAD_WORDS, HEADS, PART, WHAT, worded
from functions.domain.measures.dictionary import MARKER_WORDS
from functions.domain.measures.published import MARKERS, Published

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_TEXT = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
"""A cell is what it says, however it begins: it needs no apostrophe before it, as a CSV file's does."""
_NUMBERS = frozenset({"value", "numerator", "denominator"})
_WIDTHS: Mapping[str, int] = {"hub": 24, "name": 36, WHAT: 44, "dimension": 36, PART: 44, "note": 60}
"""In characters, where the usual width is too little."""
_USUAL_WIDTH, _WIDTH_OF_WORDS = 12, 100


def as_xlsx(rows: Iterable[Published], about: Mapping[str, str], now: datetime) -> bytes:
    """The workbook; `about` says what these rows are of, each line by its name."""
    # Loaded where somebody asks for a spreadsheet, and never for a page: it has 40 modules.
    from xlsxwriter.workbook import Workbook  # noqa: PLC0415

    file = BytesIO()
    with Workbook(file, {"in_memory": True, **AS_TEXT}) as book:
        book.set_properties({"title": "The shared data set", "created": now.replace(tzinfo=None)})
        _figures(book, rows)
        _notes(book, {**about, **HEAD_WORDS, **MARKER_WORDS})
    return file.getvalue()


def _figures(book: "Workbook", rows: Iterable[Published]) -> None:
    """A number where the data set has one; its marks, and all else, are text."""
    sheet, heading = book.add_worksheet("Figures"), book.add_format({"bold": True})
    tenths = book.add_format({"num_format": "0.0"})
    for column, name in enumerate(HEADS):
        sheet.set_column(column, column, _WIDTHS.get(name, _USUAL_WIDTH))
        sheet.write_string(0, column, name, heading)
    for line, row in enumerate(rows, 1):
        for column, (name, cell) in enumerate(zip(HEADS, worded(row), strict=True)):
            if name in _NUMBERS and cell and cell not in MARKERS:
                sheet.write_number(line, column, float(cell), tenths if "." in cell else None)
            else:
                sheet.write_string(line, column, cell)
    sheet.freeze_panes(1, 0)


def _notes(book: "Workbook", notes: Mapping[str, str]) -> None:
    sheet = book.add_worksheet("Notes")
    heading, words = (book.add_format({"valign": "top", **one}) for one in ({"bold": True}, {"text_wrap": 1}))
    sheet.set_column(0, 0, _WIDTHS["hub"])
    sheet.set_column(1, 1, _WIDTH_OF_WORDS)
    for line, (name, text) in enumerate(notes.items()):
        sheet.write_string(line, 0, name, heading)
        sheet.write_string(line, 1, text, words)
