"""One post to a receiver that may be anybody: what leaves, what its answer means, and where nothing goes."""

import gzip
import hashlib
import json
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import httpx
import pytest
from svix.webhooks import Webhook

from functions.adapters.errors import NoAddressError, UnusableSecretError
from functions.adapters.payload import render_webhook
from functions.adapters.signing import SecretShelf
from functions.adapters.webhook import (
    CONNECT_SECONDS,
    MOST_RESPONSE_BYTES,
    SECONDS_TO_TELL,
    TARGETS,
    WebhookDoor,
    guarded_client,
)
from functions.domain.delivery import SEND_DEADLINE, Answer
from schemas.codes import AttemptResult, ErrorWord
from tests.adapters.entries import an_entry
from tests.adapters.hostile import (
    Behaviour,
    Listener,
    answering,
    endless,
    saying,
    self_signed,
    silent,
    unused_port,
)
from tests.notices import A_MESSAGE_ID, a_notice, pins

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)
OK = answering(200, b"thanks")


class FakeSecrets:
    """Secrets Manager with one secret for every agency."""

    def get_secret_value(self, **which: str) -> dict[str, str]:
        """Version and secret, as the real answer names them."""
        listed = [{"secret": SECRET, "ends_at": None}]
        return {"SecretString": json.dumps(listed), "VersionId": "0123456789abcdef"}


def a_shelf() -> SecretShelf:
    return SecretShelf(cast("SecretsManagerClient", FakeSecrets()), "mash/test/webhook/")


def a_door(*local_receivers: str) -> WebhookDoor:
    return WebhookDoor(a_shelf(), local_receivers)


def post(url: str, *local_receivers: str, now: datetime = NOW) -> Answer:
    """One message to `url` through a fresh door."""
    door = a_door(*local_receivers)
    return door.ready(an_entry(url=url), a_notice(), pins(), token=None, attempt=1, now=now).send_once()


def post_to(listener: Listener, path: str = "/outcomes") -> Answer:
    """One message to a receiver that the local stage knows."""
    return post(listener.origin + path, listener.origin)


def answer_to(behaviour: Behaviour) -> Answer:
    with Listener(behaviour) as listener:
        answer = post_to(listener)
        assert listener.accepts == 1, "one send is one connection"
    return answer


# --- what leaves


def test_the_request_is_the_signed_body_and_says_no_more_than_it_must() -> None:
    moment = datetime.now(UTC)
    with Listener(OK) as listener:
        door = a_door(listener.origin)
        message = door.ready(
            an_entry(url=f"{listener.origin}/outcomes"), a_notice(), pins(), token=None, attempt=3, now=moment
        )
        assert listener.accepts == 0, "nothing leaves while a message is made ready"
        assert message.send_once().result is AttemptResult.SUCCESS
        head, _, body = listener.requests[0].partition(b"\r\n\r\n")

    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    signature = next(line.split(": ", 1)[1] for line in lines if line.startswith("webhook-signature"))
    assert first == "POST /outcomes HTTP/1.1"
    assert body == render_webhook(a_notice(), pins())
    assert headers == {
        "host": f"127.0.0.1:{listener.port}",
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": headers["connection"],
        "content-length": str(len(body)),
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "mash-outcomes",
        "webhook-id": A_MESSAGE_ID,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature.lower(),
    }
    Webhook(SECRET).verify(body, {**headers, "webhook-signature": signature})
    assert message.body_sha256 == hashlib.sha256(body).hexdigest()
    assert message.key_ids == ("01234567-1",)
    assert (message.template, message.template_sha256) == (f"webhook-{pins().template_version}", None)


