"""How much of an update each of its recipients is told: one rule for each sort of series."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from functions.adapters.ledger.records import Referral
from functions.adapters.ledger.store import Item
from functions.domain.entitlement import Entitlement
from functions.domain.series import UNTIL_DECIDED
from functions.domain.updates import (
    OF_THE_FORM,
    SAYS_NOTHING_OF_THE_CHILD,
    about_the_form,
    before_the_decision,
    beside_the_decision,
    of_no_outcome,
)
from functions.flows.planning.deliveries import Terms, entitled
from functions.flows.planning.police_form import NO_CHILD
from functions.flows.planning.recipients import Recipient
from functions.flows.updates.audience import outcomes_told
from schemas.codes import Level, NoticeReason, Outcome, Series
from schemas.entitlement import PUBLIC

Telling = Callable[[Recipient, bool], Entitlement]
"""How much a recipient is told where its mailbox is managed, or is not."""


def telling(series: Series, child: int, referral: Referral, terms: Terms) -> Telling:
    """The rule for an update of that series about that child."""
    if series in UNTIL_DECIDED or child == NO_CHILD:
        return lambda one, managed: before_the_decision(one.entry.type, mailbox_managed=managed)
    if series in SAYS_NOTHING_OF_THE_CHILD:
        return _of_no_outcome(referral.children[child], terms)
    if series in OF_THE_FORM:
        return lambda one, managed: (
            about_the_form(one.entry.type, mailbox_managed=managed)
            or _beside_the_decision(series, referral.children[child], terms)(one, managed)
        )
    return _beside_the_decision(series, referral.children[child], terms)


def _of_no_outcome(child: Item, terms: Terms) -> Telling:
    """A duplicate's outcome is its original's, which is not read here: as good as by phone only."""
    if child["outcome"] == Outcome.DUP:
        unread = Entitlement(Level.NOTICE, NoticeReason.PHONE_ONLY)
        return lambda one, _managed: of_no_outcome(one.entry.type, unread)
    outcomes = outcomes_told(child)
    return lambda one, managed: of_no_outcome(one.entry.type, entitled(one, outcomes, terms, managed=managed))


def _beside_the_decision(series: Series, child: Item, terms: Terms) -> Telling:
    outcomes = outcomes_told(child)
    return lambda one, managed: beside_the_decision(
        series,
        entitled(one, outcomes, terms, managed=managed),
        has_a_part=_has_a_part(one, outcomes, terms),
    )


def _has_a_part(one: Recipient, outcomes: Sequence[Outcome], terms: Terms) -> bool:
    """In the plan, as an agency that the matrix tells nothing; where the hub itself says so, it stays so."""
    if not one.standing.holds_plan_role or one.entry.type in PUBLIC:
        return False
    by_default = entitled(one, outcomes, replace(terms, lowered=()), managed=True)
    return by_default.level is Level.NOTHING
