"""Posting one webhook, once, to an address that was checked and is the one connected to (delivery
sections 8, 9)."""

import hashlib
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_network
from threading import Thread
from typing import Any

import httpx
from ssrfguard import DEFAULT_DENIED, AddressTable, Block, Policy, Reach, SSRFGuardError
from ssrfguard.httpx import Client as GuardedClient

from functions.adapters.departure import Departure, TooLateError
from functions.adapters.door import ReadyMessage
from functions.adapters.errors import NoAddressError
from functions.adapters.payload import CONTENT_TYPE, payload_sha256, render_webhook
from functions.adapters.registry.directory import Entry
from functions.adapters.signing import SecretShelf, signed_headers
from functions.adapters.update_payload import render_update
from functions.domain.delivery import SEND_DEADLINE, Answer
from schemas.codes import AttemptResult, Channel, ErrorWord
from schemas.notice import Frozen, FrozenUpdate, Pins

CONNECT_SECONDS = 3
SECONDS_TO_TELL = 0.5
"""What is left of the deadline once a dripping body is given up, to tell the status that came before it; and
once nothing more may leave, for the bytes that were let go in the last moment."""
MOST_RESPONSE_BYTES = 16 * 1024
FIXED_HEADERS = {
    "content-type": CONTENT_TYPE,
    "accept-encoding": "identity",
    "user-agent": "mash-outcomes",
}


UNICAST_ALONE = (
    Block(ip_network("::/0"), "no global unicast", "RFC 4291", Reach.DENIED),
    Block(ip_network("2000::/3"), "global unicast", "RFC 4291", Reach.PERMITTED),
)
"""The guard knows the special blocks of IPv6 that IANA lists; these refuse whatever else is not in general
use, such as the old translated form ::ffff:0:127.0.0.1. The guard's own rows are narrower, and go first."""

# No `max_redirects=0` here: the guard would raise at a 3xx, and that is an answer, not a bad target.
TARGETS = Policy(
    allowed_schemes=frozenset({"https"}),
    allowed_ports=frozenset({443}),
    denied_networks=AddressTable((*DEFAULT_DENIED.blocks, *UNICAST_ALONE), snapshot=DEFAULT_DENIED.snapshot),
    max_connection_attempts=3,
)
"""Where a webhook may go: the guard refuses every address that is not public.

After three that do not answer there is no time left for a fourth.
"""


class WebhookDoor:
    """Signs, checks the target, posts once.

    `local_receivers` are loopback origins of the local stage alone.
    """

    channel = Channel.WEBHOOK

    def __init__(self, secrets: SecretShelf, local_receivers: tuple[str, ...]) -> None:
        self._secrets = secrets
        self._outside = Outside(local_receivers)

    def ready(
        self,
        agency: Entry,
        notice: Frozen,
        pins: Pins,
        *,
        token: str | None,
        attempt: int,
        now: datetime,
    ) -> ReadyMessage:
        """The message rendered and signed at `now`, with every live secret; `attempt` does not change it."""
        del attempt
        if agency.url is None:
            raise NoAddressError(agency.agency_id)
        url, body = agency.url, webhook_body(notice, pins, token)
        live = self._secrets.live(agency.agency_id, now)
        headers = FIXED_HEADERS | signed_headers(pins.message_id, body, live.secrets, now=now)
        return ReadyMessage(
            body_sha256=payload_sha256(body),
            template=f"webhook-{pins.template_version}",
            template_sha256=None,
            key_ids=live.key_ids,
            send_once=lambda: self._outside.exchange(
                "POST", url, body, headers, lambda response, ends: read_answer(response, ends, now)
            ),
        )


def webhook_body(notice: Frozen, pins: Pins, token: str | None) -> bytes:
    """What one recipient's system is sent: compact JSON in its contract's key order."""
    if isinstance(notice, FrozenUpdate):
        return render_update(notice, pins, token)
    return render_webhook(notice, pins, token)


Judge = Callable[[httpx.Response, float], Answer]
"""What an answer means; it may read of the body until the moment that it is given."""


