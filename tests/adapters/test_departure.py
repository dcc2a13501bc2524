"""What is late before a byte of it has left never leaves, and has failed for certain."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from functions.adapters.canary import CanaryDoor
from functions.adapters.departure import Departure, TooLateError
from functions.adapters.registry.ownership import Method, Verdict
from functions.adapters.webhook import SECONDS_TO_TELL, TARGETS, Outside, guarded_client
from functions.domain.delivery import SEND_DEADLINE, Answer
from schemas.codes import AttemptResult, ErrorWord
from tests.adapters.authority import Authority
from tests.adapters.entries import an_entry
from tests.adapters.hostile import Listener, answering
from tests.adapters.hostile_destinations import NAME, NOW, asked_at, sent_to, watched
from tests.adapters.shelves import a_shelf
from tests.adapters.slow_roads import Road, roads
from tests.notices import A_MESSAGE_ID

HEADERS, BODY = "http11.send_request_headers.started", "http11.send_request_body.started"
DEADLINE = SEND_DEADLINE.total_seconds()
LAST_MOMENT = DEADLINE - SECONDS_TO_TELL
LISTENS_ON = 3.5
"""How long a receiver waits for what may come after the answer: longer than any road here is late."""
AGREES = answering(200, webhook_allowed_origin="*")
NEVER_LEFT = Answer(AttemptResult.FAILED, error=ErrorWord.E_TIMEOUT)
FROM_NOW = 60


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """Believed by every client that is made while the test runs, instead of the public ones."""
    authority = Authority(tmp_path, datetime.now(UTC))
    monkeypatch.setattr("certifi.where", lambda: str(authority.bundle))
    return authority


# --- over real connections


def a_canary_to(url: str, receiver: str) -> Answer:
    door = CanaryDoor(Outside((receiver,)), a_shelf(), "https://outcomes.northshire.example")
    return door.ready(an_entry(url=url), A_MESSAGE_ID, NOW).send_once()


@dataclass(frozen=True, slots=True)
class Row:
    """What is asked of a receiver at the end of which road, and what it comes to."""

    road: Road
    ask: Callable[[str, str], Answer | Verdict] = sent_to
    answer: Answer | Verdict = NEVER_LEFT


LATE = {
    "slow-look-up": Row(Road(look_up_takes=DEADLINE + 2)),
    "look-up-until-the-last-moment": Row(Road(look_up_takes=LAST_MOMENT + 0.1)),
    "dead-addresses": Row(Road(look_up_takes=1.2, dead_addresses=3)),
    "dead-addresses-and-slow-handshake": Row(Road(dead_addresses=3, handshake_after=2.5)),
    "each-a-little-slow": Row(Road(look_up_takes=5, dead_addresses=1, handshake_after=2.5)),
    "slow-look-up-for-a-canary": Row(Road(look_up_takes=DEADLINE + 2), a_canary_to),
    "slow-look-up-for-a-check": Row(
        Road(look_up_takes=DEADLINE + 2),
        asked_at,
        Verdict(agreed=False, method=Method.TEST_EVENT, result=ErrorWord.E_TIMEOUT),
    ),
}
"""By the receiver's name; each check is two questions, the second after the first was not answered."""


def asked(name: str, row: Row, listener: Listener) -> tuple[Answer | Verdict, bytes]:
    """What is answered, and every byte that the receiver has by then or a while later."""
    origin = f"https://{name}.example:{listener.port}"
    with listener:
        answer = row.ask(origin, origin)
        time.sleep(LISTENS_ON)
        return answer, b"".join(listener.requests)


@pytest.mark.slow
def test_not_a_byte_arrives_after_the_answer_whatever_was_slow(authority: Authority) -> None:
    listeners = [
        Listener(
            AGREES, tls=authority.server(f"{name}.example"), handshake_after_seconds=row.road.handshake_after
        )
        for name, row in LATE.items()
    ]
    with (
        roads({f"{name}.example": row.road for name, row in LATE.items()}),
        ThreadPoolExecutor(len(LATE)) as at_once,
    ):
        came = dict(zip(LATE, at_once.map(asked, LATE, LATE.values(), listeners), strict=True))
    assert came == {name: (row.answer, b"") for name, row in LATE.items()}


@pytest.mark.slow
def test_what_is_slow_and_still_in_time_arrives(authority: Authority) -> None:
    """Without this the silence above would prove nothing."""
    road = Road(look_up_takes=2, dead_addresses=1, handshake_after=2.5)
    listener = Listener(
        AGREES, tls=authority.server("slow.example"), handshake_after_seconds=road.handshake_after
    )
    with roads({"slow.example": road}):
        answer, request = asked("slow", Row(road), listener)
    assert isinstance(answer, Answer)
    assert answer.result is AttemptResult.SUCCESS
    assert request.startswith(b"POST ")


@pytest.mark.parametrize("step", [HEADERS, BODY])
def test_the_guarded_client_asks_before_it_lets_a_byte_go(step: str, authority: Authority) -> None:
    """The roads above lead through the local client; this is everybody's."""

    def prevent(event: str, _: object) -> None:
        if event == step:
            raise TooLateError

    with (
        Listener(AGREES, tls=authority.server(NAME)) as listener,
        watched(["127.0.0.1"], reaching=listener.port),
    ):
        loopback = replace(
            TARGETS,
            allowed_ports=frozenset({listener.port}),
            allowed_networks=(ip_network("127.0.0.0/8"),),
        )
        with guarded_client(loopback) as client, pytest.raises(TooLateError):
            client.post(
                f"https://{NAME}:{listener.port}", content=b"an outcome", extensions={"trace": prevent}
            )
    assert b"an outcome" not in b"".join(listener.requests)
    assert (listener.requests == [b""]) is (step == HEADERS)


# --- the last moment


def test_what_may_leave_is_not_prevented() -> None:
    departure = Departure(time.monotonic() + FROM_NOW)
    departure.step(HEADERS, {})
    departure.step(BODY, {})
    assert departure.call_off(), "it may have left"


def test_nothing_begins_to_leave_after_its_time() -> None:
    departure = Departure(time.monotonic())
    with pytest.raises(TooLateError):
        departure.step(HEADERS, {})
    assert not departure.call_off()


@pytest.mark.parametrize("step", [HEADERS, BODY])
def test_a_thread_that_is_thawed_after_the_answer_finds_it_called_off_whatever_its_clock_says(
    step: str,
) -> None:
    departure = Departure(time.monotonic() + FROM_NOW)
    assert not departure.call_off()
    with pytest.raises(TooLateError):
        departure.step(step, {})
    assert not departure.call_off(), "it never began"


def test_the_rest_of_what_had_begun_to_leave_stays_behind() -> None:
    departure = Departure(time.monotonic() + FROM_NOW)
    departure.step(HEADERS, {})
    assert departure.call_off()
    with pytest.raises(TooLateError):
        departure.step(BODY, {})


@pytest.mark.parametrize("step", ["connection.connect_tcp.started", "http11.response_closed.started"])
def test_a_connection_is_made_and_closed_at_any_time(step: str) -> None:
    departure = Departure(time.monotonic())
    departure.call_off()
    departure.step(step, {})
