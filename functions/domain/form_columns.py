"""The flat spelling of a police form: a cell for each answer, in a sheet or on a page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

from functions.domain.refusals import WHAT_TO_DO
from functions.domain.typed import number_typed
from schemas.codes import RefusalReason
from schemas.decision import Envelope
from schemas.field_notes import FIELD_NOTES
from schemas.risk_assessment import ChildAnswers, RaFormMetadata

Kinds = frozenset[type]
Read = Callable[[str], object]

OF_A_FORM = ("form_id", "form_version")
"""What says in each row which form it belongs to."""
CHILD = "child_index"
SAID_BY_US = frozenset(Envelope.model_fields) | {"event_type", "form_source"}
"""Fields that no column gives: whoever sends the form knows them."""

_TICKED = {"TRUE": "YES", "FALSE": "NO"}
"""What a spreadsheet makes of a box that somebody ticks."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `path` leads to its answer in the event, or within the child if it is `of_child`.

    `read` gives what the event says for a cell; what it cannot read stays text, for the contract to refuse.
    """

    name: str
    path: tuple[str, ...]
    read: Read
    advice: str
    is_required: bool
    of_child: bool


def _adults(cell: str) -> list[dict[str, str]]:
    """`CARER:MOTHER PARTNER:FATHER`: a role and a relationship each, either of which may be missing."""
    return [_adult(*one.partition(":")) for one in cell.split()]


def _adult(role: str, _colon: str, relationship: str) -> dict[str, str]:
    said = {"role_code": role, "relationship_code": relationship}
    return {name: code for name, code in said.items() if code}


def _code(cell: str) -> str:
    return _TICKED.get(cell.upper(), cell.upper())


def _yes_or_no(cell: str) -> object:
    return {"YES": True, "NO": False}.get(_code(cell), cell)


def _number(cell: str) -> object:
    number = number_typed(cell)
    return cell if number is None else number


LISTS: Mapping[str, tuple[Read, str]] = {
    "adults": (_adults, "Write ROLE:RELATIONSHIP for each adult, with a space between them."),
    "rationale_codes": (str.split, "Write the codes with a space between them."),
}


def _kinds(annotation: object) -> Iterator[type]:
    """The plain types of an annotation; of `TextLength | None` they are int and None's."""
    if isinstance(annotation, type):
        yield annotation
        return
    parts = get_args(annotation)
    for part in parts[:1] if get_origin(annotation) is Annotated else parts:
        yield from _kinds(part)


def _spelling(kinds: Kinds) -> tuple[Read, str]:
    """How a cell is read, and what to write in it.

    Capitals do not matter where the codes are ours. In a list of the police's own they do: a name that
    somebody typed must not become a code.
    """
    codes = [code for kind in kinds if issubclass(kind, StrEnum) for code in kind]
    listed = ", ".join(codes)
    if AwareDatetime in kinds:
        moment = "Write a moment with its time zone, such as 2026-11-24T15:02:00Z"
        return str, f"{moment}{f', or one of {listed}' if listed else ''}."
    if codes:
        return _code, f"Write one of {listed}."
    if bool in kinds:
        return _yes_or_no, "Write YES or NO."
    if int in kinds:
        return _number, "Write a whole number."
    return str, WHAT_TO_DO[RefusalReason.NOT_VALID]


def _columns(model: type[BaseModel], *, within: tuple[str, ...] = (), of_child: bool) -> Iterator[Column]:
    for name, field in model.model_fields.items():
        kinds, path = frozenset(_kinds(field.annotation)), (*within, name)
        inner = [kind for kind in kinds if issubclass(kind, BaseModel)]
        if name in SAID_BY_US:
            continue
        if inner and name not in LISTS:
            about_child = inner == [ChildAnswers]
            yield from _columns(inner[0], within=() if about_child else path, of_child=about_child)
            continue
        read, how = LISTS.get(name) or _spelling(kinds)
        advice = f"{how} {FIELD_NOTES.get(name, '')}".strip()
        yield Column(".".join(path), path, read, advice, field.is_required(), of_child)


COLUMNS: Mapping[str, Column] = {column.name: column for column in _columns(RaFormMetadata, of_child=False)}
"""By name, in the contract's order: a field that the contract gains is a column at once."""
REQUIRED = tuple(column.name for column in COLUMNS.values() if column.is_required)
