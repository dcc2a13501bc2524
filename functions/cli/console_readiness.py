"""`mash ready` of the managers' console: whether people could sign in, and to their own council's."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_network
from typing import Final, Self

import httpx

from functions.adapters import aws
from functions.adapters.client_secret import kept
from functions.adapters.oidc import ANSWER_SECONDS, Client, Issuer, SignInFailedError
from functions.cli.client_secret_readiness import IN_ORDER, client_secret
from functions.cli.finding import Finding, finding, in_turn
from functions.cli.stack import DEPLOY, LOCAL, Stack
from schemas.console import CLOSED, DOCUMENT, POOL_GROUPS, POOLS_CLAIM, Branding, ConsoleRoles

SIGN_IN: Final = "/sign-in"
SIGNS_IN: Final = "/sign-in/start"
"""Where the button of our own page leads; another page at that address has none like it."""
OUR_OWN_ANSWERS: Final = "application/problem+json"
"""Of API Gateway's before the console; where nothing is mapped it says JSON of its own."""
HELD_BACK: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
"""By the firewall or the throttle."""
RUNBOOK: Final = "infra/runbooks/console.md"
INVENTED: Final = re.compile(r"Northshire|01632 ?960|00000000-0000-0000-0000-")
"""The example's council, numbers and ids: Ofcom gives 01632 960 to nobody, and Entra makes no such id."""
ENTRA: Final = "https://login.microsoftonline.com/"
NOBODYS: Final = tuple(
    map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))
)
"""Networks for examples (RFC 5737, RFC 3849): no request ever comes from there."""
THE_POOLS: Final = "https://cognito-idp."
_MEND: Final[Mapping[str, str]] = {
    "ISSUER_SILENT": "does not answer, or not with what a directory says. Ask its operators.",
    "ISSUER_UNREADABLE": "has no document, or no keys, where it should. Correct `issuer`, letter by letter.",
    "ISSUER_IS_ANOTHER": "names another issuer in its document. Write into `issuer` what the document says.",
    "ISSUER_UNSAFE": "names an address without TLS. Ask its operators.",
}


@dataclass(frozen=True, slots=True)
class ConsoleStage:
    """Where a stage's console stands, whom it asks who somebody is, and what it makes of the answer."""

    is_real: bool
    """On a laptop the example's council is the right one."""
    url: str
    addresses: tuple[str, ...]
    issuer: str
    discovery: str
    client_id: str
    secret_name: str
    groups_claim: str
    roles: ConsoleRoles
    branding: Branding

    @classmethod
    def of(cls, stack: Stack) -> Self:
        """That of a stack; on a laptop the document of its pool stands at the console's own address, and
        elsewhere every document below its issuer's name."""
        issuer = stack.sign_in_issuer or f"{THE_POOLS}{stack.region}.amazonaws.com/{stack.sign_in_pool_id}"
        is_real = stack.stage != LOCAL
        return cls(
            is_real=is_real,
            url=stack.console_url,
            addresses=tuple(stack.console_addresses.split(",")),
            issuer=issuer,
            discovery=(issuer if is_real else f"{stack.console_url}/{stack.sign_in_pool_id}") + DOCUMENT,
            client_id=stack.sign_in_client_id,
            secret_name=stack.sign_in_credential_name,
            groups_claim=stack.sign_in_groups_claim,
            roles=ConsoleRoles.model_validate_json(stack.console_roles),
            branding=Branding.model_validate_json(stack.branding),
        )


def of_the_console(stack: Stack, now: datetime) -> Iterator[Finding]:
    """What there is to say of a stack's console; of an older deployment's, that it did not tell enough."""
    if untold := sorted(stack.untold_of_the_console):
        words = f"Of the console nothing can be asked: {DEPLOY} first, which tells {', '.join(untold)}."
        yield Finding(words, is_fine=False)
        return
    yield from console_readiness(ConsoleStage.of(stack), now)


def console_readiness(stage: ConsoleStage, now: datetime) -> Iterator[Finding]:
    """Asks the directory and the console, as a browser would, and Secrets Manager of the secret."""
    yield from _from_outside(stage, now)
    if stage.is_real:
        yield from in_turn(_of_the_secret(stage.secret_name, now), _of_the_settings(stage))


def _from_outside(stage: ConsoleStage, now: datetime) -> Iterator[Finding]:
    with httpx.Client(timeout=ANSWER_SECONDS) as http:
        yield directory(stage, http, now)
        yield sign_in_page(stage.url, http)


def _of_the_secret(name: str, now: datetime) -> Iterator[Finding]:
    if name:
        yield client_secret(name, kept(aws.secretsmanager(), name), now)


def _of_the_settings(stage: ConsoleStage) -> Iterator[Finding]:
    yield networks(stage.addresses)
    yield pages(stage.branding)
    yield roles(stage)


