"""The month's dip sample of complete police forms: which were drawn, and how each was graded."""

from dataclasses import dataclass

from functions.console.shown.parts import Done, Fact, Link, Tag


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """One form of the sample, and when it was graded. What it says is read in the police's own system, never
    here."""

    form: Link
    force: str
    drawn: str
    due: str
    grade: Tag
    graded: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampling:
    month: str
    panel: tuple[Fact, ...]
    text: str
    drawn: tuple[Drawn, ...]
    empty: str = "No forms were drawn this month."
    earlier: Link | None = None
    done: Done | None = None
