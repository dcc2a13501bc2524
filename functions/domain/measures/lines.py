"""One figure of one month as the counts give it, before anything is hidden."""

from dataclasses import dataclass
from typing import NamedTuple

from functions.domain.measures.counts import ALL


class Name(NamedTuple):
    """A count of the month. With `less_than` it is no line's, but what that count has beyond it."""

    what: str
    part: str = ALL
    less_than: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of the month, before anything is hidden."""

    k: str
    name: str
    words: str
    dimension: str
    denominator: Name
    numerator: Name | None
    seconds: int | None = None
    """A percentile's; there is no numerator then."""
    not_available: str = ""
    left_out: str = ""
    """Whom the figure says nothing of, where there is anybody."""
