"""An agency's own system confirms, by a post that it signs with its own secret (delivery section 10)."""

import json
from http import HTTPStatus

from pydantic import ValidationError

from functions.adapters.errors import UnusableSecretError
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
TOO_LATE = "Nothing: a later message took its place, or it was stopped. Call the duty manager if in doubt."
PLAIN_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class _RefusedError(Exception):
    """What is wrong with the post, the status to answer with, and whose message it was about."""

    def __init__(self, refusal: Refusal, status: HTTPStatus, about: Readable | None = None) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal
        self.status = status
        self.about = about


def confirm_by_system(request: Request, desk: ConfirmDesk) -> Response:
    """Answers a signed post: nothing where it is recorded, now or before, and what to do where it is not."""
    try:
        said, read = _proved(request, desk)
    except _RefusedError as refused:
        refuse(refused.refusal, request.request_id, desk, about=refused.about)
        return _problem_of(refused)
    asked = Asked(said.role, AckMethod.SIGNED_POST, request.request_id)
    if record(read, asked, desk, link=None).result is AckResult.EXPIRED:
        return problem(HTTPStatus.GONE, TOO_LATE)
    return Response(HTTPStatus.NO_CONTENT, headers=PLAIN_HEADERS)


def problem(status: HTTPStatus, what_to_do: str, **more: str) -> Response:
    """A problem document; nothing that was sent is repeated in it."""
    body = {"title": what_to_do, "status": int(status), **more}
    return Response(status, json.dumps(body), PLAIN_HEADERS | {"content-type": "application/problem+json"})


def _proved(request: Request, desk: ConfirmDesk) -> tuple[Confirmation, Readable]:
    """What was said, and the message that it is said of by its own agency."""
    try:
        said = Confirmation.model_validate_json(request.body)
    except ValidationError as exc:
        raise _RefusedError(_malformed(exc), HTTPStatus.BAD_REQUEST) from None
    key = desk.confirming.message(said.id)
    read = sent_message(key, desk) if key else None
    if read is None:
        raise _RefusedError(NO_SUCH_MESSAGE, HTTPStatus.NOT_FOUND)
    if not _is_its_agency(request, read, desk):
        raise _RefusedError(SIGNATURE, HTTPStatus.UNAUTHORIZED, read)
    return said, read


def _malformed(error: ValidationError) -> Refusal:
    """By a field of the contract alone: anybody may post, and any other name could be somebody's data."""
    wrong = refusal_of(error)
    if wrong.field == WHOLE_EVENT:
        return Refusal("body", wrong.reason)
    return wrong if wrong.field in Confirmation.model_fields else Refusal(UNNAMED, wrong.reason)


def _is_its_agency(request: Request, read: Readable, desk: ConfirmDesk) -> bool:
    """Whether the agency that had the message signed; a message of ours, sent back, is no confirmation."""
    now = desk.now()
    try:
        secrets = desk.secrets.live(read.key.agency_id, now).secrets
    except UnusableSecretError:
        return False
    return verified(request.headers, request.body, secrets, now=now)


def _problem_of(refused: _RefusedError) -> Response:
    refusal = refused.refusal
    return problem(
        refused.status, WHAT_TO_DO[refusal.reason], field=refusal.field, reason=refusal.reason.value
    )
