"""Before anything is changed: what will change, how much of it, and the reason that is asked for."""

from dataclasses import dataclass

from functions.console.shown.form import Form
from functions.console.shown.parts import Fact, Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """One act on its own page: a phone call, a release, a resend, a cancel, a pause, a recovery, an export.

    `effects` are sentences that each begin with what will happen. Without a form, `not_allowed` says why.
    """

    about: str
    title: str
    facts: tuple[Fact, ...]
    effects: tuple[str, ...]
    form: Form | None
    back: Link
    warning: str | None = None
    not_allowed: str | None = None
