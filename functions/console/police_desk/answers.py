"""What was typed into the checklist as the contract's answers, and a form's answers as they are typed."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from functions.console.police_desk.questions import (
    DAY,
    OTHER_CHILDREN,
    OTHER_UNBORN,
    QUESTIONS,
    TIME,
    Kind,
    Question,
)
from functions.domain.clock import local_moment, uk_day
from functions.domain.completeness.forms import answers_for
from functions.domain.form_columns import CHILD, COLUMNS
from functions.domain.typed import day_typed, number_typed, time_typed
from functions.flows.form_desk.outstanding import Owed
from schemas.base import instant_text
from schemas.risk_assessment import NO_OCCURRENCE, NOT_A_REFERENCE, ChildAnswers, RaFormMetadata

Wire = dict[str, Any]
Typed = Mapping[str, str]
Mistakes = dict[str, str]
"""What is wrong with a field, by its name."""

_LONDON = ZoneInfo("Europe/London")
MOST_OTHERS = 14
BEYOND = 50
"""From this number on stand children of the household who are none of the referral."""
ADVICE: Mapping[Kind, str] = {
    Kind.CHOICE: "Choose an answer",
    Kind.GRADE: "Choose a grade",
    Kind.NUMBER: "Enter a whole number",
    Kind.REFERENCE: "Enter a reference with a digit in it, no spaces, at most 40 characters: letters, "
    "digits and . _ : / -",
    Kind.STAFF: "Enter a staff id with a digit in it, never a name",
    Kind.CODE: "Enter a code: capitals, digits and underscores",
    Kind.CODES: "Enter codes with spaces between them: capitals, digits and underscores",
    Kind.ADULTS: "Enter codes as ROLE:RELATIONSHIP, with a space between two adults",
    Kind.MOMENT: "Enter a real day, such as 2026-11-24, and a time, such as 15:02",
}
NO_TIME = "Enter both a day, such as 2026-11-24, and a time, such as 15:02"


def answers_of(typed: Typed, owed: Owed) -> tuple[Wire, Mistakes]:
    """The answers as the wire has them, this child's first, and what cannot be read."""
    wire: Wire = {}
    child: Wire = {CHILD: owed.child}
    mistakes: Mistakes = {}
    said = _answered(owed.form, answers_for(owed.form, owed.child)) if owed.form else ()
    held = {question.name: answer for question, answer in said}
    for question in QUESTIONS:
        if question.name in (OTHER_CHILDREN, OTHER_UNBORN):
            continue
        cell, mistake = _cell(question, typed, held.get(question.name))
        if mistake:
            mistakes[next(question.fields)] = mistake
        elif cell:
            column = COLUMNS[question.name]
            _put(child if column.of_child else wire, column.path, column.read(cell))
    numbers = {name: _number(typed.get(name, "")) for name in (OTHER_CHILDREN, OTHER_UNBORN)}
    mistakes |= {
        name: f"Enter a whole number, {MOST_OTHERS} at most"
        for name, number in numbers.items()
        if number is None
    }
    others = _others(owed, numbers[OTHER_CHILDREN] or 0, numbers[OTHER_UNBORN] or 0)
    wire["children"] = [child, *others]
    return wire, mistakes


def mistakes_in(error: ValidationError) -> Mistakes:
    """What the contract refuses, at the fields that it was typed into."""
    by_name = {question.name: question for question in QUESTIONS}
    found: Mistakes = {}
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        parts = [part for part in one["loc"] if isinstance(part, str) and part != "children"]
        names = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        question = next((by_name[name] for name in names if name in by_name), None)
        if question is None:
            raise error
        found[next(question.fields)] = ADVICE[question.kind]
    return found


def typed_of(form: RaFormMetadata, child: ChildAnswers | None, others: tuple[ChildAnswers, ...]) -> Typed:
    """A form's answers as somebody would type them."""
    typed: dict[str, str] = {}
    for question, said in _answered(form, child):
        typed.update(_spelt(question, said))
    unborn = sum(other.unborn is True for other in others)
    return {**typed, OTHER_CHILDREN: str(len(others) - unborn), OTHER_UNBORN: str(unborn)}


