"""Whose certificate is believed: over real TLS, with an authority that only these tests trust."""

import ssl
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from functions.adapters.registry.ownership import Method
from functions.adapters.webhook import TARGETS, guarded_client
from functions.domain.delivery import Answer
from schemas.codes import AttemptResult, ErrorWord
from tests.adapters.authority import Authority, self_signed
from tests.adapters.hostile import Listener, answering
from tests.adapters.hostile_destinations import NAME, asked_at, sent_to, watched

AN_HOUR = timedelta(hours=1)
AGREES = answering(200, webhook_allowed_origin="*")

Shows = Callable[[Authority, Path, datetime], ssl.SSLContext]


def trusted(authority: Authority, folder: Path, now: datetime) -> ssl.SSLContext:
    return authority.server(NAME)


def expired(authority: Authority, folder: Path, now: datetime) -> ssl.SSLContext:
    return authority.server(NAME, until=now - AN_HOUR)


def not_valid_yet(authority: Authority, folder: Path, now: datetime) -> ssl.SSLContext:
    return authority.server(NAME, since=now + AN_HOUR)


def of_another_name(authority: Authority, folder: Path, now: datetime) -> ssl.SSLContext:
    return authority.server("outcomes.west-police.example")


def of_its_domain_only(authority: Authority, folder: Path, now: datetime) -> ssl.SSLContext:
    return authority.server(NAME.partition(".")[2])


def of_nobody_but_itself(authority: Authority, folder: Path, now: datetime) -> ssl.SSLContext:
    return self_signed(folder, NAME, now)


def of_an_unknown_authority(authority: Authority, folder: Path, now: datetime) -> ssl.SSLContext:
    (elsewhere := folder / "elsewhere").mkdir()
    return Authority(elsewhere, now).server(NAME)


BAD = (
    expired,
    not_valid_yet,
    of_another_name,
    of_its_domain_only,
    of_nobody_but_itself,
    of_an_unknown_authority,
)

each_bad_certificate = pytest.mark.parametrize("shows", BAD, ids=lambda shows: shows.__name__)


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Believed by every client that is made while the test runs, instead of the public ones."""
    authority = Authority(tmp_path, datetime.now(UTC))
    monkeypatch.setattr("certifi.where", lambda: str(authority.bundle))
    return authority


def listening(shows: Shows, authority: Authority, folder: Path) -> Listener:
    return Listener(AGREES, tls=shows(authority, folder, datetime.now(UTC)))


def origin_of(listener: Listener) -> str:
    return f"https://{NAME}:{listener.port}"


def test_a_certificate_of_a_known_authority_for_the_very_name_is_believed(
    authority: Authority, tmp_path: Path
) -> None:
    """Without this the refusals below would prove nothing."""
    with (
        listening(trusted, authority, tmp_path) as listener,
        watched(["127.0.0.1"], reaching=listener.port),
    ):
        origin = origin_of(listener)
        assert sent_to(origin, origin).result is AttemptResult.SUCCESS
        assert asked_at(origin, origin).agreed
        assert [request.partition(b" ")[0] for request in listener.requests] == [b"POST", b"OPTIONS"]


@each_bad_certificate
def test_an_outcome_is_not_sent_over_any_other(shows: Shows, authority: Authority, tmp_path: Path) -> None:
    with listening(shows, authority, tmp_path) as listener, watched(["127.0.0.1"], reaching=listener.port):
        origin = origin_of(listener)
        assert sent_to(origin, origin) == Answer(AttemptResult.FAILED, error=ErrorWord.E_TLS)
        assert (listener.accepts, listener.requests) == (1, [])


@each_bad_certificate
def test_its_owner_is_not_asked_over_any_other(shows: Shows, authority: Authority, tmp_path: Path) -> None:
    with listening(shows, authority, tmp_path) as listener, watched(["127.0.0.1"], reaching=listener.port):
        origin = origin_of(listener)
        verdict = asked_at(origin, origin)
        assert (verdict.agreed, verdict.method, verdict.result) == (False, Method.HANDSHAKE, "E_TLS")
        assert (listener.accepts, listener.requests) == (1, [])


@pytest.mark.parametrize("shows", [trusted, *BAD], ids=lambda shows: shows.__name__)
def test_the_guarded_client_checks_the_name_not_the_address_it_pinned(
    shows: Shows, authority: Authority, tmp_path: Path
) -> None:
    with listening(shows, authority, tmp_path) as listener, watched(["127.0.0.1"], reaching=listener.port):
        loopback = replace(
            TARGETS,
            allowed_ports=frozenset({listener.port}),
            allowed_networks=(ip_network("127.0.0.0/8"),),
        )
        with guarded_client(loopback) as client:
            if shows is trusted:
                assert client.post(origin_of(listener), content=b"{}").status_code == 200
                return
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                client.post(origin_of(listener), content=b"{}")
        assert listener.requests == []
