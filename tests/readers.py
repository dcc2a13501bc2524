"""Whoever reads a message and says so, or says how a form stands: the requests of a browser, a mail scanner
and an agency's system."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import boto3

from functions.adapters.event_bus import EventBus
from functions.adapters.ledger.confirming import Confirming
from functions.adapters.ledger.statements import Statements
from functions.adapters.rest_api import Request, Response
from functions.adapters.signing import SecretShelf, SigningSecret, signed_headers
from functions.flows.acknowledging.answer import Route, answer
from functions.flows.acknowledging.desk import ConfirmDesk
from schemas.codes import Channel
from tests.notices import CONFIRM_BASE, a_hub_contact
from tests.stage_tables import REGION
from tests.world import World

LINK = re.compile(re.escape(CONFIRM_BASE) + r"/read/([0-9a-f]{32})")
FORM_LINK = re.compile(re.escape(CONFIRM_BASE) + r"/police-form/([0-9a-f]{32})")
POLICIES = ("POLICY-2026-01", "POLICY-2026-02")
FORM_DONE = {"statement": "DONE", "day": "24", "month": "11", "year": "2026", "time": "09:30"}
"""What the form's page is told, as its fields have it."""
NEVER_GIVEN_OUT = "5bad" * 8
"""What could be a link's token."""
PREFIX = "mash/local/webhook/"
POLICE_SECRET = SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
A_STRANGERS_SECRET = SigningSecret("whsec_YSBzdHJhbmdlciBoYXMgYSBzZWNyZXQsIHRvbw==")
PROBATION_SECRET = SigningSecret("whsec_cHJvYmF0aW9uIGhhcyBpdHMgb3duIHNlY3JldA==")


class BusOf:
    """EventBridge with the hub's rule: what is put there is taken in at once, and again each time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def put_events(self, *, Entries: list[dict[str, str]]) -> Any:  # noqa: N803 - AWS's own word
        for entry in Entries:
            detail = json.loads(entry["Detail"])
            assert (entry["Source"], entry["DetailType"]) == (detail["source"], detail["event_type"])
            self._world.take(detail)
        return {"FailedEntryCount": 0, "Entries": [{"EventId": self._world.serial()} for _ in Entries]}


def bus_of(client: Any) -> EventBus:
    """The hub's bus behind any client."""
    return EventBus(client, "mash-outcomes-local")


def confirm_desk(world: World) -> ConfirmDesk:
    """The confirmation API's tools, in this world."""
    return ConfirmDesk(
        confirming=Confirming(world.store, world.chain),
        statements=Statements(world.store, world.chain),
        secrets=SecretShelf(boto3.client("secretsmanager", region_name=REGION), PREFIX),
        bus=bus_of(BusOf(world)),
        hub=a_hub_contact(),
        policies=POLICIES,
        patience=world.patience,
        now=lambda: world.now,
    )


def keep_secrets(agency: str, *secrets: SigningSecret) -> None:
    """What `mash rotate` has made for an agency."""
    listed = [{"secret": secret.whsec, "ends_at": None} for secret in secrets]
    boto3.client("secretsmanager", region_name=REGION).create_secret(
        Name=f"{PREFIX}{agency}", SecretString=json.dumps(listed)
    )


def form_token_for(world: World, channel: Channel = Channel.WEBHOOK, agency: str = "north-police") -> str:
    """The token in the newest reminder of the police form, found as its reader finds it."""
    bodies = [body.decode() for pins, body in world.doors[channel].sent if pins.agency_id == agency]
    found = [link[1] for body in bodies if (link := FORM_LINK.search(body))]
    assert found, "no message has a link to the form's page"
    return found[-1]


def token_for(world: World, agency: str, channel: Channel) -> str:
    """The token in the newest message that left for an agency, found as its reader finds it."""
    bodies = [body for pins, body in world.doors[channel].sent if pins.agency_id == agency]
    found = LINK.search(bodies[-1].decode())
    assert found, "the message has no link"
    return found[1]


def a_request(world: World, method: str, route: Route, **parts: Any) -> Request:
    """One request, under an id that nobody has had."""
    plain = Request(method, route, {}, {}, b"", world.serial())
    return replace(plain, **parts)


def opened(world: World, token: str, method: str = "GET") -> Response:
    """What a browser, or a mail scanner, is shown when it opens the link."""
    return answer(a_request(world, method, Route.PAGE, parameters={"token": token}), confirm_desk(world))


def pressed(world: World, token: str, role: str | None = "DUTY_WORKER", **fields: str) -> Response:
    """What the button's form posts, and what is shown then."""
    form = urlencode({**({"role": role} if role else {}), **fields}).encode()
    request = a_request(world, "POST", Route.PAGE, parameters={"token": token}, body=form)
    return answer(request, confirm_desk(world))


def form_opened(world: World, token: str, method: str = "GET") -> Response:
    """What a browser, or a mail scanner, is shown when it opens a reminder's link."""
    return answer(a_request(world, method, Route.FORM, parameters={"token": token}), confirm_desk(world))


def form_sent(world: World, token: str, **fields: str) -> Response:
    """What the form's button posts, and what is shown then."""
    return form_sent_to(confirm_desk(world), world, token, **fields)


def form_sent_to(desk: ConfirmDesk, world: World, token: str, **fields: str) -> Response:
    """The same, to tools that a test has made."""
    body = urlencode(fields, errors="replace").encode()
    return answer(a_request(world, "POST", Route.FORM, parameters={"token": token}, body=body), desk)


def confirmation(message_id: str, role: str = "OFFICER_IN_CASE", **more: Any) -> bytes:
    return json.dumps({"id": message_id, "role": role, **more}).encode()


def signed(world: World, body: bytes, *secrets: SigningSecret, **when: Any) -> Request:
    """The post of an agency's system, as a Standard Webhooks library signs it."""
    headers = signed_headers("msg_2b7f0c92ad3e41860b6d", body, secrets, now=when.get("at", world.now))
    return a_request(world, "POST", Route.CONFIRMATIONS, headers=headers, body=body)


def posted(world: World, request: Request) -> Response:
    return answer(request, confirm_desk(world))


def problem(response: Response) -> Mapping[str, Any]:
    """The problem document of an answer."""
    assert response.headers["content-type"] == "application/problem+json"
    found: Mapping[str, Any] = json.loads(response.body)
    return found
