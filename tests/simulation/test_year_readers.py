"""Whoever reads the messages of a simulated year has a role that their agency has."""

from schemas.codes import AgencyType, ReaderRole
from tests.simulation.year.county import TYPES
from tests.simulation.year.readers import read_by


def test_a_school_reads_by_its_safeguarding_lead_and_no_officer_reads_but_the_police() -> None:
    school = read_by(AgencyType.SCHOOL)
    assert max(school, key=lambda role: school[role]) is ReaderRole.DESIGNATED_SAFEGUARDING_LEAD
    assert ReaderRole.PRACTITIONER in read_by(AgencyType.HEALTH_VISITING)
    others = [kind for kind in TYPES.values() if kind is not AgencyType.POLICE]
    assert all(ReaderRole.OFFICER_IN_CASE not in read_by(kind) for kind in others)
    assert ReaderRole.OFFICER_IN_CASE in read_by(AgencyType.POLICE)
