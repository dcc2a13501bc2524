"""The police form's page as API Gateway calls it: whole pages for all readers, and what reaches the bus."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters import aws
from functions.adapters.ledger import keys
from functions.domain.form_statement import MOST_BY_ONE_LINK
from functions.handlers import acknowledge, receive_event
from tests.flows.chases import a_form, reminded
from tests.flows.sweeps import rows_of
from tests.handlers.conftest import sqs_event
from tests.handlers.pages import FORM_PAGE as PAGE
from tests.handlers.pages import (
    Document,
    a_proxy_event,
    can_be_read_without_looking,
    has_the_focus,
    points_nowhere_else,
)
from tests.readers import FORM_DONE as DONE
from tests.readers import NEVER_GIVEN_OUT, form_token_for
from tests.stage_tables import REGION
from tests.world import World, wrapped

ASKED = "Tell us how the form stands"
FIELDS = ("statement", "day", "month", "year", "time", "policy")


@pytest.fixture
def token(world: World) -> str:
    """That of a reminder, on a stage that has its bus."""
    boto3.client("events", region_name=REGION).create_event_bus(Name="mash-outcomes-local")
    return form_token_for(reminded(world))


@pytest.fixture
def on_the_bus(world: World) -> list[dict[str, str]]:
    """What is put there from now on: the simulation of EventBridge takes it and shows it to nobody."""
    entries: list[dict[str, str]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        entries.extend(params["Entries"])

    aws.events().meta.events.register("provide-client-params.events.PutEvents", note)
    return entries


def sent(token: str, context: LambdaContext, **fields: str) -> dict[str, Any]:
    return acknowledge.handler(a_proxy_event("POST", PAGE, token=token, body=urlencode(fields)), context)


def opened(token: str, context: LambdaContext) -> dict[str, Any]:
    return acknowledge.handler(a_proxy_event("GET", PAGE, token=token), context)


def used_up(token: str, context: LambdaContext) -> dict[str, Any]:
    """What is shown once the link takes no more."""
    for minute in range(MOST_BY_ONE_LINK):
        sent(token, context, **{**DONE, "time": f"08:{minute:02d}"})
    return sent(token, context, **{**DONE, "time": "08:59"})


def settled(world: World, token: str, context: LambdaContext) -> dict[str, Any]:
    """What is shown once the form is complete."""
    a_form(world)
    return opened(token, context)


STATES: Mapping[str, Callable[[World, str, LambdaContext], dict[str, Any]]] = {
    "Ready": lambda _, token, context: opened(token, context),
    "Nothing chosen": lambda _, token, context: sent(token, context),
    "Wrong moment": lambda _, token, context: sent(
        token, context, statement="DONE", day="31", month="2", year="2026"
    ),
    "Wrong policy": lambda _, token, context: sent(token, context, statement="NOT_NEEDED"),
    "Thank you": lambda _, token, context: sent(token, context, **DONE),
    "No more": lambda _, token, context: used_up(token, context),
    "Nothing needed": settled,
    "Link no longer works": lambda _, __, context: opened(NEVER_GIVEN_OUT, context),
}
"""How each state of the page comes to be shown, by its name; one after the other, too."""


def every_state(world: World, token: str, context: LambdaContext) -> dict[str, dict[str, Any]]:
    return {name: show(world, token, context) for name, show in STATES.items()}


each_state = pytest.mark.parametrize("state", STATES)


def test_each_state_has_its_status_title_and_heading(
    world: World, token: str, context: LambdaContext
) -> None:
    found = {
        name: (
            answer["statusCode"],
            *Document(answer["body"]).said_in("title"),
            *Document(answer["body"]).said_in("h1"),
        )
        for name, answer in every_state(world, token, context).items()
    }
    wrong = (400, f"Error: {ASKED} - Northshire MASH", ASKED)
    assert found == {
        "Ready": (200, f"{ASKED} - Northshire MASH", ASKED),
        "Nothing chosen": wrong,
        "Wrong moment": wrong,
        "Wrong policy": wrong,
        "Thank you": (200, "Thank you - Northshire MASH", "Thank you"),
        "No more": (
            429,
            "This link takes no more answers - Northshire MASH",
            "This link takes no more answers",
        ),
        "Nothing needed": (200, "Nothing more is needed - Northshire MASH", "Nothing more is needed"),
        "Link no longer works": (
            404,
            "This link no longer works - Northshire MASH",
            "This link no longer works",
        ),
    }


@each_state
def test_a_page_has_the_read_pages_headers_and_loads_nothing_from_anywhere(
    world: World, token: str, context: LambdaContext, state: str
) -> None:
    answer = STATES[state](world, token, context)
    of_reading = acknowledge.handler(a_proxy_event("GET", "/read/{token}", token=token), context)
    assert answer["headers"] == of_reading["headers"]
    points_nowhere_else(Document(answer["body"]), *FIELDS)
    assert token not in answer["body"]


@each_state
def test_a_page_can_be_read_without_looking_at_it(
    world: World, token: str, context: LambdaContext, state: str
) -> None:
    can_be_read_without_looking(Document(STATES[state](world, token, context)["body"]))


def test_the_form_asks_for_one_of_two_answers_and_for_nobodys_name(
    world: World, token: str, context: LambdaContext
) -> None:
    page = Document(opened(token, context)["body"])
    (form,) = page.all("form")
    assert form["method"] == "post"
    assert page.said_in("legend") == ["What do you want to tell us?", "Date on which it was done"]
    fields = [(field["type"], field["name"], field["value"]) for field in page.all("input")]
    assert fields == [
        ("radio", "statement", "DONE"),
        *(("text", name, "") for name in ("day", "month", "year", "time")),
        ("radio", "statement", "NOT_NEEDED"),
    ]
    assert not [field for field in page.all("input") if "checked" in field]
    assert [option["value"] for option in page.all("option")] == ["", "POLICY-2026-01"]
    assert page.said_in("button") == ["Tell the MASH"]


@pytest.mark.parametrize(
    ("state", "links"),
    [
        ("Nothing chosen", ["#statement"]),
        ("Wrong moment", ["#day", "#time"]),
        ("Wrong policy", ["#policy"]),
    ],
)
def test_what_is_wrong_comes_first_has_the_focus_and_leads_to_its_field(
    world: World, token: str, context: LambdaContext, state: str, links: list[str]
) -> None:
    page = Document(STATES[state](world, token, context)["body"])
    has_the_focus(page)
    assert [link["href"] for link in page.all("a") if str(link["href"]).startswith("#")] == links
    described = " ".join(str(attributes.get("aria-describedby")) for _, attributes in page.elements)
    for link in links:
        assert f"{link[1:]}-error" in described


def test_a_head_request_is_answered_without_a_body(token: str, context: LambdaContext) -> None:
    answer = acknowledge.handler(a_proxy_event("HEAD", PAGE, token=token), context)
    assert (answer["statusCode"], answer["body"]) == (200, "")


def beside_the_link(world: World) -> list[list[dict[str, Any]]]:
    """All that there is but for the links."""
    return [
        [item for item in world.all_items(table) if item["sk"] != keys.READ_LINK]
        for table in ("state", "audit")
    ]


@pytest.mark.parametrize("as_base64", [False, True])
def test_what_is_said_goes_by_the_bus_and_the_intake_records_it(
    world: World,
    token: str,
    on_the_bus: list[dict[str, str]],
    context: LambdaContext,
    *,
    as_base64: bool,
) -> None:
    body = urlencode(DONE)
    event = a_proxy_event(
        "POST",
        PAGE,
        token=token,
        body=base64.b64encode(body.encode()).decode() if as_base64 else body,
        isBase64Encoded=as_base64,
    )
    before = beside_the_link(world)
    assert "<h1>Thank you</h1>" in acknowledge.handler(event, context)["body"]
    assert beside_the_link(world) == before, "the page itself writes nothing but what its link has taken"
    (entry,) = on_the_bus
    assert (entry["EventBusName"], entry["Source"]) == ("mash-outcomes-local", "police.status-page")
    receive_event.handler(sqs_event(wrapped(json.loads(entry["Detail"]), "bus-00000001")), context)
    recorded = [row for row in rows_of(world, "LIFECYCLE") if row["event_type"] == "RA_STATUS_CHANGED"]
    assert [row["statement"] for row in recorded] == ["DONE"]


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"body": "&".join(f"a{number}=1" for number in range(20)) + "&" + urlencode(DONE)},
        {"body": urlencode(DONE) + "&statement=NOT_NEEDED"},
        {"body": "statement=%FF%FE"},
        {"body": "\ud800"},
        {"body": "no base64", "isBase64Encoded": True},
        {"body": base64.b64encode(b"\xff\xfe").decode(), "isBase64Encoded": True},
        {"body": json.dumps(DONE), "headers": None},
    ],
)
def test_a_form_that_chooses_nothing_or_twice_is_asked_again(
    token: str, context: LambdaContext, parts: dict[str, Any]
) -> None:
    answer = acknowledge.handler(a_proxy_event("POST", PAGE, token=token, **parts), context)
    assert (answer["statusCode"], "Choose if the form is done" in answer["body"]) == (400, True)


def test_no_log_has_a_token_or_a_reference(
    world: World, token: str, context: LambdaContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.clear()
    every_state(world, token, context)
    lines = [vars(line) for line in caplog.records]
    assert {"FORM_STATED", "CONFIRMATION_REFUSED"} <= {line["message"] for line in lines}
    for never in (token, NEVER_GIVEN_OUT, "NS-26-7KQ4ZP", "192.0.2.1"):
        assert never not in str(lines)
