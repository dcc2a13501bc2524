"""What the two senders have in common: a message made ready, and then sent once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from functions.adapters.registry.directory import Entry
from functions.domain.delivery import Answer
from schemas.codes import Channel
from schemas.notice import Frozen, Pins


@dataclass(frozen=True, slots=True)
class ReadyMessage:
    """A message rendered and addressed. Its hash goes into the trail before `send_once` lets a byte leave."""

    body_sha256: str
    template: str
    template_sha256: str | None
    key_ids: tuple[str, ...]
    send_once: Callable[[], Answer]


class Door(Protocol):
    """One channel's way out."""

    channel: Channel

    def ready(
        self,
        agency: Entry,
        notice: Frozen,
        pins: Pins,
        *,
        token: str | None,
        attempt: int,
        now: datetime,
    ) -> ReadyMessage:
        """Renders and addresses the message, with the read link that `token` opens. Raises FinalError if it
        never can be sent as things stand."""
        ...
