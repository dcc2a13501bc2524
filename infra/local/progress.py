"""Progress, one line each, on standard error: whoever started us shows it as it comes."""

import sys


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
