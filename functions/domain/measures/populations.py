"""Whom figures are of: each population with its words, its month, and what must be known of its members."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from functions.domain.measures.afterwards import Challenge, Closure
from functions.domain.measures.facts import Address, Case, Facts, Followed, Held, Sent
from schemas.codes import CinSource, RaStatus

U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Population(Generic[U]):
    """What a figure divides by. `holds` is None of a unit of which nobody knows whether it belongs."""

    name: str
    words: str
    units: Callable[[Facts], Sequence[U]]
    at: Callable[[U], datetime | None]
    """The moment whose month it counts in; None for what does not belong."""
    holds: Callable[[U], bool | None]
    within: str | None = None
    """The count that it is a part of; what is left of that must not be told either, if it is small."""
    missing: str = ""
    """Why a unit is left out of which nobody knows."""
    moved_by: str = ""
    """What moves its counts without a row: such a population has no live counters, and is counted when
    somebody asks."""


def _received_at(case: Case) -> datetime | None:
    """A duplicate is counted with its original."""
    return None if case.received.is_duplicate else case.received.at


def _decided_at(case: Case) -> datetime | None:
    return None if case.decided is None or case.received.is_duplicate else case.decided.at


def _is_police(case: Case) -> bool | None:
    source = case.received.source_code
    return None if source is None else source == CinSource.POLICE


def is_recommended(case: Case) -> bool:
    """Whether the police said validly what should happen next: on a form, or to whoever decided."""
    said = case.decided is not None and case.decided.names_a_recommendation
    return said or (case.check is not None and case.check.recommends)


def _is_checked_police(case: Case) -> bool | None:
    is_police = _is_police(case)
    return None if is_police and not (case.check or is_recommended(case)) else is_police


def _followable(case: Case) -> bool | None:
    if not (_is_police(case) and is_recommended(case)):
        return False
    return (case.decided is not None and case.decided.followed is not None) or None


def _of_those_received(
    name: str, words: str, holds: Callable[[Case], bool | None], missing: str, within: str = "received"
) -> Population[Case]:
    return Population(name, f"{words}, duplicates apart", _cases, _received_at, holds, within, missing)


def _of_those_decided(
    name: str, words: str, holds: Callable[[Case], bool | None], missing: str = "", within: str = "decided"
) -> Population[Case]:
    return Population(name, words, _cases, _decided_at, holds, within, missing)


def _cases(facts: Facts) -> Sequence[Case]:
    return facts.cases


def _all(_: object) -> bool:
    return True


_NO_REFERRER = "no event said who referred (`source_code`, `referring_agency`)"
_TIME = "the hour"
_OTHERS = "other referrals of the child, and the end of the 12 months"
_NOT_OVER = "no event gave a `child_pseudonym`, or the 12 months after the decision are not over"

RECEIVED: Population[Case] = Population(
    "received",
    "children on referrals received",
    _cases,
    lambda case: case.received.at,
    _all,
)
CONTACTS = _of_those_received(
    "contacts",
    "of those received, the ones that came as a contact",
    lambda case: case.received.is_contact,
    missing="no REFERRAL_RECEIVED event told of a contact (`kind`)",
)
PROFESSIONAL_RECEIVED = _of_those_received(
    "professional_received",
    "of those received, the ones that an agency referred",
    lambda case: case.received.is_professional,
    missing=_NO_REFERRER,
)
POLICE_RECEIVED = _of_those_received(
    "police_received",
    "of those received, the ones that the police referred (CIN source 6)",
    _is_checked_police,
    missing=f"{_NO_REFERRER}, or nobody has looked for a form yet",
)
RECOMMENDED = _of_those_received(
    "recommended",
    "police referrals with a valid recommendation, of which it is known whether it was followed",
    _followable,
    missing="no decision said whether it was followed (`recommendation_followed`)",
    within="K9.next_step_given",
)
FORM_REQUIRED = _of_those_received(
    "form_required",
    "of those received, the ones that need a police risk-assessment form",
    lambda case: case.check.status != RaStatus.NOT_REQUIRED if case.check else None,
    missing="nobody has looked for a form yet",
)
UNBORN = _of_those_received(
    "unborn",
    "of those received, the unborn",
    lambda case: case.received.unborn,
    missing="no event said whether the child was born (`unborn`)",
)
DECIDED: Population[Case] = Population(
    "decided",
    "children with a final decision; INF, duplicates and transfers that wait are none",
    _cases,
    _decided_at,
    _all,
)
PROFESSIONAL_DECIDED = _of_those_decided(
    "professional_decided",
    "of those decided, the ones that an agency referred",
    lambda case: case.received.is_professional,
    missing=_NO_REFERRER,
)
PROFESSIONAL_TOLD = _of_those_decided(
    "professional_told",
    "of those decided that an agency referred, the ones of which it was told the outcome, in any version",
    lambda case: bool(case.received.is_professional) and case.told.took is not None,
    within="professional_decided",
)
COLOURED = _of_those_decided(
    "decided_with_colour",
    "of those decided, the ones that were graded red, amber or green",
    lambda case: (case.decided is not None and case.decided.rag is not None) or None,
    missing="no event graded it (`rag`)",
)
MODE_KNOWN = _of_those_decided(
    "decided_with_mode",
    "of those decided, the ones of which it is known how risk was assessed",
    lambda case: (case.decided is not None and case.decided.is_joint is not None) or None,
    missing="no decision said how risk was assessed (`risk_assessment_mode`)",
)
FOLLOWED: Population[Followed] = Population(
    "followed",
    "of those decided, the ones with a pseudonym whose 12 months are over",
    lambda facts: facts.followed,
    lambda one: one.at,
    lambda one: one.is_known or None,
    within="decided",
    missing=_NOT_OVER,
    moved_by=_OTHERS,
)
NFA_FOLLOWED: Population[Followed] = Population(
    "nfa_followed",
    "of those, the ones decided with no further action",
    lambda facts: facts.followed,
    lambda one: one.at if one.is_nfa else None,
    lambda one: one.is_known or None,
    within="K11.no_further_action",
    missing=_NOT_OVER,
    moved_by=_OTHERS,
)
RESOLVED: Population[Challenge] = Population(
    "challenges_resolved",
    "challenges that were resolved",
    lambda facts: facts.challenges,
    lambda one: one.resolved_at,
    _all,
)
TIMED: Population[Challenge] = Population(
    "challenges_timed",
    "challenges that were resolved, of which it is known when they were raised",
    lambda facts: facts.challenges,
    lambda one: one.resolved_at,
    lambda one: one.took is not None or None,
    within="challenges_resolved",
    missing="no CHALLENGE_RAISED event said when it was raised",
)
SENT: Population[Sent] = Population(
    "messages",
    "messages that were free to go, one for each agency and version; of those that were replaced or stopped, "
    "the ones that had arrived",
    lambda facts: facts.sent,
    lambda one: one.at,
    _all,
    moved_by=_TIME,
)
ADDRESSES: Population[Address] = Population(
    "addresses",
    "mailboxes in the registry, on the day of the figures",
    lambda facts: facts.addresses,
    lambda one: one.at,
    lambda one: one.is_stale is not None or None,
    missing="the registry is as it is today, and keeps no earlier state",
    moved_by="the registry, and the days since a mailbox was verified",
)
HOLDS: Population[Held] = Population(
    "holds",
    "holds that began: of a child, of one recipient, of an allegation",
    lambda facts: facts.holds,
    lambda one: one.at,
    _all,
)
OPEN_HOLDS: Population[Held] = Population(
    "open_holds",
    "of those, the ones still open when the figures were made",
    lambda facts: facts.holds,
    lambda one: one.at,
    lambda one: one.open_for is not None,
    within="K15.still_held",
    moved_by=_TIME,
)
CLOSURES: Population[Closure] = Population(
    "police_closures",
    "ends of police investigations, where there is a partner with a live plan who must hear of it",
    lambda facts: facts.closures,
    lambda one: one.at,
    lambda one: one.partners > 0,
)
CLOSURES_TOLD: Population[Closure] = Population(
    "police_closures_told",
    "of those, the ones of which every such partner was told",
    lambda facts: facts.closures,
    lambda one: one.at,
    lambda one: one.told_all_after is not None,
    within="K17.all_partners_told",
)
