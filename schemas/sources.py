"""Which systems may put events on the hub's bus, and what each of them may say."""

from typing import Annotated

from pydantic import Field

from schemas.base import SourceName
from schemas.codes import EventType

RegisteredSources = Annotated[
    dict[SourceName, Annotated[tuple[EventType, ...], Field(min_length=1)]], Field(min_length=1)
]
"""By the name that each gives as its source, and is granted as the bus's own `events:source`."""
