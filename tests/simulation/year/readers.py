"""Whoever reads the messages of a simulated year: most confirm within hours, some never do."""

from collections.abc import Mapping
from functools import partial

from functions.adapters.ledger import keys
from functions.adapters.ledger.keys import DeliveryKey
from functions.flows.acknowledging.confirm import record, sent_message
from functions.flows.acknowledging.desk import Asked
from schemas.codes import AckMethod, DeliveryState, ReaderRole
from tests.simulation.dynamodb import Written
from tests.simulation.year.agenda import Agenda
from tests.simulation.year.draws import Draws
from tests.simulation.year.hub import Hub

CONFIRMED = {False: 0.82, True: 0.2}
"""How likely, by whether it is an update: those need not be confirmed."""
HOURS = 5


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
            asked = Asked(self._draws.one_of(tuple(ReaderRole)), AckMethod.PAGE, self._hub.new_id())
            record(read, asked, self._hub.confirming, link=None)


def _was_just_sent(written: Written) -> bool:
    if not written.key[1].startswith(keys.DELIVERY_PREFIX):
        return False
    return _state(written.after) == DeliveryState.SENT != _state(written.before)


def _state(item: Mapping[str, Mapping[str, str]] | None) -> str | None:
    return item["st"]["S"] if item else None
