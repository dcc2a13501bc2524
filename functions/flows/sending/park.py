"""A dead letter: a delivery is parked, anything else is recorded as refused and kept."""

from dataclasses import dataclass

from functions.adapters.dispatch import read_clock, read_message
from functions.adapters.ledger.keys import CanaryKey, DeliveryKey
from functions.adapters.ledger.sending import Sending
from functions.adapters.ledger.store import ConditionsFailedError, Item
from functions.domain.delivery import Next
from functions.domain.refusals import WHOLE_EVENT, Refusal, RefusedError
from functions.flows.desk import RefusalDesk
from functions.flows.intake.arrivals import Delivered, unwrap
from functions.flows.intake.refuse import refuse
from functions.flows.sending.facts import parked
from functions.log_lines import DELIVERY_PARKED, log
from schemas.codes import DeliveryState, ParkReason, RefusalReason

LEAST_SECONDS_TO_START = 20
"""A dead letter's one write is contended for 15 s at most; with less time left, it goes back untouched."""
_NOT_STARTED = (DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.QUARANTINE)


@dataclass(frozen=True, slots=True)
class ParkDesk:
    """What a dead letter is dealt with by."""

    sending: Sending
    refusal: RefusalDesk


def park(body: str, message_id: str, desk: ParkDesk) -> None:
    """Makes a dead letter known to the trail and to a person, and so done with.

    A canary's needs neither, nor does a clock's: the due index has the next one.
    """
    try:
        key = read_message(body)
    except ValueError:
        key = None
    if isinstance(key, CanaryKey):
        return
    item = desk.sending.delivery(key) if key is not None else None
    if key is not None and item is not None:
        _park_delivery(key, item, desk)
        return
    delivered = _delivered(body)
    if not (read_clock(body) or _was_taken_in(delivered, desk)):
        refusal = Refusal(WHOLE_EVENT, RefusalReason.COULD_NOT_BE_PROCESSED)
        source = delivered.source if delivered else None
        refuse(body, refusal, desk.refusal, bus_id=message_id, source=source)


def _delivered(body: str) -> Delivered | None:
    try:
        return unwrap(body)
    except RefusedError:
        return None


def _was_taken_in(delivered: Delivered | None, desk: ParkDesk) -> bool:
    """Whether the trail knows this very arrival: the function was stopped after it was recorded."""
    if delivered is None:
        return False
    event_id, bus_id = delivered.detail.get("event_id"), delivered.bus_id
    return isinstance(event_id, str) and bus_id is not None and desk.refusal.refusals.knows(event_id, bus_id)


def _park_delivery(key: DeliveryKey, item: Item, desk: ParkDesk) -> None:
    """Parks a delivery that nobody is sending; one in another state has gone on without this message."""
    if item["st"] not in _NOT_STARTED or "held" in item:
        return
    fact = parked(key, ParkReason.DEAD_LETTER, desk.sending.tip(key))

    def move() -> None:
        now = desk.refusal.now()
        then = Next(DeliveryState.PARKED, None)
        desk.sending.set_aside(key, desk.sending.tip(key), [fact], seen=item, then=then, now=now)

    try:
        desk.refusal.patience.persist(move)
    except ConditionsFailedError:
        return  # it has gone on meanwhile
    log(
        DELIVERY_PARKED,
        delivery=item["message_id"],
        referral=key.ref,
        agency=key.agency_id,
        channel=key.channel.value,
        reason=ParkReason.DEAD_LETTER.value,
    )
