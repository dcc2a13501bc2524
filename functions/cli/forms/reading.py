"""Rows put together to whole forms, each held to the contract, and made the event that is sent."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from pydantic import ValidationError

from functions.cli.bus import Entry
from functions.cli.forms.faults import Fault
from functions.cli.forms.sheet import Row, Sheet, spoilt
from functions.cli.progress import with_progress
from functions.domain.form_columns import CHILD, COLUMNS, OF_A_FORM, SAID_BY_US, Column
from functions.domain.refusals import WHAT_TO_DO, reason_of
from schemas.base import instant_text
from schemas.codes import EventType, RefusalReason
from schemas.risk_assessment import RaFormMetadata
from schemas.risk_codes import FormSource
from schemas.sources import SHEETS

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

OF_FORMS = UUID("6f0a8d5e-3f2b-5c8a-9d41-7b1e0c4a2f93")
"""The name space of their ids."""
NOT_YET = UUID(int=0)

Wire = dict[str, Any]
Loc = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The forms of a file that can be sent, and what is wrong with the others."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    left_out: int
    """How many forms those are; a version without a fault of its own is left out with one that has."""


def checked(sheet: Sheet, now: datetime) -> Checked:
    """Every form of the sheet held to the contract before any of them is sent.

    All versions of a form go, or none: a row with a slip in its version may be a child of any of them.
    """
    rows_of: dict[tuple[object, ...], list[Row]] = {}
    for row in sheet.rows:
        key = tuple(COLUMNS[name].read(row.cells[name]) for name in OF_A_FORM)
        rows_of.setdefault(key, []).append(row)
    each = with_progress("checked", rows_of.items(), len(rows_of))
    read = {key: _read(rows, now) for key, rows in each}
    faulty = {form_id for (form_id, _), one in read.items() if isinstance(one, list)}
    faults = [fault for one in read.values() if isinstance(one, list) for fault in one]
    entries = [one for (form_id, _), one in read.items() if isinstance(one, Entry) and form_id not in faulty]
    in_order = sorted(faults, key=lambda fault: fault.line)
    return Checked(tuple(entries), tuple(in_order), left_out=len(read) - len(entries))


def _read(rows: Sequence[Row], now: datetime) -> Entry | list[Fault]:
    together = _Together(rows[0].line)
    for row in rows:
        together.add(row)
    envelope = {
        "schema_version": "1.0",
        "event_id": str(NOT_YET),
        "event_type": EventType.RA_FORM_METADATA.value,
        "source": SHEETS,
        "occurred_at": instant_text(now),
        "form_source": FormSource.CSV.value,
    }
    try:
        form = RaFormMetadata.model_validate_json(json.dumps({**envelope, **together.wire}))
    except ValidationError as exc:
        together.refuse(exc)
    if together.faults:
        return together.faults
    return _entry(f"line {rows[0].line}", form)


def _entry(label: str, form: RaFormMetadata) -> Entry:
    """The form as the contract has read it: what it does not keep of a cell does not leave this machine."""
    in_order = sorted(form.children, key=lambda child: child.child_index)
    form = form.model_copy(update={"children": tuple(in_order)})
    form = form.model_copy(update={"event_id": event_id_of(form)})
    detail = form.model_dump(mode="json", exclude_unset=True)
    return Entry(label, json.dumps(detail), detail)


def event_id_of(form: RaFormMetadata) -> UUID:
    """The same for the same answers, however the file spells or orders them: so they are kept once."""
    answers = form.model_dump(mode="json", exclude_unset=True, exclude=set(SAID_BY_US))
    contents = sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()
    return uuid5(OF_FORMS, f"{form.form_id}\n{form.form_version}\n{contents}")


@dataclass(slots=True)
class _Together:
    """One form's rows as one event, and from which line each of its answers is."""

    line: int
    wire: Wire = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    _lines: dict[str, int] = field(default_factory=dict)
    _said: dict[str, object] = field(default_factory=dict)
    _child_lines: list[int] = field(default_factory=list)
    _line_of_child: dict[object, int] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """One more row: what it says of the form, and of its child if it says anything of one."""
        child: Wire = {}
        for name, cell in row.cells.items():
            column = COLUMNS[name]
            if why := spoilt(cell):
                self._lines.setdefault(name, row.line)
                self._fault(row.line, name, RefusalReason.NOT_VALID, why)
            elif column.of_child:
                _put(child, column, column.read(cell))
            else:
                self._say(row.line, column, column.read(cell))
        if child:
            self._add_child(row.line, child)

    def _say(self, line: int, column: Column, value: object) -> None:
        if column.name not in self._said:
            self._lines[column.name], self._said[column.name] = line, value
            _put(self.wire, column, value)
        elif self._said[column.name] != value:
            first = self._lines[column.name]
            advice = f"Line {first} answers this for the same form: say the same, or leave it empty here."
            self._fault(line, column.name, RefusalReason.CONTRADICTION, advice)

    def _add_child(self, line: int, child: Wire) -> None:
        number = child.get(CHILD)
        before = self._line_of_child.setdefault(number, line) if number is not None else line
        if before != line:
            advice = f"Line {before} is about this child of the same form: keep one of them."
            self._fault(line, CHILD, RefusalReason.CONTRADICTION, advice)
            return
        self.wire.setdefault("children", []).append(child)
        self._child_lines.append(line)

    def refuse(self, error: ValidationError) -> None:
        """What the contract says against the form, once for each cell that has no fault of its own."""
        for one in error.errors(include_url=False, include_input=False):
            reason = reason_of(one)
            line, column = self._place(one["loc"])
            if not any((fault.line, fault.column) == (line, column) for fault in self.faults):
                self._fault(line, column, reason, _advice(one, reason, column))

    def _place(self, loc: Loc) -> tuple[int, str | None]:
        match loc:
            case ("children", int(number), *rest):
                return self._child_lines[number], next(_columns_of(rest), CHILD)
            case ("children",):
                return self.line, CHILD
        column = next(_columns_of(loc), None)
        return self._lines.get(column or "", self.line), column

    def _fault(self, line: int, column: str | None, reason: RefusalReason, advice: str) -> None:
        self.faults.append(Fault(line, column, reason, advice))


def _columns_of(loc: Sequence[int | str]) -> Iterator[str]:
    """The columns whose names a place in the event begins with, the longest first."""
    for length in range(len(loc), 0, -1):
        name = ".".join(map(str, loc[:length]))
        if name in COLUMNS:
            yield name


def _advice(error: "ErrorDetails", reason: RefusalReason, column: str | None) -> str:
    if error["type"] == "too_long":
        return f"A form has at most {error['ctx']['max_length']} of these."
    if column is None or reason is RefusalReason.NO_TIME_ZONE:
        return WHAT_TO_DO[reason]
    if reason in {RefusalReason.NOT_VALID, RefusalReason.UNKNOWN_CODE}:
        return COLUMNS[column].advice
    return f"{WHAT_TO_DO[reason]} {COLUMNS[column].advice}"


def _put(wire: Wire, column: Column, value: object) -> None:
    *outer, last = column.path
    for name in outer:
        wire = wire.setdefault(name, {})
    wire[last] = value
