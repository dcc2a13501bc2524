"""What every list of rows has around it: how many there are, the pages of it, and what to do with none."""

from dataclasses import dataclass

from functions.console.shown.form import Filters
from functions.console.shown.parts import Link


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """`heading` counts ("14 messages"); `empty` is said in place of no rows, beside "Clear filters"."""

    heading: str
    filters: Filters
    empty: str
    clear: str
    notice: str | None = None
    """For instance "Showing the newest 200. Narrow the dates"."""
    previous: Link | None = None
    next: Link | None = None
    further: Link | None = None
    """To the same of more days, where a list ends by its dates."""
    download: Link | None = None
