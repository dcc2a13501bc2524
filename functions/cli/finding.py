"""What `mash ready` says of one thing, in a line."""

from dataclasses import dataclass


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
