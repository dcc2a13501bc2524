"""The shared data set as it is handed out: a row for each figure, what may not be shown hidden, as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields

from functions.domain.measures.catalogue import FIGURES, Figure
from functions.domain.measures.counts import Counts
from functions.domain.measures.lines import Line, Name
from functions.domain.measures.sheet import Sheet, sheet_of

CONFIDENTIAL, NOT_AVAILABLE, NOBODY, LONGER = "[c]", "[x]", "[z]", "[over]"
"""In the place of a number: hidden; not known; nobody to count; longer than the longest span that is told."""
MARKERS = (CONFIDENTIAL, NOT_AVAILABLE, NOBODY, LONGER)
EVERY = "all"
DATA_SET = "the shared data set"
"""As the trail names what was taken away."""
SPREADSHEET = "utf-8-sig"
"""With the mark by which a spreadsheet knows the encoding."""
_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run."""


@dataclass(frozen=True, slots=True)
class Published:
    """One row of the data set; its fields are the columns, in this order."""

    month: str
    hub: str
    k: str
    name: str
    dimension: str
    value: str
    numerator: str
    denominator: str
    suppressed: str
    note: str


COLUMNS = tuple(field.name for field in fields(Published))


def published(
    counts: Counts, months: Iterable[str], hub: str, figures: Sequence[Figure] = FIGURES
) -> list[Published]:
    """Each of the figures of these months."""
    return [row for month in months for row in _rows(sheet_of(month, counts, figures), month, hub)]


def _rows(sheet: Sheet, month: str, hub: str) -> Iterator[Published]:
    for line in sheet.lines:
        value, numerator, denominator = _cells(line, sheet)
        is_hidden = CONFIDENTIAL in (value, numerator, denominator)
        yield Published(
            month=month,
            hub=hub,
            k=line.k,
            name=line.name,
            dimension=line.dimension or EVERY,
            value=value,
            numerator=numerator,
            denominator=denominator,
            suppressed="yes" if is_hidden else "no",
            note=_note(line),
        )


def _note(line: Line) -> str:
    if line.not_available:
        return f"not available: {line.not_available}"
    return f"left out: those of whom {line.left_out}" if line.left_out else ""


def _cells(line: Line, sheet: Sheet) -> tuple[str, str, str]:
    """Value, numerator and denominator; what is not known is never nought."""
    if line.not_available:
        return NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE
    denominator = _count(line.denominator, sheet)
    if line.numerator is None:
        return _of_span(line, sheet, denominator), "", denominator
    numerator = _count(line.numerator, sheet)
    if CONFIDENTIAL in (numerator, denominator):
        return CONFIDENTIAL, numerator, denominator
    return percent(sheet.values[line.numerator], sheet.values[line.denominator]), numerator, denominator


def _count(name: Name, sheet: Sheet) -> str:
    return CONFIDENTIAL if name in sheet.hidden else str(sheet.values[name])


def _of_span(line: Line, sheet: Sheet, denominator: str) -> str:
    if denominator == CONFIDENTIAL:
        return CONFIDENTIAL
    if not sheet.values[line.denominator]:
        return NOBODY
    return LONGER if line.seconds is None else str(line.seconds)


def percent(numerator: int, denominator: int) -> str:
    """`59.0`, a half rounded up; `[z]` of nobody."""
    if not denominator:
        return NOBODY
    tenths = (2000 * numerator + denominator) // (2 * denominator)
    return f"{tenths // 10}.{tenths % 10}"


def as_csv(rows: Iterable[Published]) -> str:
    """As any spreadsheet reads it: every cell in quotes, and none that it would run as a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in astuple(row)] for row in rows)
    return file.getvalue()


def harmless(cell: str) -> str:
    """`cell`, behind an apostrophe if it would be run."""
    return f"'{cell}" if cell.startswith(_A_FORMULA) else cell
