"""A CSV file as a spreadsheet leaves it: rows, each with the line it begins on and its cells by column."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import zip_longest
from pathlib import Path

from functions.cli.failure import CommandError
from functions.cli.forms.faults import Fault, FileRefusedError
from functions.domain.form_columns import COLUMNS, OF_A_FORM, REQUIRED
from functions.domain.refusals import WHAT_TO_DO
from schemas.codes import RefusalReason

MOST_BYTES = 16 * 1024 * 1024
MOST_CHARACTERS = 4000
"""Of one cell: more than any list of codes has, and far less than a story."""
SEPARATORS = ",;\t"
AS_CSV = "save it as CSV UTF-8"

_NAMES_ITS_SEPARATOR = "sep="
"""How some spreadsheets begin a file."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_FORMULA = ("=", "+", "@")
"""What no answer begins with, and a formula does; the same with a minus is no answer either."""
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9_.]{0,59}")


@dataclass(frozen=True, slots=True)
class Row:
    """What one row says, by column; empty cells are left out."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's rows, and the columns that it does not have."""

    rows: tuple[Row, ...]
    absent: tuple[str, ...]


def read_sheet(path: Path) -> Sheet:
    """Raises CommandError for what is no CSV file, and FileRefusedError for one that cannot be understood."""
    lines = _lines(_text_of(path))
    first = next(lines, None)
    if first is None:
        raise CommandError(f"{path} is empty: its first row names the columns.")
    names = [cell.lower() for cell in first[1]]
    _refuse(_of_header(first[0], names))
    below = list(lines)
    _refuse(fault for line, cells in below for fault in _of_row(line, names, cells))
    if not below:
        raise CommandError(f"{path} holds no form: put one below the columns' names.")
    rows = tuple(Row(line, _by_column(names, cells)) for line, cells in below)
    return Sheet(rows, tuple(name for name in COLUMNS if name not in names))


def _refuse(faults: Iterable[Fault]) -> None:
    if found := tuple(faults):
        raise FileRefusedError(found)


def _by_column(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(names, cells, strict=False) if cell}


def _text_of(path: Path) -> str:
    """The file's text; every answer is plain ASCII, so a wrong guess about other letters changes none."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as exc:
        raise CommandError(f"{path} cannot be read: {exc.strerror}.") from None
    if len(data) > MOST_BYTES:
        raise CommandError(f"{path} is larger than {MOST_BYTES // 2**20} MB: send it in parts.")
    if data.startswith(_UTF_16):
        raise CommandError(f"{path} is UTF-16 text: {AS_CSV}.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that say anything, each with the line it begins on."""
    csv.field_size_limit(MOST_BYTES)  # so that an overlong cell is a fault of its own row, and no other's
    reader = csv.reader(StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    begins = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and (begins > 1 or cells[0].lower() != _NAMES_ITS_SEPARATOR):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        advice = "A quotation mark is missing here, or one too many. Mend it, or write the file anew."
        raise FileRefusedError([Fault(begins, None, RefusalReason.NOT_VALID, advice)]) from None


def _separator(text: str) -> str:
    """The one that the first line has most of: no column's name has any."""
    first, *_ = text.lstrip()[:MOST_CHARACTERS].splitlines() or [""]
    return max(SEPARATORS, key=first.count)


def _of_header(line: int, names: Sequence[str]) -> Iterator[Fault]:
    """Columns that nobody knows, are there twice, or are missing.

    A first row that names none of ours is somebody's data: nothing of it is repeated.
    """
    if not COLUMNS.keys() & set(names):
        yield Fault(line, None, RefusalReason.MISSING, "Name the columns in the first row.")
        return
    known: set[str] = set()
    for place, name in enumerate(names):
        if name and name not in COLUMNS:
            advice = f"{WHAT_TO_DO[RefusalReason.UNKNOWN_FIELD]} Nothing written in words has a place here."
            yield Fault(line, _unknown(place, name), RefusalReason.UNKNOWN_FIELD, advice)
        elif name in known:
            yield Fault(line, name, RefusalReason.CONTRADICTION, "Keep one of the columns with this name.")
        elif name:
            known.add(name)
    for name in REQUIRED:
        if name not in known:
            yield Fault(line, name, RefusalReason.MISSING, f"Add this column. {COLUMNS[name].advice}")


def _unknown(place: int, name: str) -> str:
    """`narrative (G)`; a name that is not a plain one may be somebody's data, and only its letter is said."""
    return f"{name} ({letter(place)})" if _PLAIN_NAME.fullmatch(name) else letter(place)


def letter(place: int) -> str:
    """A column as a spreadsheet names it: A for the first one, AA after Z."""
    before, last = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)


def _of_row(line: int, names: Sequence[str], cells: Sequence[str]) -> Iterator[Fault]:
    """Cells under no column's name, since the whole row may have moved; and a row that is of no form, since
    it may be a child of any form above it, as merged cells leave it."""
    for place, (name, cell) in enumerate(zip_longest(names, cells, fillvalue="")):
        if cell and not name:
            advice = "This cell is under no column's name: look whether the row has moved, or empty it."
            yield Fault(line, letter(place), RefusalReason.NOT_VALID, advice)
    said = _by_column(names, cells)
    for name in OF_A_FORM:
        if name not in said:
            advice = f"Say it in each row of a form. {COLUMNS[name].advice}"
            yield Fault(line, name, RefusalReason.MISSING, advice)
        elif why := spoilt(said[name]):
            yield Fault(line, name, RefusalReason.NOT_VALID, why)


def spoilt(cell: str) -> str | None:
    """What to do about a cell that can be no answer, whatever its column; None if it may be one."""
    if len(cell) > MOST_CHARACTERS:
        return f"This cell has more than {MOST_CHARACTERS} characters: codes and references only."
    if any(not character.isprintable() for character in cell):
        return "This cell has a line break, or characters that cannot be seen: type it anew."
    if cell.startswith(_FORMULA):
        return "This cell begins like a formula: write the value itself."
    return None
