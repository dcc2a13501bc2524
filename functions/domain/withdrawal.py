"""A decision that was sent in error: whatever tells it counts no more, and nobody is told it again."""

from collections.abc import Mapping
from typing import Any, Final

WITHDRAWN: Final = "withdrawn"
"""What a child calls the version that was withdrawn, until a newer one is decided."""


def is_withdrawn(child: Mapping[str, Any], line: str | None, number: int) -> bool:
    """Whether a child's message tells a decision that was sent in error; what is told beside decisions does
    not."""
    return line is None and int(child.get(WITHDRAWN, 0)) >= number