def test_every_try_sends_the_same_bytes_under_the_same_id_with_its_own_signature() -> None:
    with Listener(answering(503), OK) as listener:
        door = a_door(listener.origin)
        for attempt, moment in enumerate([NOW, NOW + timedelta(minutes=5)], start=1):
            door.ready(
                an_entry(url=listener.origin), a_notice(), pins(), token=None, attempt=attempt, now=moment
            ).send_once()
        first, second = (request.partition(b"\r\n\r\n") for request in listener.requests)
    assert first[2] == second[2]
    assert f"webhook-id: {A_MESSAGE_ID}".encode() in first[0]
    assert f"webhook-id: {A_MESSAGE_ID}".encode() in second[0]
    assert first[0] != second[0]


def test_a_receiver_cannot_leave_a_cookie_or_hold_the_connection() -> None:
    with Listener(answering(200, set_cookie="seen=1; Path=/", connection="keep-alive")) as listener:
        door = a_door(listener.origin)
        for _ in range(2):
            door.ready(
                an_entry(url=listener.origin), a_notice(), pins(), token=None, attempt=1, now=NOW
            ).send_once()
        assert listener.accepts == 2
        assert not any(b"cookie" in request.lower() for request in listener.requests)


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with Listener(OK) as proxy, Listener(OK) as listener:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        assert post_to(listener).result is AttemptResult.SUCCESS
        assert (proxy.accepts, listener.accepts) == (0, 1)


def test_an_agency_without_an_endpoint_is_a_final_error() -> None:
    with pytest.raises(NoAddressError):
        a_door().ready(an_entry(), a_notice(), pins(), token=None, attempt=1, now=NOW)


def test_a_message_that_cannot_be_signed_is_never_sent() -> None:
    class EndedSecrets(FakeSecrets):
        def get_secret_value(self, **which: str) -> dict[str, str]:
            listed = [{"secret": SECRET, "ends_at": "2026-11-24T15:02:30+00:00"}]
            return {"SecretString": json.dumps(listed), "VersionId": "0123456789abcdef"}

    with Listener(OK) as listener:
        shelf = SecretShelf(cast("SecretsManagerClient", EndedSecrets()), "mash/test/webhook/")
        with pytest.raises(UnusableSecretError):
            WebhookDoor(shelf, (listener.origin,)).ready(
                an_entry(url=listener.origin), a_notice(), pins(), token=None, attempt=1, now=NOW
            )
        assert listener.accepts == 0


# --- what an answer means


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_success_and_leaves_its_hash_and_length(status: int) -> None:
    body = b"" if status == 204 else b"thanks"
    answer = answer_to(answering(status, body))
    assert replace(answer, took_ms=0) == Answer(
        AttemptResult.SUCCESS,
        http_status=status,
        response_sha256=hashlib.sha256(body).hexdigest(),
        response_bytes=len(body),
    )


@pytest.mark.parametrize(
    "status", [300, 304, 400, 401, 403, 404, 408, 409, 410, 413, 422, 425, 429, 451, 500, 502, 503, 504, 599]
)
def test_any_other_answer_is_a_failed_attempt_that_is_tried_again(status: int) -> None:
    answer = answer_to(answering(status))
    assert (answer.result, answer.retryable, answer.error) == (AttemptResult.FAILED, True, ErrorWord.E_HTTP)
    assert answer.http_status == status


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failed_attempt_and_is_not_followed(status: int) -> None:
    with Listener(OK) as elsewhere, Listener(answering(status, location=elsewhere.origin)) as listener:
        answer = post(listener.origin, listener.origin, elsewhere.origin)
        assert (answer.result, answer.retryable) == (AttemptResult.FAILED, True)
        assert (answer.error, answer.http_status) == (ErrorWord.E_HTTP, status)
        assert (listener.accepts, elsewhere.accepts) == (1, 0)


def test_a_redirect_reaches_the_guarded_client_as_an_answer_and_is_not_followed() -> None:
    with Listener(OK) as elsewhere, Listener(answering(302, location=elsewhere.origin)) as listener:
        loopback = replace(
            TARGETS,
            allowed_schemes=frozenset({"http"}),
            allowed_ports=frozenset({listener.port, elsewhere.port}),
            allowed_networks=(ip_network("127.0.0.0/8"),),
        )
        with guarded_client(loopback) as client:
            assert client.post(listener.origin, content=b"{}").status_code == 302
        assert (listener.accepts, elsewhere.accepts) == (1, 0)


