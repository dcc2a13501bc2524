"""Reading what the intake queue brings: an event of a known type, or a refusal that names the field."""

import json
import re
from collections.abc import Collection, Mapping
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
_START = 400
_BUS_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the bus wrapped around an event: its own id for this arrival, who put it there, the event's type
    and its contents.

    `source` is what IAM can bind its sender to; what the contents say of their source is their sender's word.
    """

    bus_id: str | None
    source: str | None
    detail_type: str
    detail: dict[str, Any]


def unwrap(body: str) -> Delivered:
    """The bus's wrapping taken off a queue message; raises RefusedError."""
    if len(body.encode(errors="surrogatepass")) > MOST_BYTES:
        raise RefusedError(Refusal("event", RefusalReason.TOO_LARGE), *_of_a_start(body[:_START]))
    try:
        wrapped = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise RefusedError(Refusal("event", RefusalReason.NOT_JSON)) from exc
    match wrapped:
        case {"detail-type": str(detail_type), "detail": dict(detail)}:
            bus_id, source = wrapped.get("id"), wrapped.get("source")
            known = isinstance(bus_id, str) and _BUS_ID.fullmatch(bus_id)
            source = source if isinstance(source, str) else None
            return Delivered(bus_id if known else None, source, detail_type, detail)
    raise RefusedError(Refusal("detail", RefusalReason.NOT_AN_EVENT))


_WRAPPING = re.compile(
    r'\{"version": ?"0", ?"id": ?"([0-9a-f-]{36})"'
    r'(?:, ?"detail-type": ?"[^"\\]*", ?"source": ?"([a-z0-9.-]+)")?'
)


def _of_a_start(start: str) -> tuple[str | None, str | None]:
    """The bus's id and source of an arrival that is too large to be read: they stand first in the wrapping,
    where no sender's quotation mark stands unescaped."""
    found = _WRAPPING.match(start)
    return (found[1], found[2]) if found else (None, None)


def read_event(delivered: Delivered, registered: Mapping[str, Collection[str]]) -> Event:
    """The event as its contract, from a source that may say this; raises RefusedError naming the first field
    at fault."""
    granted = _granted(delivered, registered)
    contract = _CONTRACTS.get(delivered.detail_type)
    if "event_type" not in delivered.detail:
        raise RefusedError(Refusal("event_type", RefusalReason.MISSING))
    if contract is None or delivered.detail["event_type"] != delivered.detail_type:
        raise RefusedError(Refusal("event_type", RefusalReason.EVENT_TYPE_NOT_HANDLED))
    if delivered.detail_type not in granted:
        raise RefusedError(Refusal("event_type", RefusalReason.TYPE_NOT_GRANTED))
    try:
        return contract.model_validate_json(json.dumps(delivered.detail))
    except ValidationError as exc:
        raise RefusedError(refusal_of(exc)) from exc


def _granted(delivered: Delivered, registered: Mapping[str, Collection[str]]) -> Collection[str]:
    """What types its source may send: nobody speaks in another's name, nor whom the stage does not know.

    An event that names no source is left to its contract.
    """
    if delivered.source is None:
        raise RefusedError(Refusal("source", RefusalReason.NOT_AN_EVENT))
    if delivered.detail.get("source", delivered.source) != delivered.source:
        raise RefusedError(Refusal("source", RefusalReason.SOURCE_DIFFERS))
    if delivered.source not in registered:
        raise RefusedError(Refusal("source", RefusalReason.UNKNOWN_SOURCE))
    return registered[delivered.source]
