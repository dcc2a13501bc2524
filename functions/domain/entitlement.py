"""Who is told, and how much: the default matrix, the mailbox rule and the own-reference rule (domain
section 6)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from functions.domain.wording.outcomes import FIXED
from schemas.codes import AgencyType, Level, NoticeReason, Outcome, Role
from schemas.entitlement import PUBLIC, LoweredLevel, default_level


@dataclass(frozen=True, slots=True)
class Standing:
    """What an agency is to this decision: its role, and what the decision asks of it."""

    role: Role
    holds_plan_role: bool = False
    leads: bool = False
    asked_for_information: bool = False

    def is_asked_to_act(self, outcome: Outcome) -> bool:
        """Whether it must read the outcome to do its part: lead a SAL, or answer an INF (section 6.4)."""
        return (outcome is Outcome.SAL and self.leads) or (
            outcome is Outcome.INF and self.asked_for_information
        )


@dataclass(frozen=True, slots=True)
class Entitlement:
    """How much one recipient is told; `notice_reason` says why it is a notice.

    Notice level without a reason is the fixed sentence of EMP and LAD, after release.
    """

    level: Level
    notice_reason: NoticeReason | None = None


def entitlement(
    *,
    agency_type: AgencyType,
    standing: Standing,
    outcomes: Iterable[Outcome],
    knows_the_child: bool,
    mailbox_managed: bool,
    lowered: Sequence[LoweredLevel] = (),
) -> Entitlement:
    """The lowest level among `outcomes`, then capped at a notice for an unmanaged mailbox or an unsure child.

    `knows_the_child`: the agency gave a usable reference of its own; only an involved agency is capped
    without.
    `mailbox_managed` is true for a webhook: it has no mailbox.
    """
    sent = frozenset(outcomes)
    level = min(_level(agency_type, standing, outcome, lowered) for outcome in sent)
    unsure_child = standing.role is Role.INVOLVED and not knows_the_child
    if level is Level.NOTHING:
        return Entitlement(level)
    if level is Level.NOTICE:
        fixed = sent <= FIXED.keys() and agency_type is not AgencyType.CHILDMINDER
        readable = fixed and mailbox_managed and not unsure_child
        return Entitlement(level, None if readable else NoticeReason.PHONE_ONLY)
    if unsure_child:
        return Entitlement(Level.NOTICE, NoticeReason.WHICH_CHILD)
    if not mailbox_managed:
        return Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)
    return Entitlement(level)


def in_mailbox(told: Entitlement, *, managed: bool) -> Entitlement:
    """What a system was to be told, as an e-mail in its place may tell it: never more than the mailbox may
    have."""
    if managed or told.level is Level.NOTHING:
        return told
    if told.level is Level.NOTICE:
        return Entitlement(told.level, told.notice_reason or NoticeReason.PHONE_ONLY)
    return Entitlement(Level.NOTICE, NoticeReason.MAILBOX_NOT_MANAGED)


def _level(
    agency_type: AgencyType, standing: Standing, outcome: Outcome, lowered: Sequence[LoweredLevel]
) -> Level:
    """The matrix's cell, or 2 where the decision itself asks this agency to act, then the hub's own cap."""
    role = standing.role
    level = default_level(agency_type, role, outcome, holds_plan_role=standing.holds_plan_role)
    if standing.is_asked_to_act(outcome) and agency_type not in PUBLIC:
        level = max(level, Level.OUTCOME)
    if agency_type is AgencyType.CHILDMINDER:
        level = min(level, Level.NOTICE)
    caps = (
        cap.level
        for cap in lowered
        if (cap.agency_type, cap.role, cap.outcome) == (agency_type, role, outcome)
    )
    return min((level, *caps))


MANAGED_DOMAINS = (
    "gov.uk",
    "nhs.uk",
    "nhs.net",
    "nhs.scot",
    "nhs.wales",
    "hscni.net",
    "police.uk",
    "judiciary.uk",
)
"""Mail domains with enforced TLS and managed mailboxes (domain section 6.2); schools' are not among them."""


def is_managed(address: str, additions: Sequence[str]) -> bool:
    """Whether a mailbox is on a managed domain, or on one that the stage adds.

    Whole labels only, so that `notgov.uk` is not `gov.uk`.
    """
    domain = address.rpartition("@")[2].lower()
    return any(
        domain == managed or domain.endswith(f".{managed}") for managed in (*MANAGED_DOMAINS, *additions)
    )


OWN_REF_MOST_CHARACTERS = 32
_NHS_NUMBER_SHAPE = re.compile(r"\d{3}[ -]?\d{3}[ -]?\d{4}")
_DATE_SHAPE = re.compile(r"(\d{1,2}[/. -]\d{1,2}[/. -](\d{4}|\d{2})|\d{4}[/. -]\d{1,2}[/. -]\d{1,2})")


def usable_own_ref(own_ref: str | None, pattern: str) -> str | None:
    """`own_ref` if it has the agency's agreed pattern and not the shape of an NHS number or a date of
    birth."""
    if own_ref is None or len(own_ref) > OWN_REF_MOST_CHARACTERS or not re.fullmatch(pattern, own_ref):
        return None
    if (
        _NHS_NUMBER_SHAPE.fullmatch(own_ref)
        or _DATE_SHAPE.fullmatch(own_ref)
        or _is_a_date_in_digits(own_ref)
    ):
        return None
    return own_ref


def _is_a_date_in_digits(text: str) -> bool:
    if not re.fullmatch(r"\d{8}", text):
        return False
    year_first = (text[:4], text[4:6], text[6:])
    year_last = (text[4:], text[2:4], text[:2])
    return any(_is_a_date(*map(int, parts)) for parts in (year_first, year_last))


def _is_a_date(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day).year in range(1900, 2100)
    except ValueError:
        return False