def _answered(form: RaFormMetadata, child: ChildAnswers | None) -> Iterator[tuple[Question, object]]:
    """What a form says to each question."""
    said = form.model_dump(mode="json", exclude_none=True)
    of_child = child.model_dump(mode="json", exclude_none=True) if child else {}
    for question in QUESTIONS:
        if question.name in COLUMNS:
            column = COLUMNS[question.name]
            yield question, _found(of_child if column.of_child else said, column.path)


_REFERENCE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9._:/-]{1,39}")
_AS_GOOD_AS_ONE = ("", NO_OCCURRENCE, NOT_A_REFERENCE)
"""No answer, that there is none, and what stands for an answer that the feed gave in words: a page shows none
that could be a name."""


def _cell(question: Question, typed: Typed, held: object) -> tuple[str, str | None]:
    """What was typed as a cell has it, and what is wrong with it.

    A moment that nobody changed stays the one that the form held: a time that clocks showed twice does not
    say which. A reference has a digit in it, so that no name is one: of systems none is asked.
    """
    if question.kind is Kind.REFERENCE:
        said = typed.get(question.name, "")
        return said, None if _is_a_reference(said) else ADVICE[Kind.REFERENCE]
    if question.kind is not Kind.MOMENT:
        return typed.get(question.name, ""), None
    day, at = typed.get(question.name + DAY, ""), typed.get(question.name + TIME, "")
    if not day and not at:
        return typed.get(question.name, ""), None
    if not day or not at:
        return "", NO_TIME
    if dict(_spelt(question, held)) == {question.name + DAY: day, question.name + TIME: at}:
        return str(held), None
    moment = _moment(day, at)
    return (instant_text(moment), None) if moment else ("", ADVICE[Kind.MOMENT])


def _is_a_reference(said: str) -> bool:
    return said in _AS_GOOD_AS_ONE or _REFERENCE.fullmatch(said) is not None


def _moment(day: str, at: str) -> datetime | None:
    found, clock = day_typed(day), time_typed(at)
    return local_moment(found, clock) if found and clock is not None else None


def _number(text: str) -> int | None:
    if not text:
        return 0
    number = number_typed(text)
    return number if number is not None and number <= MOST_OTHERS else None


def _others(owed: Owed, born: int, unborn: int) -> Iterator[Wire]:
    """The other children listed: those that the form has already, as it has them; then those of the referral
    without any form; then whoever else lives there.

    One of whom another form is held is never among them: this form would take that one's place.
    """
    held = [one.model_dump(mode="json", exclude_none=True) for one in owed.others]
    kept = [one for one in held if one.get("unborn") is not True]
    kept_unborn = [one for one in held if one.get("unborn") is True]
    yield from kept[:born]
    yield from kept_unborn[:unborn]
    taken = {one[CHILD] for one in held}
    free = iter([*owed.without_form, *(number for number in range(BEYOND, 99) if number not in taken)])
    for _ in range(born - len(kept)):
        yield {CHILD: next(free)}
    for _ in range(unborn - len(kept_unborn)):
        yield {CHILD: next(free), "unborn": True}


def _put(wire: Wire, path: tuple[str, ...], said: object) -> None:
    *parts, name = path
    for part in parts:
        wire = wire.setdefault(part, {})
    wire[name] = said


def _found(said: Mapping[str, Any], path: tuple[str, ...]) -> object:
    found: object = said
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _spelt(question: Question, said: object) -> Iterator[tuple[str, str]]:
    if said is None:
        return
    if question.kind is Kind.MOMENT and said not in (question.choices or ()):
        moment = datetime.fromisoformat(str(said))
        yield question.name + DAY, uk_day(moment).isoformat()
        yield question.name + TIME, _clock(moment)
    elif isinstance(said, bool):
        yield question.name, "YES" if said else "NO"
    elif isinstance(said, list):
        yield question.name, " ".join(map(_one_of_a_list, said))
    elif question.kind is Kind.REFERENCE and not _is_a_reference(str(said)):
        yield question.name, NOT_A_REFERENCE
    else:
        yield question.name, str(said)


def _clock(moment: datetime) -> str:
    """As London's clocks showed it; with its seconds, so that two moments keep their order."""
    local = moment.astimezone(_LONDON)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _one_of_a_list(said: Mapping[str, str] | str) -> str:
    if isinstance(said, str):
        return said
    return f"{said.get('role_code', '')}:{said.get('relationship_code', '')}"
