"""Receivers that misbehave: a loopback listener that counts who came and answers as a test has scripted."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Behaviour = Callable[[socket.socket, threading.Event], None]


class Listener(AbstractContextManager["Listener"]):
    """Answers each connection with the next of `behaviours`, the last one for ever; keeps what it read."""

    def __init__(
        self, *behaviours: Behaviour, tls: ssl.SSLContext | None = None, handshake_after_seconds: float = 0
    ) -> None:
        self.accepts = 0
        self.requests: list[bytes] = []
        self._behaviours = list(behaviours)
        self._tls = tls
        self._handshake_after_seconds = handshake_after_seconds
        self._ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def origin(self) -> str:
        """As a stage's `local_receiver_origins` would name it."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed under us: the test is over
                return
            self.accepts += 1
            with suppress(OSError), connection:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(15)
        self._ended.wait(self._handshake_after_seconds)
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_side=True)
        with connection:
            self.requests.append(read_request(connection))
            behaviour = self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]
            behaviour(connection, self._ended)


def read_request(connection: socket.socket) -> bytes:
    """One whole request: its head, and as much body as it announces."""
    read = b""
    while b"\r\n\r\n" not in read:
        if not (more := connection.recv(65536)):
            return read
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    announced = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < announced:
        if not (more := connection.recv(65536)):
            break
        body += more
    return head + b"\r\n\r\n" + body


def answering(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """A whole answer; underscores in header names become hyphens."""
    lines = [f"HTTP/1.1 {status} Whatever", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return saying("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def saying(text: bytes) -> Behaviour:
    """Exactly these bytes, then the end of the connection."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(text)

    return behave


def silent(connection: socket.socket, ended: threading.Event) -> None:
    """Reads, and never says a word."""
    ended.wait(30)


def late(behaviour: Behaviour, *, after_seconds: float) -> Behaviour:
    """Behaves so, but only after a while."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        if not ended.wait(after_seconds):
            behaviour(connection, ended)

    return behave


def dripping(head: bytes, *, every_seconds: float) -> Behaviour:
    """`head`, and then one byte at a time for as long as anybody listens."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(head)
        while not ended.wait(every_seconds):
            connection.sendall(b".")

    return behave


def endless(head: bytes, line: bytes) -> Behaviour:
    """`head`, and then `line` for as long as anybody listens."""

    def behave(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(head)
        while not ended.is_set():
            connection.sendall(line * 100)

    return behave


def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def self_signed(folder: Path, now: datetime) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "self-signed.pem"
    path.write_bytes(key.private_bytes(encoding, *plain) + certificate.public_bytes(encoding))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
