"""One referral: what became of it, everything that happened, and whether its record is intact."""

from dataclasses import dataclass
from enum import StrEnum

from functions.console.shown.parts import Done, Fact, Link, Tag


class Seal(StrEnum):
    """What the check of the record found."""

    INTACT = "INTACT"
    NOT_CHECKED = "NOT_CHECKED"
    CANNOT_CHECK = "CANNOT_CHECK"
    DOES_NOT_MATCH = "DOES_NOT_MATCH"


SEAL_WORDS = {
    Seal.INTACT: "Record intact",
    Seal.NOT_CHECKED: "Not checked yet",
    Seal.CANNOT_CHECK: "Cannot check",
    Seal.DOES_NOT_MATCH: "Record does not match",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SealBadge:
    """`title` where it says more than the state's own words: "Not checked since 25 November at 6:00pm"."""

    seal: Seal
    text: str
    title: str | None = None
    newer: str | None = None
    check: Link | None = None

    @property
    def heading(self) -> str:
        return self.title or SEAL_WORDS[self.seal]


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """One entry of the trail in plain words; `is_bad` marks what went wrong. Of several tries that ended
    alike `each` has every one."""

    title: str
    by: str
    at: str
    lines: tuple[str, ...] = ()
    reason: str | None = None
    links: tuple[Link, ...] = ()
    tag: Tag | None = None
    is_bad: bool = False
    each: tuple["Happened", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One version of a decision, where there is more than one."""

    number: str
    outcome: str
    decided: str
    decided_by: str
    state: Tag


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A message held for a safety check; `review` leads to releasing or keeping it."""

    trigger: str
    text: str
    review: Link | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """On paper: who printed it and when, and how one prints from the page."""

    by: str
    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Referral:
    """`about` is "Referral", or "Referral, child 1 of 2" with `children` leading to the others."""

    reference: str
    about: str
    panel: tuple[Fact, ...]
    warnings: tuple[str, ...]
    holds: tuple[Hold, ...]
    happened: tuple[Happened, ...]
    seal: SealBadge
    facts: tuple[Fact, ...]
    versions: tuple[Version, ...] = ()
    children: tuple[Link, ...] = ()
    record_call: Link | None = None
    chronology: Link | None = None
    opened_by: Link | None = None
    """To who opened it, for auditors."""
    print_view: Link | None = None
    download: Link | None = None
    older: Link | None = None
    newest: Link | None = None
    printed: Printed | None = None
    done: Done | None = None
