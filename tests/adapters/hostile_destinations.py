"""Where nothing may ever be sent or asked: one table, which the sends and the checks of endpoints both meet.

`python -m tests.adapters.hostile_destinations` prints how many were refused, and how many packets left.
"""

import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.adapters.registry.ownership import Ownership, Verdict
from functions.adapters.webhook import Outside, WebhookDoor
from functions.domain.delivery import Answer
from schemas.codes import ErrorWord
from tests.adapters.entries import an_entry
from tests.adapters.shelves import a_shelf
from tests.notices import A_MESSAGE_ID, a_notice, pins

PUBLIC, PUBLIC_V6 = "8.8.8.8", "2001:4860:4860::8888"
NAME = "outcomes.north-police.example"
NOW = datetime(2026, 11, 24, 15, 2, 30, tzinfo=UTC)

CATEGORIES = (
    "loopback",
    "unspecified",
    "private",
    "carrier-grade NAT",
    "link-local and metadata",
    "Lambda-local runtime and credentials",
    "multicast",
    "broadcast",
    "reserved",
    "documentation and benchmarks",
    "IETF protocol assignments",
    "IPv6 unique-local",
    "IPv6 deprecated site-local",
    "IPv4-mapped IPv6",
    "IPv4-compatible IPv6",
    "6to4",
    "6to4 anycast relay",
    "NAT64",
    "other tunnels and special IPv6",
    "alternative IPv4 spellings",
    "names that resolve to any of these",
    "names that resolve to any of these in part",
    "schemes other than https",
    "unexpected ports",
    "userinfo",
)
"""Delivery section 9's list, in its order; certificates and redirects have tests of their own."""


@dataclass(frozen=True, slots=True)
class Destination:
    """One place that is refused before any packet; `answers` is what DNS says of a name."""

    category: str
    url: str
    answers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.category, self.url, *self.answers))


def _hosts(category: str, *hosts: str) -> Iterator[Destination]:
    for host in hosts:
        yield Destination(category, f"https://{host}/outcomes")


def _urls(category: str, *urls: str) -> Iterator[Destination]:
    for url in urls:
        yield Destination(category, url)


def _names(category: str, *answers: tuple[str, ...]) -> Iterator[Destination]:
    for answer in answers:
        yield Destination(category, f"https://{NAME}/outcomes", answer)


DESTINATIONS = (
    *_hosts("loopback", "127.0.0.1", "127.8.9.10", "127.255.255.254", "[::1]"),
    *_hosts("unspecified", "0.0.0.0", "0.1.2.3", "[::]"),  # noqa: S104 - targets, no binds
    *_hosts("private", "10.1.2.3", "172.16.0.9", "172.31.255.254", "192.168.1.1"),
    *_hosts("carrier-grade NAT", "100.64.0.1", "100.100.100.200", "100.127.255.254"),
    *_hosts("link-local and metadata", "169.254.1.1", "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]"),
    *_urls(
        "Lambda-local runtime and credentials",
        "https://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
        "http://127.0.0.1:9001/2018-06-01/runtime/invocation/next",
        "https://169.254.100.1/2018-06-01/runtime/invocation/next",
        "https://169.254.79.129:2000/",
        "https://169.254.170.2/v2/credentials/",
        "http://169.254.170.2/v2/credentials/",
        "https://169.254.170.23/v1/credentials",
        "https://[fd00:ec2::23]/v1/credentials",
        "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    ),
    *_hosts("multicast", "224.0.0.1", "239.255.255.250", "[ff02::1]", "[ff0e::1]"),
    *_hosts("broadcast", "255.255.255.255"),
    *_hosts("reserved", "240.0.0.1", "254.1.2.3", "[4000::1]", "[e000::1]"),
    *_hosts(
        "documentation and benchmarks",
        "192.0.2.1",
        "198.51.100.1",
        "203.0.113.1",
        "198.18.0.1",
        "198.19.255.254",
        "[2001:db8::1]",
        "[3fff::1]",
        "[2001:2::1]",
    ),
    *_hosts(
        "IETF protocol assignments", "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.0.192", "[2001:100::1]"
    ),
    *_hosts("IPv6 unique-local", "[fc00::1]", "[fd12:3456:789a::1]"),
    *_hosts("IPv6 deprecated site-local", "[fec0::1]", "[feff::1]"),
    *_hosts(
        "IPv4-mapped IPv6",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:169.254.169.254]",
        "[::ffff:10.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
    ),
    *_hosts("IPv4-compatible IPv6", "[::127.0.0.1]", "[::a9fe:a9fe]", "[::10.0.0.1]"),
    *_hosts("6to4", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:c0a8:101::1]"),
    *_hosts("6to4 anycast relay", "192.88.99.1", "[2002:c058:6301::]"),
    *_hosts("NAT64", "[64:ff9b::7f00:1]", "[64:ff9b::169.254.169.254]", "[64:ff9b::a00:1]", "[64:ff9b:1::1]"),
    *_hosts(
        "other tunnels and special IPv6",
        "[2001:0:7f00:1::]",
        "[2001:0:808:808::80ff:fffe]",
        "[100::1]",
        "[5f00::1]",
        "[::ffff:0:127.0.0.1]",
    ),
    *_hosts(
        "alternative IPv4 spellings",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.1",
        "0",
        "2852039166",
        "127.0.0.1.",
        "127%2e0%2e0%2e1",
        "\uff11\uff12\uff17.0.0.1",
        "127\u30020\u30020\u30021",
    ),
    *_names(
        "names that resolve to any of these",
        ("127.0.0.1",),
        ("::1",),
        ("0.0.0.0",),  # noqa: S104
        ("10.0.0.1", "10.0.0.2"),
        ("100.64.0.1",),
        ("169.254.169.254",),
        ("169.254.170.2",),
        ("::ffff:127.0.0.1",),
        ("64:ff9b::7f00:1",),
        ("2002:7f00:1::",),
        ("fec0::1",),
        ("fd00:ec2::254",),
        ("192.0.0.8",),
        ("224.0.0.1",),
    ),
    Destination("names that resolve to any of these", "https://localhost/outcomes", ("127.0.0.1", "::1")),
    Destination("names that resolve to any of these", "https://localhost./outcomes", ("127.0.0.1",)),
    *_names(
        "names that resolve to any of these in part",
        (PUBLIC, "127.0.0.1"),
        ("127.0.0.1", PUBLIC),
        (PUBLIC, PUBLIC_V6, "::1"),
        (PUBLIC_V6, "10.0.0.1"),
        (PUBLIC, "::ffff:169.254.169.254"),
    ),
    *_urls(
        "schemes other than https",
        f"http://{PUBLIC}/outcomes",
        f"http://{PUBLIC}:443/outcomes",
        f"ftp://{PUBLIC}/outcomes",
        f"gopher://{PUBLIC}/",
        f"wss://{PUBLIC}/outcomes",
        "file:///etc/passwd",
        "unix:///var/run/docker.sock",
        "data:text/plain,outcomes",
        f"//{PUBLIC}/outcomes",
        f"{PUBLIC}",
        "",
    ),
    *_urls(
        "unexpected ports",
        f"https://{PUBLIC}:80/outcomes",
        f"https://{PUBLIC}:22/outcomes",
        f"https://{PUBLIC}:8080/outcomes",
        f"https://{PUBLIC}:8443/outcomes",
        f"https://{PUBLIC}:0/outcomes",
        f"https://{PUBLIC}:65536/outcomes",
        f"https://{PUBLIC}:99999999/outcomes",
    ),
    *_urls(
        "userinfo",
        f"https://user@{PUBLIC}/outcomes",
        f"https://user:pass@{PUBLIC}/outcomes",
        f"https://127.0.0.1@{PUBLIC}/outcomes",
        f"https://{PUBLIC}@127.0.0.1/outcomes",
        f"https://{NAME}:443@169.254.169.254/",
    ),
)


