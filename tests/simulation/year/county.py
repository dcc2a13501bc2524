"""The hub of a simulated year: its agencies, how each is reached, and what each refers as."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from schemas.agency import Agency, Endpoint, Mailbox, Registry
from schemas.codes import AgencyType, Channel, CinSource
from schemas.hub_directory import Authority, HubDirectory, Team
from tests.world import BOTH, an_agency

MAIL, HOOK, TELEPHONE = (Channel.EMAIL,), (Channel.WEBHOOK,), ()
POLICE = "north-police"
FIRST_NUMBER = 200
"""Of the county's telephone numbers, each after the other: Ofcom keeps 01632 960000 to 960999 for drama."""
TEAM, AUTHORITY = "ASSESSMENT_2", "SOUTHSHIRE"

_AGENCIES: Mapping[str, tuple[AgencyType, tuple[Channel, ...]]] = {
    POLICE: (AgencyType.POLICE, HOOK),
    "north-probation": (AgencyType.PROBATION, MAIL),
    "north-youth-justice": (AgencyType.YOUTH_JUSTICE, MAIL),
    "river-gp": (AgencyType.GP, MAIL),
    "station-gp": (AgencyType.GP, MAIL),
    "market-gp": (AgencyType.GP, MAIL),
    "north-health-visitors": (AgencyType.HEALTH_VISITING, MAIL),
    "north-midwives": (AgencyType.MIDWIFERY, MAIL),
    "north-school-nurses": (AgencyType.SCHOOL_NURSING, MAIL),
    "north-emergency": (AgencyType.EMERGENCY_DEPT, BOTH),
    "north-hospital": (AgencyType.ACUTE_HOSPITAL, HOOK),
    "north-camhs": (AgencyType.CAMHS, MAIL),
    "north-ambulance": (AgencyType.AMBULANCE, MAIL),
    "north-mental-health": (AgencyType.ADULT_MENTAL_HEALTH, MAIL),
    "north-substances": (AgencyType.SUBSTANCE_MISUSE, MAIL),
    "north-dentists": (AgencyType.DENTIST, MAIL),
    "hill-school": (AgencyType.SCHOOL, MAIL),
    "vale-school": (AgencyType.SCHOOL, MAIL),
    "mill-school": (AgencyType.SCHOOL, HOOK),
    "abbey-school": (AgencyType.SCHOOL, MAIL),
    "quay-school": (AgencyType.SCHOOL, MAIL),
    "north-education": (AgencyType.EDUCATION_SERVICE, MAIL),
    "acorn-nursery": (AgencyType.EARLY_YEARS, MAIL),
    "adult-care": (AgencyType.LA_SOCIAL_CARE, MAIL),
    "early-help": (AgencyType.EARLY_HELP, MAIL),
    "southshire": (AgencyType.OTHER_LA, MAIL),
    "north-housing": (AgencyType.HOUSING, MAIL),
    "north-refuge": (AgencyType.VOLUNTARY, TELEPHONE),
    "north-fire": (AgencyType.FIRE, MAIL),
    "oak-childminder": (AgencyType.CHILDMINDER, MAIL),
}
_SPELT = {"gp": "GP", "camhs": "CAMHS"}
_NOT_MANAGED = ("hill-school", "vale-school", "market-gp", "oak-childminder")
"""Their mailboxes may have notices alone."""
_TOLD_OF_UNBORN = ("north-health-visitors", "north-midwives")
READS_IN_THE_SYSTEM = "early-help"

REFERRERS: Mapping[CinSource, tuple[float, tuple[str, ...]]] = {
    CinSource.POLICE: (32, (POLICE,)),
    CinSource.SCHOOLS: (17, ("hill-school", "vale-school", "mill-school", "abbey-school", "quay-school")),
    CinSource.EDUCATION_SERVICES: (3, ("north-education", "acorn-nursery")),
    CinSource.GP: (4, ("river-gp", "station-gp", "market-gp")),
    CinSource.HEALTH_VISITOR: (4, ("north-health-visitors",)),
    CinSource.SCHOOL_NURSE: (2, ("north-school-nurses",)),
    CinSource.OTHER_PRIMARY_HEALTH: (1, ("north-dentists",)),
    CinSource.EMERGENCY_DEPARTMENT: (5, ("north-emergency",)),
    CinSource.OTHER_HEALTH: (5, ("north-hospital", "north-camhs", "north-ambulance", "north-mental-health")),
    CinSource.HOUSING: (2, ("north-housing",)),
    CinSource.LA_SOCIAL_CARE: (4, ("adult-care",)),
    CinSource.EARLY_HELP: (4, ("early-help",)),
    CinSource.LA_EXTERNAL: (2, ("southshire",)),
    CinSource.OTHER_LEGAL: (4, ("north-probation", "north-youth-justice")),
    CinSource.OTHER: (3, ("north-refuge", "north-fire", "north-substances")),
    CinSource.ACQUAINTANCE: (0.5, ("oak-childminder",)),
    CinSource.FAMILY: (4, ()),
    CinSource.SELF: (1, ()),
    CinSource.OTHER_INDIVIDUAL: (1.5, ()),
    CinSource.ANONYMOUS: (2, ()),
}
"""How many in a hundred contacts come so, and whose they are; nobody's where the public refers."""
EVERYBODY = tuple(_AGENCIES)
TYPES: Mapping[str, AgencyType] = {name: kind for name, (kind, _) in _AGENCIES.items()}
AGREE_TO_TESTS = ("north-hospital", "mill-school")
"""Whose systems may be sent test messages; the others with a system have not agreed."""
PARTNERS = tuple(
    name
    for name in _AGENCIES
    if name not in {"southshire", "north-fire", "oak-childminder", "north-dentists", "north-ambulance"}
)
"""Who is asked, and has a part in plans."""


def a_county(verified_at: Mapping[str, date], agree_to_tests: Collection[str] = ()) -> Registry:
    """All of them, each with the day on which its mailboxes were verified; some agree to test messages."""
    hub = HubDirectory(
        team=(Team(code=TEAM, name="Assessment Team 2"),),
        authority=(Authority(code=AUTHORITY, name="Southshire Council"),),
    )
    agencies = tuple(
        _agency(name, verified_at[name], agrees_to_tests=name in agree_to_tests) for name in _AGENCIES
    )
    return Registry(approved_by="head-of-mash", hub=hub, agency=agencies)


def _agency(name: str, verified_at: date, *, agrees_to_tests: bool) -> Agency:
    kind, channels = _AGENCIES[name]
    domain = f"{name}.example" if name in _NOT_MANAGED else f"{name}.secure.example"
    changes: dict[str, Any] = {
        "name": " ".join(_SPELT.get(word, word.title()) for word in name.split("-")),
        "email": Mailbox(address=f"mash@{domain}", verified_at=verified_at),
        "safeguarding_lead": Mailbox(address=f"lead@{domain}", verified_at=verified_at),
        "phone": f"01632 960 {FIRST_NUMBER + EVERYBODY.index(name)}",
        "told_of_unborn": name in _TOLD_OF_UNBORN,
        "in_case_system": name == READS_IN_THE_SYSTEM,
        "form_escalation": Mailbox(address=f"forms@{domain}", verified_at=verified_at)
        if name == POLICE
        else None,
        "webhook": Endpoint(url=f"https://{name}.example/outcomes", canary=agrees_to_tests),
    }
    return an_agency(name, kind, *channels, **changes)
