"""A real webhook receiver, which verifies what it gets with a library that the sender does not use.

The sender signs through `standardwebhooks`; the check here is made by the verifier of `svix`, pinned to a
release that has one of its own. As a partner should, it verifies the raw bytes, tries each live secret, and
does nothing twice for a `webhook-id` it has seen.
"""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from svix.webhooks import Webhook, WebhookVerificationError

from infra.local.bad_day import Fails
from infra.local.emulator import LOOPBACK
from infra.local.folder import write_whole

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

HOST = re.compile(r"[a-z0-9.-]{1,253}")
OUTCOMES = re.compile(r"^/(?P<agency>[a-z][a-z0-9-]{1,39})/outcomes$")
MAX_BODY_BYTES = 1_048_576
SILENT_SECONDS = 20
"""Longer than any sender waits."""
TEST_EVENT = "uk.mash.endpoint-test.v1"

Secrets = Callable[[str], list[str]]
"""The live signing secrets of an agency; none, when the agency is not known."""


@dataclass(frozen=True)
class Receipt:
    """What arrived in one request and what was answered."""

    agency: str
    webhook_id: str
    status: int
    verified: bool
    why_not: str | None
    duplicate: bool
    sha256: str
    received_at: str
    headers: dict[str, str]


def why_not_genuine(body: bytes, headers: dict[str, str], secrets: list[str]) -> str | None:
    """None if one of `secrets` signed these bytes within five minutes of now; otherwise the reason."""
    if not secrets:
        return "no signing secret is known for this agency"
    reason = None
    for secret in secrets:
        try:
            Webhook(secret).verify(body, headers)
        except (WebhookVerificationError, ValueError, RuntimeError) as wrong:
            reason = str(wrong)
        else:
            return None
    return reason


def is_a_test(body: bytes) -> bool:
    """Whether the hub only asks if this endpoint takes its events."""
    event = json.loads(body)
    return isinstance(event, dict) and event.get("type") == TEST_EVENT


class Receiver:
    """Judges and keeps every request, but for agencies that have a bad day."""

    def __init__(
        self, folder: Path, secrets: Secrets, bad_days: Mapping[str, Fails | None] = MappingProxyType({})
    ) -> None:
        self._folder = folder
        self._secrets = secrets
        self._bad_days = bad_days
        self._seen: set[tuple[str, str]] = set()
        self._count = 0
        self._lock = threading.Lock()

    def is_silent(self, agency: str) -> bool:
        """Whether the agency's system takes a message and never answers."""
        return agency in self._bad_days and self._bad_days[agency] is None

    def knows(self, agency: str) -> bool:
        """Whether messages for the agency are expected here."""
        return bool(self._secrets(agency))

    def receive(self, agency: str, headers: dict[str, str], body: bytes) -> int:
        """Keep the request and return the status to answer with.

        A genuine test event is answered and not kept: it tells of no child, so no account may count it, and
        it uses up no bad day.
        """
        why_not = why_not_genuine(body, headers, self._secrets(agency))
        if why_not is None and is_a_test(body):
            return HTTPStatus.NO_CONTENT
        webhook_id = headers.get("webhook-id", "")
        with self._lock:
            status = self._status(agency, why_not)
            accepted = status == HTTPStatus.NO_CONTENT
            duplicate = accepted and (agency, webhook_id) in self._seen
            if accepted:
                self._seen.add((agency, webhook_id))
            self._count += 1
            name = f"{self._count:03d}-{agency}-{re.sub(r'[^A-Za-z0-9_]', '', webhook_id)[:40]}"
        receipt = Receipt(
            agency=agency,
            webhook_id=webhook_id,
            status=int(status),
            verified=why_not is None,
            why_not=why_not,
            duplicate=duplicate,
            sha256=hashlib.sha256(body).hexdigest(),
            received_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            headers=headers,
        )
        (self._folder / f"{name}.body").write_bytes(body)
        write_whole(self._folder / f"{name}.json", json.dumps(asdict(receipt), indent=1).encode())
        return receipt.status

    def _status(self, agency: str, why_not: str | None) -> HTTPStatus:
        fails = self._bad_days.get(agency)
        if fails is not None and fails():
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.UNAUTHORIZED if why_not else HTTPStatus.NO_CONTENT


def secrets_of(secrets_manager: "SecretsManagerClient", prefix: str) -> Secrets:
    """The secrets as they are at each request, so that a rotation needs no restart."""

    def live(agency: str) -> list[str]:
        try:
            stored = secrets_manager.get_secret_value(SecretId=f"{prefix}{agency}")
        except secrets_manager.exceptions.ResourceNotFoundException:
            return []
        return [entry["secret"] for entry in json.loads(stored["SecretString"])]

    return live


def _handler_for(receiver: Receiver, ended: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            path = OUTCOMES.match(self.path)
            length = int(self.headers.get("content-length") or 0)
            if path is None or length > MAX_BODY_BYTES:
                self._answer(HTTPStatus.NOT_FOUND if path is None else HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(length)
            if receiver.is_silent(path["agency"]) and not is_a_test(body):
                ended.wait(SILENT_SECONDS)
                self.close_connection = True
                return
            self._answer(receiver.receive(path["agency"], headers, body))

        def do_OPTIONS(self) -> None:
            """CloudEvents' handshake: may this hub send here? A partner names its hub; we have but one."""
            path = OUTCOMES.match(self.path)
            origin = self.headers.get("webhook-request-origin", "")
            if path is None or not receiver.knows(path["agency"]) or not HOST.fullmatch(origin):
                self._answer(HTTPStatus.NOT_FOUND)
                return
            self._answer(HTTPStatus.OK, webhook_allowed_origin=origin, webhook_allowed_rate="*", allow="POST")

        def _answer(self, status: int, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("content-length", "0")
            self.send_header("connection", "close")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Every request is a file of its own; nothing is printed."""

    return Handler


@contextmanager
def listening_receiver(receiver: Receiver) -> Iterator[str]:
    """The receiver on a free loopback port; yields its origin, as `local_receiver_origins` lists it."""
    ended = threading.Event()
    server = ThreadingHTTPServer((LOOPBACK, 0), _handler_for(receiver, ended))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="receiver", daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
