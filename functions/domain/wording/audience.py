"""Which kinds of agency read what: filing, leading, adults to watch, and births."""

from typing import Final

from schemas.codes import AgencyType, LeadRole, NextStep, WatchFor

HEALTH_TYPES: Final = frozenset(
    {
        AgencyType.GP,
        AgencyType.HEALTH_VISITING,
        AgencyType.SCHOOL_NURSING,
        AgencyType.OTHER_PRIMARY_HEALTH,
        AgencyType.EMERGENCY_DEPT,
        AgencyType.DENTIST,
        AgencyType.OTHER_HEALTH,
        AgencyType.MIDWIFERY,
        AgencyType.CAMHS,
        AgencyType.ADULT_MENTAL_HEALTH,
        AgencyType.SUBSTANCE_MISUSE,
        AgencyType.AMBULANCE,
        AgencyType.ACUTE_HOSPITAL,
    }
)
"""The health group of domain section 3: may file a message in a patient record."""

EDUCATION_TYPES: Final = frozenset({AgencyType.SCHOOL, AgencyType.EDUCATION_SERVICE, AgencyType.EARLY_YEARS})

FILED_WITH_CARE: Final[dict[NextStep, frozenset[AgencyType]]] = {
    NextStep.HIDE_ONLINE: HEALTH_TYPES,
    NextStep.NOT_ON_PORTAL: EDUCATION_TYPES,
}
"""Where a message must be filed with care; these go on every message to these types, a notice included."""

BIRTH_TYPES: Final = frozenset({AgencyType.HEALTH_VISITING, AgencyType.MIDWIFERY})
"""Who is told when a baby is due, and nobody else."""

_ADULT_SERVICES: Final = frozenset({AgencyType.ADULT_MENTAL_HEALTH, AgencyType.SUBSTANCE_MISUSE})
WATCHES: Final[dict[WatchFor, frozenset[AgencyType]]] = {
    **dict.fromkeys(WatchFor, _ADULT_SERVICES),
    WatchFor.PREGNANCY: _ADULT_SERVICES & HEALTH_TYPES,
}
"""PREGNANCY is for health only. Domain section 3 lists both adult services in the health group, so today
both are told; the rule stands here for the day when one of them no longer is."""

TYPES_THAT_LEAD: Final[dict[LeadRole, frozenset[AgencyType]]] = {
    LeadRole.FHLP: frozenset({AgencyType.EARLY_HELP}),
    LeadRole.EARLY_HELP_LEAD: frozenset({AgencyType.EARLY_HELP}),
    LeadRole.SCHOOL_DSL: EDUCATION_TYPES,
    LeadRole.HEALTH_LEAD: HEALTH_TYPES,
    LeadRole.POLICE_LEAD: frozenset({AgencyType.POLICE}),
    LeadRole.PROBATION_LEAD: frozenset({AgencyType.PROBATION}),
}
"""Who may lead under which role; under the other roles children's social care itself leads."""


def may_lead(lead_role: LeadRole | None, agency_type: AgencyType) -> bool:
    """Whether agencies of this type lead under `lead_role`; it may be another one of the type."""
    return lead_role is not None and agency_type in TYPES_THAT_LEAD.get(lead_role, frozenset())
