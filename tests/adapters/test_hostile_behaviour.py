"""Receivers that misbehave, in one table: what each attempt comes to, and that none outlives its lease."""

import gzip
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from functions.adapters.webhook import MOST_RESPONSE_BYTES
from functions.domain.delivery import LEASE, SEND_DEADLINE, Answer
from schemas.codes import AttemptResult, ErrorWord
from tests.adapters.hostile import (
    Behaviour,
    Listener,
    answering,
    dripping,
    endless,
    late,
    saying,
    silent,
)
from tests.adapters.hostile_destinations import sent_to

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
A_CHUNK = b"400\r\n" + b"x" * 0x400 + b"\r\n"
BOMB = gzip.compress(bytes(20_000_000))
AFTER_THE_DEADLINE = SEND_DEADLINE.total_seconds() + 0.5
BEFORE_THE_DEADLINE = SEND_DEADLINE.total_seconds() - 1


def dripping_late(connection: socket.socket, ended: threading.Event) -> None:
    """A byte each second, so that no single read waits long, and the end of the head after the deadline."""
    connection.sendall(HEAD + b"x-slow: ")
    ends = time.monotonic() + AFTER_THE_DEADLINE
    while time.monotonic() < ends and not ended.wait(1):
        connection.sendall(b".")
    connection.sendall(b"\r\ncontent-length: 0\r\n\r\n")


@dataclass(frozen=True)
class Row:
    """What an attempt comes to: its result, its error or its status, and how much was read at most."""

    behaviour: Behaviour
    result: AttemptResult
    error: ErrorWord | None = None
    status: int | None = None
    most_bytes: int | None = None

    @property
    def within_seconds(self) -> float:
        """What has been read up to its limit is left at once, not at the deadline."""
        full = self.most_bytes == MOST_RESPONSE_BYTES
        return SEND_DEADLINE.total_seconds() * 0.9 if full else LEASE.total_seconds() / 2


def cut(behaviour: Behaviour) -> Row:
    return Row(behaviour, AttemptResult.UNKNOWN, ErrorWord.E_CONNECTION)


def given_up(behaviour: Behaviour) -> Row:
    return Row(behaviour, AttemptResult.UNKNOWN, ErrorWord.E_TIMEOUT)


def taken(behaviour: Behaviour, most_bytes: int) -> Row:
    return Row(behaviour, AttemptResult.SUCCESS, None, 200, most_bytes)


TABLE = {
    "never answers": given_up(silent),
    "drips its headers, a byte a second": given_up(dripping(HEAD + b"x-slow: ", every_seconds=1)),
    "drips its body, a byte a second": given_up(
        dripping(HEAD + b"content-length: 100000\r\n\r\n", every_seconds=1)
    ),
    "drips its body, a little faster": taken(
        dripping(HEAD + b"content-length: 100000\r\n\r\n", every_seconds=0.4), 30
    ),
    "answers 200 shortly before the deadline": taken(
        late(answering(200), after_seconds=BEFORE_THE_DEADLINE), 0
    ),
    "answers 200 after the deadline": given_up(late(answering(200), after_seconds=AFTER_THE_DEADLINE)),
    "drips until it answers 200 after the deadline": given_up(dripping_late),
    "huge body": taken(answering(200, bytes(10**7)), MOST_RESPONSE_BYTES),
    "endless body": taken(endless(CHUNKED, A_CHUNK), MOST_RESPONSE_BYTES),
    "compressed body": taken(answering(200, BOMB, content_encoding="gzip"), MOST_RESPONSE_BYTES),
    "endless headers": cut(endless(HEAD, b"x-more: yes\r\n")),
    "endless header line": cut(endless(HEAD + b"x-more: ", b"yes")),
    "closes without a word": cut(saying(b"")),
    "closes in its head": cut(saying(HEAD + b"content-le")),
    "closes in its body": cut(saying(HEAD + b"content-length: 100\r\n\r\nten bytes.")),
    "closes in a chunk": cut(saying(CHUNKED + b"ff\r\nten")),
}


def attempt(row: Row) -> tuple[Answer, float, int]:
    """One send to a receiver of that sort: what came of it, how long it took, how often it was visited."""
    with Listener(row.behaviour) as listener:
        began = time.monotonic()
        answer = sent_to(listener.origin, listener.origin)
        return answer, time.monotonic() - began, listener.accepts


@pytest.mark.slow
def test_each_comes_to_what_the_table_says_long_before_the_lease_ends() -> None:
    with ThreadPoolExecutor(len(TABLE)) as at_once:
        attempts = dict(zip(TABLE, at_once.map(attempt, TABLE.values()), strict=True))
    said = {
        name: (answer.result, answer.error, answer.http_status) for name, (answer, _, _) in attempts.items()
    }
    assert said == {name: (row.result, row.error, row.status) for name, row in TABLE.items()}
    assert {name: visits for name, (_, _, visits) in attempts.items()} == dict.fromkeys(TABLE, 1)
    too_long = {name: took for name, (_, took, _) in attempts.items() if took > TABLE[name].within_seconds}
    assert too_long == {}
    for name, row in TABLE.items():
        assert (attempts[name][0].response_bytes or 0) <= (row.most_bytes or 0), name
