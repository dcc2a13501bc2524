"""A question of the checklist as the fields of a page, with what was typed and what is wrong with it."""

from collections.abc import Iterator, Mapping

from functions.console.police_desk.questions import DAY, TIME, Choices, Kind, Question
from functions.console.shown.form import Field, Line, Option, Radios, Select
from schemas.risk_assessment import RaPolicy

FEW = 3
"""As many answers stand side by side; more are a list to choose from."""
WIDTHS: Mapping[Kind, int] = {Kind.NUMBER: 5, Kind.REFERENCE: 20, Kind.STAFF: 20, Kind.CODE: 20}
UNANSWERED = "Not answered"


def fields_of(
    question: Question, typed: Mapping[str, str], mistakes: Mapping[str, str], policy: RaPolicy
) -> Iterator[Field]:
    """One field, or three of a moment."""
    choices = _choices(question, policy)
    chosen, error = typed.get(question.name, ""), mistakes.get(question.name)
    if question.kind is Kind.MOMENT:
        yield from _moment(question, typed, mistakes)
    elif choices is not None:
        yield _choice(question, choices, chosen, error)
    else:
        yield Line(
            name=question.name,
            question=question.words,
            value=chosen,
            hint=question.hint,
            error=error,
            width=WIDTHS.get(question.kind),
            is_number=question.kind is Kind.NUMBER,
        )


def _choices(question: Question, policy: RaPolicy) -> Choices | None:
    if question.kind is Kind.GRADE:
        return {grade: grade.replace("_", " ").capitalize() for grade in policy.risk_scale}
    return question.choices


def _choice(question: Question, choices: Choices, chosen: str, error: str | None) -> Field:
    options = (
        Option(value="", text=UNANSWERED, is_chosen=chosen not in choices),
        *(Option(value=code, text=words, is_chosen=code == chosen) for code, words in choices.items()),
    )
    if len(choices) <= FEW:
        return Radios(
            name=question.name, question=question.words, options=options, error=error, is_inline=True
        )
    return Select(name=question.name, question=question.words, options=options, error=error)


def _moment(question: Question, typed: Mapping[str, str], mistakes: Mapping[str, str]) -> Iterator[Field]:
    day, at = question.name + DAY, question.name + TIME
    yield Line(
        name=day,
        question=f"{question.words}: day",
        value=typed.get(day, ""),
        hint="Year-month-day",
        error=mistakes.get(next(question.fields)) or mistakes.get(day),
        width=10,
    )
    yield Line(
        name=at,
        question=f"{question.words}: time",
        value=typed.get(at, ""),
        hint="24-hour clock, UK time",
        width=10,
    )
    if question.choices:
        yield _choice(question, question.choices, typed.get(question.name, ""), None)
