"""Whoever reads the messages of a simulated year: most confirm within hours, some never do."""

from collections.abc import Mapping
from functools import partial

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.flows.acknowledging.confirm import record, sent_message
from functions.flows.acknowledging.desk import Asked
from schemas.codes import AckMethod, AgencyType, DeliveryState, ReaderRole
from tests.simulation.dynamodb import Written
from tests.simulation.year.agenda import Agenda
from tests.simulation.year.county import TYPES
from tests.simulation.year.draws import Draws
from tests.simulation.year.hub import Hub

CONFIRMED = {False: 0.82, True: 0.2}
"""How likely, by whether it is an update: those need not be confirmed."""
HOURS = 5
_WHOM_ELSE: Mapping[ReaderRole, float] = {
    ReaderRole.DUTY_WORKER: 5,
    ReaderRole.PRACTITIONER: 3,
    ReaderRole.MANAGER: 1,
    ReaderRole.ADMINISTRATOR: 1,
}
_WITH_A_LEAD: Mapping[ReaderRole, float] = {
    ReaderRole.DESIGNATED_SAFEGUARDING_LEAD: 8,
    ReaderRole.MANAGER: 1,
    ReaderRole.ADMINISTRATOR: 1,
}
_WITH_CASELOADS: Mapping[ReaderRole, float] = {
    ReaderRole.PRACTITIONER: 7,
    ReaderRole.DUTY_WORKER: 2,
    ReaderRole.ADMINISTRATOR: 1,
}
_READ_BY: Mapping[AgencyType, Mapping[ReaderRole, float]] = {
    AgencyType.POLICE: {
        ReaderRole.OFFICER_IN_CASE: 6,
        ReaderRole.DUTY_WORKER: 3,
        ReaderRole.ADMINISTRATOR: 1,
    },
    **dict.fromkeys(
        (AgencyType.SCHOOL, AgencyType.EDUCATION_SERVICE, AgencyType.EARLY_YEARS, AgencyType.GP),
        _WITH_A_LEAD,
    ),
    AgencyType.CHILDMINDER: {ReaderRole.PRACTITIONER: 1},
    **dict.fromkeys(
        (
            AgencyType.PROBATION,
            AgencyType.YOUTH_JUSTICE,
            AgencyType.HEALTH_VISITING,
            AgencyType.MIDWIFERY,
            AgencyType.SCHOOL_NURSING,
            AgencyType.CAMHS,
            AgencyType.ADULT_MENTAL_HEALTH,
            AgencyType.SUBSTANCE_MISUSE,
            AgencyType.DENTIST,
        ),
        _WITH_CASELOADS,
    ),
}
"""Who reads them there, how often in all: a school's safeguarding lead, a health visitor, the officer in the
case."""


def read_by(kind: AgencyType) -> Mapping[ReaderRole, float]:
    """The roles of whoever reads messages at an agency of this type, each with its weight."""
    return _READ_BY.get(kind, _WHOM_ELSE)


class Readers:
    """Confirm what has reached them."""

    def __init__(self, hub: Hub, agenda: Agenda, draws: Draws) -> None:
        self._hub = hub
        self._agenda = agenda
        self._draws = draws

    def see(self, written: Written) -> None:
        """A message that has just been taken at their end."""
        if not _was_just_sent(written):
            return
        key = DeliveryKey.parse(*written.key)
        if self._draws.share(CONFIRMED[key.series is not None]):
            at = self._draws.in_office(self._hub.clock.now(), 0.1, HOURS)
            self._agenda.put(at, partial(self._confirm, key))

    def _confirm(self, key: DeliveryKey) -> None:
        read = sent_message(key, self._hub.confirming)
        if read is not None:
            role = self._draws.weighted(read_by(TYPES[key.agency_id]))
            asked = Asked(role, AckMethod.PAGE, self._hub.new_id())
            record(read, asked, self._hub.confirming, link=None)


def _was_just_sent(written: Written) -> bool:
    if not written.key[1].startswith(keys.DELIVERY_PREFIX):
        return False
    return _state(written.after) == DeliveryState.SENT != _state(written.before)


def _state(item: Mapping[str, Mapping[str, str]] | None) -> str | None:
    return item["st"]["S"] if item else None
