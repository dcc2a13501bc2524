"""What the trail says of a confirmation: who, by role, of which message, and what came of it."""

from functions.adapters.ledger import keys
from functions.adapters.ledger.calls import ends
from functions.adapters.ledger.chain import Fact
from functions.adapters.ledger.confirming import Readable
from functions.domain.record import uid
from functions.domain.refusals import Refusal
from functions.flows.acknowledging.desk import Asked
from schemas.codes import AckResult, AuditKind

CONFIRMATION, STATEMENT = "CONFIRMATION", "STATEMENT"
"""What a REJECTED row says was refused, where it was no event: of a message, or of the police form."""


def read_fact(read: Readable, result: AckResult, asked: Asked) -> Fact:
    """The ACK row, by its invocation too: two that come at once are not each other's lost reply."""
    key, confirmed = read.key, result is AckResult.CONFIRMED
    moved = read.state_once_read if confirmed else None
    ended = [call["sk"] for call in read.calls if ends(call, key)]
    details = {
        **keys.which(key),
        "message_id": read.delivery["message_id"],
        "result": result.value,
        "role": asked.role.value,
        "method": asked.method.value,
        "state": moved.value if moved else None,
        "ended": ended if confirmed and ended else None,
    }
    identity = uid(AuditKind.ACK, key.text, asked.request)
    return Fact(AuditKind.ACK, identity, key.agency_id, asked.request, details, agency_id=key.agency_id)


def refused_fact(
    refusal: Refusal,
    request: str,
    *,
    about: Readable | None = None,
    given: str = CONFIRMATION,
    times: int | None = None,
) -> Fact:
    """The REJECTED row: never what was sent, for a link that is mistyped may be somebody else's; and among no
    agency's rows, for nobody has proved that they belong to one. `times` is how often by now, where not each
    has a row."""
    message_id = about.delivery["message_id"] if about else None
    details = {
        "input": given,
        "field": refusal.field,
        "reason": refusal.reason.value,
        "message_id": message_id,
        "times": times,
    }
    said = (refusal.field, refusal.reason.value, message_id or "")
    identity = uid(AuditKind.REJECTED, given, *said, request)
    return Fact(AuditKind.REJECTED, identity, keys.UNREGISTERED, request, details)
