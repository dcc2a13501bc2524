"""Whether the owner of a webhook's URL agrees to receive: CloudEvents' handshake, or a signed test event."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import httpx

from functions.adapters.errors import UnusableSecretError
from functions.adapters.signing import SecretShelf, signed_headers
from functions.adapters.webhook import FIXED_HEADERS, Outside, read_answer
from functions.domain.delivery import Answer
from schemas.codes import AttemptResult, ErrorWord, ParkReason
from schemas.endpoint_events import AboutEndpoint, EndpointTestEvent

ANYBODY = "*"
_NOT_REACHED = frozenset({ErrorWord.E_INVALID_TARGET, ErrorWord.E_DNS, ErrorWord.E_TLS})
"""After these a second request would end as the first one did."""


class Method(StrEnum):
    """How the owner was asked."""

    HANDSHAKE = "HANDSHAKE"
    TEST_EVENT = "TEST_EVENT"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the owner said; `result` is a code for the trail, `status` and `size` all that is kept of it."""

    agreed: bool
    method: Method
    result: str
    status: int | None = None
    size: int | None = None


class Ownership:
    """Asks the owner of a URL, under the guard, the deadline and the limits of every webhook.

    `publisher` is the hub's own origin, such as https://outcomes.hub.example: on its behalf the question is.
    """

    def __init__(self, outside: Outside, secrets: SecretShelf, publisher: str) -> None:
        self._outside = outside
        self._secrets = secrets
        self._publisher = publisher.rstrip("/")

    def check(self, agency_id: str, url: str, *, message_id: str, now: datetime) -> Verdict:
        """The handshake, and if the owner does not know it, the test event under `message_id`."""
        answer = self._shake_hands(url, now)
        if answer.result is AttemptResult.SUCCESS or answer.error in _NOT_REACHED:
            return _verdict(Method.HANDSHAKE, answer)
        try:
            return _verdict(Method.TEST_EVENT, self._send_test(agency_id, url, message_id, now))
        except UnusableSecretError:
            return Verdict(agreed=False, method=Method.TEST_EVENT, result=ParkReason.NO_SECRET.value)

    def _shake_hands(self, url: str, now: datetime) -> Answer:
        host = self._publisher.partition("://")[2]

        def judge(response: httpx.Response, ends: float) -> Answer:
            """Only the header counts, compared whole and, as a name of a host is, in either case: a status
            says nothing about who may send."""
            answer = read_answer(response, ends, now)
            origin = response.headers.get("webhook-allowed-origin", "").strip()
            allowed = origin.lower() in (host.lower(), ANYBODY)
            return Answer(
                AttemptResult.SUCCESS if allowed else AttemptResult.FAILED,
                error=None if allowed else ErrorWord.E_HTTP,
                http_status=answer.http_status,
                response_bytes=answer.response_bytes,
            )

        headers = {
            "accept-encoding": FIXED_HEADERS["accept-encoding"],
            "user-agent": FIXED_HEADERS["user-agent"],
            "webhook-request-origin": host,
        }
        return self._outside.exchange("OPTIONS", url, b"", headers, judge)

    def _send_test(self, agency_id: str, url: str, message_id: str, now: datetime) -> Answer:
        """Signed as every outcome is; it names no referral, for there is none."""
        event = EndpointTestEvent(
            id=message_id,
            source=f"{self._publisher}/mash",
            time=now,
            data=AboutEndpoint(agency_id=agency_id),
        )
        body = event.model_dump_json().encode()
        live = self._secrets.live(agency_id, now)
        headers = FIXED_HEADERS | signed_headers(message_id, body, live.secrets, now=now)
        return self._outside.exchange(
            "POST", url, body, headers, lambda response, ends: read_answer(response, ends, now)
        )


def _verdict(method: Method, answer: Answer) -> Verdict:
    if answer.result is AttemptResult.SUCCESS:
        result = "CHECKED"
    elif answer.http_status is not None:
        result = f"HTTP_{answer.http_status}"
    else:
        result = (answer.error or ErrorWord.E_CONNECTION).value
    return Verdict(
        agreed=answer.result is AttemptResult.SUCCESS,
        method=method,
        result=result,
        status=answer.http_status,
        size=answer.response_bytes,
    )
