"""The console's plain address on this machine: what it passes on, to where, and what it does not."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from infra.local.front import Front, listening_front
from tests.adapters.authority import Authority

DOCUMENT = "/eu-west-2_Abc123/.well-known/openid-configuration"


@dataclass
class Standing:
    """A front before a server that says what reached it."""

    origin: str
    front: Front

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.request(method, f"{self.origin}{path}", content=body, headers=named)

    def passed_on(self, path: str) -> str:
        """Where a request for `path` arrives."""
        arrived: str = self.ask("GET", path).json()["path"]
        return arrived


def told(request: Request) -> Response:
    """What was asked, and two cookies, as a page that signs somebody in sets them."""
    said = {
        "method": request.method,
        "path": request.full_path,
        "host": request.headers["host"],
        "scheme": request.headers.get("x-forwarded-proto"),
        "cookie": request.headers.get("cookie"),
        "body": request.get_data(as_text=True),
    }
    answer = Response(json.dumps(said), status=303, headers={"Location": "/elsewhere"})
    answer.headers.add("Set-Cookie", "__Host-session=1; Secure; Path=/")
    answer.headers.add("Set-Cookie", "__Host-sign-in=; Secure; Path=/")
    return answer


@pytest.fixture
def standing(tmp_path: Path) -> Iterator[Standing]:
    authority = Authority(tmp_path, datetime.now(UTC))
    with HTTPServer(host="127.0.0.1", ssl_context=authority.server("localhost")) as inner:
        inner.expect_request(re.compile(".*")).respond_with_handler(told)
        with listening_front(f"https://localhost:{inner.port}", authority.bundle) as (origin, front):
            front.console_api = "abc123"
            yield Standing(origin, front)


def test_the_console_stands_at_the_root_of_its_api(standing: Standing) -> None:
    inside = "/_aws/execute-api/abc123/prod"
    assert standing.passed_on("/") == f"{inside}/?"
    assert standing.passed_on("/messages?since=2026-11-01&way=email") == (
        f"{inside}/messages?since=2026-11-01&way=email"
    )
    assert standing.passed_on("/sign-in/back?code=c&state=s") == f"{inside}/sign-in/back?code=c&state=s"


def test_people_sign_in_at_the_same_address_where_the_pools_own_pages_are(standing: Standing) -> None:
    for path in ("/oauth2/authorize", "/oauth2/token", "/login", "/logout", DOCUMENT):
        assert standing.passed_on(path) == f"{path}?"


@pytest.mark.parametrize("path", ["/_ministack/health", "/some-bucket/some-key", "/2015-03-31/functions/"])
def test_nothing_else_of_the_emulator_is_reached(standing: Standing, path: str) -> None:
    assert standing.passed_on(path).startswith("/_aws/execute-api/abc123/prod/")


def test_what_comes_back_is_handed_on_as_it_is(standing: Standing) -> None:
    answer = standing.ask(
        "POST", "/messages/1", "csrf=x", content_type="application/x-www-form-urlencoded", cookie="a=b"
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/elsewhere")
    assert [cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie")] == [
        "__Host-session",
        "__Host-sign-in",
    ]
    said = answer.json()
    assert (said["method"], said["cookie"], said["body"]) == ("POST", "a=b", "csrf=x")
    assert (said["host"], said["scheme"]) == (standing.origin.removeprefix("http://"), "http")


def test_a_head_has_no_body_and_the_icon_of_a_page_without_one_is_nothing(standing: Standing) -> None:
    head = standing.ask("HEAD", "/sign-in")
    assert (head.status_code, head.content) == (303, b"")
    assert standing.ask("GET", "/favicon.ico").status_code == 204


def test_a_name_that_only_points_here_is_not_answered(standing: Standing) -> None:
    assert standing.ask("GET", "/", host="mash.northshire.example").status_code == 404


def test_until_the_api_is_known_only_the_sign_in_pages_are(standing: Standing) -> None:
    standing.front.console_api = None
    assert standing.ask("GET", "/").status_code == 404
    assert standing.passed_on("/login") == "/login?"


def test_an_emulator_that_has_gone_is_said(tmp_path: Path) -> None:
    bundle = Authority(tmp_path, datetime.now(UTC)).bundle
    with listening_front("https://127.0.0.1:9", bundle) as (origin, _):
        assert httpx.get(f"{origin}/login").status_code == 502
