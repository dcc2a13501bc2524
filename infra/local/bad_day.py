"""How the local receiver misbehaves on request: it fails at first, now and then, or never says a word."""

import random
from collections.abc import Callable
from typing import NoReturn

from infra.local.progress import say

Fails = Callable[[], bool]
"""Whether the next request is answered with 503."""

FLAKY_FAILS = 0.4
SILENT = "silent"


def bad_day(text: str) -> tuple[str, Fails | None]:
    """`AGENCY=fails:3`, `AGENCY=flaky` or `AGENCY=silent`, where nothing is ever answered: no `Fails`.

    Exits with a sentence for anything else.
    """
    agency, _, kind = text.partition("=")
    name, _, count = kind.partition(":")
    if agency and name == "fails" and count.isdigit():
        left = iter(range(int(count)))
        return agency, lambda: next(left, None) is not None
    if agency and kind == "flaky":
        chance = random.Random(agency)  # noqa: S311 - the same bad day at every run, and nobody's secret
        return agency, lambda: chance.random() < FLAKY_FAILS
    if agency and kind == SILENT:
        return agency, None
    return _not_understood(text)


def _not_understood(text: str) -> NoReturn:
    say(f"--bad-day {text} is none of AGENCY=fails:N, AGENCY=flaky, AGENCY=silent")
    raise SystemExit(2)
