"""The page of the police form: what it says, and what was recorded of what the police said there."""

import re
from typing import Any

from functions.adapters.rest_api import Response
from tests.flows.silences import said
from tests.flows.sweeps import rows_of
from tests.world import World

TITLE = re.compile(r"<h1>(.*?)</h1>")


def title(response: Response) -> str:
    """What a page says first."""
    found = TITLE.search(response.body)
    assert found
    return found[1]


def statements(world: World) -> list[tuple[Any, ...]]:
    """What was recorded of what they said, in order."""
    return [
        said(row, "statement", "done_at", "policy_id")
        for row in rows_of(world, "LIFECYCLE")
        if row["event_type"] == "RA_STATUS_CHANGED"
    ]
