"""The console over a world's tables, and a browser that does no more than keep cookies and follow links."""

import itertools
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.adapters.event_bus import EventBus
from functions.adapters.ledger.store import Store
from functions.adapters.patience import Patience
from functions.adapters.vault import Vault
from functions.console.app import console_app
from functions.console.desk import ConsoleDesk
from functions.console.door.sign_in import SESSION_COOKIE, hashed
from functions.console.making import Given, desk_of
from functions.settings import ConsoleSettings
from schemas.clocks import ClockPolicy
from schemas.console import Branding
from schemas.risk_assessment import RaPolicy
from tests.console.council import CLIENT_ID, GROUPS, MANAGER, ROLES, Council, Person
from tests.console.within_its_role import WithinItsRole
from tests.notices import a_hub_contact
from tests.readers import BusOf, bus_of
from tests.stage_tables import a_client
from tests.world import MANAGED, World

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

BASE = "https://console.northshire.example"
BRANDING = Branding(
    council="Northshire Council",
    colour="#00594f",
    service_desk="01632 960 123",
    handling="handle under the Northshire information sharing agreement",
)


@dataclass
class Office:
    """One console over a stage's tables, and its council."""

    store: Store
    clocks: ClockPolicy
    now: Callable[[], datetime]
    base: str = BASE
    sign_in_at: str = "https://sign-in.northshire.example"
    vault: Vault | None = None
    """What opens what was sent; without it nothing of that is shown."""
    bus: EventBus | None = None
    """Where the police desk's forms go; without it, to a bus that nobody listens to."""
    may_fail: bool = False
    """Whether a test means a page to fail: in every other a bug is one, though its page is a plain one."""
    secrets: list[str | None] = field(default_factory=lambda: [None])
    """What Secrets Manager has answered and will: the last one from then on."""
    council: Council = field(init=False)

    @classmethod
    def of(cls, world: World) -> "Office":
        """Over a world's."""
        return cls(world.store, world.clocks, lambda: world.now, vault=world.vault, bus=bus_of(BusOf(world)))

    def __post_init__(self) -> None:
        self._serial = itertools.count(1)
        self.council = Council(self.sign_in_at, f"{self.base}/sign-in/back", self.now)
        self.desk = self._desk()
        self.app = console_app(lambda: self.desk)

    def _desk(self) -> ConsoleDesk:
        """As the deployed console makes it, with nothing of its own but what it cannot have here."""
        environment = ConsoleSettings.to_env(
            audit_table=self.store.audit,
            state_table=self.store.state,
            keys_table=self.store.keys,
            event_bus="none",
            managed_domains=",".join(MANAGED),
            ra_policy=RaPolicy().model_dump_json(),
            console_base=self.base,
            sign_in_issuer=self.council.origin,
            sign_in_discovery=f"{self.council.origin}/.well-known/openid-configuration",
            sign_in_client_id=CLIENT_ID,
            sign_in_credential_name="",
            sign_in_groups_claim=GROUPS,
            console_roles=json.dumps(ROLES),
            branding=BRANDING.model_dump_json(),
            clocks=self.clocks.model_dump_json(),
            from_address="outcomes@mash.northshire.example",
            retry_steps=",".join(map(str, range(17))),
            hub=a_hub_contact().model_dump_json(),
            is_demo="true",
        )
        given = Given(
            store=WithinItsRole(self.store),
            vault=self.vault or Vault(a_client("kms"), None, lambda length: b"\0" * length),
            bus=self.bus or EventBus(cast("EventBridgeClient", None), "none"),
            http=httpx.Client(transport=httpx.MockTransport(self.council.answer)),
            client_secret=lambda: self.secrets.pop(0) if len(self.secrets) > 1 else self.secrets[0],
            patience=self._patience(),
            now=self.now,
            secret=lambda: f"secret-{next(self._serial):058d}",
            salt=lambda: f"{next(self._serial):032x}",
        )
        return desk_of(ConsoleSettings.from_env(environment), given)

    def _patience(self) -> Patience:
        return Patience(lambda: next(self._serial) / 10, lambda _: None, lambda: 0.0, 5)

    def browser(self) -> "Browser":
        """Somebody's, who is not signed in."""
        return Browser(self)

    def signed_in(self, person: Person = MANAGER) -> "Browser":
        """Somebody's, who is."""
        browser = self.browser()
        browser.sign_in(person)
        return browser

    def answer(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        body: str = "",
        *,
        query: Mapping[str, Sequence[str]] | None = None,
    ) -> "Reply":
        """What API Gateway would hand over, and what it would hand back; with `query` the address is a path
        alone, and may be any text."""
        path, asked = address, query or {}
        if query is None:
            split = urlsplit(address)
            path, asked = split.path, parse_qs(split.query, keep_blank_values=True)
        event = {
            "resource": "/{proxy+}",
            "path": path,
            "httpMethod": method,
            "headers": dict(headers),
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": {name: values[-1] for name, values in asked.items()} or None,
            "multiValueQueryStringParameters": asked or None,
            "pathParameters": {"proxy": path.lstrip("/")},
            "stageVariables": None,
            "requestContext": {"requestId": "not-ours", "stage": "prod", "path": path},
            # Every type is binary to this API (infra/console.py), a form's as well.
            "body": b64encode(body.encode()).decode() if body else None,
            "isBase64Encoded": bool(body),
        }
        context = LambdaContext()
        context._aws_request_id = f"request-{next(self._serial)}"  # noqa: SLF001 - it has no other way in
        reply = Reply.of(self.app.resolve(event, context))
        assert self.may_fail or reply.status != 500, f"unanswered: {method} {path}; its line is in the log"
        return reply


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as a browser sees it."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: str
    """As Lambda hands it over: of a file that is no text in base64."""
    is_base64: bool = False
    raw_cookies: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Reply":
        many = answer["multiValueHeaders"]
        cookies: SimpleCookie = SimpleCookie()
        for header in many.get("Set-Cookie", ()):
            cookies.load(header)
        return cls(
            answer["statusCode"],
            {name: values[-1] for name, values in many.items() if values},
            {name: morsel.value for name, morsel in cookies.items()},
            answer["body"],
            answer["isBase64Encoded"],
            tuple(("Set-Cookie", header) for header in many.get("Set-Cookie", ())),
        )

    @property
    def content(self) -> bytes:
        """What reaches the browser."""
        return b64decode(self.body) if self.is_base64 else self.body.encode()

    @property
    def leads_to(self) -> str:
        return self.headers["Location"]

    @property
    def done(self) -> str:
        """Where it leads and what it says was done there, without the signature of that."""
        address, _, said = self.leads_to.partition("?done=")
        return f"{address}?done={said.rpartition('.')[0]}"

    def text(self) -> str:
        """What somebody reads, in one line."""
        reader = _Reader()
        reader.feed(self.body)
        return " ".join(" ".join(reader.words).split())

    def fields(self) -> dict[str, str]:
        """Every field of the page's forms as it stands: hidden, filled or chosen."""
        reader = _Reader()
        reader.feed(self.body)
        return reader.fields


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.fields: dict[str, str] = {}
        self._select = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = str(said.get("name", "")), said.get("value") or ""
        if tag == "select":
            self._select = name
        is_written = said.get("type") in ("hidden", "text")
        if tag == "input" and name and (is_written or "checked" in said):
            self.fields[name] = value
        if tag == "option" and "selected" in said:
            self.fields[self._select] = value


