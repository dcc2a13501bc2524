"""The default matrix of who may be told how much (domain section 6.4), and how a hub may lower it."""

from typing import Final, Self

from pydantic import model_validator

from schemas.base import Contract, ContradictionError
from schemas.codes import AgencyType, Level, Outcome, Role

STATUTORY_PARTNERS: Final = frozenset(
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
PUBLIC: Final = frozenset(
    {
        AgencyType.FAMILY,
        AgencyType.ACQUAINTANCE,
        AgencyType.SELF,
        AgencyType.OTHER_INDIVIDUAL,
        AgencyType.ANONYMOUS,
        AgencyType.UNKNOWN,
    }
)
"""Staff call them; no machine ever tells them anything."""

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
    frozenset({Outcome.INF}),
)
# A cell is referrer/involved; `*`: one more for an involved agency that holds a plan role.
_ROWS: tuple[tuple[frozenset[AgencyType], str], ...] = (
    (frozenset({AgencyType.POLICE}), "3/1* 3/2 3/3 3/3 3/3 3/3 3/3 1/1 1/1 2/0"),
    (STATUTORY_PARTNERS, "3/1* 3/2 3/3 3/3 3/3 3/3 3/3 1/1 1/0 2/0"),
    (_ADULT_SERVICES, "2/1* 2/2 2/2 2/2 2/0 0/2 1/1 1/0 1/0 2/0"),
    (frozenset({AgencyType.GP}), "2/1* 2/2 2/2 2/2 2/2 2/2 1/1 1/0 1/0 2/0"),
    (_EDUCATION, "2/1* 2/2 2/2 2/2 2/1 2/2 1/1 1/0 1/0 2/0"),
    (_HOUSING, "2/1* 2/2 1/0 1/0 1/0 0/0 1/1 1/0 1/0 2/0"),
    (PUBLIC, "0/0 0/0 0/0 0/0 0/0 0/0 0/0 0/0 0/0 0/0"),
    (frozenset(AgencyType), "2/1* 2/0 2/0 2/0 1/0 0/0 1/1 1/0 1/0 2/0"),
)


def default_level(agency_type: AgencyType, role: Role, outcome: Outcome, *, holds_plan_role: bool) -> Level:
    """The cell of the default matrix. Raises ValueError for DUP, which is told as its original's outcome."""
    if outcome is Outcome.DUP:
        raise ValueError("DUP has no cell: it is told as the original's outcome")
    row = next(cells for types, cells in _ROWS if agency_type in types).split()
    column = next(index for index, outcomes in enumerate(_COLUMNS) if outcome in outcomes)
    referrer, involved = row[column].split("/")
    if role is Role.REFERRER:
        level = int(referrer)
    else:
        level = int(involved.rstrip("*")) + (involved.endswith("*") and holds_plan_role)
    return Level(min(level, Level.NOTICE) if agency_type is AgencyType.CHILDMINDER else level)


class LoweredLevel(Contract):
    """A hub's own, lower cell: at most `level` for this type, role and outcome. A hub may never raise one."""

    agency_type: AgencyType
    role: Role
    outcome: Outcome
    level: Level

    @model_validator(mode="after")
    def _a_hub_may_only_lower(self) -> Self:
        if self.outcome is Outcome.DUP:
            raise ContradictionError("outcome", "DUP is told as its original's outcome; lower that one")
        default = default_level(self.agency_type, self.role, self.outcome, holds_plan_role=True)
        if self.level >= default:
            raise ContradictionError(
                "level",
                f"a hub may only lower one: {self.outcome} tells {self.agency_type} as {self.role}"
                f" {default.value} at most",
            )
        return self
