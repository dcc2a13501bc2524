"""The roles that a reader chooses from, as the page and the trail call them."""

from typing import Final

from schemas.codes import ReaderRole

READER_ROLES: Final[dict[ReaderRole, str]] = {
    ReaderRole.DUTY_WORKER: "Duty worker",
    ReaderRole.DESIGNATED_SAFEGUARDING_LEAD: "Designated safeguarding lead, or deputy",
    ReaderRole.OFFICER_IN_CASE: "Officer in the case",
    ReaderRole.PRACTITIONER: "Practitioner who works with the child",
    ReaderRole.MANAGER: "Manager or supervisor",
    ReaderRole.ADMINISTRATOR: "Administrator",
    ReaderRole.OTHER: "Another role",
}