@pytest.mark.parametrize(
    "location",
    ["http://[", "http://%zz/", "//", "http://a:99999999/", "\xff\xfe", "http://" + "a" * 9000, " "],
)
def test_a_hostile_redirect_breaks_nothing(location: str) -> None:
    answer = answer_to(answering(302, location=location))
    assert answer.result in {AttemptResult.FAILED, AttemptResult.UNKNOWN}
    assert answer.retryable


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        ("Tue, 24 Nov 2026 15:04:30 GMT", 120),
        ("Tue, 24 Nov 2026 16:04:30 +0100", 120),
        ("Tue, 24 Nov 2026 14:00:00 GMT", 0),
        ("9" * 400, 10**8),
        ("-5", None),
        ("1.5", None),
        ("1e9", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        ("\u00b2", None),
        ("Tue, 24 Nov 2026 15:04:30 -0000", None),
        ("Tue, 32 Nov 2026 15:04:30 GMT", None),
        ("Tue, 24 Nov 99999999999999999999 15:04:30 GMT", None),
        ("Tue, 24 Nov 2026 15:04:30 +99999999999999999999", None),
    ],
)
def test_a_receivers_hint_is_seconds_or_a_date_and_nonsense_is_none(text: str, seconds: int | None) -> None:
    answer = answer_to(answering(503, retry_after=text))
    assert answer.hint == (None if seconds is None else timedelta(seconds=seconds))
    assert answer.http_status == 503


def test_a_hint_beside_success_is_ignored() -> None:
    assert answer_to(answering(200, retry_after="120")).hint is None


# --- receivers that misbehave


@pytest.mark.parametrize(
    "size", [MOST_RESPONSE_BYTES - 1, MOST_RESPONSE_BYTES, MOST_RESPONSE_BYTES + 1, 10**6]
)
def test_at_most_sixteen_kilobytes_of_an_answer_are_read(size: int) -> None:
    body = bytes(index % 251 for index in range(size))
    answer = answer_to(answering(200, body))
    assert answer.response_bytes == min(size, 16 * 1024)
    assert answer.response_sha256 == hashlib.sha256(body[: 16 * 1024]).hexdigest()


def test_an_endless_body_ends_at_sixteen_kilobytes() -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    answer = answer_to(endless(head, b"400\r\n" + b"x" * 0x400 + b"\r\n"))
    assert (answer.result, answer.response_bytes) == (AttemptResult.SUCCESS, 16 * 1024)


def test_a_compressed_body_is_not_opened() -> None:
    bomb = gzip.compress(bytes(5_000_000))
    answer = answer_to(answering(200, bomb, content_encoding="gzip"))
    assert answer.response_bytes == len(bomb) < 16 * 1024
    assert answer.response_sha256 == hashlib.sha256(bomb).hexdigest()


