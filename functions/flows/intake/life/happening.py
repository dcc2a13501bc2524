"""What happened to a decided child: when it can be told, that it is not old news, and what telling it comes
to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from functions.adapters.ledger.chain import at_text
from functions.adapters.ledger.records import NewUpdate, Referral
from functions.adapters.ledger.store import Item
from functions.domain.refusals import Refusal, RefusedError
from functions.domain.series import line_in, moment_of
from functions.domain.withdrawal import WITHDRAWN
from functions.flows.desk import IntakeDesk
from functions.flows.intake.life.news import News, stale, too_early
from functions.flows.updates.audience import Hearers, told_of_the_decision
from functions.flows.updates.make import About, Occasion, update
from schemas.codes import RefusalReason, Series, WaitsFor
from schemas.notice import UpdateFacts

MOST_AHEAD = timedelta(days=1)
"""Clocks differ and days are typed in advance; what lies further ahead is a slip."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What an event says happened to one child, when, and in which of its fields it says when."""

    series: Series
    child: int
    field: str
    at: datetime
    thread: str = ""
    """Which matter of several in its series: what is newer of one says nothing of another."""

    @property
    def about(self) -> About:
        return About(self.series, self.child, self.thread)

    @property
    def line(self) -> str:
        return line_in(self.series, self.thread)


def once_decided(what: Happening, occasion: Occasion, news: Callable[[], News]) -> News:
    """`news` once the child is decided, unless something newer in its line is known already.

    Raises RefusedError for a moment that cannot be right.
    """
    referral = occasion.referral
    _refuse_impossible(what, occasion)
    if not referral.newest(what.child):
        return too_early(WaitsFor.DECISION)
    child = referral.children[what.child]
    if is_older(what.at, what.line, child):
        return stale()
    found = news()
    learnt = {moment_of(what.line): at_text(what.at), **found.children.get(what.child, {})}
    details = {**found.details, "thread": what.thread or None}
    return replace(found, details=details, children={**found.children, what.child: learnt})


def refuse_unlisted(child: int, referral: Referral) -> None:
    """Once the referral is here nothing that the police say is kept for a child that it does not list, nor a
    decision names. What the case system says is: it may still decide for one that it has not told us of."""
    if "received_at" in referral.head and child not in referral.children:
        raise RefusedError(Refusal("child_index", RefusalReason.UNKNOWN_CHILD))


def is_older(moment: datetime, line: str, child: Item) -> bool:
    """Whether the child was heard of in that line at a later moment; of its plan, a decision speaks too,
    unless it was sent in error."""
    speaks = line == Series.PLAN and WITHDRAWN not in child
    # A child that an earlier release decided says only when that was.
    decided_at = str(child.get("plan_decided_at", child["decided_at"]))
    decided_since = speaks and moment < datetime.fromisoformat(decided_at)
    return decided_since or was_heard_of_since(moment, line, child)


def was_heard_of_since(moment: datetime, line: str, child: Item) -> bool:
    """Whether an event said something newer in that line."""
    known = child.get(moment_of(line))
    return known is not None and moment < datetime.fromisoformat(known)


def to_everybody_told(
    what: Happening,
    facts: UpdateFacts,
    occasion: Occasion,
    desk: IntakeDesk,
    *,
    learnt: Mapping[str, Any] | None = None,
) -> News:
    """The update to everybody who was told of the decision; `learnt` is what the child's item learns."""
    hearers = told_of_the_decision(occasion.referral, what.child, desk.directory)
    return telling(what.about, hearers, facts, occasion, desk, learnt=learnt)


def telling(
    about: About,
    hearers: Hearers,
    facts: UpdateFacts,
    occasion: Occasion,
    desk: IntakeDesk,
    *,
    learnt: Mapping[str, Any] | None = None,
) -> News:
    """The update to these; with nobody to tell, the event's row says so and stands alone."""
    made = [update(about, hearers, facts, occasion, desk)] if hearers.agencies else []
    told = [one for one in made if _reaches_somebody(one, hearers)]
    return News(
        details={} if told else {"nobody": True},
        children={about.child: learnt or {}},
        updates=told,
    )


def _reaches_somebody(made: NewUpdate, hearers: Hearers) -> bool:
    in_system = any(one.entry.in_case_system for one in hearers.recipients)
    return bool(made.deliveries or hearers.kept_from or in_system)


def _refuse_impossible(what: Happening, occasion: Occasion) -> None:
    if what.at > occasion.arrival.at + MOST_AHEAD:
        raise RefusedError(Refusal(what.field, RefusalReason.IN_THE_FUTURE))
    received_at = _received_at(occasion.referral, what.child)
    if received_at is not None and what.at < received_at:
        raise RefusedError(Refusal(what.field, RefusalReason.BEFORE_RECEIPT))


def _received_at(referral: Referral, child: int) -> datetime | None:
    """The earliest that is known: a decision may come without its referral's arrival, or before it."""
    places = (referral.head, referral.children.get(child, {}))
    known = [datetime.fromisoformat(one["received_at"]) for one in places if "received_at" in one]
    return min(known, default=None)
