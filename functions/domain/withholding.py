"""A decision that somebody decided not to tell: to one agency, or to nobody any more."""

from collections.abc import Mapping
from typing import Any, Final

WITHHELD: Final = "withheld"
"""What a child calls those from whom its newest decision is withheld, each with the code that says why."""
EVERYBODY: Final = "*"
"""In the place of an agency's id."""


def withheld_as(child: Mapping[str, Any], line: str | None, agency_id: str) -> str | None:
    """Why the child's decision is not for the agency; None if it is, and for what is told beside decisions,
    which has hearers of its own."""
    known: Mapping[str, str] = child.get(WITHHELD, {}) if line is None else {}
    return known.get(agency_id, known.get(EVERYBODY))
