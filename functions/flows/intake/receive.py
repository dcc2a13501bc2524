"""One message of the intake queue: read, then taken in by its kind, or refused."""

from functions.adapters.dispatch import CLOCK_TYPE, read_clock
from functions.adapters.ledger.records import Arrival
from functions.domain.refusals import RefusedError
from functions.flows.desk import IntakeDesk
from functions.flows.intake.arrivals import Delivered, read_event, unwrap
from functions.flows.intake.fire_clock import fire_clock
from functions.flows.intake.refuse import refuse
from functions.flows.intake.take_decision import take_decision
from functions.flows.intake.take_form import take_form, take_heartbeat
from functions.flows.intake.take_lifecycle import take_lifecycle
from functions.flows.intake.take_referral import take_referral
from functions.flows.intake.take_waiting import take_waiting
from functions.log_lines import BEAT_HEARD, log
from schemas.beat import BEAT_SOURCE, BEAT_TYPE
from schemas.challenge import ChallengeRaised
from schemas.decision import Decision
from schemas.referral import ReferralReceived
from schemas.risk_assessment import RaFeedHeartbeat, RaFormMetadata

LEAST_SECONDS_TO_START = 35
"""An event is contended for 15 s at most, and where it comes to be refused, its refusal 15 s more; with less
time left, a message goes back untouched."""


def receive(body: str, message_id: str, desk: IntakeDesk) -> None:
    """Takes one queue message in, whatever it is; `message_id` stands in for a missing bus id.

    Raises RetryError when the tables cannot be written now: the message comes back.
    """
    try:
        delivered = unwrap(body)
    except RefusedError as exc:
        refuse(body, exc.refusal, desk.refusal, bus_id=exc.bus_id or message_id, source=exc.source)
        return
    if (delivered.source, delivered.detail_type) == (BEAT_SOURCE, BEAT_TYPE) and not delivered.detail:
        # No row: it tells of nothing, and says only that it came through.
        log(BEAT_HEARD, event=delivered.bus_id or message_id)
        return
    if delivered.detail_type == CLOCK_TYPE and (clock := read_clock(body)):
        fire_clock(clock, message_id, desk)
        return
    bus_id = delivered.bus_id or message_id
    try:
        _take(delivered, bus_id, desk)
    except RefusedError as exc:
        refuse(body, exc.refusal, desk.refusal, bus_id=bus_id, source=delivered.source)


def _take(delivered: Delivered, bus_id: str, desk: IntakeDesk) -> None:
    event = read_event(delivered, desk.refusal.registered_sources)
    arrival = Arrival(bus_id=bus_id, at=desk.now(), source=event.source)
    if isinstance(event, Decision):
        take_decision(event, arrival, desk)
        take_waiting(event.referral_ref, desk)
    elif isinstance(event, ReferralReceived):
        take_referral(event, arrival, desk)
        take_waiting(event.referral_ref, desk)
    elif isinstance(event, RaFormMetadata):
        take_form(event, arrival, desk)
    elif isinstance(event, RaFeedHeartbeat):
        take_heartbeat(event, arrival, desk)
    else:
        take_lifecycle(event, arrival, desk)
        if isinstance(event, ChallengeRaised):
            take_waiting(event.referral_ref, desk)
