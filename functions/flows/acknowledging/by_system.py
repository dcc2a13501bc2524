"""An agency's own system confirms, by a post that it signs with its own secret (delivery section 10)."""

import json
from http import HTTPStatus

from pydantic import ValidationError

from functions.adapters.errors import UnusableSecretError
from functions.adapters.ledger import keys
from functions.adapters.ledger.confirming import Readable
from functions.adapters.rest_api import Request, Response
from functions.adapters.signing import verified
from functions.domain.refusals import UNNAMED, WHAT_TO_DO, WHOLE_EVENT, Refusal, refusal_of
from functions.flows.acknowledging.confirm import record, refuse, sent_message
from functions.flows.acknowledging.desk import Asked, ConfirmDesk
from schemas.codes import AckMethod, AckResult, RefusalReason
from schemas.confirmation import Confirmation

SIGNATURE = Refusal("webhook-signature", RefusalReason.BAD_SIGNATURE)
NO_SUCH_MESSAGE = Refusal("id", RefusalReason.UNKNOWN_MESSAGE)
STRANGERS_WAIT = 1.0
"""Seconds, more than either check takes: how long it took would tell which of the two failed."""
TOO_LATE = "Nothing: a later message took its place, or it was stopped. Call the duty manager if in doubt."
PLAIN_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


def confirm_by_system(request: Request, desk: ConfirmDesk) -> Response:
    """Answers a signed post: nothing where it is recorded, now or before, and what to do where it is not."""
    began = desk.patience.monotonic()
    try:
        said = Confirmation.model_validate_json(request.body)
    except ValidationError as exc:
        return _refused(_malformed(exc), request, desk)
    read = _message(said.id, desk)
    is_signed = _is_signed(request, read.key.agency_id if read else keys.UNREGISTERED, desk)
    if read is None or not is_signed:
        return _turned_away(request, desk, read, began)
    asked = Asked(said.role, AckMethod.SIGNED_POST, request.request_id)
    if record(read, asked, desk, link=None).result is AckResult.EXPIRED:
        return problem(HTTPStatus.GONE, TOO_LATE)
    return Response(HTTPStatus.NO_CONTENT, headers=PLAIN_HEADERS)


def problem(status: HTTPStatus, what_to_do: str, **more: str) -> Response:
    """A problem document; nothing that was sent is repeated in it."""
    body = {"title": what_to_do, "status": int(status), **more}
    return Response(status, json.dumps(body), PLAIN_HEADERS | {"content-type": "application/problem+json"})


def _refused(refusal: Refusal, request: Request, desk: ConfirmDesk) -> Response:
    refuse(refusal, request.request_id, desk)
    return _problem_of(refusal, HTTPStatus.BAD_REQUEST)


def _malformed(error: ValidationError) -> Refusal:
    """By a field of the contract alone: anybody may post, and any other name could be somebody's data."""
    wrong = refusal_of(error)
    if wrong.field == WHOLE_EVENT:
        return Refusal("body", wrong.reason)
    return wrong if wrong.field in Confirmation.model_fields else Refusal(UNNAMED, wrong.reason)


def _message(message_id: str, desk: ConfirmDesk) -> Readable | None:
    key = desk.confirming.message(message_id)
    return sent_message(key, desk) if key else None


def _is_signed(request: Request, agency_id: str, desk: ConfirmDesk) -> bool:
    """Whether the agency that had the message signed; a message of ours, sent back, is no confirmation.

    Asked of no message, too, by a name that has no secret: a secret store that is down must not tell either.
    """
    now = desk.now()
    try:
        secrets = desk.secrets.live(agency_id, now).secrets
    except UnusableSecretError:
        return False
    return verified(request.headers, request.body, secrets, now=now)


def _turned_away(request: Request, desk: ConfirmDesk, read: Readable | None, began: float) -> Response:
    """One answer to a stranger, whatever is wrong: a message's id can be worked out, and nobody may learn by
    asking whether it was sent. The trail alone has which."""
    refuse(SIGNATURE if read else NO_SUCH_MESSAGE, request.request_id, desk, about=read)
    desk.patience.pause(max(0.0, began + STRANGERS_WAIT - desk.patience.monotonic()))
    return _problem_of(SIGNATURE, HTTPStatus.UNAUTHORIZED)


def _problem_of(refusal: Refusal, status: HTTPStatus) -> Response:
    return problem(status, WHAT_TO_DO[refusal.reason], field=refusal.field, reason=refusal.reason.value)
