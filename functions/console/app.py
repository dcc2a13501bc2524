"""The console as API Gateway calls it: routes, cookies, and what a browser may do with an answer."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, TypeAlias

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.shared.cookies import Cookie as SetCookie
from aws_lambda_powertools.shared.cookies import SameSite

from functions.adapters.what_failed import kind_of, place_of
from functions.console.desk import ConsoleDesk
from functions.console.door import guard
from functions.console.door.problems import NOT_FOUND, NOT_THIS_WAY, failed
from functions.console.door.request import (
    Answered,
    Asset,
    Cookie,
    Download,
    Elsewhere,
    Page,
    Preview,
    Request,
)
from functions.console.door.sign_in import SIGNED_OUT
from functions.console.help.page import ACCESSIBILITY_PAGE, PRIVACY_PAGE
from functions.console.paint.assets import assets
from functions.console.paint.page import painted
from functions.console.routes import ROUTES
from functions.log_lines import PAGE_UNANSWERED, log

HTML = "text/html; charset=utf-8"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'self'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""On every answer, whatever it is: one table, held by one test."""
OF_A_PREVIEW = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    ),
}
"""An e-mail has its styles in its own lines; nothing else of it may do anything."""
FOR_EVER = "public, max-age=31536000, immutable"
"""An asset's address names its content: another content has another address."""

Answers: TypeAlias = Callable[[Request, ConsoleDesk, Mapping[str, str]], Answered]
Desk: TypeAlias = Callable[[], ConsoleDesk]


def console_app(desk: Desk) -> APIGatewayRestResolver:
    """Every route; whatever no route is at is the one page that says that nothing is there.

    What is asked with HEAD is answered as with GET, without its body: so it is on record as well, for a
    status alone tells whether a referral is there.
    """
    app = APIGatewayRestResolver()
    for path, method, answers in _everything():
        app.route(path, method=method)(_answering(app, desk, path, answers))
        if method == "GET" and path not in NOT_BY_HEAD:
            app.route(path, method="HEAD")(_without_body(_answering(app, desk, path, answers)))
    app.not_found(lambda _: _not_found(app, desk()))
    return app


OPEN: Mapping[str, Answers] = {
    "/assets/<name>": lambda _, desk, parameters: _asset(parameters["name"], desk),
    "/sign-in": lambda request, desk, _: guard.sign_in(request, desk),
    "/sign-in/start": lambda request, desk, _: guard.start(request, desk),
    "/sign-in/back": lambda request, desk, _: guard.back(request, desk),
    guard.SIGN_OUT: lambda request, desk, _: guard.sign_out(request, desk),
    SIGNED_OUT: lambda request, desk, _: guard.signed_out(request, desk),
    "/accessibility": lambda request, desk, _: guard.statement(ACCESSIBILITY_PAGE, request, desk),
    "/privacy": lambda request, desk, _: guard.statement(PRIVACY_PAGE, request, desk),
}
"""What needs nobody to be signed in."""
NOT_BY_HEAD = frozenset({"/sign-in/start", "/sign-in/back", guard.SIGN_OUT})
"""What a browser goes through once, by GET: a program that only looks at links spends no code, and ends no
session."""


def _everything() -> Iterator[tuple[str, str, Answers]]:
    for path, opened in OPEN.items():
        yield path, "GET", _openly(opened)
    for route in ROUTES:
        for method in ("GET", "POST") if route.does else ("GET",):
            yield route.path, method, _entering(route)


def _openly(opened: Answers) -> Answers:
    return lambda request, desk, parameters: guard.openly(lambda: opened(request, desk, parameters), request)


def _entering(route: guard.Route) -> Answers:
    return lambda request, desk, parameters: guard.enter(route, parameters, request, desk)


def _answering(
    app: APIGatewayRestResolver, desk: Desk, path: str, answers: Answers
) -> Callable[..., Response[Any]]:
    def answering(**parameters: str) -> Response[Any]:
        event, request_id = app.current_event, app.lambda_context.aws_request_id
        try:
            request = Request.of(event.raw_event, event.decoded_body or "", request_id)
            return _response(answers(request, desk(), parameters), request.path, desk())
        except Exception as exc:  # noqa: BLE001 - said by its kind and place, and rings; its text could be data
            log(
                PAGE_UNANSWERED,
                request=request_id,
                page=_code(path),
                error=kind_of(exc),
                where=place_of(exc.__traceback__),
            )
            sorry = failed(request_id, was_act=event.http_method == "POST")
            return _response(Answered(sorry), "", desk())

    return answering


def _code(path: str) -> str:
    """`referrals:ref:download`, as a log may say it."""
    return ":".join(re.findall(r"[a-z_-]+", path)) or "home"


def _without_body(answering: Callable[..., Response[Any]]) -> Callable[..., Response[Any]]:
    def headed(**parameters: str) -> Response[Any]:
        response = answering(**parameters)
        response.body = ""
        return response

    return headed


def _not_found(app: APIGatewayRestResolver, desk: ConsoleDesk) -> Response[Any]:
    """Which methods a page has is no secret, so it is said before anybody's session is looked at."""
    event = app.current_event
    if not (methods := _methods_at(event.path)):
        response = _response(Answered(NOT_FOUND), "", desk)
    else:
        response = _response(Answered(NOT_THIS_WAY), "", desk)
        response.headers["Allow"] = ", ".join(methods)
    if event.http_method == "HEAD":
        response.body = ""
    return response


def _methods_at(path: str) -> list[str]:
    found = {method for at, method, _ in _everything() if _pattern(at).fullmatch(path)}
    heads = {"HEAD"} if "GET" in found and path not in NOT_BY_HEAD else set()
    return sorted(found | heads)


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<\w+>", "[^/]+", path))


def _asset(name: str, desk: ConsoleDesk) -> Answered:
    found = assets(desk.branding.colour, desk.hub.marking).get(f"/assets/{name}")
    return Answered(found or NOT_FOUND)


def _response(answered: Answered, at: str, desk: ConsoleDesk) -> Response[Any]:
    cookies = [_set(cookie) for cookie in answered.cookies]
    match answered.answer:
        case Elsewhere(to):
            there = to if to.startswith(("https://", "http://")) else f"{desk.base}{to}"
            return Response(HTTPStatus.SEE_OTHER, HTML, "", {**HEADERS, "Location": there}, cookies)
        case Download(name, content_type, content):
            kept = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
            # Bytes go to API Gateway in base64; what is text already is spared that.
            body = content.decode() if content_type.startswith("text/") else content
            return Response(HTTPStatus.OK, content_type, body, kept, cookies)
        case Asset(media_type=media_type, body=body):
            kept = {**HEADERS, "Cache-Control": FOR_EVER}
            return Response(HTTPStatus.OK, media_type, body.decode(), kept, cookies)
        case Preview(html):
            return Response(HTTPStatus.OK, HTML, html, {**HEADERS, **OF_A_PREVIEW}, cookies)
        case Page() as page:
            return Response(page.status, HTML, painted(page, answered.session, at, desk), HEADERS, cookies)


def _set(cookie: Cookie) -> SetCookie:
    """For as long as the browser is open; an empty one is forgotten at once."""
    return SetCookie(
        cookie.name,
        cookie.value,
        path="/",
        secure=True,
        http_only=True,
        same_site=SameSite.LAX_MODE,
        max_age=None if cookie.value else 0,
    )
