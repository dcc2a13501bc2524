"""The police desk: referrals whose form is not complete, and the checklist that records one."""

from dataclasses import dataclass

from functions.console.shown.form import Field, Hidden
from functions.console.shown.listing import Around
from functions.console.shown.parts import Done, Fact, Link, Tag


@dataclass(frozen=True, kw_only=True, slots=True)
class FormLine:
    """One child's form that is outstanding."""

    reference: Link
    about: str
    force: str
    due: str
    due_detail: str
    status: Tag
    missing: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PoliceDesk:
    around: Around
    lines: tuple[FormLine, ...]
    done: Done | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule of the check and what is asked for it; `missing` says what the newest form lacks."""

    code: str
    words: str
    is_mandatory: bool
    fields: tuple[Field, ...]
    missing: str | None = None
    is_missing: bool = False
    """Whether that keeps the form from being complete."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Some rules that belong together; `state` counts what is missing of them, where anything was checked."""

    heading: str
    rules: tuple[Rule, ...]
    state: Tag | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FormOnRecord:
    """A form that we hold: where from, when, and what the check found."""

    heading: str
    facts: tuple[Fact, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist:
    """One child's checklist. With two `on_record`, a newer form arrived meanwhile."""

    reference: str
    about: str
    panel: tuple[Fact, ...]
    on_record: tuple[FormOnRecord, ...]
    parts: tuple[Part, ...]
    path: str
    hidden: tuple[Hidden, ...] = ()
    notice: str | None = None
    button: str = "Save this form"
    done: Done | None = None

    @property
    def wrong(self) -> tuple[Field, ...]:
        return tuple(
            field for part in self.parts for rule in part.rules for field in rule.fields if field.error
        )
