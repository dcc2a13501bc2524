"""Roads on which a message is late before a byte of it has left: a look-up, dead addresses, a handshake."""

import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

LIVE, DEAD = "127.0.0.1", "203.0.113.9"


@dataclass(frozen=True, slots=True)
class Road:
    """What stands between us and one receiver, in the order in which it is met."""

    look_up_takes: float = 0
    dead_addresses: int = 0
    handshake_after: float = 0


@contextmanager
def roads(by_name: Mapping[str, Road]) -> Iterator[None]:
    """Each of these names is looked up so, and each dead address lets whoever tries it wait in vain."""
    really_look_up, really_connect = socket.getaddrinfo, socket.socket.connect

    def look_up(host: Any, port: Any, *more: Any, **named: Any) -> list[Any]:
        if (road := by_name.get(host)) is None:
            return list(really_look_up(host, port, *more, **named))
        time.sleep(road.look_up_takes)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in (*[DEAD] * road.dead_addresses, LIVE)
        ]

    def connect(one: socket.socket, address: Any) -> None:
        if address[0] == DEAD:
            time.sleep(one.gettimeout() or 0)
            raise TimeoutError
        really_connect(one, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up)
        patch.setattr(socket.socket, "connect", connect)
        yield
