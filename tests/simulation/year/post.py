"""What the mail service of a simulated year says of each e-mail that it took."""

from datetime import timedelta
from functools import partial

from functions.flows.receipts.record import record_receipt
from tests.simulation.mail import Posted, Told, body_of
from tests.simulation.year.agenda import Agenda
from tests.simulation.year.draws import Draws
from tests.simulation.year.hub import Hub

_FATES: dict[tuple[str, ...], float] = {
    ("delivered",): 970,
    ("delayed", "delivered"): 20,
    (): 8,
    ("accepted", "came-back"): 0.3,
    ("accepted", "came-back-for-now"): 2,
}
SECONDS, SECONDS_DELAYED = (1, 40), (900, 9000)


class Post:
    """Draws what becomes of each e-mail, and tells of it in time."""

    def __init__(self, hub: Hub, agenda: Agenda, draws: Draws) -> None:
        self._hub = hub
        self._agenda = agenda
        self._draws = draws

    def took(self, posted: Posted) -> None:
        at = self._hub.clock.now()
        for event in self._draws.weighted(_FATES):
            seconds = self._draws.between(*SECONDS)
            at += timedelta(seconds=round(seconds, 3))
            self._agenda.put(at, partial(self._tell, body_of(Told(posted, event, at))))
            if event == "delayed":
                at += timedelta(seconds=round(self._draws.between(*SECONDS_DELAYED), 3))

    def _tell(self, body: str) -> None:
        record_receipt(body, f"sqs-{self._hub.new_id()}", self._hub.receipts)
