"""Where a browser finds the console on this machine: a plain address on loopback, before the emulator's TLS.

Browsers distrust the emulator's own certificate, and keep `__Host-` cookies of http://127.0.0.1. So the
console and the pages on which people sign in stand behind one origin here, as they would behind a council's
own names; nothing else of the emulator is reached through it.
"""

import http.client
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from infra.local.emulator import LOOPBACK

SIGN_IN = re.compile(r"/(oauth2/|login|logout|[A-Za-z0-9_-]+/\.well-known/)")
"""The emulator's own pages and documents of a user pool; the console has no such path."""
ICON = "/favicon.ico"
"""What browsers ask for beside a page that names no icon, as the emulator's own does not."""
OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
MAX_BODY_BYTES = 1_048_576
ANSWERED_WITHIN_SECONDS = 35
"""Longer than API Gateway waits for the function."""


class Front:
    """Passes requests on; until it knows the console's API, to the sign-in pages alone."""

    def __init__(self, emulator: str, ca_bundle: Path) -> None:
        self._emulator = urlsplit(emulator).netloc
        self._trust = ssl.create_default_context(cafile=str(ca_bundle))
        self.console_api: str | None = None

    def inner(self, path: str) -> str | None:
        """Where the emulator has what stands at `path` here; None where nothing does."""
        if SIGN_IN.match(path):
            return path
        return f"/_aws/execute-api/{self.console_api}/prod{path}" if self.console_api else None

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """The emulator's answer: status, headers, body."""
        connection = http.client.HTTPSConnection(
            self._emulator, timeout=ANSWERED_WITHIN_SECONDS, context=self._trust
        )
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            kept = [(name, it) for name, it in answer.getheaders() if name.lower() not in OF_ONE_CONNECTION]
            return answer.status, kept, answer.read()
        finally:
            connection.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    front: Front

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        inner = self.front.inner(self.path)
        if self.path == ICON:
            self._answer(HTTPStatus.NO_CONTENT, [], b"")
            return
        if inner is None or length > MAX_BODY_BYTES or not self._is_meant():
            self.close_connection = True
            self._answer(HTTPStatus.NOT_FOUND, [], b"")
            return
        headers = {name: it for name, it in self.headers.items() if name.lower() not in OF_ONE_CONNECTION}
        # The documents of a pool name its pages by what the browser calls this place.
        headers["X-Forwarded-Proto"] = "http"
        try:
            answer = self.front.ask(self.command, inner, headers, self.rfile.read(length))
        except OSError:
            answer = (HTTPStatus.BAD_GATEWAY, [], b"")
        self._answer(*answer)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def _is_meant(self) -> bool:
        """A page elsewhere that has its own name point here is not answered."""
        return self.headers.get("host") == "{}:{}".format(*self.connection.getsockname())

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What is asked is on record in the trail; nothing is printed."""


@contextmanager
def listening_front(emulator: str, ca_bundle: Path) -> Iterator[tuple[str, Front]]:
    """The front on a free loopback port: its origin, and what it passes requests on by."""
    front = Front(emulator, ca_bundle)
    server = ThreadingHTTPServer((LOOPBACK, 0), type("Handler", (_Handler,), {"front": front}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="front", daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}", front
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
