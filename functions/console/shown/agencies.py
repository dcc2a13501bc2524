"""The agencies: how each one's messages arrive, and one agency's endpoint, mailbox and history."""

from dataclasses import dataclass

from functions.console.shown.form import Form
from functions.console.shown.listing import Around
from functions.console.shown.parts import Done, Fact, Link, Table, Tag


@dataclass(frozen=True, kw_only=True, slots=True)
class AgencySummary:
    agency: Link
    sent_by: str
    delivered: str
    last_success: str
    waiting: Link | None
    """To the list of as many messages; None where nothing waits."""
    status: Tag
    detail: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agencies:
    around: Around
    lines: tuple[AgencySummary, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReachedBy:
    """One way of sending to the agency: its name and its facts, none of them a secret."""

    heading: str
    facts: tuple[Fact, ...]
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Agency:
    """`acts` lead to pages that say what will change first; `test` is sent at once, and changes nothing."""

    name: str
    about: str
    panel: tuple[Fact, ...]
    ways: tuple[ReachedBy, ...]
    changes: Table
    warnings: tuple[str, ...] = ()
    test: Form | None = None
    acts: tuple[Link, ...] = ()
    not_allowed: str | None = None
    messages: Link | None = None
    done: Done | None = None
