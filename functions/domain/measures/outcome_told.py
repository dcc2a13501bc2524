"""Whether the outcome has reached whoever referred, by what the counts have of one referral."""

from functions.domain.measures.counts import ALL, Counts
from functions.domain.measures.named import TOLD
from functions.domain.measures.populations import PROFESSIONAL_DECIDED


def is_told(counts: Counts) -> bool:
    """Of each of its children that is decided on and whom an agency referred: of none of them it is not."""
    due = _whole(counts, PROFESSIONAL_DECIDED.name)
    return due > 0 and _whole(counts, TOLD) == due


def _whole(counts: Counts, name: str) -> int:
    """Of whatever days."""
    return sum(count for cell, count in counts.cells.items() if (cell.name, cell.part) == (name, ALL))
