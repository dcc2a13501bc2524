"""The confirmation API as API Gateway calls it: proxy events in, whole answers out, pages for all readers."""

import base64
import hashlib
import json
import re
from typing import Any

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.signing import signed_headers
from functions.handlers import acknowledge
from schemas.codes import Channel, ReaderRole
from tests.handlers.pages import (
    CHOSEN_BY_THE_CLIENT,
    PAGE,
    Document,
    a_proxy_event,
    can_be_read_without_looking,
    form,
    has_the_focus,
    points_nowhere_else,
)
from tests.readers import NEVER_GIVEN_OUT, POLICE_SECRET, confirmation, token_for
from tests.world import MORNING, World, a_decision


@pytest.fixture
def told(world: World) -> World:
    """The worked example told, by doors that keep what they send."""
    world.take(a_decision())
    world.send_due()
    return world


@pytest.fixture
def token(told: World) -> str:
    return token_for(told, "north-probation", Channel.EMAIL)


def states(told: World, token: str, context: LambdaContext) -> dict[str, dict[str, Any]]:
    """Every state of the page, by its name."""
    get = a_proxy_event("GET", PAGE, token=token)
    return {
        "Ready": acknowledge.handler(get, context),
        "Choose a role": acknowledge.handler(a_proxy_event("POST", PAGE, token=token, body=""), context),
        "Thank you": acknowledge.handler(
            a_proxy_event("POST", PAGE, token=token, body=form("MANAGER")), context
        ),
        "Already recorded": acknowledge.handler(get, context),
        "Link no longer works": acknowledge.handler(
            a_proxy_event("GET", PAGE, token=NEVER_GIVEN_OUT), context
        ),
    }


STATES = ("Ready", "Choose a role", "Thank you", "Already recorded", "Link no longer works")
each_state = pytest.mark.parametrize("state", STATES)


def test_each_state_has_its_status_title_and_heading(told: World, token: str, context: LambdaContext) -> None:
    found = {
        name: (
            answer["statusCode"],
            *Document(answer["body"]).said_in("title"),
            *Document(answer["body"]).said_in("h1"),
        )
        for name, answer in states(told, token, context).items()
    }
    asked = "Tell us you have read this message"
    assert found == {
        "Ready": (200, f"{asked} - Northshire MASH", asked),
        "Choose a role": (400, f"Error: {asked} - Northshire MASH", asked),
        "Thank you": (200, "Thank you - Northshire MASH", "Thank you"),
        "Already recorded": (200, "Already recorded - Northshire MASH", "Already recorded"),
        "Link no longer works": (
            404,
            "This link no longer works - Northshire MASH",
            "This link no longer works",
        ),
    }


@each_state
def test_a_page_tells_nobody_where_it_is_and_loads_nothing_from_anywhere(
    told: World, token: str, context: LambdaContext, state: str
) -> None:
    answer = states(told, token, context)[state]
    style = re.search(r"<style>(.*?)</style>", answer["body"], re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert answer["isBase64Encoded"] is False
    assert answer["headers"] == {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "x-robots-tag": "noindex, nofollow, noarchive",
    }
    points_nowhere_else(Document(answer["body"]), "role")
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    assert token not in answer["body"]


@each_state
def test_a_page_can_be_read_without_looking_at_it(
    told: World, token: str, context: LambdaContext, state: str
) -> None:
    can_be_read_without_looking(Document(states(told, token, context)[state]["body"]))


def test_the_form_asks_for_a_role_of_the_list_and_for_nothing_else(
    told: World, token: str, context: LambdaContext
) -> None:
    page = Document(states(told, token, context)["Ready"]["body"])
    (sent,) = page.all("form")
    assert sent["method"] == "post"
    assert page.said_in("legend") == ["What is your role?"]
    assert [(field["type"], field["name"], field["value"]) for field in page.all("input")] == [
        ("radio", "role", role.value) for role in ReaderRole
    ]
    assert not [field for field in page.all("input") if "checked" in field]
    assert page.said_in("button") == ["Read and confirmed"]
    assert not {"textarea", "select"} & {tag for tag, _ in page.elements}


def test_what_is_wrong_comes_first_has_the_focus_and_leads_to_the_first_role(
    told: World, token: str, context: LambdaContext
) -> None:
    page = Document(states(told, token, context)["Choose a role"]["body"])
    has_the_focus(page)
    assert "There is a problem" in page.said_in("h2")
    (first, *_) = page.all("input")
    (to_the_field,) = [link for link in page.all("a") if link["href"] == "#role"]
    assert to_the_field["href"] == f"#{first['id']}"
    (group,) = page.all("fieldset")
    assert group["aria-describedby"] == "role-hint role-error"
    assert any(said.endswith("Choose your role") for said in page.said_in("p"))


def test_a_head_request_is_answered_without_a_body_and_confirms_nothing(
    told: World, token: str, context: LambdaContext
) -> None:
    before = told.all_items("state"), told.all_items("audit")
    answer = acknowledge.handler(a_proxy_event("HEAD", PAGE, token=token), context)
    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert (told.all_items("state"), told.all_items("audit")) == before


@pytest.mark.parametrize("as_base64", [False, True])
def test_a_form_is_read_whether_or_not_api_gateway_has_encoded_it(
    told: World, token: str, context: LambdaContext, *, as_base64: bool
) -> None:
    body = form("OFFICER_IN_CASE")
    event = a_proxy_event(
        "POST",
        PAGE,
        token=token,
        body=base64.b64encode(body.encode()).decode() if as_base64 else body,
        isBase64Encoded=as_base64,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert "<h1>Thank you</h1>" in acknowledge.handler(event, context)["body"]
    item, row = told.delivery("north-probation", Channel.EMAIL), told.rows()[-1]
    assert (item["ack_role"], item["acked_at"]) == ("OFFICER_IN_CASE", row["at"])
    assert (row["type"], row["cause"]) == ("ACK", context.aws_request_id)


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"body": "role=MANAGER&role=MANAGER"},
        {"body": "&".join(f"a{number}=1" for number in range(20)) + "&role=MANAGER"},
        {"body": "role=%FF%FE"},
        {"body": "role=MANAGER%00"},
        {"body": "\ud800"},
        {"body": "no base64", "isBase64Encoded": True},
        {"body": "\u00e9", "isBase64Encoded": True},
        {"body": base64.b64encode(b"\xff\xfe").decode(), "isBase64Encoded": True},
        {"body": '{"role": "MANAGER"}', "headers": None},
    ],
)
def test_a_form_that_chooses_no_role_or_two_is_asked_again(
    told: World, token: str, context: LambdaContext, parts: dict[str, Any]
) -> None:
    answer = acknowledge.handler(a_proxy_event("POST", PAGE, token=token, **parts), context)
    assert (answer["statusCode"], "Choose your role" in answer["body"]) == (400, True)
    assert "acked_at" not in told.delivery("north-probation", Channel.EMAIL)


