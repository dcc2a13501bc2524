"""What `mash ready` says of one thing, in a line."""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.cli.failure import NOT_ANSWERED, not_answered


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that must be so, whether it is, and if not, what to do about it."""

    words: str
    is_fine: bool

    def __str__(self) -> str:
        return f"{'ok  ' if self.is_fine else 'MEND'}  {self.words}"


def finding(is_fine: bool, fine: str, otherwise: str) -> Finding:  # noqa: FBT001 - the first thing to read
    """`fine` where it is so, and else what to do."""
    return Finding(fine if is_fine else otherwise, is_fine)


def in_turn(*askings: Iterator[Finding]) -> Iterator[Finding]:
    """What each finds, as it finds it; where AWS refuses a question, which that was, and the next goes on."""
    for asking in askings:
        try:
            yield from asking
        except NOT_ANSWERED as exc:
            yield Finding(f"Not known: {' '.join(not_answered(exc).splitlines())}", is_fine=False)