@pytest.mark.parametrize(
    "behaviour",
    [
        saying(b""),
        saying(b"HTTP/1.1 200 OK\r\ncontent-le"),
        saying(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nten bytes."),
        saying(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nten"),
        saying(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"),
        saying(b"HTTP/1.1 999999 No\r\n\r\n"),
        saying(b"\x00" * 1000),
        endless(b"HTTP/1.1 200 OK\r\n", b"x-more: yes\r\n"),
    ],
    ids=[
        "nothing",
        "half a head",
        "half a body",
        "half a chunk",
        "another tongue",
        "no status",
        "zeros",
        "endless",
    ],
)
def test_an_answer_that_breaks_off_leaves_the_attempt_unknown(behaviour: Behaviour) -> None:
    answer = answer_to(behaviour)
    assert answer == Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_CONNECTION)


# --- connections that never stood


def test_nobody_listening_is_a_failure_for_certain() -> None:
    origin = f"http://127.0.0.1:{unused_port()}"
    assert post(origin, origin) == Answer(AttemptResult.FAILED, error=ErrorWord.E_CONNECTION)


def test_a_certificate_that_nobody_vouches_for_is_a_tls_failure(tmp_path: Path) -> None:
    with Listener(OK, tls=self_signed(tmp_path, datetime.now(UTC))) as listener:
        answer = post_to(listener)
        assert answer == Answer(AttemptResult.FAILED, error=ErrorWord.E_TLS)
        assert listener.requests == []


@pytest.mark.slow
def test_a_handshake_that_never_ends_is_a_failure_for_certain() -> None:
    with Listener(silent) as listener:
        https = listener.origin.replace("http:", "https:")
        assert post(https, https) == Answer(AttemptResult.FAILED, error=ErrorWord.E_TIMEOUT)


@pytest.mark.parametrize("local", [True, False], ids=["local", "guarded"])
def test_a_name_that_does_not_resolve_is_a_dns_failure_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, *, local: bool
) -> None:
    def unknown(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    origin = "https://north-police.example"
    assert post(origin, *[origin] * local) == Answer(AttemptResult.FAILED, error=ErrorWord.E_DNS)


def test_a_connection_that_takes_too_long_is_a_failure_for_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", late)
    origin = "http://127.0.0.1:8080"
    assert post(origin, origin) == Answer(AttemptResult.FAILED, error=ErrorWord.E_TIMEOUT)


# --- where nothing goes

REFUSED_TARGET = Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_INVALID_TARGET)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that anybody tries to reach, by whatever means; none is reached."""
    tried: list[Any] = []

    def connect(_: socket.socket, address: Any) -> None:
        tried.append(address)
        raise OSError("the test reaches nobody")

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, connect)
    return tried


SPELLINGS = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1", "0.0.0.0"]  # noqa: S104


@pytest.mark.parametrize("host", SPELLINGS)
def test_a_real_listener_counts_no_visit_from_the_guarded_client(host: str) -> None:
    with Listener(OK) as listener:
        open_port = replace(
            TARGETS, allowed_schemes=frozenset({"http"}), allowed_ports=frozenset({listener.port})
        )
        with guarded_client(open_port) as client, pytest.raises(Exception, match="not permitted"):
            client.post(f"http://{host}:{listener.port}/")
        assert listener.accepts == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}",
        "http://127.0.0.1:{port}@8.8.8.8/",
        "http://127.0.0.1:{port}.evil.example/",
        "http://user@127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "https://127.0.0.1:{port}/",
        "HTTP://127.0.0.1:{port}/",
        "http://127.0.0.1:{port}\\@evil.example/",
    ],
)
def test_only_exactly_a_local_receivers_origin_is_local(url: str, connections: list[Any]) -> None:
    port = "18081"
    allowed = f"http://127.0.0.1:{port[:-1]}" if url.endswith("{port}") else f"http://127.0.0.1:{port}"
    assert post(url.format(port=port), allowed) == REFUSED_TARGET
    assert connections == []


def test_a_stage_without_local_receivers_reaches_no_loopback() -> None:
    with Listener(OK) as listener:
        assert post(f"{listener.origin}/outcomes") == REFUSED_TARGET
        assert listener.accepts == 0


def test_the_policy_allows_https_on_its_port_and_nothing_more() -> None:
    assert TARGETS.allowed_schemes == {"https"}
    assert TARGETS.allowed_ports == {443}
    assert TARGETS.allowed_networks == ()
    assert not TARGETS.allow_userinfo
    assert not TARGETS.allow_proxy
    assert TARGETS.on_partial_block == "reject"
    assert TARGETS.max_connection_attempts * CONNECT_SECONDS < SEND_DEADLINE.total_seconds() - SECONDS_TO_TELL
    with guarded_client(TARGETS) as client:
        assert client.follow_redirects is False
        assert client.timeout == httpx.Timeout(7, connect=3, read=10)
