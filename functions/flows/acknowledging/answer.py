"""What each request to the confirmation API is answered with."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import parse_qs

from functions.adapters.errors import RetryError
from functions.adapters.rest_api import Request, Response
from functions.flows.acknowledging.by_system import confirm_by_system, problem
from functions.flows.acknowledging.confirm import Opened, confirm_by_link, open_link
from functions.flows.acknowledging.desk import Asked, ConfirmDesk
from functions.flows.acknowledging.form_page import form_not_recorded, form_sent, form_shown
from functions.flows.acknowledging.page import State, page
from functions.log_lines import CONFIRMATION_FAILED, log
from schemas.codes import AckMethod, AckResult, ReaderRole

MOST_FIELDS = 10
TRY_AGAIN = "Send it again in a minute: it could not be recorded."


class Route(StrEnum):
    """The API's resources."""

    PAGE = "/read/{token}"
    CONFIRMATIONS = "/confirmations"
    FORM = "/police-form/{token}"


def answer(request: Request, desk: ConfirmDesk) -> Response:
    """A page, or the answer to an agency's system.

    Raises ValueError for a route that the API does not have.
    """
    found = _ANSWERS.get((request.method, request.route))
    if found is None:
        raise ValueError("no such route")
    try:
        return found(request, desk)
    except RetryError as exc:
        log(CONFIRMATION_FAILED, error=type(exc).__name__)
        return _not_recorded(request, desk)


def _not_recorded(request: Request, desk: ConfirmDesk) -> Response:
    """In the words of each route."""
    match request.route:
        case Route.CONFIRMATIONS:
            return problem(HTTPStatus.SERVICE_UNAVAILABLE, TRY_AGAIN)
        case Route.FORM:
            return form_not_recorded(desk)
    return page(State.NOT_RECORDED, desk.hub)


def _shown(request: Request, desk: ConfirmDesk) -> Response:
    """What the link opens; whoever only opens it has confirmed nothing."""
    opened = open_link(_token(request), request.request_id, desk)
    if opened is None:
        return page(State.LINK_ENDED, desk.hub)
    return _ready(opened, desk, State.READY)


def _pressed(request: Request, desk: ConfirmDesk) -> Response:
    role = _role(request.body)
    if role is None:
        opened = open_link(_token(request), request.request_id, desk)
        return _ready(opened, desk, State.CHOOSE_A_ROLE) if opened else page(State.LINK_ENDED, desk.hub)
    recorded = confirm_by_link(_token(request), Asked(role, AckMethod.PAGE, request.request_id), desk)
    if recorded is None or recorded.result is AckResult.EXPIRED:
        return page(State.LINK_ENDED, desk.hub)
    if recorded.result is AckResult.ALREADY:
        return page(State.ALREADY, desk.hub, recorded.read, _confirmed_at(recorded.read.delivery))
    return page(State.THANK_YOU, desk.hub, recorded.read, recorded.at)


def _ready(opened: Opened, desk: ConfirmDesk, state: State) -> Response:
    """The form, unless the message was confirmed before."""
    if opened.read.is_confirmed:
        return page(State.ALREADY, desk.hub, opened.read, _confirmed_at(opened.read.delivery))
    return page(state, desk.hub, opened.read)


def _confirmed_at(delivery: dict[str, str]) -> datetime:
    return datetime.fromisoformat(delivery["acked_at"])


def _token(request: Request) -> str:
    return request.parameters.get("token", "")


def _role(body: bytes) -> ReaderRole | None:
    """The one role of the list that was chosen; anything else is none."""
    try:
        given = parse_qs(body.decode(), max_num_fields=MOST_FIELDS).get("role", [])
        (code,) = given
        return ReaderRole(code)
    except ValueError:  # more fields or roles than one form has, a role of no list, bytes that are no text
        return None


_ANSWERS: Mapping[tuple[str, str], Callable[[Request, ConfirmDesk], Response]] = {
    ("GET", Route.PAGE): _shown,
    ("HEAD", Route.PAGE): _shown,
    ("POST", Route.PAGE): _pressed,
    ("POST", Route.CONFIRMATIONS): confirm_by_system,
    ("GET", Route.FORM): form_shown,
    ("HEAD", Route.FORM): form_shown,
    ("POST", Route.FORM): form_sent,
}