class Outside:
    """Receivers that may be anybody, one exchange at a time; the local stage's own are reached unguarded."""

    def __init__(self, local_receivers: tuple[str, ...]) -> None:
        self._local_receivers = local_receivers

    def exchange(self, method: str, url: str, body: bytes, headers: dict[str, str], judge: Judge) -> Answer:
        """One exchange under one deadline, name look-up and dripped headers included.

        The claim's lease rests on it: once this has answered, nothing begins to leave. What had begun to is
        left behind, its fate unknown; what had not has failed for certain.
        """
        exchange: Future[Answer] = Future()
        departure = Departure(time.monotonic() + SEND_DEADLINE.total_seconds() - SECONDS_TO_TELL)

        def run() -> None:
            try:
                exchange.set_result(self._exchange(method, url, body, headers, judge, departure=departure))
            except BaseException as exc:  # noqa: BLE001 - raised again where the answer is waited for
                exchange.set_exception(exc)

        Thread(target=run, daemon=True).start()
        try:
            return exchange.result(timeout=SEND_DEADLINE.total_seconds())
        except (FutureTimeoutError, TooLateError):
            may_have_left = departure.call_off()
            result = AttemptResult.UNKNOWN if may_have_left else AttemptResult.FAILED
            return Answer(result, error=ErrorWord.E_TIMEOUT)

    def _exchange(
        self,
        method: str,
        url: str,
        body: bytes,
        headers: dict[str, str],
        judge: Judge,
        *,
        departure: Departure,
    ) -> Answer:
        watched = {"trace": departure.step}
        try:
            with self._client(url).stream(
                method, url, content=body, headers=headers, extensions=watched
            ) as response:
                return judge(response, departure.ends)
        except SSRFGuardError:
            return Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_INVALID_TARGET)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as exc:
            return Answer(AttemptResult.FAILED, error=_why_not_connected(exc))
        except (httpx.UnsupportedProtocol, httpx.InvalidURL):
            return Answer(AttemptResult.FAILED, retryable=False, error=ErrorWord.E_INVALID_TARGET)
        except httpx.TimeoutException:
            return Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_TIMEOUT)
        except httpx.TransportError:
            return Answer(AttemptResult.UNKNOWN, error=ErrorWord.E_CONNECTION)

    def _client(self, url: str) -> httpx.Client:
        origin = "/".join(url.split("/")[:3])  # compared whole and as written: no parser to disagree with
        return self._local if origin in self._local_receivers else self._guarded

    @cached_property
    def _guarded(self) -> httpx.Client:
        return guarded_client(TARGETS)

    @cached_property
    def _local(self) -> httpx.Client:
        return httpx.Client(**_manners())


def guarded_client(targets: Policy) -> httpx.Client:
    """A client that connects only where `targets` allows, to the very address that was checked."""
    return GuardedClient(policy=targets, **_manners())


def _manners() -> dict[str, Any]:
    """Each post by itself: no redirect followed, no proxy, no cookie kept, no connection kept.

    A connection kept over a Lambda's pause is often dead, and a post into it would end as UNKNOWN.
    """
    total = SEND_DEADLINE.total_seconds()
    return {
        # An answer is waited for until the exchange's own deadline, which is never later than this.
        "timeout": httpx.Timeout(total - CONNECT_SECONDS, connect=CONNECT_SECONDS, read=total),
        "limits": httpx.Limits(max_keepalive_connections=0),
        "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        "follow_redirects": False,
        "event_hooks": {"response": [_forget_where_it_points]},
        "trust_env": False,
    }


def _forget_where_it_points(response: httpx.Response) -> None:
    """The client reads a redirect's target even if it does not follow it, and raises for one that is none."""
    response.headers.pop("location", None)


def read_answer(response: httpx.Response, ends: float, now: datetime) -> Answer:
    """Reads at most 16 KB, and only until `ends`; keeps the response's hash and length, never its words."""
    digest, size = hashlib.sha256(), 0
    for chunk in response.iter_raw():
        taken = chunk[: MOST_RESPONSE_BYTES - size]
        digest.update(taken)
        size += len(taken)
        if size >= MOST_RESPONSE_BYTES or time.monotonic() > ends:
            break
    return Answer(
        AttemptResult.SUCCESS if response.is_success else AttemptResult.FAILED,
        error=None if response.is_success else ErrorWord.E_HTTP,
        hint=None if response.is_success else _retry_after(response, now),
        http_status=response.status_code,
        response_sha256=digest.hexdigest(),
        response_bytes=size,
    )


def _retry_after(response: httpx.Response, now: datetime) -> timedelta | None:
    """The receiver's hint, in seconds or as a date; nonsense is no hint."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text.lstrip("0")[:10] or 0), 10**8))
    try:
        return max(parsedate_to_datetime(text) - now, timedelta())
    except (OverflowError, TypeError, ValueError):
        return None


def _why_not_connected(error: httpx.TransportError) -> ErrorWord:
    """The cause of a failed connection, found by type along the chain of exceptions, never by its words."""
    if isinstance(error, httpx.TimeoutException):
        return ErrorWord.E_TIMEOUT
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return ErrorWord.E_TLS
        if isinstance(cause, socket.gaierror):
            return ErrorWord.E_DNS
        cause = cause.__cause__ or cause.__context__
    return ErrorWord.E_CONNECTION
