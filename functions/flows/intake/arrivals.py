"""Reading what the intake queue brings: an event of a known type, or a refusal that names the field."""

import json
import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import ValidationError

from functions.domain.refusals import Refusal, RefusedError, refusal_of
from schemas.codes import EventType, RefusalReason
from schemas.decision import Decided, DecisionRevised
from schemas.lifecycle import LIFECYCLE_CONTRACTS, LifecycleEvent
from schemas.referral import ReferralReceived
from schemas.risk_assessment import RaFeedHeartbeat, RaFormMetadata

MOST_BYTES = 64 * 1024

Event: TypeAlias = (
    Decided | DecisionRevised | ReferralReceived | RaFormMetadata | RaFeedHeartbeat | LifecycleEvent
)

_CONTRACTS: dict[str, type[Event]] = {
    EventType.REFERRAL_RECEIVED: ReferralReceived,
    EventType.DECIDED: Decided,
    EventType.DECISION_REVISED: DecisionRevised,
    EventType.RA_FORM_METADATA: RaFormMetadata,
    EventType.RA_FEED_HEARTBEAT: RaFeedHeartbeat,
    **LIFECYCLE_CONTRACTS,
}
_START = 200
_BUS_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the bus wrapped around an event: its own id for this arrival, the event's type and its
    contents."""

    bus_id: str | None
    detail_type: str
    detail: dict[str, Any]

    @property
    def source(self) -> str | None:
        """Whoever the event says it is from; not to be trusted further than a registered name."""
        source = self.detail.get("source")
        return source if isinstance(source, str) else None


def unwrap(body: str) -> Delivered:
    """The bus's wrapping taken off a queue message; raises RefusedError."""
    if len(body.encode(errors="surrogatepass")) > MOST_BYTES:
        raise RefusedError(Refusal("event", RefusalReason.TOO_LARGE), _bus_id_of_a_start(body[:_START]))
    try:
        wrapped = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise RefusedError(Refusal("event", RefusalReason.NOT_JSON)) from exc
    match wrapped:
        case {"detail-type": str(detail_type), "detail": dict(detail)}:
            bus_id = wrapped.get("id")
            known = isinstance(bus_id, str) and _BUS_ID.fullmatch(bus_id)
            return Delivered(bus_id if known else None, detail_type, detail)
    raise RefusedError(Refusal("detail", RefusalReason.NOT_AN_EVENT))


def _bus_id_of_a_start(start: str) -> str | None:
    """The bus's id for an arrival that is too large to be read: it stands first in the wrapping."""
    found = re.match(r'\{"version": ?"0", ?"id": ?"([0-9a-f-]{36})"', start)
    return found[1] if found else None


def read_event(delivered: Delivered) -> Event:
    """The event as its contract; raises RefusedError naming the first field at fault."""
    contract = _CONTRACTS.get(delivered.detail_type)
    if "event_type" not in delivered.detail:
        raise RefusedError(Refusal("event_type", RefusalReason.MISSING))
    if contract is None or delivered.detail["event_type"] != delivered.detail_type:
        raise RefusedError(Refusal("event_type", RefusalReason.EVENT_TYPE_NOT_HANDLED))
    try:
        return contract.model_validate_json(json.dumps(delivered.detail))
    except ValidationError as exc:
        raise RefusedError(refusal_of(exc)) from exc
