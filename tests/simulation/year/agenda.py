"""What happens next in a simulated year: moments in order, those of one moment as they were put down."""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import TypeAlias

Work: TypeAlias = Callable[[], None]


class Agenda:
    """Work by its moment."""

    def __init__(self) -> None:
        self._entries: list[tuple[datetime, int, Work]] = []
        self._order = count()

    def put(self, at: datetime, work: Work) -> None:
        heapq.heappush(self._entries, (at, next(self._order), work))

    @property
    def next_at(self) -> datetime | None:
        """When the next work is to be done; None if there is none."""
        return self._entries[0][0] if self._entries else None

    def take(self) -> Work:
        """The next work, taken off."""
        return heapq.heappop(self._entries)[2]
