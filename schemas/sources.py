"""Which systems may put events on the hub's bus, and what each of them may say."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field

from schemas.base import SourceName
from schemas.codes import EventType
from schemas.lifecycle import STATUS_PAGE
from schemas.risk_assessment import POLICE_DESK

RegisteredSources = Annotated[
    dict[SourceName, Annotated[tuple[EventType, ...], Field(min_length=1)]], Field(min_length=1)
]
"""By the name that each gives as its source, and is granted as the bus's own `events:source`."""

SHEETS: Final = "police.ra-csv"
"""As whom the forms of a force without a feed come, by `mash forms`."""

OWN_SOURCES: Final[Mapping[str, EventType]] = {
    STATUS_PAGE: EventType.RA_STATUS_CHANGED,
    SHEETS: EventType.RA_FORM_METADATA,
    POLICE_DESK: EventType.RA_FORM_METADATA,
}
"""As whom this service puts events on its bus itself, and what: every stage lets these in."""
