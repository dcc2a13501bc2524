"""A clock on paper: from when until when it runs, and when it fires."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

from schemas.codes import Rag

Sweep: TypeAlias = Callable[[datetime], datetime]
"""The moment of the first sweep from a moment on."""


class Firing(NamedTuple):
    """One clock that fires at one sweep; `settled` where it turns out that nobody need act.

    `step` is which of a chase's it takes; others have none.
    """

    ref: str
    clock: str
    at: datetime
    settled: bool = False
    step: int = 0


@dataclass
class Paper:
    """One clock on paper: it runs until a moment, is ended, or fires with the first sweep after it."""

    sweep: Sweep
    renewed: Callable[[datetime], datetime] | None = None
    since: datetime | None = None
    due_at: datetime | None = None
    end: str = ""
    ended_at: datetime | None = None
    colour: Rag | None = None
    fired: list[datetime] = field(default_factory=list)
    _set_at: datetime | None = None

    @property
    def runs(self) -> bool:
        return self.due_at is not None

    @property
    def waits(self) -> bool:
        """Whether what it waits for has not come."""
        return self.runs or self.end == "FIRED"

    def until(self, moment: datetime) -> None:
        """Lets time pass; what happens at the moment of a sweep happens before it."""
        while self.due_at is not None and self._set_at is not None:
            at = self.sweep(max(self.due_at, self._set_at))
            if at >= moment:
                return
            self.fired.append(at)
            self.due_at = self.renewed(at) if self.renewed else None
            self.end = "" if self.renewed else "FIRED"

    def set(self, at: datetime, since: datetime, due_at: datetime) -> None:
        self.since, self.due_at, self._set_at = since, due_at, at
        self.end, self.ended_at = "", None

    def over(self, end: str, ended_at: datetime) -> None:
        """Nobody need wait any more; only once."""
        if self.waits:
            self.due_at, self.end, self.ended_at = None, end, ended_at
