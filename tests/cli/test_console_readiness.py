"""`mash ready` of the managers' console: what an operator can get wrong is a line each, with what to do."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import KeySet, RSAKey
from pytest_httpserver import HTTPServer

from functions.adapters import aws
from functions.cli.console_readiness import (
    ConsoleStage,
    console_readiness,
    directory,
    networks,
    of_the_console,
    pages,
    roles,
    sign_in_page,
)
from functions.cli.finding import Finding
from functions.cli.stack import TOLD_OF_THE_CONSOLE, Stack
from infra.gateway_answers import OF_CONFIRMATIONS, OF_THE_CONSOLE
from infra.stage import Stage
from schemas.console import CLOSED, POOLS_CLAIM, Branding, ConsoleRoles
from tests.an_aws import an_aws
from tests.cli.deployments import deployed
from tests.console.council import CLIENT_ID, ROLES, Council

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
URL = "https://console.fenshire.example"
ISSUER = "https://sign-in.fenshire.example"
SECRET = "mash/demo/sign-in"
OURS = Branding(council="Fenshire Council", colour="#00594f", service_desk="01999 1", handling="as agreed")
OWN_NETWORKS = ("198.18.0.0/24", "2001:2::/48")
STAGE = ConsoleStage(
    is_real=True,
    url=URL,
    addresses=OWN_NETWORKS,
    issuer=ISSUER,
    discovery=f"{ISSUER}/.well-known/openid-configuration",
    client_id=CLIENT_ID,
    secret_name=SECRET,
    groups_claim="groups",
    roles=ConsoleRoles.model_validate(ROLES),
    branding=OURS,
)
OUR_PAGE = '<a href="/sign-in/start?to=/">Sign in</a>'
IDS = "00000000-0000-0000-0000-00000000000"


@cache
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "k1"})


def asked_of(**council: Any) -> Finding:
    directory_of_theirs = Council(ISSUER, f"{URL}/sign-in/back", lambda: NOW, key=key())
    for name, value in council.items():
        setattr(directory_of_theirs, name, value)
    with httpx.Client(transport=httpx.MockTransport(directory_of_theirs.answer)) as http:
        return directory(STAGE, http, NOW)


def test_a_directory_that_answers_as_the_stage_has_it_is_fine() -> None:
    assert str(asked_of()) == f"ok    {ISSUER} says where people sign in, and has keys."


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"is_silent": True}, "does not answer"),
        ({"refuses": "/.well-known/openid-configuration"}, "has no document, or no keys, where it should"),
        ({"refuses": "/keys"}, "has no document, or no keys, where it should"),
        ({"keys": {"no": "keys"}}, "not with what a directory says"),
        ({"says": {"issuer": "https://other.example"}}, "Write into `issuer` what the document says"),
        ({"says": {"token_endpoint": "http://sign-in.fenshire.example/token"}}, "an address without TLS"),
    ],
)
def test_a_directory_that_would_let_nobody_in_is_told_with_what_to_do(
    wrong: dict[str, Any], words: str
) -> None:
    found = asked_of(**wrong)
    assert str(found).startswith(f"MEND  Nobody can sign in: {ISSUER} ")
    assert words in found.words


def answered(answer: Callable[[httpx.Request], httpx.Response]) -> Finding:
    with httpx.Client(transport=httpx.MockTransport(answer)) as http:
        return sign_in_page(URL, http)


def test_the_consoles_sign_in_page_answers_at_its_address() -> None:
    asked: list[str] = []

    def console(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, html=OUR_PAGE)

    assert str(answered(console)) == f"ok    The console's sign-in page answers at {URL}."
    assert asked == [f"{URL}/sign-in"]


def by_our_api(status: int, said: Any) -> httpx.Response:
    return httpx.Response(status, headers={"content-type": "application/problem+json"}, json=said)


def test_whoever_asks_from_another_network_is_told_to_ask_from_the_councils() -> None:
    found = answered(lambda _: by_our_api(403, {"title": CLOSED, "status": 403}))
    assert str(found).startswith(f"ok    Not seen from here: the console's {URL} is there")
    assert "Ask from a council network; if this is one, add it to console_addresses." in found.words


@pytest.mark.parametrize(
    ("status", "title", "how"),
    [
        (403, OF_THE_CONSOLE.turned_away, "turns this request away"),
        (429, OF_THE_CONSOLE.too_many, "turns this request away"),
        (502, OF_THE_CONSOLE.not_answered, "fails"),
        (504, OF_THE_CONSOLE.not_answered, "fails"),
        (500, CLOSED, "fails"),
    ],
)
def test_a_console_that_is_there_and_does_not_answer_has_nothing_to_be_mapped(
    status: int, title: str, how: str
) -> None:
    found = answered(lambda _: by_our_api(status, {"title": title}))
    words = f"The console's {URL} is there, and {how} ({status}): see infra/runbooks/console.md."
    assert str(found) == f"MEND  {words}"


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(403, json={"message": "Forbidden"}),
        httpx.Response(403, json={"title": CLOSED}),
        httpx.Response(200, html="<h1>It works!</h1>"),
        httpx.Response(302, headers={"location": "https://elsewhere.example"}),
        httpx.Response(500, html="<h1>Oh!</h1>"),
        by_our_api(404, {"title": OF_CONFIRMATIONS.not_here}),
        by_our_api(403, {}),
        by_our_api(403, ["closed"]),
        httpx.Response(403, headers={"content-type": "application/problem+json"}, text="{"),
    ],
)
def test_what_answers_in_the_consoles_place_is_none_of_ours(answer: httpx.Response) -> None:
    found = answered(lambda _: answer)
    assert not found.is_fine
    assert f"{URL}/sign-in answers {answer.status_code}, and is not the console's page" in found.words
    assert "infra/runbooks/console.md" in found.words


def test_a_console_that_is_not_there_is_to_be_mapped() -> None:
    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no such name", request=request)

    found = answered(nobody)
    assert (found.is_fine, "mapped to `prod`, and its name in the DNS" in found.words) == (False, True)


def test_networks_of_a_real_council_are_fine() -> None:
    assert str(networks(OWN_NETWORKS)) == "ok    The console opens on 2 networks."
    assert str(networks(OWN_NETWORKS[:1])) == "ok    The console opens on 1 network."
    assert networks(("192.0.2.0/23",)).is_fine


@pytest.mark.parametrize("left", ["192.0.2.0/24", "198.51.100.128/25", "203.0.113.7/32", "2001:db8:1::/48"])
def test_a_network_of_examples_is_nobodys_and_to_be_replaced(left: str) -> None:
    found = networks((*OWN_NETWORKS, left))
    assert str(found).startswith(f"MEND  The console opens on {left}, for examples, where nobody is")


def test_the_examples_own_stage_has_the_examples_network() -> None:
    assert not networks(Stage.named("demo").console_addresses).is_fine


def test_pages_of_a_real_council_are_fine() -> None:
    assert str(pages(OURS)) == "ok    The console's pages are Fenshire Council's."


@pytest.mark.parametrize(
    ("left", "words"),
    [
        ({"council": "Northshire Council"}, "the example's council:"),
        ({"service_desk": "01632 960 123"}, "the example's service_desk:"),
        ({"handling": "handle under the Northshire agreement"}, "the example's handling:"),
        (
            {"council": "Northshire Council", "service_desk": "01632960123"},
            "example's council, service_desk:",
        ),
    ],
)
def test_pages_that_are_the_examples_still_are_to_be_written(left: dict[str, str], words: str) -> None:
    found = pages(OURS.model_copy(update=left))
    assert (found.is_fine, words in found.words) == (False, True)


def test_roles_of_groups_that_the_directory_can_say_are_fine() -> None:
    assert str(roles(STAGE)) == "ok    4 groups of the directory have a role, by groups."
    assert roles(replace(STAGE, issuer="https://cognito-idp.x.example/p", groups_claim=POOLS_CLAIM)).is_fine


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"client_id": f"{IDS}b"}, f"{IDS}b of [sign_in] in the stage's file is the example's"),
        (
            {"roles": ConsoleRoles.model_validate({"g": "manager", f"{IDS}d": "viewer"})},
            f"{IDS}d of [sign_in] in the stage's file is the example's",
        ),
        ({"groups_claim": POOLS_CLAIM}, "groups_claim is cognito:groups, which only our own pool says"),
        (
            {"issuer": "https://login.microsoftonline.com/1/v2.0"},
            "Entra lists groups by their object ids",
        ),
    ],
)
def test_roles_that_nobody_would_have_are_to_be_written(wrong: dict[str, Any], words: str) -> None:
    found = roles(replace(STAGE, **wrong))
    assert (found.is_fine, words in found.words) == (False, True)


@pytest.fixture
def here(httpserver: HTTPServer) -> Iterator[ConsoleStage]:
    """A directory and a console of loopback."""
    at = httpserver.url_for("").rstrip("/")
    council = Council(at, f"{at}/sign-in/back", lambda: NOW, key=key())
    keys = KeySet([council.key]).as_dict(private=False)
    httpserver.expect_request("/.well-known/openid-configuration").respond_with_json(council.document)
    httpserver.expect_request("/keys").respond_with_json(keys)
    httpserver.expect_request("/sign-in").respond_with_data(OUR_PAGE, content_type="text/html")
    yield replace(STAGE, url=at, issuer=at, discovery=f"{at}/.well-known/openid-configuration")
    httpserver.check_assertions()


def test_each_thing_is_asked_of_a_real_stage(here: ConsoleStage) -> None:
    aws.point_at({"region_name": "eu-west-2"})
    with an_aws():
        found = list(console_readiness(here, NOW))
    aws.point_at({})
    assert [finding.is_fine for finding in found] == [True, True, False, True, True, True]
    assert SECRET in found[2].words


def test_a_public_client_has_no_secret_to_look_after(here: ConsoleStage) -> None:
    found = list(console_readiness(replace(here, secret_name=""), NOW))
    assert [finding.is_fine for finding in found] == [True] * 5


def test_a_laptop_may_be_the_examples(here: ConsoleStage, tmp_path: Path) -> None:
    of_the_example = ConsoleStage.of(Stack.deployed(deployed(tmp_path)))
    assert of_the_example.is_real
    local = replace(here, is_real=False, branding=of_the_example.branding)
    assert len(list(console_readiness(local, NOW))) == 2


def test_a_stage_without_a_directory_asks_its_own_pool(tmp_path: Path) -> None:
    stack = Stack.deployed(deployed(tmp_path, sign_in_issuer="", sign_in_pool_id="p"))
    pool = "https://cognito-idp.eu-west-2.amazonaws.com/p"
    real = ConsoleStage.of(stack)
    assert (real.issuer, real.discovery) == (pool, f"{pool}/.well-known/openid-configuration")
    local = ConsoleStage.of(stack.model_copy(update={"stage": "local"}))
    assert local.issuer == pool
    assert local.discovery == f"{stack.console_url}/p/.well-known/openid-configuration"


@pytest.mark.parametrize("untold", [TOLD_OF_THE_CONSOLE, frozenset({"branding"})])
def test_of_an_older_deployments_console_it_is_said_to_deploy_first(
    tmp_path: Path, untold: frozenset[str]
) -> None:
    stack = Stack.deployed(deployed(tmp_path, before_it_told=untold))
    (found,) = of_the_console(stack, NOW)
    assert str(found).startswith(
        "MEND  Of the console nothing can be asked: run `make deploy STAGE=...` first"
    )
    assert found.words.endswith(f"which tells {', '.join(sorted(untold))}.")


def test_of_a_deployment_that_told_its_pool_alone_the_directory_is_asked(
    here: ConsoleStage, tmp_path: Path
) -> None:
    told = {"console_url": here.url, "sign_in_issuer": here.issuer, "sign_in_credential_name": ""}
    stack = Stack.deployed(deployed(tmp_path, before_it_told={"sign_in_pool_id"}, **told))
    assert f"ok    {here.issuer} says where" in str(next(of_the_console(stack, NOW)))
