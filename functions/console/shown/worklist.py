"""The worklist: everything that only a person can do, and one item of it."""

from dataclasses import dataclass

from functions.console.shown.form import Form
from functions.console.shown.listing import Around
from functions.console.shown.overview import Attention
from functions.console.shown.parts import Done, Fact, Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Worklist:
    around: Around
    lines: tuple[Attention, ...]
    done: Done | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkItem:
    """`why` says what it means for a child, `steps` what to do, first things first, `whom` who may have no
    message; each of the `forms` is a way in which it ends or goes on."""

    about: str
    title: str
    panel: tuple[Fact, ...]
    why: str
    steps: tuple[str, ...]
    links: tuple[Link, ...]
    forms: tuple[Form, ...]
    back: Link
    whom: tuple[Fact, ...] = ()
    not_allowed: str | None = None
