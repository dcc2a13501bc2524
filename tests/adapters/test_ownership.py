"""Whether a webhook's owner agrees: who is asked, how, what counts as yes, and what is never reached."""

import json
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from svix.webhooks import Webhook

from functions.adapters.registry.ownership import Method, Ownership, Verdict
from functions.adapters.signing import SecretShelf
from functions.adapters.webhook import MOST_RESPONSE_BYTES, Outside
from tests.adapters.hostile import (
    Behaviour,
    Listener,
    answering,
    dripping,
    endless,
    saying,
    self_signed,
    silent,
    unused_port,
)

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HUB = "outcomes.northshire.example"
MESSAGE_ID = "msg_8c6f0e1c2a4b4d0f9a7e3b5c1d2e4f60"
NOT_KNOWN = answering(405)
OK = answering(204)


class FakeSecrets:
    """Secrets Manager with one secret, or with none."""

    class exceptions:  # noqa: N801 - boto3's own name
        class ResourceNotFoundException(Exception): ...  # noqa: N818

    def __init__(self, *secrets: str) -> None:
        self._secrets = secrets

    def get_secret_value(self, **which: str) -> dict[str, str]:
        """Version and secret, as the real answer names them."""
        if not self._secrets:
            raise self.exceptions.ResourceNotFoundException
        listed = [{"secret": secret, "ends_at": None} for secret in self._secrets]
        return {"SecretString": json.dumps(listed), "VersionId": "0123456789abcdef"}


def ask(
    url: str,
    *local_receivers: str,
    secrets: tuple[str, ...] = (SECRET,),
    publisher: str = f"https://{HUB}",
) -> Verdict:
    shelf = SecretShelf(cast("SecretsManagerClient", FakeSecrets(*secrets)), "mash/test/webhook/")
    ownership = Ownership(Outside(local_receivers), shelf, publisher)
    return ownership.check("north-police", url, message_id=MESSAGE_ID, now=datetime.now(UTC))


def ask_at(listener: Listener, **how: Any) -> Verdict:
    return ask(f"{listener.origin}/outcomes", listener.origin, **how)


def head_of(request: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    return first, {name.lower(): value for name, value in pairs}


# --- the handshake


def test_the_handshake_says_who_wants_to_send_and_nothing_more() -> None:
    with Listener(answering(200, webhook_allowed_origin=HUB)) as listener:
        assert ask_at(listener).agreed
        (request,) = listener.requests
    first, headers = head_of(request)
    assert first == "OPTIONS /outcomes HTTP/1.1"
    assert headers == {
        "host": f"127.0.0.1:{listener.port}",
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": headers["connection"],
        "user-agent": "mash-outcomes",
        "webhook-request-origin": HUB,
    }
    assert request.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("allowed", [HUB, "*", f" {HUB} ", HUB.upper(), HUB.title()])
@pytest.mark.parametrize("status", [200, 204, 302, 404, 405, 500])
def test_only_the_header_counts_never_the_status(status: int, allowed: str) -> None:
    with Listener(answering(status, webhook_allowed_origin=allowed)) as listener:
        verdict = ask_at(listener)
        assert (verdict.agreed, verdict.method, verdict.status) == (True, Method.HANDSHAKE, status)
        assert listener.accepts == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"webhook_allowed_origin": ""},
        {"webhook_allowed_origin": f"{HUB}.evil.example"},
        {"webhook_allowed_origin": f"evil-{HUB}"},
        {"webhook_allowed_origin": f"{HUB.upper()}.EVIL.EXAMPLE"},
        {"webhook_allowed_origin": f"https://{HUB}"},
        {"webhook_allowed_origin": f"{HUB}, other.example"},
        {"webhook_allowed_origin": "outcomes.northshire"},
        {"webhook_allowed_origin": "*.northshire.example"},
        {"webhook_allowed_origin": "**"},
        {"webhook_allowed_rate": "120"},
    ],
)
def test_an_origin_that_is_not_ours_whole_is_no_agreement(headers: dict[str, str]) -> None:
    with Listener(answering(200, b"", **headers)) as listener:
        verdict = ask_at(listener, secrets=())
        assert (verdict.agreed, verdict.result, listener.accepts) == (False, "NO_SECRET", 1)


def test_a_hub_whose_own_name_is_written_in_capitals_is_agreed_to_in_small_letters() -> None:
    with Listener(answering(200, webhook_allowed_origin=HUB)) as listener:
        assert ask_at(listener, publisher=f"https://{HUB.upper()}").agreed


def test_the_rate_that_an_owner_allows_is_not_read() -> None:
    with Listener(answering(200, webhook_allowed_origin=HUB, webhook_allowed_rate="0")) as listener:
        assert ask_at(listener).agreed


def test_a_header_said_twice_is_no_agreement() -> None:
    twice = f"HTTP/1.1 200 OK\r\nwebhook-allowed-origin: {HUB}\r\nwebhook-allowed-origin: {HUB}\r\n\r\n"
    with Listener(saying(twice.encode()), NOT_KNOWN) as listener:
        assert not ask_at(listener).agreed


# --- the test event