@contextmanager
def watched(*look_ups: Sequence[str], reaching: int | None = None) -> Iterator[list[Any]]:
    """Lists every address that anybody tries to reach; nobody is, but a listener of the test's own.

    That is the loopback port `reaching`. Each look-up of a name is told the next of `look_ups`, and the last
    of them for ever; without any it is not known. An address in whatever spelling is only read.
    """
    tried: list[Any] = []
    told = list(look_ups)
    read_address, really_connect = socket.getaddrinfo, socket.socket.connect

    def connect(one: socket.socket, address: Any) -> None:
        tried.append(address)
        if reaching is None or address != ("127.0.0.1", reaching):
            raise OSError("the test reaches nobody")
        really_connect(one, address)

    def look_up(host: Any, port: Any, *more: Any, **named: Any) -> list[Any]:
        try:
            return list(read_address(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST))
        except socket.gaierror:
            if not told:
                raise
        return [_found(address, port) for address in (told.pop(0) if len(told) > 1 else told[0])]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect)
        patch.setattr(socket.socket, "sendto", connect)
        patch.setattr(socket, "getaddrinfo", look_up)
        yield tried


def _found(address: str, port: Any) -> tuple[Any, ...]:
    if ":" in address:
        return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
    return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))


def sent_to(url: str, *local_receivers: str) -> Answer:
    """What becomes of one outcome on its way to `url`."""
    door = WebhookDoor(a_shelf(), local_receivers)
    return door.ready(an_entry(url=url), a_notice(), pins(), token=None, attempt=1, now=NOW).send_once()


def asked_at(url: str, *local_receivers: str) -> Verdict:
    """What becomes of the question whether the owner of `url` agrees."""
    ownership = Ownership(Outside(local_receivers), a_shelf(), "https://outcomes.northshire.example")
    return ownership.check("north-police", url, message_id=A_MESSAGE_ID, now=NOW)


def is_refused_by_a_send(destination: Destination) -> tuple[bool, int]:
    """Whether an outcome is refused, for ever, and how many connections were tried all the same."""
    with watched(*filter(None, [destination.answers])) as tried:
        answer = sent_to(destination.url)
    return (answer.error is ErrorWord.E_INVALID_TARGET and not answer.retryable), len(tried)


def is_refused_by_a_check(destination: Destination) -> tuple[bool, int]:
    """Whether the question is refused, and how many connections were tried all the same."""
    with watched(*filter(None, [destination.answers])) as tried:
        verdict = asked_at(destination.url)
    return (not verdict.agreed and verdict.result == ErrorWord.E_INVALID_TARGET), len(tried)


def main() -> int:
    """Prints the figure; returns 0 if every destination was refused, by both, and no packet left."""
    refused = packets = 0
    for destination in DESTINATIONS:
        outcomes = (is_refused_by_a_send(destination), is_refused_by_a_check(destination))
        refused += all(was_refused for was_refused, _ in outcomes)
        packets += sum(tried for _, tried in outcomes)
    sys.stdout.write(f"hostile destinations refused: {refused}/{len(DESTINATIONS)}, packets: {packets}\n")
    return int(refused < len(DESTINATIONS) or packets > 0)


if __name__ == "__main__":
    sys.exit(main())