@dataclass
class Browser:
    """Keeps cookies, and follows where it is sent within the console."""

    office: Office
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Reply:
        return self._ask("GET", path, headers)

    def head(self, path: str) -> Reply:
        """As a program that looks at links asks."""
        return self._ask("HEAD", path, {})

    def post(self, path: str, fields: Mapping[str, str], **headers: str) -> Reply:
        kept = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": self.office.base,
            "sec-fetch-site": "same-origin",
        }
        return self._ask("POST", path, kept | headers, urlencode(fields))

    def sign_in(self, person: Person) -> Reply:
        """By the page, the council and back."""
        start = self.get("/sign-in/start?to=/")
        return self.get(self._path(self.office.council.sign_in(start.leads_to, person)))

    @property
    def csrf(self) -> str:
        """What a form of this session carries, though no page shows its person one."""
        session = self.office.desk.sign_in.sessions.found(hashed(self.cookies[SESSION_COOKIE]))
        assert session
        return session.csrf

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: str = "") -> Reply:
        cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        reply = self.office.answer(method, path, {**headers, **(cookie if self.cookies else {})}, body)
        for name, value in reply.cookies.items():
            self.cookies.pop(name, None)
            if value:
                self.cookies[name] = value
        return reply

    def _path(self, address: str) -> str:
        return address.removeprefix(self.office.base)


def following(reply: Reply, browser: Browser) -> Iterator[Reply]:
    """Each page on the way, as long as it only leads on within the console."""
    while reply.status == 303:
        reply = browser.get(reply.leads_to.removeprefix(browser.office.base))
        yield reply