def directory(stage: ConsoleStage, http: httpx.Client, now: datetime) -> Finding:
    """By the very reading that a sign-in begins with."""
    client = Client(
        issuer=stage.issuer,
        discovery=stage.discovery,
        client_id=stage.client_id,
        secret=lambda: None,
        redirect_uri=f"{stage.url}/sign-in/back",
    )
    try:
        Issuer(client, http, lambda: now).read()
    except SignInFailedError as exc:
        return Finding(f"Nobody can sign in: {stage.issuer} {_MEND[exc.why]}", is_fine=False)
    return Finding(f"{stage.issuer} says where people sign in, and has keys.", is_fine=True)


def sign_in_page(url: str, http: httpx.Client) -> Finding:
    """Turned away by the list of networks is how whoever is in none of them finds it, and all that they can
    know of it; what the firewall or the throttle turns away is another thing, whoever asks."""
    try:
        answer = http.get(f"{url}{SIGN_IN}")
    except httpx.HTTPError:
        return Finding(
            f"The console's {url} does not answer: it needs a custom domain with its certificate, mapped to "
            f"`prod`, and its name in the DNS; {IN_ORDER}.",
            is_fine=False,
        )
    said = _said_by_our_api(answer)
    if answer.status_code == HTTPStatus.FORBIDDEN and said == CLOSED:
        return Finding(
            f"Not seen from here: the console's {url} is there, and lets nobody in from this network. Ask "
            "from a council network; if this is one, add it to console_addresses.",
            is_fine=True,
        )
    if said is not None and (answer.status_code in HELD_BACK or answer.is_server_error):
        how = "fails" if answer.is_server_error else "turns this request away"
        words = f"The console's {url} is there, and {how} ({answer.status_code}): see {RUNBOOK}."
        return Finding(words, is_fine=False)
    return finding(
        answer.status_code == HTTPStatus.OK and SIGNS_IN in answer.text,
        f"The console's sign-in page answers at {url}.",
        f"{url}{SIGN_IN} answers {answer.status_code}, and is not the console's page: is the custom domain "
        f"mapped to `prod` of its API, without a path? {IN_ORDER[0].upper()}{IN_ORDER[1:]}; what fails "
        f"behind it, in {RUNBOOK}.",
    )


def networks(addresses: tuple[str, ...]) -> Finding:
    """From the example's, everybody is turned away in the very words that a stranger gets."""
    left = [address for address in addresses if _is_nobodys(address)]
    return finding(
        not left,
        f"The console opens on {len(addresses)} network{'s' if len(addresses) > 1 else ''}.",
        f"The console opens on {', '.join(left)}, for examples, where nobody is: write the council's own "
        "networks into console_addresses, and deploy.",
    )


def pages(branding: Branding) -> Finding:
    """What the example's file says is accepted everywhere, and is nobody's."""
    said = {"council": branding.council, "service_desk": branding.service_desk, "handling": branding.handling}
    left = [name for name, text in said.items() if INVENTED.search(text)]
    return finding(
        not left,
        f"The console's pages are {branding.council}'s.",
        f"The console's pages have the example's {', '.join(left)}: write your own into [branding] of the "
        "stage's file, and deploy.",
    )


def roles(stage: ConsoleStage) -> Finding:
    """Groups that no token will ever list leave everybody without a role, however well they sign in."""
    groups = stage.roles.root
    invented = [name for name in (stage.client_id, *groups) if INVENTED.search(name)]
    pools = [name for name in groups if name in POOL_GROUPS]
    wrong = None
    if invented:
        wrong = f"{', '.join(invented)} of [sign_in] in the stage's file is the example's: write your own"
    elif stage.groups_claim == POOLS_CLAIM and not stage.issuer.startswith(THE_POOLS):
        wrong = f"groups_claim is {POOLS_CLAIM}, which only our own pool says: write what {stage.issuer} says"
    elif pools and stage.issuer.startswith(ENTRA):
        wrong = (
            f"{', '.join(pools)} of [sign_in.roles] is the example's: Entra lists groups by their object ids"
        )
    return finding(
        wrong is None,
        f"{len(groups)} groups of the directory have a role, by {stage.groups_claim}.",
        f"Nobody would have a role: {wrong}, and deploy.",
    )


def _is_nobodys(address: str) -> bool:
    block = ip_network(address)
    return any(block[0] in example and block[-1] in example for example in NOBODYS)


def _said_by_our_api(answer: httpx.Response) -> str | None:
    """What API Gateway says in our words before the console; None where it is not our API that answers."""
    if not str(answer.headers.get("content-type")).startswith(OUR_OWN_ANSWERS):
        return None
    try:
        return str(answer.json()["title"])
    except (ValueError, KeyError, TypeError):
        return None
