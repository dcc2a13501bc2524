"""Who is told, and how much: the default matrix, the mailbox rule and the own-reference rule (domain
section 6)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from functions.domain.wording.outcomes import FIXED
from schemas.codes import AgencyType, Level, NoticeReason, Outcome, Role

STATUTORY_PARTNERS = frozenset(
    {
        AgencyType.POLICE,
        AgencyType.PROBATION,
        AgencyType.YOUTH_JUSTICE,
        AgencyType.HEALTH_VISITING,
        AgencyType.SCHOOL_NURSING,
        AgencyType.MIDWIFERY,
        AgencyType.EMERGENCY_DEPT,
        AgencyType.CAMHS,
        AgencyType.AMBULANCE,
        AgencyType.ACUTE_HOSPITAL,
        AgencyType.OTHER_HEALTH,
        AgencyType.LA_SOCIAL_CARE,
        AgencyType.EARLY_HELP,
        AgencyType.OTHER_LA,
    }
)
PUBLIC = frozenset(
    {
        AgencyType.FAMILY,
        AgencyType.ACQUAINTANCE,
        AgencyType.SELF,
        AgencyType.OTHER_INDIVIDUAL,
        AgencyType.ANONYMOUS,
        AgencyType.UNKNOWN,
    }
)
_ADULT_SERVICES = frozenset({AgencyType.ADULT_MENTAL_HEALTH, AgencyType.SUBSTANCE_MISUSE})
_EDUCATION = frozenset({AgencyType.SCHOOL, AgencyType.EDUCATION_SERVICE, AgencyType.EARLY_YEARS})
_HOUSING = frozenset({AgencyType.HOUSING, AgencyType.LA_INTERNAL})

_COLUMNS: tuple[frozenset[Outcome], ...] = (
    frozenset({Outcome.NFA, Outcome.ADV}),
    frozenset({Outcome.SAL, Outcome.EHF}),
    frozenset({Outcome.S17, Outcome.OPN, Outcome.PVF}),
    frozenset({Outcome.STR, Outcome.S47S, Outcome.S47J}),
    frozenset({Outcome.TRF}),
    frozenset({Outcome.CTI}),
    frozenset({Outcome.ACC}),
    frozenset({Outcome.EMP}),
    frozenset({Outcome.LAD}),
)
# A cell is referrer/involved; `*`: one more for an involved agency that holds a plan role.
_ROWS: tuple[tuple[frozenset[AgencyType], str], ...] = (
    (frozenset({AgencyType.POLICE}), "3/1* 3/2 3/3 3/3 3/3 3/3 3/3 1/1 1/1"),
    (STATUTORY_PARTNERS, "3/1* 3/2 3/3 3/3 3/3 3/3 3/3 1/1 1/0"),
    (_ADULT_SERVICES, "2/1* 2/2 2/2 2/2 2/0 0/2 1/1 1/0 1/0"),
    (frozenset({AgencyType.GP}), "2/1* 2/2 2/2 2/2 2/2 2/2 1/1 1/0 1/0"),
    (_EDUCATION, "2/1* 2/2 2/2 2/2 2/1 2/2 1/1 1/0 1/0"),
    (_HOUSING, "2/1* 2/2 1/0 1/0 1/0 0/0 1/1 1/0 1/0"),
    (PUBLIC, "0/0 0/0 0/0 0/0 0/0 0/0 0/0 0/0 0/0"),
    (frozenset(AgencyType), "2/1* 2/0 2/0 2/0 1/0 0/0 1/1 1/0 1/0"),
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
    role: Role,
    holds_plan_role: bool,
    outcomes: Iterable[Outcome],
    knows_the_child: bool,
    mailbox_managed: bool,
) -> Entitlement:
    """The lowest level among `outcomes`, then capped at a notice for an unmanaged mailbox or an unsure child.

    `knows_the_child`: the agency gave a usable reference of its own; only an involved agency is capped
    without.
    `mailbox_managed` is true for a webhook: it has no mailbox.
    """
    sent = frozenset(outcomes)
    level = min(
        _matrix_level(agency_type, role, outcome, holds_plan_role=holds_plan_role) for outcome in sent
    )
    unsure_child = role is Role.INVOLVED and not knows_the_child
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


def _matrix_level(agency_type: AgencyType, role: Role, outcome: Outcome, *, holds_plan_role: bool) -> Level:
    if outcome is Outcome.INF:
        told = role is Role.REFERRER and agency_type not in PUBLIC
        return _childminder_cap(agency_type, Level.OUTCOME if told else Level.NOTHING)
    row = next(cells for types, cells in _ROWS if agency_type in types).split()
    column = next(index for index, outcomes in enumerate(_COLUMNS) if outcome in outcomes)
    referrer, involved = row[column].split("/")
    if role is Role.REFERRER:
        return _childminder_cap(agency_type, Level(int(referrer)))
    raised = involved.endswith("*") and holds_plan_role
    return _childminder_cap(agency_type, Level(int(involved.rstrip("*")) + raised))


def _childminder_cap(agency_type: AgencyType, level: Level) -> Level:
    return min(level, Level.NOTICE) if agency_type is AgencyType.CHILDMINDER else level


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
