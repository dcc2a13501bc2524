"""The questions that several sample pages ask."""

from functions.console.shown.form import Checkboxes, Filters, Line, Option, Radios, Select, Words

KEPT = "Kept in the audit record. Do not include names."


def options(*texts: str, chosen: tuple[str, ...] = ()) -> tuple[Option, ...]:
    return tuple(
        Option(value=text.upper().replace(" ", "_"), text=text, is_chosen=text in chosen) for text in texts
    )


def reason(question: str, error: str | None = None, value: str = "") -> Words:
    return Words(name="reason", question=question, hint=KEPT, error=error, value=value)


def why(question: str, *texts: str, error: str | None = None, chosen: tuple[str, ...] = ()) -> Radios:
    return Radios(name="code", question=question, options=options(*texts, chosen=chosen), error=error)


def agencies() -> Select:
    return Select(
        name="agency",
        question="Agency",
        options=options("All agencies", "Northshire Police", "Northshire Probation", "Hillview Surgery"),
    )


def filters(path: str, *fields: Checkboxes | Radios | Select | Line) -> Filters:
    reference = Line(name="reference", question="Reference")
    return Filters(path=path, fields=(reference, *fields))
