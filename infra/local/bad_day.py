"""How the local receiver misbehaves on request: it fails at first, now and then, or never says a word."""

from collections.abc import Callable
from hashlib import sha256
from itertools import count
from typing import NoReturn

from infra.local.progress import say

Fails = Callable[[], bool]
"""Whether the next request is answered with 503."""

FLAKY_FAILS = 51
"""Of 256 requests: one in five, without any order, the same ones at every run. With two in five the breaker
would open again and again, and a burst would be about its two minutes of rest."""
SILENT = "silent"


def bad_day(text: str) -> tuple[str, Fails | None]:
    """`AGENCY=fails:3`, `AGENCY=flaky` or `AGENCY=silent`, where nothing is ever answered: no `Fails`.

    Exits with a sentence for anything else.
    """
    agency, _, kind = text.partition("=")
    name, _, times = kind.partition(":")
    if agency and name == "fails" and times.isdigit():
        left = iter(range(int(times)))
        return agency, lambda: next(left, None) is not None
    if agency and kind == "flaky":
        requests = count()
        return agency, lambda: sha256(f"{agency} {next(requests)}".encode()).digest()[0] < FLAKY_FAILS
    if agency and kind == SILENT:
        return agency, None
    return _not_understood(text)


def _not_understood(text: str) -> NoReturn:
    say(f"--bad-day {text} is none of AGENCY=fails:N, AGENCY=flaky, AGENCY=silent")
    raise SystemExit(2)
