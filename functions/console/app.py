"""The console as API Gateway calls it: routes, cookies, and what a browser may do with an answer."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeAlias

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.shared.cookies import Cookie as SetCookie
from aws_lambda_powertools.shared.cookies import SameSite

from functions.console import door
from functions.console.assets import assets
from functions.console.desk import ConsoleDesk
from functions.console.paint import painted
from functions.console.problems import NOT_FOUND
from functions.console.request import Answered, Cookie, Download, Elsewhere, Page, Preview, Request
from functions.console.routes import ROUTES

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
    """Every route; whatever no route is at is the one page that says that nothing is there."""
    app = APIGatewayRestResolver()
    app.get("/assets/<name>")(_asset_of(desk))
    for (method, path), opened in OPEN.items():
        app.route(path, method=method)(_answering(app, desk, _openly(opened)))
    for route in ROUTES:
        for method in ("GET", "POST") if route.does else ("GET",):
            app.route(route.path, method=method)(_answering(app, desk, _entering(route)))
    app.not_found(lambda _: _response(Answered(NOT_FOUND), "", desk()))
    return app


OPEN: Mapping[tuple[str, str], Answers] = {
    ("GET", "/sign-in"): lambda request, desk, _: door.sign_in(request, desk),
    ("GET", "/sign-in/start"): lambda request, desk, _: door.start(request, desk),
    ("GET", "/sign-in/back"): lambda request, desk, _: door.back(request, desk),
    ("GET", "/sign-out"): lambda request, desk, _: door.sign_out(request, desk),
}
"""What needs nobody to be signed in."""


def _openly(opened: Answers) -> Answers:
    return lambda request, desk, parameters: door.openly(lambda: opened(request, desk, parameters), request)


def _entering(route: door.Route) -> Answers:
    return lambda request, desk, parameters: door.enter(route, parameters, request, desk)


def _answering(app: APIGatewayRestResolver, desk: Desk, answers: Answers) -> Callable[..., Response[Any]]:
    def answering(**parameters: str) -> Response[Any]:
        event, context = app.current_event, app.lambda_context
        request = Request.of(event.raw_event, event.decoded_body or "", context.aws_request_id)
        return _response(answers(request, desk(), parameters), request.path, desk())

    return answering


def _asset_of(desk: Desk) -> Callable[[str], Response[Any]]:
    def asset(name: str) -> Response[Any]:
        found = assets(desk().branding.colour, desk().hub.marking).get(f"/assets/{name}")
        if found is None:
            return _response(Answered(NOT_FOUND), "", desk())
        kept = {**HEADERS, "Cache-Control": FOR_EVER}
        return Response(HTTPStatus.OK, found.media_type, found.body.decode(), kept)

    return asset


def _response(answered: Answered, at: str, desk: ConsoleDesk) -> Response[Any]:
    cookies = [_set(cookie) for cookie in answered.cookies]
    match answered.answer:
        case Elsewhere(to):
            there = to if "://" in to else f"{desk.base}{to}"
            return Response(HTTPStatus.SEE_OTHER, HTML, "", {**HEADERS, "Location": there}, cookies)
        case Download(name, content_type, content):
            kept = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
            # Bytes go to API Gateway in base64; what is text already is spared that.
            body = content.decode() if content_type.startswith("text/") else content
            return Response(HTTPStatus.OK, content_type, body, kept, cookies)
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