def test_an_owner_who_does_not_know_the_handshake_is_sent_a_signed_event_without_a_referral() -> None:
    with Listener(NOT_KNOWN, OK) as listener:
        assert ask_at(listener) == Verdict(
            agreed=True, method=Method.TEST_EVENT, result="CHECKED", status=204, size=0
        )
        request = listener.requests[1]
    first, headers = head_of(request)
    body = request.partition(b"\r\n\r\n")[2]
    assert (first, headers["webhook-id"]) == ("POST /outcomes HTTP/1.1", MESSAGE_ID)
    assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    event = Webhook(SECRET).verify(body, headers)
    assert event.pop("time").endswith("Z")
    assert event == {
        "specversion": "1.0",
        "id": MESSAGE_ID,
        "source": f"https://{HUB}/mash",
        "type": "uk.mash.endpoint-test.v1",
        "datacontenttype": "application/json",
        "data": {"agency_id": "north-police"},
    }


@pytest.mark.parametrize(
    ("status", "agreed"), [(200, True), (202, True), (204, True), (301, False), (400, False), (401, False)]
)
def test_only_a_2xx_to_the_test_event_is_a_yes(status: int, *, agreed: bool) -> None:
    with Listener(NOT_KNOWN, answering(status)) as listener:
        verdict = ask_at(listener)
    assert (verdict.agreed, verdict.status) == (agreed, status)
    assert verdict.result == ("CHECKED" if agreed else f"HTTP_{status}")


def test_without_a_secret_there_is_nothing_to_sign_with() -> None:
    with Listener(NOT_KNOWN, OK) as listener:
        assert ask_at(listener, secrets=()) == Verdict(
            agreed=False, method=Method.TEST_EVENT, result="NO_SECRET"
        )
        assert listener.accepts == 1


def test_an_allowed_origin_on_the_answer_to_the_test_event_does_not_make_up_for_its_status() -> None:
    with Listener(NOT_KNOWN, answering(401, webhook_allowed_origin="*")) as listener:
        assert not ask_at(listener).agreed


def test_nothing_is_kept_of_an_answer_but_its_status_and_length() -> None:
    with Listener(NOT_KNOWN, answering(200, b"a secret of the partner's", x_secret="another")) as listener:
        verdict = ask_at(listener)
    assert (verdict.status, verdict.size) == (200, 25)
    assert "secret" not in repr(verdict)


# --- receivers that misbehave


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_by_either_question(status: int) -> None:
    with (
        Listener(answering(200, webhook_allowed_origin="*")) as elsewhere,
        Listener(answering(status, location=elsewhere.origin)) as listener,
    ):
        assert not ask(listener.origin, listener.origin, elsewhere.origin).agreed
        assert (listener.accepts, elsewhere.accepts) == (2, 0)


@pytest.mark.parametrize(
    "behaviour",
    [
        saying(b""),
        saying(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"),
        saying(b"HTTP/1.1 200 OK\r\nwebhook-allowed-or"),
        endless(b"HTTP/1.1 200 OK\r\n", b"x-more: yes\r\n"),
    ],
    ids=["nothing", "another tongue", "half a head", "endless headers"],
)
def test_an_answer_that_is_none_is_no_agreement(behaviour: Behaviour) -> None:
    with Listener(behaviour) as listener:
        verdict = ask_at(listener)
    assert (verdict.agreed, verdict.result) == (False, "E_CONNECTION")


def test_an_endless_body_is_left_at_its_limit() -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nwebhook-allowed-origin: *\r\n\r\n"
    with Listener(endless(head, b"400\r\n" + b"x" * 0x400 + b"\r\n")) as listener:
        verdict = ask_at(listener)
    assert (verdict.agreed, verdict.size) == (True, MOST_RESPONSE_BYTES)


@pytest.mark.slow
@pytest.mark.parametrize(
    "behaviour", [silent, dripping(b"HTTP/1.1 200 OK\r\nwebhook-allowed-origin: ", every_seconds=0.5)]
)
def test_an_owner_who_never_comes_to_the_point_is_given_up_at_the_deadline(behaviour: Behaviour) -> None:
    began = time.monotonic()
    with Listener(behaviour, OK) as listener:
        verdict = ask_at(listener, secrets=())
        assert not verdict.agreed
    assert time.monotonic() - began < 14


def test_nobody_listening_is_no_agreement() -> None:
    origin = f"http://127.0.0.1:{unused_port()}"
    verdict = ask(origin, origin)
    assert (verdict.agreed, verdict.result) == (False, "E_CONNECTION")


def test_a_certificate_that_nobody_vouches_for_ends_the_check(tmp_path: Path) -> None:
    with Listener(OK, tls=self_signed(tmp_path, datetime.now(UTC))) as listener:
        verdict = ask_at(listener)
        assert (verdict.agreed, verdict.method, verdict.result) == (False, Method.HANDSHAKE, "E_TLS")
        assert listener.requests == []


# --- where nothing goes


def test_a_name_that_does_not_resolve_is_not_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def unknown(host: str, *_: object, **__: object) -> list[Any]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert ask("https://outcomes.north-police.example/in").result == "E_DNS"
    assert len(asked) == 1