def signed_event(told: World, body: bytes, *, as_base64: bool = False) -> dict[str, Any]:
    headers = signed_headers("msg_2b7f0c92ad3e41860b6d", body, (POLICE_SECRET,), now=MORNING)
    return a_proxy_event(
        "POST",
        "/confirmations",
        body=base64.b64encode(body).decode() if as_base64 else body.decode(),
        isBase64Encoded=as_base64,
        headers={name.title(): value for name, value in headers.items()},
    )


@pytest.mark.parametrize("as_base64", [False, True])
def test_a_system_confirms_by_a_signed_post(told: World, context: LambdaContext, *, as_base64: bool) -> None:
    message_id = told.delivery("north-police", Channel.WEBHOOK)["message_id"]
    answer = acknowledge.handler(signed_event(told, confirmation(message_id), as_base64=as_base64), context)
    assert answer == {
        "statusCode": 204,
        "headers": {"cache-control": "no-store", "x-content-type-options": "nosniff"},
        "body": "",
        "isBase64Encoded": False,
    }
    assert told.delivery("north-police", Channel.WEBHOOK)["ack_role"] == "OFFICER_IN_CASE"


def test_a_systems_mistake_is_answered_with_the_field_and_what_to_do(
    told: World, context: LambdaContext
) -> None:
    message_id = told.delivery("north-police", Channel.WEBHOOK)["message_id"]
    answer = acknowledge.handler(signed_event(told, confirmation(message_id, "OLIVER")), context)
    assert answer["statusCode"] == 400
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert json.loads(answer["body"]) == {
        "title": "Use a code from the published list.",
        "status": 400,
        "field": "role",
        "reason": "UNKNOWN_CODE",
    }


def test_an_id_that_a_client_chooses_for_its_request_is_kept_nowhere(
    told: World, token: str, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    states(told, token, context)
    acknowledge.handler(signed_event(told, b"{}"), context)
    caused = [row["cause"] for row in told.all_items("audit") if row["type"] in ("ACK", "REJECTED")]
    assert caused == [context.aws_request_id] * 3
    kept = (told.all_items("audit"), told.all_items("state"), [vars(line) for line in caplog.records])
    assert CHOSEN_BY_THE_CLIENT not in str(kept)


def test_no_log_has_a_token_a_reference_or_who_asked(
    told: World, token: str, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    states(told, token, context)
    said = str([vars(line) for line in caplog.records if line.message.startswith(("ACK", "CONFIRMATION"))])
    assert "ACKNOWLEDGED" in said
    assert "CONFIRMATION_REFUSED" in said
    for never in (token, NEVER_GIVEN_OUT, "NS-26-7KQ4ZP", "192.0.2.1", "whsec_"):
        assert never not in said
